package contract

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
)

// Read reads answers kept in a file.
func Read(path string) (Answers, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var a Answers
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// Write keeps answers in a file.
func (a Answers) Write(path string) error {
	b, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

// Compare lists, field by field, where answers differ from those wanted.
// Questions only one side was asked are skipped.
func Compare(want, have Answers) []string {
	var names []string
	for name := range want {
		if _, ok := have[name]; ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var out []string
	for _, name := range names {
		w, h := plain(want[name]), plain(have[name])
		differ(name, w, h, &out)
	}
	return out
}

func plain(a Answer) any {
	b, _ := json.Marshal(a)
	var v any
	_ = json.Unmarshal(b, &v)
	sortRules(v)
	return v
}

// sortRules orders the rules of an access review, which a real server gives in
// another order each time.
func sortRules(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	for k, item := range m {
		list, ok := item.([]any)
		if !ok || (k != "resourceRules" && k != "nonResourceRules") {
			sortRules(item)
			continue
		}
		sort.Slice(list, func(i, j int) bool {
			a, _ := json.Marshal(list[i])
			b, _ := json.Marshal(list[j])
			return string(a) < string(b)
		})
	}
}

func differ(at string, want, have any, out *[]string) {
	if reflect.DeepEqual(want, have) {
		return
	}
	switch w := want.(type) {
	case map[string]any:
		if h, ok := have.(map[string]any); ok {
			keys := map[string]bool{}
			for k := range w {
				keys[k] = true
			}
			for k := range h {
				keys[k] = true
			}
			sorted := make([]string, 0, len(keys))
			for k := range keys {
				sorted = append(sorted, k)
			}
			sort.Strings(sorted)
			for _, k := range sorted {
				wv, wok := w[k]
				hv, hok := h[k]
				switch {
				case !wok:
					*out = append(*out, fmt.Sprintf("%s.%s: %s is too much", at, k, short(hv)))
				case !hok:
					*out = append(*out, fmt.Sprintf("%s.%s: %s is missing", at, k, short(wv)))
				default:
					differ(at+"."+k, wv, hv, out)
				}
			}
			return
		}
	case []any:
		if h, ok := have.([]any); ok && len(h) == len(w) {
			for i := range w {
				differ(fmt.Sprintf("%s[%d]", at, i), w[i], h[i], out)
			}
			return
		}
	}
	*out = append(*out, fmt.Sprintf("%s: want %s\n    have %s", at, short(want), short(have)))
}

func short(v any) string {
	b, _ := json.Marshal(v)
	if len(b) > 700 {
		return string(b[:700]) + "…"
	}
	return string(b)
}
