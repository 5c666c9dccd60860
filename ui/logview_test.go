package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/logs"
	"tenantry/ui/uitest"
)

// logs feeds lines as the session would bring them.
func (d *desk) logs(b logs.Batch) { d.send(logMsg{id: d.tail.id, batch: b}) }

// said is a line of a controller about an object, d ago.
func logged(controller string, ago time.Duration, line string) logs.Line {
	return logs.Line{At: uitest.Start.Add(-ago).UnixMilli(), Namespace: "flux-system", Pod: controller + "-7d9f4c6b8d-x2x4z", Container: "manager", Entry: logs.Parse(line)}
}

func about(kind, namespace, name, run, level, msg, fault string) string {
	if fault != "" {
		fault = fmt.Sprintf(`,"error":%q`, fault)
	}
	return fmt.Sprintf(`{"level":%q,"msg":%q,"controllerKind":%q,"namespace":%q,"name":%q,"reconcileID":%q%s}`, level, msg, kind, namespace, name, run, fault)
}

func followed(of model.Key, pods ...string) []logs.Source {
	var out []logs.Source
	for _, p := range pods {
		pod, container, _ := strings.Cut(p, "/")
		out = append(out, logs.Source{Of: of, Pod: pod, Container: container, State: logs.Following})
	}
	return out
}

var sourceController = model.Key{Kind: model.Deployment, Namespace: "flux-system", Name: "source-controller"}

// controllerBatch is what the controllers say of stage's sync and of prod's,
// which has the same name.
func controllerBatch() logs.Batch {
	return logs.Batch{
		Sources: followed(sourceController, "source-controller-7d9f4c6b8d-x2x4z/manager", "kustomize-controller-7d9f4c6b8d-x2x4z/manager"),
		Lines: []logs.Line{
			logged("source-controller", 40*time.Second, about("GitRepository", "fluxdemo-stage", "flux-stage-prod", "aaaa1111-1", "info", "no changes since last reconciliation: observed revision 'main@sha1:d6340621'", "")),
			logged("kustomize-controller", 30*time.Second, about("Kustomization", "fluxdemo-stage", "flux-stage-prod", "bbbb2222-1", "info", "server-side apply completed", "")),
			logged("kustomize-controller", 29*time.Second, about("Kustomization", "fluxdemo-stage", "flux-stage-prod", "bbbb2222-1", "error", "Reconciliation failed after 5m0.1s, next try in 10m0s", "health check failed after 5m0s: timeout waiting for: [Deployment/fluxdemo-stage/kcheck status: 'InProgress']\n")),
			logged("kustomize-controller", 4*time.Second, about("Kustomization", "fluxdemo-stage", "flux-stage-prod", "cccc3333-1", "info", "All dependencies are ready, proceeding with reconciliation", "")),
		}}
}

func TestLogsAskForWhatIsLookedAt(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.Watched())
	d.at(stageKS, "l")
	want, _ := last(d.session.LogWants())
	if len(want.Of) != 5 || len(want.About.Objects) != 1 || want.About.Objects[0] != stageKS {
		t.Errorf("of the sync: %+v", want)
	}
	d.press("esc")
	d.at(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}, "l")
	if want, _ = last(d.session.LogWants()); len(want.Of) != 1 || want.Of[0].Name != "kcheck" || want.About.On() {
		t.Errorf("of the Deployment: %+v", want)
	}
	d.press("P")
	if want, _ = last(d.session.LogWants()); !want.Previous {
		t.Errorf("the previous ones: %+v", want)
	}
	d.press("esc")
	d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
	d.press("tab", "tab", "tab")
	if want, _ = last(d.session.LogWants()); len(want.About.Namespaces) != 1 || want.About.Namespaces[0] != "fluxdemo-stage" {
		t.Errorf("of the tenant: %+v", want)
	}
	n := len(d.session.LogWants())
	d.press("h") // away from the logs: nothing is read any more
	if d.tail.on || len(d.session.LogWants()) != n {
		t.Errorf("logs are read beside them: %+v", d.tail)
	}
}

func last[T any](list []T) (out T, ok bool) {
	if len(list) == 0 {
		return out, false
	}
	return list[len(list)-1], true
}

