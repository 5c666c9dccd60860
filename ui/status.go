package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/posture"
)

// Formats are what PrintStatus knows, the usual one first.
func Formats() []string { return []string{"table", "wide", "json"} }

// KnownFormat reports whether a status, or what was found, can be printed in a
// format.
func KnownFormat(f string, findings bool) bool {
	if findings {
		return slices.Contains(posture.Formats(), f)
	}
	return slices.Contains(Formats(), f)
}

// FindingFormats are the formats findings are printed in.
func FindingFormats() []string { return posture.Formats() }

// StatusOptions say how a status is printed. The zero value prints plain text
// of any width, as for a pipe or a screen reader.
type StatusOptions struct {
	Theme *themes.Theme // nil = no styles; set it for a terminal only
	ASCII bool
	Width int // columns of the terminal; 0 = lines are never cut
}

// PrintStatus writes a status report as plain text: "table" is one line per
// tenant, the platform first; "wide" adds namespaces and every object; "json"
// is the report itself.
func PrintStatus(w io.Writer, r *model.StatusReport, format string) error {
	return PrintStatusWith(w, r, format, StatusOptions{})
}

// PrintStatusWith is PrintStatus for a certain terminal.
func PrintStatusWith(w io.Writer, r *model.StatusReport, format string, o StatusOptions) error {
	switch format {
	case "", "table", "wide":
	case "json":
		return printJSON(w, r)
	default:
		return fmt.Errorf("no output format %q: there are %s", format, strings.Join(Formats(), ", "))
	}
	p := newStatusPrinter(r, o)
	wide := format == "wide"
	p.tenants(wide)
	p.flush()
	if wide {
		p.b.WriteByte('\n')
		p.objects()
		p.flush()
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// StatusNotes are what a person should know about a status besides what is in
// the table, a line per scope: what could not be read, and what is old.
func StatusNotes(r *model.StatusReport) []string {
	var notes []string
	at := map[string]int{} // the line that begins like this
	add := func(begin, what string) {
		if i, ok := at[begin]; ok {
			notes[i] += ", " + what
			return
		}
		at[begin] = len(notes)
		notes = append(notes, begin+what)
	}
	for _, a := range r.Access {
		where := "cluster-wide"
		if a.Namespace != "" {
			where = "in namespace " + a.Namespace
		}
		resource := a.Resource
		if a.Group != "" {
			resource += "." + a.Group
		}
		switch {
		case a.State == model.ScopeDenied.String() && a.Kind != model.Secret.String():
			add("not readable "+where+", since you may not "+a.Verb+": ", resource)
		case a.State == model.ScopeStale.String(), a.State == model.ScopeSyncing.String():
			add("not read to the end "+where+": ", resource)
		}
	}
	return notes
}

// printJSON writes the report for programs. Characters that could do something
// to a terminal it is shown on are escaped, which JSON allows for any.
func printJSON(w io.Writer, r any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return err
	}
	var out strings.Builder
	out.Grow(b.Len())
	for _, c := range b.String() {
		if c >= 0x7f && c <= 0xffff && (unicode.Is(unicode.Cc, c) || unicode.Is(unicode.Cf, c)) {
			fmt.Fprintf(&out, `\u%04x`, c)
			continue
		}
		out.WriteRune(c)
	}
	_, err := io.WriteString(w, out.String())
	return err
}
