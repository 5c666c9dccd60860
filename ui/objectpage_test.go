package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
	"tenantry/ui/uitest"
)

func TestViewsSwitchByKeyTabAndClick(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Watched())
	d.at(stageKS)
	open := func(want objectView) {
		t.Helper()
		if p := d.page().(*objectPage); p.view != want || p.key != stageKS || len(d.pages) != 2 {
			t.Errorf("view %d of %v on %d pages, want %d of the same object", p.view, p.key, len(d.pages), want)
		}
	}
	for key, want := range map[string]objectView{"y": viewYAML, "e": viewEvents, "l": viewLogs, "h": viewHistory, "t": viewTree, "d": viewDescribe} {
		d.press(key)
		open(want)
	}
	d.press("d", "tab")
	open(viewYAML)
	d.press("tab", "tab", "tab", "tab", "tab")
	open(viewDescribe)
	x := strings.Index(d.lines()[2], "History")
	d.send(tea.MouseClickMsg{X: x, Y: 2, Button: tea.MouseLeft})
	open(viewHistory)
	d.press("esc")
	if len(d.pages) != 1 {
		t.Error("esc does not go back")
	}
}

func TestKeysOfAListActOnItsRow(t *testing.T) {
	for key, want := range map[string]objectView{"d": viewDescribe, "y": viewYAML, "e": viewEvents, "l": viewLogs, "h": viewHistory, "t": viewTree} {
		d := newDesk(t, 120, 40, Options{}, uitest.Prod())
		d.press("6", "/") // prod has a sync of the same name
		d.typ("fluxdemo-prod")
		d.press("enter", key)
		p, ok := d.page().(*objectPage)
		if !ok || p.view != want || p.key != (model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-prod", Name: "flux-stage-prod"}) {
			t.Errorf("%s opens %#v", key, d.page().crumbs())
		}
	}
}

func TestKeysOfATenantsRow(t *testing.T) {
	aim := func(name string) *desk {
		d := newDesk(t, 120, 40, Options{}, uitest.Prod())
		d.press("/")
		d.typ(name)
		d.press("enter")
		return d
	}
	for name, want := range map[string]model.Key{
		"search":        {Kind: model.Kustomization, Namespace: "search", Name: "search"},                 // what decides
		"shop-api":      {Kind: model.Kustomization, Namespace: "shop-infra", Name: "shop-infra"},         // where it starts
		"fluxdemo-prod": {Kind: model.Kustomization, Namespace: "fluxdemo-prod", Name: "flux-stage-prod"}, // what stands for it
	} {
		for key, view := range map[string]objectView{"d": viewDescribe, "y": viewYAML} {
			d := aim(name)
			d.press(key)
			if p, ok := d.page().(*objectPage); !ok || p.view != view || p.key.Namespace != want.Namespace || p.key.Name != want.Name {
				t.Errorf("%s on %s opens %v", key, name, d.page().crumbs())
			}
		}
	}
	for key, tab := range map[string]tenantTab{"e": tabEvents, "l": tabLogs, "h": tabHistory, "t": tabOverview} {
		d := aim("fluxdemo-prod")
		d.press(key)
		if p, ok := d.page().(*tenantPage); !ok || p.tab != tab || p.name != "fluxdemo-prod" {
			t.Errorf("%s opens %v", key, d.page().crumbs())
		}
	}
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	for !strings.Contains(d.row(), "3 tenants") {
		d.press("down")
	}
	d.press("d") // a cause several share
	d.wants("Kustomization/shop-infra/shop-infra")
}

// Answers of a session that is closed are dropped, and so are those about
// another object.
func TestOnRequestKindsAreWantedOnlyWhileShown(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Watched())
	wanted := func(want ...model.Want) {
		t.Helper()
		got := d.session.Wanted()
		if len(got) != len(want) {
			t.Fatalf("wanted %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("wanted %v, want %v", got, want)
			}
		}
	}
	events := model.Want{Kind: model.Event, Namespace: "fluxdemo-stage"}
	pods := model.Want{Kind: model.Pod, Namespace: "fluxdemo-stage"}
	d.at(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"})
	wanted(pods)
	d.press("e")
	wanted(events)
	d.press("y")
	wanted()
	d.press("t", "down") // to a ReplicaSet: what is below keeps what it reads
	wanted(pods)
	d.press("esc")
	wanted()
	d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
	wanted()
	d.press("tab", "tab")
	wanted(events)
	d.press("tab")
	wanted()
}

func TestSearchInText(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.session.SetDocument(stageKS.ObjectRef(), stageDocument(), nil)
	d.at(stageKS, "y", "/")
	d.typ("kind")
	d.wants("/kind  1/3")
	d.typ("x")
	d.wants("/kindx  no match")
	d.press("backspace", "enter", "n", "n")
	d.wants("/kind  3/3")
	d.press("N")
	d.wants("/kind  2/3")
	d.press("esc") // the search, not the page
	d.misses("/kind")
	d.wants("Kustomization flux-stage-prod")
	d.press("/", "esc", "n") // n without a search is no scope picker either
	if _, ok := d.page().(*objectPage); !ok || d.App.menu != nil {
		t.Error("n left the text")
	}
	d.press("/")
	d.send(tea.PasteMsg{Content: "stage\x1b[2J\n"})
	d.wants("/stage  4/4")
}

func TestTheTreeIsFiltered(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Watched())
	d.at(stageKS, "t", "/")
	d.typ("intruder")
	d.press("enter")
	d.wants("ConfigMap fluxdemo-prod/intruder", "foreign")
	d.misses("Deployment kcheck  ")
	d.press("esc", "!")
	d.wants("Deployment kcheck  ", "Secret tls") // moving, missing
	d.misses("intruder")
	d.press("esc", "end", "enter") // an object of a kind that is not watched
	d.wants("▸ ConfigMap intruder", "ConfigMap/fluxdemo-prod/intruder does not exist")
}

