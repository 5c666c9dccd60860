// Package journal keeps what was done to clusters: one file of lines, each
// written before or right after what it tells of. A dashboard that was killed
// finds there, on its next start, which steps of an action happened.
package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
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
	Steps   []Step    `json:"steps"`
}

// Step is one object's part in an action. Word is what was noted of it last:
// "" as long as nothing was sent, then sending, sent or failed.
type Step struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	UID       string `json:"uid,omitempty"`
	Word      string `json:"-"`
	Detail    string `json:"-"`
}

// line is one line of the file.
type line struct {
	Time   time.Time `json:"time"`
	Event  string    `json:"event"` // begin, note, end
	ID     string    `json:"id"`
	PID    int       `json:"pid,omitempty"`
	Record *Record   `json:"record,omitempty"`
	Step   int       `json:"step,omitempty"`
	Word   string    `json:"word,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

const (
	fileName = "actions.log"
	// maxFile is where the file is set aside and a new one begun; one old one
	// is kept.
	maxFile = 4 << 20
	maxLine = 1 << 20
)

// Log is the file in a folder. It is safe for use by several goroutines, and
// several dashboards may write to one folder: every line is one write.
type Log struct {
	dir   string
	now   func() time.Time
	mu    sync.Mutex
	alive func(pid int) bool
}

// Open returns the log in a folder, which need not exist yet.
func Open(dir string, now func() time.Time) *Log {
	return &Log{dir: dir, now: now, alive: alive}
}

// Path is where the log is.
func (l *Log) Path() string { return filepath.Join(l.dir, fileName) }

// Begin notes an action before anything of it is sent. When it returns, the
// line is on the disk.
func (l *Log) Begin(r Record) error {
	return l.write(line{Event: "begin", ID: r.ID, PID: os.Getpid(), Record: &r}, true)
}

// Note notes what became of a step.
func (l *Log) Note(id string, step int, word, detail string) error {
	return l.write(line{Event: "note", ID: id, Step: step, Word: word, Detail: detail}, word == "sending")
}

// End notes that nothing more will come of an action.
func (l *Log) End(id, word string) error {
	return l.write(line{Event: "end", ID: id, Word: word}, false)
}

func (l *Log) write(entry line, sync bool) error {
	entry.Time = l.now().UTC()
	data, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(l.Path()); err == nil && info.Size() > maxFile && entry.Event == "begin" {
		if err := os.Rename(l.Path(), l.Path()+".1"); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(l.Path(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	// A line that a kill cut short must not swallow this one.
	_, err = f.Write(append(append([]byte{'\n'}, data...), '\n'))
	if err == nil && sync {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Unfinished returns the actions on a cluster that were begun by a dashboard
// that is gone and of which no end was noted, the oldest first. A line that
// makes no sense, as a kill may leave one, is passed over.
func (l *Log) Unfinished(context, server string) ([]Record, error) {
	open := map[string]*Record{}
	var order []string
	for _, path := range []string{l.Path() + ".1", l.Path()} {
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, maxLine)
		for lines.Scan() {
			var entry line
			if json.Unmarshal(lines.Bytes(), &entry) != nil {
				continue
			}
			switch r := open[entry.ID]; {
			case entry.Event == "begin" && entry.Record != nil:
				if entry.Record.Context == context && entry.Record.Server == server && !l.alive(entry.PID) {
					open[entry.ID] = entry.Record
					order = append(order, entry.ID)
				}
			case r == nil:
			case entry.Event == "end":
				delete(open, entry.ID)
			case entry.Event == "note" && entry.Step >= 0 && entry.Step < len(r.Steps):
				r.Steps[entry.Step].Word, r.Steps[entry.Step].Detail = entry.Word, entry.Detail
			}
		}
		err = errors.Join(lines.Err(), f.Close())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	var out []Record
	for _, id := range order {
		if r := open[id]; r != nil {
			out = append(out, *r)
		}
	}
	return out, nil
}

// alive reports whether a process exists; one of somebody else's does too.
func alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
