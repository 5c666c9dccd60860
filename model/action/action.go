// Package action decides what a person's wish means for a cluster: which
// objects, in which order, what it brings about, what would undo it, and, once
// sent, how it ended. It sends nothing itself.
package action

import (
	"time"

	"tenantry/model"
)

// Verb is something that can be asked for.
type Verb uint8

// The verbs.
const (
	Reconcile Verb = iota
	Fetch          // fetch the source first, then reconcile
	Suspend
	Resume
	Force // HelmRelease: upgrade once, though nothing changed
	Reset // HelmRelease: forget the failures counted so far
	// SetSync and ClearSync are about a FluxInstance's spec.sync; fluxsync makes
	// their plans.
	SetSync
	ClearSync
	// AddTenant and OffBoard are about a whole tenant; onboard and offboard make
	// their plans.
	AddTenant
	OffBoard
	// SaveCredential writes the Secret sources fetch with; SaveCredentialPlan
	// makes its plan.
	SaveCredential
	// Restore applies a folder that was exported; restore makes its plan, and
	// the command of that name sends it.
	Restore
	// SetInstance makes or changes the FluxInstance; setup makes its plan.
	SetInstance
)

var verbWords = [...]string{"reconcile", "fetch and reconcile", "suspend", "resume", "force", "reset", "set sync", "clear sync", "add tenant", "off-board", "save credential", "restore", "set up"}

// String returns the verb as a button carries it.
func (v Verb) String() string { return verbWords[v] }

// Target is what the verb is meant for: one object, or a whole row, by its
// key, when Key is zero.
type Target struct {
	Row string // a tenant's name, or model.PlatformKey
	Key model.Key
	// UID is that of the object as it was shown, where that is known: another
	// one of the same name is left alone.
	UID string
}

// Wish is what a person asks for.
type Wish struct {
	Verb    Verb
	Targets []Target
	// Stamp marks the request: RFC 3339 with nanoseconds, never the same twice.
	Stamp string
	// Who, Reason and Until go beside a suspension. Until is RFC 3339 or a
	// date; empty = open.
	Who, Reason, Until string
	// Together names what several targets are as one, e.g. "the 2 sources of
	// acme/app"; "" for rows that were marked. What is one is fetched without
	// asking, as one object is.
	Together string
}

// Step is one object's part in a plan.
type Step struct {
	Key   model.Key
	Write model.Write
	// Words say what is done, e.g. "suspend Kustomization dev/app".
	Words string
	// Effect says what that brings about, in one sentence; may be empty.
	Effect string
	// Needs is what the user must be allowed to do.
	Needs model.Access
	// Wait: the steps after this one are sent only once this one has ended
	// well, as a source is fetched before what it feeds is reconciled.
	Wait bool
	// Optional: it is offered, and done only if it is asked for.
	Optional bool
	// Denied says why the user may not do it, "" as far as is known.
	Denied string
	// Watch: nothing is sent; it is what comes of the steps before, followed to
	// its end. Such steps come last.
	Watch bool
	// Judge says how the step ended, in place of the verb's own rule; nil for
	// that.
	Judge func(s *model.Store, sent, now time.Time) Progress
	// Took is how long it took by its object's own times, for what was on its way
	// before it was watched; false: not known. nil: as long as it was followed.
	Took func(s *model.Store, began time.Time) (time.Duration, bool)
	// Arrived says from the object, as it was read after the answer to an apply
	// was lost, whether it has arrived; nil: Judge can tell.
	Arrived func(live map[string]any, owners []model.FieldOwner, sent time.Time) bool
	// Check looks at the answer to a dry run that is made just before the write
	// is sent; a reason keeps it from being sent. nil: no dry run.
	Check func(*model.Written) string
	// Still looks at what is known just before it is sent: the version of the
	// object the write is bound to, or why it is not any more what was decided
	// on, which keeps it from being sent. nil: the write says what it relies on.
	Still func(*model.Store) (version, why string)
	// Event is written on the object once the step is done; nil for none.
	Event *model.Write
	// Handled is the request that was answered last when this was planned.
	Handled string
	// Written is what the server said once it was done.
	Written model.Written
	// Stated says whether what applies the object states how it is suspended,
	// and so would take a suspension back.
	Stated Stated
}

// Refusal is an object a plan leaves out, and why.
type Refusal struct {
	Key model.Key
	Row string // set instead of Key for a whole row
	Why string
}

// Plan is a wish spelled out. A plan without steps cannot be done; Refused says
// why.
type Plan struct {
	Wish    Wish
	Title   string // "suspend team-x"
	Steps   []Step
	Refused []Refusal
	// Keeps says what goes on regardless, Undoes what would undo it, of plans
	// other than suspensions, of which Around tells it; Back how to take it back.
	Keeps, Undoes []string
	Back          string
	// After is what a person may do once all has ended well.
	After string
	// Asked is what was typed for it, as JSON without anything secret: for whoever
	// takes it up after a kill.
	Asked []byte
	// Asks: a dialog comes first. One object's reconcile does not need one.
	Asks bool
	// Stops: something stands still afterwards; the harmless button is marked.
	Stops bool
}

// Plan decides what a wish means for the cluster as it is known now.
func New(s *model.Store, w Wish) Plan {
	p := &planner{store: s, plan: Plan{Wish: w}, seen: map[model.Key]bool{}}
	for _, t := range w.Targets {
		p.add(t)
	}
	p.order()
	p.describe()
	return p.plan
}

// Object is the target that means one object.
func Object(k model.Key) Target { return Target{Key: k} }
