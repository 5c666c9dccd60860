package onboard

import "strings"

// ParseSpaces reads namespaces as they are typed: "dev", "dev=./dev", several
// separated by blanks or commas. Nothing typed means one namespace of the
// tenant's own name.
func ParseSpaces(text, tenant string) []Space {
	var out []Space
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' }) {
		ns, path, _ := strings.Cut(word, "=")
		out = append(out, Space{ns, path})
	}
	if len(out) == 0 {
		out = []Space{{Namespace: tenant}}
	}
	return out
}
