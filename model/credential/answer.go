package credential

// Answer is what a repository said to a credential.
type Answer struct {
	Refs int    // how many it showed
	Head string // what its HEAD points at, e.g. refs/heads/main; "" when unknown
	// Names are the refs, at most a few hundred.
	Names []string
}

// TryError says why a repository gave no refs. Kind tells apart what a person
// can do about it.
type TryError struct {
	Kind TryKind
	Text string
}

// Error returns the words.
func (e *TryError) Error() string { return e.Text }

// TryKind is the kind of a failed try.
type TryKind uint8

// The kinds.
const (
	TryUnreachable TryKind = iota // the host does not answer from here
	TryRefused                    // it does not know this key or login
	TryHostKey                    // it is not who known_hosts says
	TryNoRepo                     // it has no such repository, or hides it
	TryUnable                     // can't be tried from here at all
)
