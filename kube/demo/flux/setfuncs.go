package flux

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"sigs.k8s.io/yaml"
)

// templateFunctions are those of sprig that tenants' templates use, under its
// names and with its order of arguments, and the operator's own two, slugify
// and toYaml. Any other is refused as a function that is not defined.
var templateFunctions = map[string]any{
	"quote":      func(v ...any) string { return each(v, func(s string) string { return fmt.Sprintf("%q", s) }) },
	"squote":     func(v ...any) string { return each(v, func(s string) string { return "'" + s + "'" }) },
	"lower":      strings.ToLower,
	"upper":      strings.ToUpper,
	"trim":       strings.TrimSpace,
	"trimPrefix": func(prefix, s string) string { return strings.TrimPrefix(s, prefix) },
	"trimSuffix": func(suffix, s string) string { return strings.TrimSuffix(s, suffix) },
	"hasPrefix":  func(prefix, s string) bool { return strings.HasPrefix(s, prefix) },
	"hasSuffix":  func(suffix, s string) bool { return strings.HasSuffix(s, suffix) },
	"contains":   func(part, s string) bool { return strings.Contains(s, part) },
	"replace":    func(old, by, s string) string { return strings.ReplaceAll(s, old, by) },
	"trunc":      truncate,
	"indent":     indent,
	"nindent":    func(n int, s string) string { return "\n" + indent(n, s) },
	"join":       func(by string, v any) string { return strings.Join(texts(v), by) },
	"splitList":  func(by, s string) []string { return strings.Split(s, by) },
	"list":       func(v ...any) []any { return v },
	"first":      func(v any) any { return at(v, 0) },
	"last":       func(v any) any { return at(v, reflect.ValueOf(v).Len()-1) },
	"has": func(want, v any) bool {
		return slices.ContainsFunc(items(v), func(i any) bool { return reflect.DeepEqual(i, want) })
	},
	"empty": isZero,
	"default": func(otherwise any, v ...any) any {
		if len(v) == 0 || isZero(v[0]) {
			return otherwise
		}
		return v[0]
	},
	"coalesce": func(v ...any) any {
		if i := slices.IndexFunc(v, func(x any) bool { return !isZero(x) }); i >= 0 {
			return v[i]
		}
		return nil
	},
	"ternary": func(yes, no any, is bool) any {
		if is {
			return yes
		}
		return no
	},
	"toString":  word,
	"int":       whole,
	"add":       func(v ...any) int { return fold(v) },
	"add1":      func(v any) int { return whole(v) + 1 },
	"sub":       func(a, b any) int { return whole(a) - whole(b) },
	"b64enc":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"b64dec":    decode64,
	"sha256sum": func(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) },
	"toJson":    func(v any) string { b, _ := json.Marshal(v); return string(b) },
	"toYaml":    func(v any) string { b, _ := yaml.Marshal(v); return string(b) },
	"slugify":   slugify,
}

func word(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func each(v []any, f func(string) string) string {
	var out []string
	for _, x := range v {
		if x != nil {
			out = append(out, f(word(x)))
		}
	}
	return strings.Join(out, " ")
}

func isZero(v any) bool {
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return true
	}
	switch r.Kind() {
	case reflect.Slice, reflect.Map, reflect.String:
		return r.Len() == 0
	}
	return r.IsZero()
}

func items(v any) []any {
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice {
		return nil
	}
	out := make([]any, r.Len())
	for i := range out {
		out[i] = r.Index(i).Interface()
	}
	return out
}

func texts(v any) []string {
	var out []string
	for _, i := range items(v) {
		out = append(out, word(i))
	}
	return out
}

func at(v any, i int) any {
	list := items(v)
	if i < 0 || i >= len(list) {
		return nil
	}
	return list[i]
}

func whole(v any) int {
	var f float64
	_, _ = fmt.Sscan(word(v), &f)
	return int(f)
}

func fold(v []any) int {
	sum := 0
	for _, x := range v {
		sum += whole(x)
	}
	return sum
}

// truncate keeps the first n bytes, or with a negative n the last.
func truncate(n int, s string) string {
	switch {
	case n < 0 && len(s)+n > 0:
		return s[len(s)+n:]
	case n >= 0 && len(s) > n:
		return s[:n]
	}
	return s
}

func indent(n int, s string) string {
	pad := strings.Repeat(" ", n)
	return pad + strings.ReplaceAll(s, "\n", "\n"+pad)
}

func decode64(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// slugify makes a name of a text: lower case, what is neither letter nor digit
// a dash, at most 63 bytes long and cut between words. The operator's spells
// other alphabets out; here they are dashes.
func slugify(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') {
			return unicode.ToLower(r)
		}
		return '-'
	}, s)
	s = strings.Trim(regexp.MustCompile(`-+`).ReplaceAllString(s, "-"), "-_")
	for len(s) > 63 {
		i := strings.LastIndex(s, "-")
		if i < 0 {
			return s[:63]
		}
		s = s[:i]
	}
	return s
}
