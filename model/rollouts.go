package model

// Proof says where the time of a step is known from, so that a screen can show
// its evidence.
type Proof uint8

// The proofs. A step seen as it happened is dated by the server where an object
// carries a time for it, and else by the server's clock when it was seen.
const (
	ProofNone       Proof = iota // the time is not known
	ProofSeen                    // seen as it happened
	ProofArtifact                // status.artifact.lastUpdateTime of a source
	ProofCondition               // lastTransitionTime of a condition
	ProofHistory                 // status.history of a sync
	ProofEvent                   // an event's time
	ProofReplicaSet              // a ReplicaSet's creation
	ProofManager                 // managedFields: when somebody wrote the spec
	ProofKept                    // what an earlier session wrote down when it saw it
)

// String returns the proof in words, "" for none.
func (p Proof) String() string {
	return [...]string{"", "seen", "artifact", "condition", "status.history", "event", "ReplicaSet", "managedFields", "an earlier session"}[p]
}

// Moment is a time and what it is known from. The zero Moment is a step that
// has not happened, or whose time nothing tells; it is never guessed.
type Moment struct {
	At Unix
	By Proof
	// Reconstructed: read off what was left behind, not seen in this session.
	Reconstructed bool
}

// Known reports whether the time is known.
func (m Moment) Known() bool { return m.At != 0 }

// Repo identifies a repository and the reference followed of it: sources with
// equal Repos carry the same commits, whatever their scheme or credentials.
type Repo struct {
	Kind Kind
	URL  string // without scheme, user and ".git": github.com/acme/fleet
	Ref  string // "main", "tag v1", "semver >=1.0", …
}

// Outcome is what became of a commit in one sync.
type Outcome uint8

// The outcomes.
const (
	OutcomeWaiting   Outcome = iota // not fetched here yet, or fetched and not taken up
	OutcomeApplying                 // being built, applied or, when Applied is known, checked
	OutcomeApplied                  // the controller says so
	OutcomeUnchanged                // applied, and what it makes is the same as before
	OutcomeRefused                  // the API server or the controller refused an object
	OutcomeFailed                   // fetched and not built, or applied and not healthy
	OutcomeBlocked                  // waits for another object, or its source fails
	OutcomeSuspended                // the sync or its source is suspended
	OutcomeOvertaken                // a newer commit was fetched before it got anywhere
	OutcomeUntold                   // of before this session, and nothing tells what became of it
)

// String returns the outcome's word.
func (o Outcome) String() string {
	return [...]string{"waiting", "applying", "applied", "changed nothing", "refused", "failed", "blocked", "suspended", "overtaken", "not known"}[o]
}

// Bad reports whether the outcome needs a person, or another commit.
func (o Outcome) Bad() bool { return o == OutcomeRefused || o == OutcomeFailed }

// Head is a repository in one line.
type Head struct {
	Repo     Repo
	Revision string // newest commit, "" while nothing is fetched
	Fetched  Moment // first fetch of it
	Live, Of int    // syncs that run it, of those that should
	LiveAt   Moment // when the last of them got there; zero while Live < Of
	Moving   bool   // some sync is on its way
	Stuck    bool   // some sync refused it, failed, or has a rollout that failed
	Tenants  int    // rows with a line
	// Stirring counts those that ran it once and whose pods are on the move
	// since: restarted, or more of them.
	Stirring int
	// Held counts the syncs that are suspended, or whose source is.
	Held int
	// Blocked counts the syncs that wait for another object.
	Blocked int
	// Failing: none of its sources can fetch, so a newer commit would not be
	// seen.
	Failing bool
}

// Chain is one repository's commits and their way through every sync that
// follows it. It is derived on request and never mutated.
type Chain struct {
	Head
	Sources []Key
	Commits []Commit // newest first, at most maxCommits
	Usual   Usual
	Asked   Asked
}