func TestLogKeys(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.Watched())
	d.at(stageKS, "l")
	d.wants("Reading logs")
	d.logs(controllerBatch())
	d.wants("source-controller", "no changes since", "Reconciliation failed after 5m0.1s", "4 lines", "1 of trouble", "run cccc3333", "02:57:34")
	d.press("!")
	d.wants("Reconciliation failed", "! trouble only")
	d.misses("no changes since", "proceeding")
	d.press("i") // of the line in sight
	d.wants("i only bbbb2222", "Reconciliation failed")
	d.press("!")
	d.wants("server-side apply completed", "Reconciliation failed")
	d.misses("no changes since", "proceeding")
	d.press("i", "T")
	d.wants("no changes since")
	d.misses("02:57:34")
	d.press("/")
	d.typ("apply")
	d.press("enter")
	d.wants("apply", "1/1")
	d.logs(logs.Batch{Sources: d.page().(*objectPage).logs.sources, Lines: []logs.Line{logged("kustomize-controller", 0, about("Kustomization", "fluxdemo-stage", "flux-stage-prod", "d", "info", "another apply", ""))}})
	d.wants("another apply", "1/2")
}

// A thousand lines a second for a minute: what is kept is bounded, and a batch
// is taken within a frame.
func TestLogsAreBounded(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.Watched())
	d.at(stageKS, "l")
	v := d.page().(*objectPage).logs
	sources := controllerBatch().Sources
	n := 0
	began := time.Now()
	for range 600 {
		b := logs.Batch{Sources: sources}
		for range 100 {
			n++
			b.Lines = append(b.Lines, logs.Line{At: uitest.Start.UnixMilli() + int64(n), Pod: "source-controller-7d9f4c6b8d-x2x4z", Container: "manager",
				Entry: logs.Entry{Text: fmt.Sprint("line ", n), Level: logs.Level(n % 7 / 6 * 2)}})
		}
		d.logs(b)
	}
	if per := time.Since(began) / 600; per > 50*time.Millisecond && uitest.Slowdown == 1 {
		t.Errorf("a batch of a hundred lines took %s", per)
	}
	if len(v.lines) != maxLogLines || v.shown != maxLogLines {
		t.Errorf("%d lines are kept, %d shown", len(v.lines), v.shown)
	}
	d.wants("line 60000", fmt.Sprintf("%d lines", maxLogLines))
	d.press("g")
	d.wants(fmt.Sprintf("line %d", n-maxLogLines+1))
	top := d.lines()[4]
	d.logs(logs.Batch{Sources: sources, Lines: []logs.Line{{At: uitest.Start.UnixMilli() + int64(n) + 1, Pod: sources[0].Pod, Container: "manager", Entry: logs.Entry{Text: "one more"}}}})
	if got := d.lines()[4]; got == top && strings.Contains(top, fmt.Sprintf("line %d ", n-maxLogLines+1)) {
		t.Errorf("the oldest line is still there: %q", got)
	}
	bad := 0
	for i := range v.lines {
		if v.lines[i].Level != logs.Plain {
			bad++
		}
	}
	if v.bad != bad {
		t.Errorf("%d of trouble, want %d", v.bad, bad)
	}
	long := strings.Repeat("x", 4<<10)
	for range 30 {
		b := logs.Batch{Sources: sources}
		for range 100 {
			b.Lines = append(b.Lines, logs.Line{At: uitest.Start.Add(time.Hour).UnixMilli(), Entry: logs.Entry{Text: long}})
		}
		d.logs(b)
	}
	if v.bytes > maxLogBytes || len(v.lines) > maxLogBytes/len(long) {
		t.Errorf("%d bytes in %d lines are kept", v.bytes, len(v.lines))
	}
}

// Lines of several containers stand in the order of their times, also where
// one is read later than the other.
func TestLogsInOrder(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.Watched())
	d.at(stageKS, "l")
	b := controllerBatch()
	d.logs(logs.Batch{Sources: b.Sources, Lines: b.Lines[1:]})
	d.logs(logs.Batch{Sources: b.Sources, Lines: b.Lines[:1]})
	text := d.page().(*objectPage).logs.text.Text()
	if strings.Index(text, "no changes") > strings.Index(text, "apply completed") || !strings.Contains(text, "no changes") {
		t.Errorf("not in order:\n%s", text)
	}
}

// Text of a log can do nothing to the terminal.
func TestHostileLogs(t *testing.T) {
	d := newDesk(t, 80, 24, Options{Calm: true}, uitest.Watched())
	d.at(stageKS, "l")
	b := controllerBatch()
	for i, evil := range []string{"\x1b[2J\x1b[31mred", "\u202egnp.exe", "\x07\x00bell", "wide 漢字 e\u0301\u200b", strings.Repeat("W", 4000), `{"msg":"\u001b]0;owned\u0007","error":"\r\nnext"}`} {
		line := logged("source-controller", 0, evil)
		line.Pod, line.Container = evil, evil
		line.At += int64(i)
		b.Lines = append(b.Lines, line)
		b.Sources = append(b.Sources, logs.Source{Pod: evil, Container: evil, State: logs.Following})
	}
	d.logs(b)
	for _, k := range []string{"w", "right", "w", "g", "G", "!", "i"} {
		d.press(k)
		if err := d.fits(); err != nil {
			t.Errorf("after %s: %v", k, err)
		}
	}
}

