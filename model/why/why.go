// Package why explains: from what somebody sees of an object, a tenant or the
// platform to where it starts, by what the store knows and nothing else. It
// asks no cluster and guesses nothing: a message whose wording is not known is
// shown as it is, without a cause, and what was not looked at is said to be
// not tried.
//
//	e := why.Object(store, key)        // one object
//	e := why.Row(store, model.PlatformKey) // the platform, or a tenant by name
//	e.Headline                          // "Kustomization a/b is refused: …"
//	e.Faults[0].Chain                   // links, the last is where it starts
//	e.Text()                            // all of it, for a report
//
// Explanations are made anew when asked for; at 10,000 tenants one takes a few
// milliseconds (BenchmarkExplain). Wants says what reading on request would
// tell more, at most two kinds at a time.
package why

import (
	"tenantry/model"
	"tenantry/model/said"
)

// Explanation is why something is as it is.
type Explanation struct {
	// Row is the row's key (model.PlatformKey for the platform); Key the object
	// asked about, zero for a row as a whole.
	Row    string
	Key    model.Key
	Health model.Health
	// Retrying: its controller tries again by itself.
	Retrying bool
	Since    model.Unix // since when it is so, 0 = unknown
	AtLeast  bool       // it may have been so before Since, too
	// Headline is the sentence: what is wrong, at which object, since when; for
	// what is fine, that nothing is wrong. Effect is that of the first fault, or
	// of a suspension.
	Headline, Effect string
	// Faults are the independent causes, the gravest first; none when nothing
	// is wrong. What is suspended on purpose is a fault only of what waits for
	// it.
	Faults []Fault
	// RuledOut was seen to be fine; NotTried was not looked at, or not reached.
	RuledOut, NotTried []string
	// Waits is what something healthy or moving waits for, in sentences.
	Waits []string
	// Wants is what would tell more when it is read on request; empty once it
	// is, or when nothing would.
	Wants []model.Want
}

// Fine reports whether nothing is wrong.
func (e *Explanation) Fine() bool { return len(e.Faults) == 0 && !e.Health.Unhealthy() }

// Fault is one cause and what it does.
type Fault struct {
	// Chain leads from what is seen to where it starts: at least one link, each
	// object once.
	Chain []Link
	// Kind is the kind of fault; said.Unknown where Ours or nothing tells.
	Kind said.Fault
	// Ours is the kind where no message tells it.
	Ours Ours
	// Words say what is wrong where it starts, as a clause that names it:
	// "secret a/b does not exist". Raw: these are the controller's own words
	// and no cause is known.
	Words string
	Raw   bool
	// Effect says what goes on all the same, in one or two sentences; "" when
	// nothing can be said.
	Effect string
	// AsItShould: lockdown or a role refused what should be refused.
	AsItShould bool
	Harm       Harm
	Since      model.Unix // 0 = unknown
	AtLeast    bool       // as in Explanation
	// Also are other objects, outside the chain, that start at the same place.
	Also     []model.Key
	Evidence []Evidence
	Fixes    []Fix
	RuledOut []string // as in Explanation, for this fault
	NotTried []string

	checks []check // what both are made of
}

// Ours are faults no message tells: they are seen in the objects.
type Ours uint8

// The faults seen in the objects.
const (
	NotOurs          Ours = iota
	ControllerDown        // its lease is old, it is scaled to 0, or does not run
	NoController          // none is there for this kind
	NoShard               // no controller selects its shard
	WrongNamespace        // an instance outside the operator's namespace
	NotServed             // the kind, or its version, is not served any more
	SuspendedThere        // what it waits for is suspended
	HeldByFinalizer       // being deleted, and something holds it
	AccountMissing        // the service account does not exist
	NoRights              // the account exists, and nothing gives it rights
	PodsRefused           // pods can't be made: quota, limits, admission
	NoNodeTakesIt         // unschedulable
	NodeDown              // the node is lost, or short of something
	ImageMissing          // the image can't be pulled
	ContainerSetup        // a ConfigMap, Secret or volume of a container is missing
	Crashing              // a container ends again and again
	ProbeFails            // it runs, and is not ready
	RolloutStuck          // past its progress deadline, pods not read
	WorkloadGone          // it was applied, and is not there any more
	Unanswered            // asked to reconcile, and no answer
	StuckRunning          // past its own timeout
	DependsOnItself       // a circle of dependencies
	Undecodable           // the object can't be read
	DependencyBehind      // a dependency runs another revision
	ArtifactBehind        // fetched, and not applied for long
	PausedRollout         // the Deployment is paused
)

// Link is one object of a chain.
type Link struct {
	// Ref names it; its kind may be one that is not watched.
	Ref    model.Ref
	Health model.Health
	// Missing: it is not there. Word is its state where Health does not say it
	// ("Missing", "not read"), else "".
	Missing bool
	Word    string
	Since   model.Unix
	// Note says what it has to do with the link before, or with the fault.
	Note string
	// Old: Ready, but on an old revision.
	Old bool
}

// Key returns the link's key, and whether it is of a watched kind.
func (l *Link) Key() (model.Key, bool) { return l.Ref.Key() }

// Root is where the fault starts: the last link of its chain.
func (f *Fault) Root() *Link { return &f.Chain[len(f.Chain)-1] }

// Evidence is one thing seen.
type Evidence struct {
	// Label is the kind of evidence: "condition", "timeline", "pods", "events",
	// "binding", "lease", "node", "revision".
	Label string
	Text  string
	// About is the object it was seen at; zero for several.
	About model.Ref
	At    model.Unix // 0 = no time
}

// Doing is how a fix is done.
type Doing uint8

// The ways; each has its key in the dashboard, or none.
const (
	DoElsewhere  Doing = iota // in Git, at the Git host, on a node
	DoCredential              // restore or rotate a Git credential
	DoFetch                   // fetch the source again, then reconcile
	DoReconcile               // reconcile
	DoResume                  // resume what is suspended
	DoLogs                    // read logs
	DoCommand                 // a shell command, in Command
	DoApply                   // apply the manifest in Manifest
)

// Fix is one thing that helps.
type Fix struct {
	Do    Doing
	At    model.Key // the object it is done to; zero for none
	Words string
	// Needs are the rights it takes; none where no right of the cluster does.
	Needs []model.Access
	// Command is a shell command, Manifest YAML that does the same; either may
	// be empty.
	Command, Manifest string
}
