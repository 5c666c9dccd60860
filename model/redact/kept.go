package redact

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Kept is a value as JSON that may be kept on this machine: Mark stands for what
// of its texts may hold a secret, or may be the beginning of one that is being
// typed. A field with Mark in it is no field that was left empty:
// whoever reads it asks for it again. It is nil for what can't be written as
// JSON.
func Kept(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var plain any
	if json.Unmarshal(data, &plain) != nil {
		return nil
	}
	data, _ = json.Marshal(kept("", plain)) // it came from JSON
	return data
}

// kept is what is kept of a value; field is the name of what it is in.
func kept(field string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, of := range v {
			v[name] = kept(name, of)
		}
	case []any:
		for i, of := range v {
			v[i] = kept(field, of)
		}
	case string:
		return keptText(field, v)
	}
	return v
}

// Missing says of a text that was kept that something of it is not there, "" of
// one that is whole.
func Missing(s string) string {
	if !strings.Contains(s, Mark) {
		return ""
	}
	return Mark + " stands for what may be a secret and was not kept: type it again"
}

// The fields, in small letters, that hold names of objects, and those that hold
// addresses: what is typed into one is held to be nothing else.
var (
	nameFields    = []string{"name", "namespace", "account", "secret", "pullsecret", "components"}
	addressFields = []string{"url"}
)

var (
	// A digest behind an image's or an artifact's name.
	pinned = regexp.MustCompile(`@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$`)
	// What a key in base64 is made of, as long as any is.
	run = regexp.MustCompile(`[A-Za-z0-9+/_-]{20,}`)
	// The same of letters and digits alone.
	plainRun = regexp.MustCompile(`[A-Za-z0-9]{20,}`)
	// A name Kubernetes takes, or the beginning of one.
	objectName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[-.]?$`)
)

// longestName is more than people call things, and less than most tokens have.
const longestName = 40

// keptText is one text.
func keptText(field, s string) string {
	field = strings.ToLower(field)
	rest := ""
	switch bare := pinned.ReplaceAllString(s, ""); {
	case s == "":
		return ""
	case slices.Contains(nameFields, field):
		if len(s) > longestName || !objectName.MatchString(s) || plainRun.MatchString(s) {
			return Mark
		}
	case slices.Contains(addressFields, field) || addressed(bare):
		if s, rest = keptAddress(s); s == "" {
			return Mark
		}
	}
	if bare := pinned.ReplaceAllString(s, ""); shaped(bare) != bare || keyed(bare) {
		return Mark
	}
	return s + rest
}

// keyed reports whether a text holds what looks like a key in base64. Paths and
// repositories are long, too, and have names with capitals and digits in them;
// but they are made of words, and a key changes between capitals, small letters
// and digits every other letter.
func keyed(s string) bool {
	for _, m := range run.FindAllString(s, -1) {
		for _, part := range append(strings.Split(m, "/"), m) {
			if len(part) >= 20 && scrambled(part) {
				return true
			}
		}
	}
	return slices.ContainsFunc(plainRun.FindAllString(s, -1), drawn)
}

// drawn reports whether a run of digits and of letters of one case is drawn by
// lot rather than written: hexadecimal, base32 and what else tokens are written
// in. Who names a folder puts something between so many letters.
func drawn(s string) bool {
	if s != strings.ToLower(s) && s != strings.ToUpper(s) {
		return false
	}
	digit := func(i int) bool { return s[i] >= '0' && s[i] <= '9' }
	changes := 0
	for i := 1; i < len(s); i++ {
		if digit(i) != digit(i-1) {
			changes++
		}
	}
	return len(s) >= 40 || len(s) >= 32 && changes > 0 || 4*changes >= len(s)
}

// scrambled reports whether a quarter of the letters of a text, of a long one a
// fifth, are of another sort than the one before; a capital that begins a word
// does not count. What is of short words is no key: one in 32 of its letters
// looks like the end of one.
func scrambled(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("+/_-", r) })
	if len(s) < 8*len(words) || !mixed(s) {
		return false
	}
	const other, lower, upper, number = 0, 1, 2, 3
	sort := func(c byte) int {
		switch {
		case c >= 'a' && c <= 'z':
			return lower
		case c >= 'A' && c <= 'Z':
			return upper
		case c >= '0' && c <= '9':
			return number
		}
		return other
	}
	changes := 0
	for i := 1; i < len(s); i++ {
		was, is := sort(s[i-1]), sort(s[i])
		if was != is && was != other && is != other && !(was == upper && is == lower) {
			changes++
		}
	}
	if len(s) >= 40 {
		return 5*changes >= len(s)
	}
	return 4*changes >= len(s)
}
