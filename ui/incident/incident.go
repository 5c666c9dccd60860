// Package incident writes what is known of an incident as Markdown, to be
// handed on: to a ticket, a colleague, the morning. The cluster's words are
// quoted as text, whatever is in them, and what looks like a secret is taken
// out.
package incident

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model/redact"
	"tenantry/ui/text"
)

// Report is what is known.
type Report struct {
	Subject    string // what it is about, e.g. "tenant shop" or "Kustomization/a/b"
	Context    string
	Server     string
	Kubernetes string
	Flux       string
	At         time.Time // by the server's clock
	Connection string    // what is wrong with it, "" when nothing is

	Explanation string // in the words of the Why page
	Objects     []Object
	Findings    []string
	Timeline    []string
	Events      []string
	Logs        []string // those that were on the screen
	NotRead     []string
}

// Object is one object's state.
type Object struct {
	Name, State, Revision, Message string
	Since                          time.Time
	Conditions                     []string
}

// Markdown writes the report.
func (r *Report) Markdown() string {
	w := &writer{}
	w.line("# " + plain(r.Subject) + " on " + plain(orWord(r.Context, r.Server)))
	w.line("")
	w.item("Written", r.At.UTC().Format("2006-01-02 15:04:05")+" UTC, by tenantry; nothing was changed for it")
	w.item("Cluster", strings.TrimSpace(r.Context+"  "+r.Server))
	w.item("Versions", strings.TrimSpace("Kubernetes "+orWord(r.Kubernetes, "unknown")+", Flux "+orWord(r.Flux, "unknown")))
	if r.Connection != "" {
		w.item("Connection", r.Connection+"; what follows is the last known state")
	}
	w.section("What is wrong")
	w.quote(strings.Split(strings.TrimSpace(r.Explanation), "\n"))
	if len(r.Objects) > 0 {
		w.section("How its objects are")
		w.line("| object | state | since | revision | message |")
		w.line("|---|---|---|---|---|")
		for _, o := range r.Objects {
			since := ""
			if !o.Since.IsZero() {
				since = o.Since.UTC().Format("2006-01-02 15:04:05")
			}
			w.line("| " + strings.Join([]string{cell(o.Name), cell(o.State), cell(since), cell(o.Revision), cell(o.Message)}, " | ") + " |")
		}
		for _, o := range r.Objects {
			if len(o.Conditions) > 0 {
				w.line("")
				w.line("Conditions of " + plain(o.Name) + ":")
				w.quote(o.Conditions)
			}
		}
	}
	for _, part := range []struct {
		title string
		lines []string
	}{{"What happened", r.Timeline}, {"Events", r.Events}, {"Logs that were looked at", r.Logs}, {"What else is known of it", r.Findings}, {"What could not be read", r.NotRead}} {
		if len(part.lines) > 0 {
			w.section(part.title)
			w.quote(part.lines)
		}
	}
	return w.b.String()
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

type writer struct{ b strings.Builder }

func (w *writer) line(s string) { w.b.WriteString(s + "\n") }

func (w *writer) section(title string) {
	w.line("")
	w.line("## " + title)
	w.line("")
}

func (w *writer) item(label, words string) { w.line(fmt.Sprintf("- %s: %s", label, plain(words))) }

// quote writes lines as they are, between fences that nothing in them can end.
func (w *writer) quote(lines []string) {
	whole := redact.Text(strings.Join(lines, "\n")) // a key may stand on many lines
	fence := "```"
	for strings.Contains(whole, fence) {
		fence += "`"
	}
	w.line(fence + "text")
	for _, l := range strings.Split(whole, "\n") {
		w.line(indented(l))
	}
	w.line(fence)
}

// indented cleans a line and keeps what it begins with.
func indented(l string) string {
	body := strings.TrimLeft(l, " ")
	return strings.TrimRight(strings.Repeat(" ", len(l)-len(body))+text.Clean(body), " ")
}

// special is what means something in Markdown.
const special = "\\`*_{}[]<>#|~"

// plain is a word that means nothing to Markdown.
func plain(s string) string {
	s = text.Clean(redact.Text(s))
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cell is a word in a table.
func cell(s string) string { return strings.ReplaceAll(plain(s), "\n", " ") }
