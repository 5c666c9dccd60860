package logs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tenantry/model"
)

// Level is how bad a line says that it is.
type Level uint8

// The levels.
const (
	Plain Level = iota
	Warning
	Error
)

// Entry is what a line says.
type Entry struct {
	// Text is what it says in words; of a line that is no JSON all of it.
	Text  string
	Error string
	Level Level
	// About is the object a Flux controller was at work on; empty where a line
	// names none.
	About       model.Ref
	ReconcileID string
	Revision    string
	// Rest are further fields, as name=value.
	Rest string
}

const (
	maxText = 4 << 10 // bytes kept of a line's words
	maxRest = 400
)

// Parse reads a line as Flux's controllers write it, JSON by zap: level, ts,
// msg, error, controllerKind or "reconciler kind", name, namespace,
// reconcileID, revision (fluxcd/pkg/runtime/logger, controller-runtime). What is
// not that is plain text, whose level is guessed.
func Parse(line string) Entry {
	line = strings.TrimRight(line, "\r\n")
	if !strings.HasPrefix(line, "{") {
		return plain(line)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(line), &fields) != nil {
		return plain(line)
	}
	text := func(names ...string) string {
		for _, n := range names {
			var s string
			if raw, ok := fields[n]; ok && json.Unmarshal(raw, &s) == nil {
				delete(fields, n)
				if s != "" {
					return s
				}
			}
		}
		return ""
	}
	e := Entry{Text: cut(text("msg", "message"), maxText)}
	e.Level = levelOf(text("level", "severity"))
	e.Error = cut(text("error", "err"), maxText)
	e.ReconcileID, e.Revision = text("reconcileID"), text("revision")
	e.About = model.Ref{Kind: text("controllerKind", "reconciler kind"), Namespace: text("namespace"), Name: text("name")}
	delete(fields, e.About.Kind) // the same again, as an object
	if e.About.Kind == "" || e.About.Name == "" {
		e.About.Kind = ""
	}
	if e.Text == "" && e.Error == "" {
		return plain(line)
	}
	for _, known := range []string{"ts", "time", "timestamp", "controller", "controllerGroup", "reconciler group", "stacktrace", "caller", "logger"} {
		delete(fields, known)
	}
	e.Rest = rest(fields)
	return e
}

// rest writes the fields nothing is known of.
func rest(fields map[string]json.RawMessage) string {
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, n := range names {
		value := string(fields[n])
		var s string
		if json.Unmarshal(fields[n], &s) == nil {
			value = s
		}
		fmt.Fprintf(&b, " %s=%s", n, value)
		if b.Len() > maxRest {
			return cut(b.String()[1:], maxRest)
		}
	}
	return strings.TrimPrefix(b.String(), " ")
}

func levelOf(word string) Level {
	switch strings.ToLower(word) {
	case "error", "fatal", "panic", "dpanic", "critical", "alert", "emergency":
		return Error
	case "warn", "warning":
		return Warning
	}
	return Plain
}

// plain is a line that is no JSON.
func plain(line string) Entry {
	return Entry{Text: cut(line, maxText), Level: guess(line)}
}

// guess takes the level off a plain line: klog begins with a letter and a date
// (E0102 …), others name it among their first words.
func guess(line string) Level {
	if len(line) > 5 && strings.IndexByte("EWFI", line[0]) >= 0 && digits(line[1:5]) {
		return map[byte]Level{'E': Error, 'F': Error, 'W': Warning}[line[0]]
	}
	head := line
	if len(head) > 80 {
		head = head[:80]
	}
	for _, word := range strings.FieldsFunc(head, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') }) {
		if l := levelOf(word); l != Plain {
			return l
		}
	}
	return Plain
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// cut shortens a text to at most n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return strings.Clone(s)
	}
	s = s[:n]
	for s != "" && !utf8.RuneStart(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	if s != "" && s[len(s)-1] >= utf8.RuneSelf {
		s = s[:len(s)-1] // the beginning of a character
	}
	return s + "…"
}
