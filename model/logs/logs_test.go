package logs_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"tenantry/model"
	"tenantry/model/logs"
)

// The lines of the real controllers, of two tenants with a sync of the same
// name.
const (
	failed = `{"level":"error","ts":"2026-11-22T08:19:15.917Z","msg":"Reconciliation failed after 56.554417ms, next try in 30s","controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"app","namespace":"team-x"},"namespace":"team-x","name":"app","reconcileID":"e96eb3d6-d277-461a-b1c9-8358a89ae779","revision":"main@sha1:57c772988d48856af850dcff69aaff51fae84e99","error":"kustomization path not found: stat /tmp/kustomization-1/nopath: no such file or directory"}`
	other  = `{"level":"info","ts":"2026-11-22T08:19:16Z","msg":"server-side apply completed","controller":"kustomization","controllerKind":"Kustomization","namespace":"team-y","name":"app","reconcileID":"2","output":{"Namespace/team-y":"unchanged"}}`
	event  = `{"level":"info","ts":"2026-11-22T08:19:17Z","msg":"stored artifact for commit 'one'","name":"app","namespace":"team-x","reconciler kind":"GitRepository"}`
	setup  = `{"level":"info","ts":"2026-11-22T08:18:31.811Z","msg":"starting server","name":"health probe","addr":"127.0.0.1:18085"}`
	sub    = `{"level":"info","ts":"2026-11-22T08:19:15.9Z","msg":"fetching","reconcileID":"e96eb3d6-d277-461a-b1c9-8358a89ae779"}`
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       logs.Entry
	}{
		{"a failure", failed, logs.Entry{Level: logs.Error, Text: "Reconciliation failed after 56.554417ms, next try in 30s",
			Error: "kustomization path not found: stat /tmp/kustomization-1/nopath: no such file or directory",
			About: model.Ref{Kind: "Kustomization", Namespace: "team-x", Name: "app"}, ReconcileID: "e96eb3d6-d277-461a-b1c9-8358a89ae779",
			Revision: "main@sha1:57c772988d48856af850dcff69aaff51fae84e99"}},
		{"an apply", other, logs.Entry{Text: "server-side apply completed", About: model.Ref{Kind: "Kustomization", Namespace: "team-y", Name: "app"},
			ReconcileID: "2", Rest: `output={"Namespace/team-y":"unchanged"}`}},
		{"an event", event, logs.Entry{Text: "stored artifact for commit 'one'", About: model.Ref{Kind: "GitRepository", Namespace: "team-x", Name: "app"}}},
		{"of no object", setup, logs.Entry{Text: "starting server", About: model.Ref{Name: "health probe"}, Rest: "addr=127.0.0.1:18085"}},
		{"an app's JSON", `{"severity":"WARNING","message":"slow","took":12}`, logs.Entry{Level: logs.Warning, Text: "slow", Rest: "took=12"}},
		{"JSON without words", `{"a":1}`, logs.Entry{Text: `{"a":1}`}},
		{"broken JSON", `{"msg":"half`, logs.Entry{Text: `{"msg":"half`}},
		{"no text where text is due", `{"msg":{"deep":1},"level":3}`, logs.Entry{Text: `{"msg":{"deep":1},"level":3}`}},
		{"klog", "E1122 08:19:15.917 1 reflector.go:147] failed to list", logs.Entry{Level: logs.Error, Text: "E1122 08:19:15.917 1 reflector.go:147] failed to list"}},
		{"klog info about an error", "I1122 08:19:15.917 1 x.go:1] error count 0", logs.Entry{Text: "I1122 08:19:15.917 1 x.go:1] error count 0"}},
		{"plain", "listening on :8080", logs.Entry{Text: "listening on :8080"}},
		{"a panic", "panic: cannot start", logs.Entry{Level: logs.Error, Text: "panic: cannot start"}},
		{"terrors are none", "terrors of the deep", logs.Entry{Text: "terrors of the deep"}},
		{"empty", "", logs.Entry{}},
	} {
		if got := logs.Parse(c.line + "\n"); got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	long := strings.Repeat("é", 5000)
	for _, line := range []string{long, `{"msg":"` + long + `"}`, `{"msg":"m","a":"` + long + `"}`} {
		e := logs.Parse(line)
		if n := len(e.Text) + len(e.Rest); n > 5000 || !utf8.ValidString(e.Text) || !utf8.ValidString(e.Rest) {
			t.Errorf("%d bytes are kept, valid: %v %v", n, utf8.ValidString(e.Text), utf8.ValidString(e.Rest))
		}
	}
}

func TestMatch(t *testing.T) {
	lines := []string{setup, failed, sub, other, event}
	for _, c := range []struct {
		name   string
		filter logs.Filter
		want   string
	}{
		{"everything", logs.Filter{}, "01234"},
		{"one object and its reconciliation", logs.Filter{Objects: []model.Key{{Kind: model.Kustomization, Namespace: "team-x", Name: "app"}}}, "12"},
		{"the source of the same name", logs.Filter{Objects: []model.Key{{Kind: model.GitRepository, Namespace: "team-x", Name: "app"}}}, "4"},
		{"a tenant", logs.Filter{Namespaces: []string{"team-y"}}, "3"},
		{"a tenant with an object elsewhere", logs.Filter{Namespaces: []string{"team-y"}, Objects: []model.Key{{Kind: model.GitRepository, Namespace: "team-x", Name: "app"}}}, "34"},
	} {
		m, got := logs.NewMatcher(c.filter), ""
		for i, l := range lines {
			if e := logs.Parse(l); m.Match(&e) {
				got += fmt.Sprint(i)
			}
		}
		if got != c.want {
			t.Errorf("%s: lines %s, want %s", c.name, got, c.want)
		}
	}
}

func BenchmarkParseAndMatch(b *testing.B) {
	m := logs.NewMatcher(logs.Filter{Objects: []model.Key{{Kind: model.Kustomization, Namespace: "team-x", Name: "app"}}})
	b.ReportAllocs()
	for b.Loop() {
		e := logs.Parse(failed)
		m.Match(&e)
	}
}

func FuzzParse(f *testing.F) {
	for _, l := range []string{failed, other, event, setup, "\x1b[31mred", `{"msg":"\u001b]0;x\u0007"}`} {
		f.Add(l)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if e := logs.Parse(line); len(e.Text) > 5000 || len(e.Rest) > 500 {
			t.Errorf("%d and %d bytes", len(e.Text), len(e.Rest))
		}
	})
}
