package contract

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// masker replaces what differs from run to run.
type masker struct {
	words   *strings.Replacer
	regexps []maskRule
}

type maskRule struct {
	re *regexp.Regexp
	as string
}

func newMasker(target Target) *masker {
	m := &masker{words: strings.NewReplacer(`"`+target.UserName+`"`, `"<user>"`, strings.TrimRight(target.GitBase, "/")+"/", "<git>/")}
	for _, r := range [][2]string{
		{`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, "<uid>"},
		{`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`, "<time>"},
		{`sha1:[0-9a-f]{40}`, "sha1:<sha>"},
		{`sha256:[0-9a-f]{64}`, "sha256:<digest>"},
		{`[0-9a-f]{40}`, "<sha>"},
		{`kustomization-\d+`, "kustomization-<n>"},
		{`(finished in|failed after|passed in) [0-9.]+[µnm]?s`, "$1 <duration>"},
		{`kcheck-[a-z0-9]{8,10}(-[a-z0-9]{5})?`, "kcheck-<hash>"},
		{`resource version: \d+( \(\d+\))?`, "resource version: <rv>"},
		{`current: \d+`, "current: <rv>"},
		{`http://[^/ ]+/gitrepository/`, "http://<storage>/gitrepository/"},
	} {
		m.regexps = append(m.regexps, maskRule{regexp.MustCompile(r[0]), r[1]})
	}
	return m
}

// masked names the fields whose values say nothing.
var masked = map[string]string{"uid": "<uid>", "resourceVersion": "<rv>", "pod-template-hash": "<hash>", "continue": "<continue>",
	"lastReconciledDuration": "<duration>", "size": "<size>"}

func (m *masker) text(s string) string {
	s = m.words.Replace(s)
	for _, r := range m.regexps {
		s = r.re.ReplaceAllString(s, r.as)
	}
	return s
}

// byManager sorts managedFields by who wrote: their own order is by time, to
// the second.
func byManager(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	id := func(item any) string {
		entry, _ := item.(map[string]any)
		return fmt.Sprint(entry["manager"], entry["operation"], entry["subresource"], entry["apiVersion"])
	}
	list = slices.Clone(list)
	sort.SliceStable(list, func(i, j int) bool { return id(list[i]) < id(list[j]) })
	return list
}

func (m *masker) value(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			if k == "managedFields" {
				item = byManager(item)
			}
			out[m.text(k)] = m.value(k, item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = m.value(name, item)
		}
		return out
	case string:
		if as, ok := masked[name]; ok && v != "" && v != "0" {
			return as
		}
		return m.text(v)
	case float64:
		if as, ok := masked[name]; ok {
			return as
		}
	}
	return v
}
