package e2e

import "testing"

// These scenes begin with a cluster of their own, so they come last: files are
// tested in the order of their names.

func TestBootstrapIsNotEmpty(t *testing.T) {
	inLab(t, "bootstrap")
	r, _ := status(t, lab.Kubeconfig)
	if len(r.Platform.Syncs) < 3 || r.Platform.Health != "Ready" {
		t.Errorf("the platform has %d syncs and is %s", len(r.Platform.Syncs), r.Platform.Health)
	}
	if r.Platform.Lockdown.Enabled == nil || *r.Platform.Lockdown.Enabled {
		t.Errorf("lockdown of a plain bootstrap: %v", r.Platform.Lockdown.Enabled)
	}
	if r.Platform.Instance != nil {
		t.Errorf("an instance where there is none: %+v", r.Platform.Instance)
	}
	totals(t)
	s := dashboard(t, lab.Kubeconfig, 80, 24)
	if line(s.Screen(), "platform") == "" {
		t.Errorf("home:\n%s", s.Screen())
	}
}

func TestCozystackIsFound(t *testing.T) {
	inLab(t, "cozy")
	r, _ := status(t, lab.Kubeconfig)
	in := r.Platform.Instance
	if in == nil || in.Namespace != "cozy-fluxcd" || in.Sync == nil || in.Sync.Path == "" {
		t.Fatalf("instance: %+v", in)
	}
	if r.Platform.Lockdown.Enabled == nil || !*r.Platform.Lockdown.Enabled {
		t.Errorf("lockdown: %v", r.Platform.Lockdown.Enabled)
	}
	if _, ok := r.find("GitRepository", "cozy-fluxcd", "cozy-fluxcd"); !ok {
		t.Error("the sync's source was not found")
	}
	totals(t)
}
