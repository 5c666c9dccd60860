// Package journal keeps what was done to clusters: one file of lines, each
// written before or right after what it tells of. A dashboard that was killed
// finds there, on its next start, which steps of an action happened.
package journal

import (
	"encoding/json"
	"path/filepath"
	"sync"
	"time"

	"tenantry/model/redact"
)

// Record is an action as it is kept. It never holds a secret's value.
type Record struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Context string    `json:"context"`
	Server  string    `json:"server"`
	Who     string    `json:"who"`          // as the server knows the user
	As      string    `json:"as,omitempty"` // impersonated
	Verb    string    `json:"verb"`
	Subject string    `json:"subject"`
	Reason  string    `json:"reason,omitempty"`
	Until   string    `json:"until,omitempty"`
	Steps   []Step    `json:"steps,omitempty"`
	// Asked is what was typed for it, without anything secret.
	Asked json.RawMessage `json:"asked,omitempty"`
}

// Step is one object's part in an action. Word is what was noted of it last:
// "" as long as nothing was sent, then sending, sent or failed. Watch: nothing
// is sent of it ever, it is what comes of the others.
type Step struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	UID       string `json:"uid,omitempty"`
	Watch     bool   `json:"watch,omitempty"`
	Word      string `json:"-"`
	Detail    string `json:"-"`
}

// line is one line of the file. A record of many steps is begun by several:
// the first has the record, each the steps that follow those before.
type line struct {
	Time  time.Time `json:"time"`
	Event string    `json:"event"` // begin, steps, note, end
	ID    string    `json:"id"`
	// Run is the dashboard that began the action: it holds the lock of that name
	// as long as it lives.
	Run    string  `json:"run,omitempty"`
	Record *Record `json:"record,omitempty"`
	Steps  []Step  `json:"steps,omitempty"`
	Step   int     `json:"step,omitempty"`
	Word   string  `json:"word,omitempty"`
	Detail string  `json:"detail,omitempty"`
}

const (
	fileName = "actions.log"
	// maxFile is where the file is set aside and a new one begun; one old one
	// is kept, and what is unfinished in it begins the new one.
	maxFile = 4 << 20
	// maxLine is longer than any line that is written; longer ones are passed
	// over.
	maxLine = 1 << 20
	// stepsInLine keeps a line well below that: names have at most 253 letters.
	stepsInLine = 500
	// maxDetail bounds what a server said.
	maxDetail = 4 << 10
)

// Log is the file in a folder. It is safe for use by several goroutines, and
// several dashboards may write to one folder, also of several containers: they
// tell by locks, not by process ids, who of them lives.
type Log struct {
	dir string
	now func() time.Time
	mu  sync.Mutex
	run run
}

// Open returns the log in a folder, which need not exist yet.
func Open(dir string, now func() time.Time) *Log { return &Log{dir: dir, now: now} }

// Path is where the log is.
func (l *Log) Path() string { return filepath.Join(l.dir, fileName) }

// Close gives up being alive: what was begun and not ended counts as
// unfinished. The kernel does the same when the process ends.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run.leave()
}

// Begin notes an action before anything of it is sent. When it returns, all of
// it is on the disk.
func (l *Log) Begin(r Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.run.enter(l.Path()); err != nil {
		return err
	}
	return l.write(begun(r, l.run.name), true)
}

// begun are the lines a record begins with.
func begun(r Record, run string) []line {
	steps := r.Steps
	r.Steps = nil
	out := []line{{Event: "begin", ID: r.ID, Run: run, Record: &r}}
	for len(steps) > 0 {
		n := min(len(steps), stepsInLine)
		out = append(out, line{Event: "steps", ID: r.ID, Steps: steps[:n]})
		steps = steps[n:]
	}
	return out
}

// Note notes what became of a step.
func (l *Log) Note(id string, step int, word, detail string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.write([]line{note(id, step, word, detail)}, word == "sending")
}

// note is what became of a step. What a server said of it may repeat what it
// was sent.
func note(id string, step int, word, detail string) line {
	detail = redact.Text(detail) // before it is cut: half a key is not told from a word
	return line{Event: "note", ID: id, Step: step, Word: word, Detail: detail[:min(len(detail), maxDetail)]}
}

// End notes that nothing more will come of an action.
func (l *Log) End(id, word string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	word = redact.Text(word)
	return l.write([]line{{Event: "end", ID: id, Word: word[:min(len(word), maxDetail)]}}, false)
}

// encode writes lines as they stand in the file. A line that a kill cut short
// must not swallow the next one, so each begins with a line's end, too.
func (l *Log) encode(lines []line) ([]byte, error) {
	var out []byte
	for i := range lines {
		lines[i].Time = l.now().UTC()
		data, err := json.Marshal(lines[i])
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, '\n'), data...), '\n')
	}
	return out, nil
}
