package ui

import (
	"strings"

	"tenantry/themes"
	"tenantry/ui/textview"
)

// paintYAML gives YAML as machines write it its roles: keys, values, comments.
// It goes line by line and never fails: what it does not know is text. A YAML
// library tells no columns of what it reads, and a highlighter for two hundred
// languages costs more memory than the rest of a screen.
func paintYAML(s string) []textview.Line {
	var out []textview.Line
	block := -1 // the indent of the key a block of text belongs to
	for text := range strings.SplitSeq(strings.TrimRight(s, "\n"), "\n") {
		indent := len(text) - len(strings.TrimLeft(text, " "))
		hang := indent + 2
		if block >= 0 && (indent > block || strings.TrimSpace(text) == "") {
			out = append(out, textview.Line{Spans: []textview.Span{{Role: themes.Text, Text: text}}, Hang: indent})
			continue
		}
		line, opens := paintLine(text[:indent], text[indent:])
		block = -1
		if opens {
			block = indent + dashes(text[indent:])
		}
		line.Hang = hang
		out = append(out, line)
	}
	return out
}

// dashes is how far the marks of list items indent what is behind them: a
// block within an item hangs under its key.
func dashes(rest string) int {
	n := 0
	for strings.HasPrefix(rest[n:], "- ") {
		n += 2
	}
	return n
}

// paintLine paints what stands on one line, and reports whether a block of
// text begins below it.
func paintLine(indent, rest string) (textview.Line, bool) {
	line := textview.Line{}
	put := func(role themes.Role, s string) {
		if s != "" {
			line.Spans = append(line.Spans, textview.Span{Role: role, Text: s})
		}
	}
	put(themes.Text, indent)
	n := dashes(rest)
	put(themes.Muted, rest[:n])
	if rest = rest[n:]; strings.HasPrefix(rest, "#") || rest == "---" || rest == "-" {
		put(themes.Muted, rest)
		return line, false
	}
	value := rest
	if colon := keyEnd(rest); colon >= 0 {
		put(themes.Accent, rest[:colon])
		put(themes.Muted, ":")
		value = rest[colon+1:]
	}
	word := strings.TrimSpace(value)
	put(valueRole(word), value)
	return line, strings.HasPrefix(word, "|") || strings.HasPrefix(word, ">")
}

// keyEnd is where a line's key ends, at its colon; -1 when it has none.
func keyEnd(s string) int {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		end := strings.IndexByte(s[1:], s[0])
		if end >= 0 && (strings.HasPrefix(s[end+2:], ": ") || s[end+2:] == ":") {
			return end + 2
		}
		return -1
	}
	at := strings.Index(s, ": ")
	if at < 0 && strings.HasSuffix(s, ":") {
		at = len(s) - 1
	}
	if at <= 0 || strings.Contains(s[:at], " ") { // a text that goes on from the line above
		return -1
	}
	return at
}

// valueRole tells what a plain value is.
func valueRole(s string) themes.Role {
	switch s {
	case "true", "false":
		return themes.Busy
	case "null", "~", "{}", "[]", "|", "|-", "|+", ">", ">-", ">+", `""`, "''":
		return themes.Muted
	case "":
		return themes.Text
	}
	if strings.Trim(s, "0123456789.-+e_") == "" && strings.ContainsAny(s[:1], "0123456789-+") {
		return themes.Busy
	}
	return themes.Text
}
