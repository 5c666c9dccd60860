package e2e

import (
	"strings"
	"testing"
	"time"
)

// Every key of a read-only session, and the API server's own log of what came.
func TestReadOnlyKeysOnTheLab(t *testing.T) {
	from := auditEnd(t)
	d := desk(t, lab.Kubeconfig, "", "--read-only")
	d.Wait("READ-ONLY")
	for _, at := range []string{stage, "platform", "fluxdemo-dev"} {
		d.Tenant(at)
		for _, k := range []string{"r", "R", "s", "K", "a", "\r", "\x1b", " ", "*", "s", "r", "f", "+", "\x1b", "w", "\x1b", "m", "\x1b", "\x0f", "\x19", "\x1b"} {
			d.Keys(k)
			_, _ = d.WaitFor(20*time.Millisecond, func(string) bool { return false })
		}
		d.Keys("\x1b\x1b\x1b\x1b0")
	}
	onSync(d, stage)
	d.Keys("V")
	d.Wait(" AS " + stage + " ")
	d.Keys("rsK")
	d.Wait("read-only")
	d.Keys("V")
	d.Wait("now on lab")
	onSync(d, stage)
	d.Keys("s")
	d.Wait("refused: this session is read-only")
	d.Keys("ydelthxc\x1b123456789!S")
	d.Wait("READ-ONLY")
	d.Keys("\x1b\x1b\x03\x03")
	if _, err := d.Session.Wait(10 * time.Second); err != nil {
		t.Error(err)
	}
	seen := map[string]int{}
	for _, a := range audit(t, from) {
		if a.Verb == "create" && strings.HasPrefix(a.ObjectRef.Resource, "selfsubject") {
			seen["review"]++
			continue
		}
		seen[a.Verb]++
		if a.Verb != "get" && a.Verb != "list" && a.Verb != "watch" {
			t.Errorf("%s %s", a.Verb, a.RequestURI)
		}
	}
	t.Logf("the API server saw %v", seen)
	if seen["watch"] < 5 {
		t.Errorf("too little was seen to prove anything: %v", seen)
	}
}

// A user who may only look is told so by name, with the Role that would allow
// it, before anything is sent.
func TestATenantUserIsToldTheRole(t *testing.T) {
	from := auditEnd(t)
	d := desk(t, lab.TenantKubeconfig, "", "-n", "fluxdemo-dev")
	onSync(d, "fluxdemo-dev")
	d.Keys("r")
	told := func(screen string) bool {
		return strings.Contains(flat(screen), "team-x-user may not patch kustomizations in the namespace fluxdemo-dev") && strings.Contains(screen, "ctrl+y shows the Role")
	}
	d.Until("r is refused", told)
	d.Button("Reconcile")
	d.Wait("may not patch kustomizations")
	d.Keys("\x1b")
	d.Until("the dialog is gone", func(screen string) bool { return !strings.Contains(screen, "[ Cancel ]") })
	d.Keys("s")
	d.Wait("Suspend Kustomization/fluxdemo-dev/")
	d.Until("s is refused", told)
	d.Keys("\x19")
	d.Until("the Role", func(screen string) bool {
		box := flat(screen)
		return strings.Contains(box, "kind: Role") && strings.Contains(box, "namespace: fluxdemo-dev") &&
			strings.Contains(box, `resources: ["kustomizations"]`) && strings.Contains(box, `verbs: ["patch"]`)
	})
	d.Keys("\x19\x1b")
	d.Leave()
	if w := written(t, from); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
}
