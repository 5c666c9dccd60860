package redact

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// Kept is a value as JSON that may be kept on this machine: its texts without
// the users and passwords of addresses, and with Mark where they may hold a
// secret all the same. A field with Mark in it is no field that was left empty:
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
	data, _ = json.Marshal(kept(plain)) // it came from JSON
	return data
}

func kept(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, of := range v {
			v[name] = kept(of)
		}
	case []any:
		for i, of := range v {
			v[i] = kept(of)
		}
	case string:
		return keptText(v)
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

var (
	// A digest behind an image's or an artifact's name.
	pinned = regexp.MustCompile(`@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$`)
	// Somebody at a host, where no scheme says so; who fetches by ssh is git.
	someone = regexp.MustCompile(`^[^/@]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}/`)
	// What a key in base64 is made of, as long as any is.
	run = regexp.MustCompile(`[A-Za-z0-9+/_-]{20,}`)
)

// keptText is one text.
func keptText(s string) string {
	rest := ""
	if strings.Contains(s, "://") {
		if s, rest = keptURL(s); s == "" {
			return Mark
		}
	} else if who, _, at := strings.Cut(pinned.ReplaceAllString(s, ""), "@"); at && (strings.Contains(who, ":") || strings.HasPrefix(s, "//")) || someone.MatchString(s) {
		return Mark // a login in an address that is none yet
	}
	if shaped(s) != s || keyed(s) {
		return Mark
	}
	return s + rest
}

// keptURL is an address without who logs in there, and what was behind it: a
// query and a fragment may hold anything. It is "" for what can't be told apart,
// as a password with a slash in it. Who fetches by ssh is no secret, and the
// address means nothing without it.
func keptURL(s string) (address, rest string) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || strings.Contains(pinned.ReplaceAllString(u.EscapedPath(), ""), "@") {
		return "", ""
	}
	if u.RawQuery != "" || u.ForceQuery {
		rest = "?" + Mark
	} else if strings.Contains(s, "#") {
		rest = "#" + Mark
	}
	name := u.User.Username()
	if u.User = nil; strings.Contains(u.Scheme, "ssh") && name != "" {
		u.User = url.User(name)
	}
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = "", false, "", ""
	return u.String(), rest
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
	return false
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
