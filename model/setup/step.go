// Package setup decides how far the setting up of Flux on a cluster has come,
// by what the cluster shows and nothing else: so it can be left and taken up
// again at any step, by anybody. It sends nothing itself.
package setup

// Step is one of the eight steps.
type Step uint8

// The steps, in their order.
const (
	Permissions Step = iota
	Operator
	Instance
	Credential
	Sync
	Tenants
	Green
	Keep
	Count
)

var steps = [Count]struct{ title, what string }{
	Permissions: {"permissions", "What you may do here, step by step. What you may not do somebody else can do for you: the Role to ask for is said, and every step can be printed instead of done."},
	Operator:    {"operator", "The Flux Operator installs Flux as one object states it, the FluxInstance, and keeps it so. It comes first, and brings that kind along."},
	Instance:    {"FluxInstance", "Which Flux runs: version, components, size, and the lockdown that keeps each tenant inside its namespaces. The operator makes it so."},
	Credential:  {"credential", "What a private repository is fetched with. It is made before the sync that needs it, or that would wait for it and fail. A public repository needs none."},
	Sync:        {"sync", "Where the cluster itself is synced from: repository, ref and path. What Git holds there is applied, and deleted again when it leaves Git."},
	Tenants:     {"tenants", "Teams, each with namespaces, an account and a repository: one repository into one namespace, or into several. Their pushes reach no further than that."},
	Green:       {"watch it turn green", "What was set up starts to work: fetched, applied, rolled out. There is nothing to do here but to look, and to be told what is in the way."},
	Keep:        {"keep it in Git", "What was set up by hand belongs into Git, so that it outlives this cluster. It is printed, or written as files; no secret is among them."},
}

// String returns the step's title.
func (s Step) String() string { return steps[s].title }

// What says what a step is, and why.
func (s Step) What() string { return steps[s].what }

// State says how far a step is.
type State uint8

// The states.
const (
	Unknown State = iota // it can't be told, or not yet
	Open                 // to be done
	Busy                 // on its way
	Done
	Partly  // it works, though not as it should
	Refused // you may not do it, or may not see it
	Trouble // it has failed
	Foreign // somebody else's: setup does nothing here
)

// Word is the state as it stands beside its glyph.
func (s State) Word() string {
	return [...]string{"not known yet", "to do", "on its way", "done", "not as it should be", "not yours to do", "failed", "not ours"}[s]
}