func TestTreesFoldAndKeepTheCursor(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Watched())
	d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
	if !strings.HasPrefix(d.row(), "Deployment kcheck  ") {
		t.Fatalf("the cursor starts on %q, want what is not fine", d.row())
	}
	d.press("left") // no fold of its own: up to what it hangs under
	if !strings.Contains(d.row(), "Kustomization flux-stage-prod") {
		t.Errorf("left went to %q", d.row())
	}
	d.press("left")
	d.misses("Deployment kcheck  ", "intruder")
	d.wants("▸ Kustomization flux-stage-prod")
	d.put(uitest.Git("fluxdemo-stage", "flux-stage-prod", "https://github.com/wolcn/flux-stage-prod", uitest.Rev2)) // a new picture unfolds nothing
	d.misses("Deployment kcheck  ")
	d.press("right", "end")
	d.wants("Deployment kcheck  ")
	d.press("enter") // same repository
	d.wants("▸ fluxdemo-stage ▸ fluxdemo-prod", "./prod")
	d.misses("./stage")
}

func TestMarksInATree(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Watched())
	d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
	d.press("*")
	d.wants("3 marked") // source, sync, workload: nothing can be done with the rest
	d.press("tab")
	d.misses("marked")
	d.press("shift+tab")
	if got := d.page().(markable).marked(); len(got) != 3 || got[0].tenant != "fluxdemo-stage" {
		t.Errorf("marked %v", got)
	}
}

func TestPodsSayWhatHoldsThemUp(t *testing.T) {
	d := newDesk(t, 200, 60, Options{}, uitest.Watched())
	d.at(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"})
	d.wants("CrashLoopBackOff  kcheck ends again and again, 7 restarts: exit code 2", "ImagePullBackOff", "Unschedulable  0/3 nodes are available")
	d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Pod, Namespace: "fluxdemo-stage", State: model.ScopeDenied, Verb: "list"}}})
	d.wants("not readable by you: you may not list pods in fluxdemo-stage")
	e := &d.App.env
	for name, c := range map[string]struct {
		pod  model.PodDetail
		word string
		says string
	}{
		"done":     {model.PodDetail{Phase: "Succeeded"}, "Succeeded", "ran to its end"},
		"evicted":  {model.PodDetail{Phase: "Failed", Reason: "Evicted", Message: "node was low on memory"}, "Evicted", "node was low"},
		"starting": {model.PodDetail{Phase: "Pending", Containers: []model.PodContainer{{Name: "a", State: model.ContainerWaiting, Reason: "ContainerCreating"}}}, "Starting", "a  ContainerCreating"},
		"config":   {model.PodDetail{Phase: "Pending", Containers: []model.PodContainer{{Name: "a", State: model.ContainerWaiting, Reason: "CreateContainerConfigError", Message: `secret "x" not found`}}}, "CreateContainerConfigError", `secret "x" not found`},
		"init":     {model.PodDetail{Phase: "Pending", Containers: []model.PodContainer{{Name: "i", Init: true, State: model.ContainerRunning}, {Name: "a", State: model.ContainerWaiting, Reason: "PodInitializing"}}}, "Init", "init container i runs"},
		"ended":    {model.PodDetail{Phase: "Running", Containers: []model.PodContainer{{Name: "a", State: model.ContainerTerminated, ExitCode: 137, Reason: "OOMKilled"}}}, "OOMKilled", "exit code 137"},
		"unready":  {model.PodDetail{Phase: "Running", Containers: []model.PodContainer{{Name: "a", State: model.ContainerRunning, Restarts: 1}}}, "Running", "not ready yet  1 restart"},
		"sidecar":  {model.PodDetail{Phase: "Running", Ready: true, Containers: []model.PodContainer{{Name: "s", Init: true, Sidecar: true, State: model.ContainerRunning}}}, "Running", ""},
	} {
		pod := c.pod
		m, says := e.podState(uitest.Object(model.Pod, "a", name, &pod))
		if m.Word != c.word || !strings.Contains(says, c.says) {
			t.Errorf("%s is %q: %q, want %q: %q", name, m.Word, says, c.word, c.says)
		}
	}
}

func TestHistoryTellsBeforeFromSince(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Watched())
	d.push()
	d.at(stageKS, "h")
	d.wants("SINCE 02:58:14, when this session began", "applied d634062 → 7e01c2d kcheck 1.0.3", "Reconciling → Ready")
	d.misses("generation") // the Deployment's
	suspended := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev3)
	suspended.Detail.(*model.Sync).Suspend = true
	d.put(suspended)
	d.wants("‖ suspended")
	d.feed(model.Batch{Changes: []model.ObjectChange{{Key: stageKS}}})
	d.wants("gone", "not in the cluster")
	d.press("d")
	d.wants("Not in the cluster", "h shows what this session saw")
	prod := stageKS
	prod.Namespace = "fluxdemo-prod"
	d.at(prod, "h")
	d.wants("nothing has changed")
}

// copied presses c and returns what went to the clipboard.
// FuzzYAMLPaint: whatever it is given, no letter is lost and none is added.
func TestTextKeysNeedNoTree(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.at(stageKS)
	if _, known := d.keys.Resolve(d.scopes(), "*"); known {
		t.Error("a text offers what only lists have")
	}
	if e, _ := d.keys.Resolve(d.scopes(), "n"); e.Action != keymap.NextMatch {
		t.Error("n is not the next match in a text")
	}
}