// Commit is one revision of a repository and how far it got.
type Commit struct {
	Revision string
	// Subject is the commit's first line as Flux's events tell it, at most 50
	// characters; "" when no such event was read.
	Subject string
	Fetched Moment // the first fetch by any source: zero of the bars
	Lines   []Line // by tenant, namespace, name
	// Live and Of count lines that became live, of those that are neither
	// suspended nor gone.
	Live, Of int
	// Overtaken: another commit was fetched before this one was live everywhere;
	// OvertakenBy is that, "" where it is not known which it was.
	Overtaken   bool
	OvertakenBy string
	Past        bool // a newer one was fetched, somewhere
}

// Line is one commit's way through one sync.
type Line struct {
	Tenant       string // row name; PlatformKey for the platform
	Sync, Source Key
	Fetched      Moment // by this sync's source
	Attempted    Moment // the controller took it up
	Applied      Moment // its objects were applied; health checks may still run
	Concluded    Moment // the controller's verdict
	LiveAt       Moment // applied, and every workload rolled out
	Outcome      Outcome
	// Live: applied here now, and every workload of it rolled out now.
	Live bool
	// Held: the sync or its source is suspended now.
	Held bool
	// Reason and Cause say why it is not: the controller's reason and a plain
	// sentence; At names the object at fault where it is another.
	Reason, Cause string
	At            Key
	// Newer is a commit its source fetched after this one. Overtaken: this one was
	// not live before the next came; OvertakenBy is that, "" where it is not known
	// which it was.
	Newer, OvertakenBy string
	Overtaken          bool
	// SameAs is the commit this sync had applied before one that changed nothing;
	// "" when it is not known.
	SameAs string
	// Busy is the commit its sync is still at work on while this one, fetched,
	// waits. Checking: all of what its sync is at work on, that one or this, is
	// applied and its health checks run.
	Busy     string
	Checking bool
	Moves    []Move // the workloads it moved, by namespace, kind, name
	Still    int    // workloads of the sync it did not move, as far as is known
	Unproved string // why it is not known of the first of these that may be; "" else
	told     Unix   // when the verdict was there at the latest, by the server's clock
	// When the verdict, and that it was live, were seen to come, by that clock
	// too; 0 for what only a status tells of, from before anybody looked.
	verdict, seenLive Unix
	sure              bool // Newer is the very next
	absent            bool // the sync did not exist yet
}

// Move is what a commit did to one workload.
type Move struct {
	Workload Key
	From, To int64 // generations; From is 0 when it was created
	At       Moment
	Observed Moment
	// Revision is the ReplicaSet's; it stays when only replicas changed.
	Revision  int64
	RolledOut Moment
	// Pods are as they are now, or as they were when the next generation came.
	Desired, Updated, Available, Old int
	State                            RolloutState
	Superseded                       bool   // another generation followed
	Stuck                            string // why it does not roll out, by its conditions; TroubleOf may know more
	Changed                          []SpecChange
	// AtOrBefore is the commit, where an earlier one may have made it as well: it
	// was read later than it happened. "" else.
	AtOrBefore string
}

// UnknownTook stands for a duration nothing tells.
const UnknownTook int32 = -1

// Usual are the medians of the commits before the newest, in seconds since the first fetch;
// UnknownTook where there is none.
type Usual struct {
	Fetched, Applied, RolledOut, Live int32
	Commits                           int // how many it is made of
}

// Asked says how often the origin is asked for news and when it last was.
type Asked struct {
	Every int32 // seconds, the shortest of the sources'
	// Last is the newest sign that a source asked; zero when nothing tells, or
	// when what tells is older than it can be.
	Last Moment
	// Pending: a requested fetch has not been answered yet.
	Pending bool
	// Failing: no source can fetch; Cause says why.
	Failing bool
	Cause   string
	// Down says that the controller that would ask is not at work; "" else.
	Down string
}

// Run is one entry of a sync's or a workload's history: for a sync a revision
// it worked on, for a workload a generation it rolled out.
type Run struct {
	Revision   string // for a workload, the commit that caused it; "" unknown
	Generation int64  // of a workload; 0 for a sync or when unknown
	Outcome    Outcome
	Start, End Moment
	Duration   int32 // seconds, UnknownTook while running or unknown
	Reason     string
	Times      int32 // how often it was tried or repeated; 0 unknown
}
