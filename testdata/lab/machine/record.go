package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// A Record is one started part: the process and the keeper above it.
type Record struct {
	Name    string    `json:"name"`
	Process Process   `json:"process"`
	Keeper  Process   `json:"keeper"`
	Args    []string  `json:"args"`
	Since   time.Time `json:"since"`
}

// An Exit is how a part ended, written by its keeper.
type Exit struct {
	How string    `json:"how"` // "exit status 1", "signal: killed"
	At  time.Time `json:"at"`
}

func (l *Lab) recordFile(part string) string { return l.path("parts", part+".json") }
func (l *Lab) exitFile(part string) string   { return l.path("parts", part+".exit.json") }

// Record returns what is known about a part; ok is false if it never ran.
func (l *Lab) Record(part string) (r Record, ok bool) {
	body, err := os.ReadFile(l.recordFile(part))
	if err != nil {
		return Record{}, false
	}
	return r, json.Unmarshal(body, &r) == nil
}

// Alive says whether a part runs.
func (l *Lab) Alive(part string) bool {
	r, ok := l.Record(part)
	return ok && r.Process.Alive()
}

// LastExit returns how a part ended, if its keeper saw it end.
func (l *Lab) LastExit(part string) (e Exit, ok bool) {
	body, err := os.ReadFile(l.exitFile(part))
	if err != nil {
		return Exit{}, false
	}
	return e, json.Unmarshal(body, &e) == nil
}

// Death names a dead part with its exit and its last words.
func (l *Lab) Death(part string) error {
	how := "is gone and nothing saw it end"
	if e, ok := l.LastExit(part); ok {
		how = "ended (" + e.How + ")"
	}
	last, err := l.Tail(part, 12)
	if err != nil {
		last = err.Error()
	}
	return fmt.Errorf("%s %s; its last log lines (%s):\n%s", part, how, l.LogFile(part), last)
}

// Tail returns the last n lines of a part's log.
func (l *Lab) Tail(part string, n int) (string, error) {
	f, err := os.Open(l.LogFile(part))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s has written no log yet (%s)", part, l.LogFile(part))
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	// Enough for any sensible n without reading a log of hundreds of megabytes.
	size := min(info.Size(), int64(max(n, 1))*4096)
	buf := make([]byte, size)
	if _, err := f.ReadAt(buf, info.Size()-size); err != nil && size > 0 {
		return "", err
	}
	lines := strings.Split(strings.TrimRight(string(buf), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n"), nil
}
