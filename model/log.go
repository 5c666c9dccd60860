package model

// defaultLogSize bounds the change log in memory: at one change a second, the
// last five and a half hours.
const defaultLogSize = 20_000

// Change says what about an object or a tenant changed.
type Change uint8

// The changes that are logged.
const (
	ChangeAppeared Change = iota
	ChangeGone
	ChangeHealth     // From, To: health words
	ChangeRevision   // a source's artifact; From, To: revisions
	ChangeApplied    // a sync's applied revision
	ChangeAttempted  // a sync's attempted revision
	ChangeGeneration // From, To: generations
	ChangeRollout    // a workload's rollout ended or began: From, To: words
	ChangeSuspended  // Detail: the person, and the field manager, where they are known; so of the next
	ChangeResumed
	ChangeRecreated // same name, other UID
	ChangeTenant    // a row's health; Key.Name is the tenant's name, Key.Kind KindUnknown
	// ChangeMissing and ChangeFound are of a Secret, by the words of what uses
	// it (Detail: Kind/namespace/name): Secrets themselves are not watched. It
	// was lost before that, at the earliest when it was last used.
	ChangeMissing
	ChangeFound
	ChangeSync // a FluxInstance's spec.sync; From, To: SyncWords, Detail: who wrote it
	// ChangeSpec is of any other field of a Flux object's spec: Field, From, To
	// and in Detail who wrote it. Without a Field it is one that is not kept, and
	// From and To are generations.
	ChangeSpec
)

// changeWords are written to files: they are only ever added to.
var changeWords = [...]string{ChangeAppeared: "new", ChangeGone: "gone", ChangeHealth: "health", ChangeRevision: "fetched", ChangeApplied: "applied",
	ChangeAttempted: "attempted", ChangeGeneration: "generation", ChangeRollout: "rollout", ChangeSuspended: "suspended", ChangeResumed: "resumed",
	ChangeRecreated: "recreated", ChangeTenant: "tenant", ChangeMissing: "missing", ChangeFound: "found", ChangeSync: "sync",
	ChangeSpec: "spec"}

// String returns the change's word.
func (c Change) String() string { return changeWords[c] }

// ChangeNamed returns the change with that word, and false for one this version
// does not know.
func ChangeNamed(word string) (Change, bool) {
	for c, w := range changeWords {
		if w == word {
			return Change(c), true
		}
	}
	return 0, false
}

// Entry is one line of the change log.
type Entry struct {
	Seq      uint64
	At       Unix
	Key      Key
	Change   Change
	From, To string
	// Revision is, for generation changes, the revision its sync was applying;
	// Detail what the generation changed and who wrote it.
	Revision string
	Detail   string
	Field    string // of a spec
	// UID of the object that fetched, applied or got a generation; "" of other
	// changes, and where From is another object's.
	UID string
}

// Log is the one bounded, append-only record of what changed; history,
// timeline, rollouts and recordings read it.
type Log struct {
	ring []Entry
	next uint64 // sequence number of the next entry
	size int
}

func newLog(size int) *Log { return &Log{size: size, next: 1} }

func (l *Log) add(e Entry) {
	e.Seq = l.next
	l.next++
	if len(l.ring) < l.size {
		l.ring = append(l.ring, e)
		return
	}
	l.ring[int((e.Seq-1)%uint64(l.size))] = e
}

// Len returns how many entries are held.
func (l *Log) Len() int { return len(l.ring) }

// Last returns the sequence number of the newest entry; 0 = none.
func (l *Log) Last() uint64 { return l.next - 1 }

// Since calls f for every entry with a greater sequence number, oldest first,
// until f returns false.
func (l *Log) Since(seq uint64, f func(Entry) bool) {
	first := l.next - uint64(len(l.ring))
	for n := max(seq+1, first); n < l.next; n++ {
		if !f(l.ring[int((n-1)%uint64(l.size))]) {
			return
		}
	}
}

// Back calls f for every entry, newest first, until f returns false.
func (l *Log) Back(f func(Entry) bool) {
	for i := uint64(0); i < uint64(len(l.ring)); i++ {
		if !f(l.ring[int((l.next-2-i)%uint64(l.size))]) {
			return
		}
	}
}
