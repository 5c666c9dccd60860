package model

import "time"

// Batch is what crosses the seam from a cluster session to the model: the last
// state of everything that changed since the batch before. It is applied
// whole, in the event loop.
type Batch struct {
	// Epoch is the session's; a batch of an older session is dropped.
	Epoch   uint64
	Changes []ObjectChange
	Scopes  []ScopeStatus // scopes whose state changed
	Conn    *Connection   // nil when unchanged
	// Waited is for how long the first of the changes was not read: states of
	// one object that followed each other meanwhile are its last alone.
	Waited time.Duration
}

// ObjectChange is an upsert, or a deletion when Object is nil.
type ObjectChange struct {
	Key    Key
	Object *Object
}

// ScopeState is the state of one kind in one scope.
type ScopeState uint8

// The states of a kind × scope.
const (
	ScopeSyncing ScopeState = iota // the first list is under way
	ScopeSynced                    // listed and watched
	ScopeDenied                    // refused; Verb says which verb
	ScopeAbsent                    // the server does not serve the kind
	ScopeStale                     // was synced; the watch is broken since Since
)

// String returns the state's word as in status -o json.
func (s ScopeState) String() string {
	switch s {
	case ScopeSyncing:
		return "syncing"
	case ScopeSynced:
		return "synced"
	case ScopeDenied:
		return "denied"
	case ScopeAbsent:
		return "absent"
	case ScopeStale:
		return "stale"
	}
	return "unknown"
}

// ScopeStatus says how one kind is read in one scope.
type ScopeStatus struct {
	Kind      Kind
	Namespace string // "" = cluster-wide
	State     ScopeState
	Since     Unix
	// Verb that was refused ("list" or "watch"). With State synced and Verb
	// "watch", watching is refused but listing is allowed: the kind is listed
	// every 30 seconds instead.
	Verb    string
	Message string // the server's or the transport's words, cleaned
	// Newest is how many objects are kept, when there are more and the oldest
	// were left out; 0 = all are kept.
	Newest int
	// Removed is set when the scope is no longer read at all (its namespace
	// left the scope): its objects arrive as deletions in the same batch.
	Removed bool
}

// ConnState is the state of the connection to the API server.
type ConnState uint8

// The states of a connection.
const (
	ConnConnecting ConnState = iota
	ConnLive
	ConnLost // nothing reaches the server; the last known state is kept
)

// Connection describes the session's server. Only ConnLost carries Err and
// RetryAt.
type Connection struct {
	State   ConnState
	Context string // kubeconfig context; "" in-cluster
	Server  string // URL
	Version string // gitVersion; "" while unknown
	User    string // impersonated user, or "" for the kubeconfig's own
	// Scope in words: "all namespaces" is empty Namespaces.
	Namespaces []string
	// NamespacesReason says why the scope is what it is, when it was not asked
	// for: "cluster-wide lists are refused", ….
	NamespacesReason string
	Since            Unix // when State began
	RetryAt          Unix
	Err              string
	// ClockOffsetMS is server time minus local time in milliseconds, from the
	// Date header (which has whole seconds).
	ClockOffsetMS int64
}
