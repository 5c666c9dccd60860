package e2e

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/testdata/jobs"
)

// The API server dies before, during and after a suspension: nothing is sent
// twice, and what is said of it is what the server has.
func TestTheAPIServerDiesAroundASuspension(t *testing.T) {
	resumed(t)
	const ns = prod
	suspended := func() bool { return get(t, kust, ns, sharedName).Spec.Suspend }
	patches := func(from int64) (n int) {
		for _, a := range audit(t, from) {
			if a.Verb == "patch" && a.ObjectRef.Namespace == ns {
				n++
			}
		}
		return n
	}
	ask := func(d jobs.Desk, verb string) {
		d.T.Helper()
		d.Wait("● live")
		onSync(d, ns)
		d.Keys("s")
		d.Wait(verb + " Kustomization/" + ns + "/" + sharedName)
	}
	resume := func(d jobs.Desk) {
		d.T.Helper()
		ask(d, "Resume")
		d.Button("Resume")
		rule(d, "resume Kustomization "+sharedName)
		if suspended() {
			t.Error("it says resumed, and it is not")
		}
	}
	r := record(t)
	d := desk(t, r.kubeconfig(t), "")
	d.Patience = 2 * time.Minute // a controller that lost its lease with the server waits 35 s for it
	step := steps(t, &d)
	step("before", func(t *testing.T) {
		onSync(d, ns)
		signal(t, "kube-apiserver", syscall.SIGKILL)
		saidAway(d)
		d.Keys("s")
		d.Wait("refused: the API server is away")
		inLab(t, "start", "kube-apiserver")
		from := auditEnd(t)
		ask(d, "Suspend")
		d.Button("Suspend")
		rule(d, "s Kustomization "+sharedName)
		if !suspended() || patches(from) != 1 {
			t.Errorf("suspended %v by %d patches", suspended(), patches(from))
		}
		resume(d)
	})
	// The server stops before the patch is passed on to it.
	during := func(d jobs.Desk, then func()) {
		d.T.Helper()
		ask(d, "Suspend")
		held := make(chan struct{})
		r.hold(func(req *http.Request) {
			if req.Method == http.MethodPatch {
				r.hold(nil)
				signal(d.T.(*testing.T), "kube-apiserver", syscall.SIGSTOP)
				close(held)
			}
		})
		d.Button("Suspend")
		select {
		case <-held:
		case <-time.After(d.Patience):
			d.T.Fatalf("no patch came\n%s", d.Screen())
		}
		then()
	}
	ended := func(d jobs.Desk) (said string) {
		d.T.Helper()
		d.Until("how it ended is said", func(screen string) bool {
			said = line(screen, "s Kustomization "+sharedName)
			return strings.Contains(screen, "● live") && (strings.Contains(said, " ✓ ") || strings.Contains(said, "✗"))
		})
		d.T.Logf("said: %s", said)
		return said
	}
	step("paused for a moment", func(t *testing.T) {
		from := auditEnd(t)
		during(d, func() {
			saidAway(d) // it was silent for long enough
			signal(t, "kube-apiserver", syscall.SIGCONT)
		})
		if said := ended(d); !strings.Contains(said, " ✓ ") || !suspended() || patches(from) != 1 {
			t.Errorf("suspended %v by %d patches, said: %s", suspended(), patches(from), said)
		}
		resume(d)
	})
	step("paused beyond the patch's time", func(t *testing.T) {
		from := auditEnd(t)
		during(d, func() {
			d.Wait("sent, no answer; watching whether it arrived")
			signal(t, "kube-apiserver", syscall.SIGCONT)
		})
		if said := ended(d); strings.Contains(said, " ✓ ") != suspended() || patches(from) > 1 {
			t.Errorf("suspended %v by %d patches, said: %s", suspended(), patches(from), said)
		}
		if suspended() {
			resume(d)
		}
	})
	step("killed", func(t *testing.T) {
		during(d, func() {
			signal(t, "kube-apiserver", syscall.SIGKILL)
			d.Wait("sent, no answer; watching whether it arrived")
			inLab(t, "start", "kube-apiserver")
		})
		if said := ended(d); !strings.Contains(said, "it did not arrive") || suspended() {
			t.Errorf("suspended %v, said: %s", suspended(), said)
		}
	})
	step("after", func(t *testing.T) {
		ask(d, "Suspend")
		d.Button("Suspend")
		rule(d, "s Kustomization "+sharedName)
		signal(t, "kube-apiserver", syscall.SIGKILL)
		saidAway(d)
		inLab(t, "start", "kube-apiserver")
		d.Wait("● live")
		if !suspended() || strings.Contains(d.Screen(), "undone") {
			t.Errorf("suspended %v\n%s", suspended(), d.Screen())
		}
		resume(d)
	})
	d.Leave()
}

// saidAway waits until line 1 says how old the picture is.
func saidAway(d jobs.Desk) {
	d.T.Helper()
	d.Until("the server is said to be away", func(screen string) bool {
		first, _, _ := strings.Cut(screen, "\n")
		return strings.HasSuffix(first, " old") || strings.Contains(first, " old, retry in")
	})
}