// An answer of a reading that is over reaches nobody.
func TestLateLogsAreDropped(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.Watched())
	d.at(stageKS, "l")
	old := d.tail.id
	d.press("P")
	d.send(logMsg{id: old, batch: controllerBatch()})
	d.misses("no changes since")
}

func BenchmarkLogBatch(b *testing.B) {
	d := newDesk(b, 120, 40, Options{Calm: true}, uitest.Watched())
	d.at(stageKS, "l")
	sources, n := controllerBatch().Sources, 0
	b.ReportAllocs()
	for b.Loop() { // 100 lines, as a tenth of a second brings them
		batch := logs.Batch{Sources: sources}
		for range 100 {
			n++
			batch.Lines = append(batch.Lines, logs.Line{At: int64(n), Pod: sources[0].Pod, Container: "manager", Entry: logs.Entry{Text: "Reconciliation finished in 1s, next run in 10m0s", ReconcileID: "e96eb3d6-d277-461a-b1c9-8358a89ae779"}})
		}
		d.logs(batch)
	}
}

func init() {
	open := func(batch logs.Batch, keys ...string) func(*desk) {
		return func(d *desk) {
			d.at(stageKS, "l")
			d.logs(batch)
			d.press(keys...)
		}
	}
	kcheck := model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}
	views = append(views, []struct {
		name    string
		cluster func() *uitest.Cluster
		open    func(*desk)
	}{
		{"object/logs", uitest.Watched, open(controllerBatch())},
		{"object/logs-reading", uitest.Watched, func(d *desk) { d.at(stageKS, "l") }},
		{"object/logs-silent", uitest.Watched, open(logs.Batch{Sources: controllerBatch().Sources})},
		{"object/logs-forbidden", uitest.Watched, open(logs.Batch{Sources: []logs.Source{{Of: sourceController, State: logs.Denied,
			Why: `pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "flux-system"`}}})},
		{"object/logs-none", uitest.Watched, func(d *desk) {
			d.at(model.Key{Kind: model.ServiceAccount, Namespace: "fluxdemo-stage", Name: "fluxdemo-stage"}, "l")
		}},
		{"object/logs-workload", uitest.Watched, func(d *desk) {
			d.at(kcheck, "l", "P")
			line := func(pod, text string, ago time.Duration) logs.Line {
				return logs.Line{At: uitest.Start.Add(-ago).UnixMilli(), Namespace: "fluxdemo-stage", Pod: "kcheck-5d9c7b-" + pod, Container: "kcheck", Entry: logs.Parse(text)}
			}
			d.logs(logs.Batch{Sources: append(followed(kcheck, "kcheck-5d9c7b-aaaaa/kcheck", "kcheck-5d9c7b-bbbbb/kcheck"),
				logs.Source{Of: kcheck, Pod: "kcheck-5d9c7b-ccccc", Container: "kcheck", State: logs.Waiting, Why: "ContainerCreating"}),
				Lines: []logs.Line{line("aaaaa", "starting kcheck 1.0.3", 9*time.Second), line("bbbbb", "starting kcheck 1.0.3", 8*time.Second),
					line("bbbbb", "WARN slow answer of the database", 4*time.Second), line("bbbbb", "panic: cannot start: configuration is incomplete", 2*time.Second)}})
		}},
		{"object/yaml-owners", uitest.Watched, func(d *desk) {
			key := model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}
			own := func(path, manager string, ago time.Duration) model.FieldOwner {
				return model.FieldOwner{Path: path, Manager: manager, Operation: "Apply", Time: uitest.Ago(ago)}
			}
			d.session.SetDocument(key.ObjectRef(), &model.Document{ObjectRef: key.ObjectRef(), At: uitest.Ago(0), YAML: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: kcheck\n  namespace: fluxdemo-stage\nspec:\n  replicas: 5\n  template:\n    spec:\n      containers:\n      - image: ghcr.io/acme/kcheck:1.0.3\n        name: kcheck\n",
				Owners: []model.FieldOwner{own(".spec.replicas", "kubectl-scale", 20*time.Minute), own(`.spec.template.spec.containers[name="kcheck"].image`, "kustomize-controller", 2*time.Hour)}}, nil)
			d.at(key, "y", "O")
		}},
		{"tenant/logs", uitest.Watched, func(d *desk) {
			d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
			d.press("tab", "tab", "tab")
			d.logs(controllerBatch())
		}},
	}...)
}
