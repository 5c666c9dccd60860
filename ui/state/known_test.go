package state

import "testing"

// A trouble keeps its words from try to try, and another one has others.
func TestSteady(t *testing.T) {
	same := [][2]string{
		{"timed out at 2026-11-22T02:58:14Z", "timed out at 2026-11-23T14:01:09.123Z"},
		{"Running health checks for revision main@sha1:d63406218397243c9520d48f91d7d07d85b351b3 with a timeout of 4m50s",
			"Running health checks for revision main@sha1:7e01c2d0b19c1f6ad37d0e7cd0f8a1a5f1c9d4e2 with a timeout of 9m50.5s"},
		{"stat /tmp/kustomization-8123/prod2: no such file", "stat /tmp/kustomization-99120417/prod2: no such file"},
		{"read tcp 10.0.0.7:40112->140.82.121.4:443: i/o timeout", "read tcp 10.0.0.9:51234->140.82.121.3:443: i/o timeout"},
		{"pod web-1 (6f1c2f9e-8a43-4b57-9d0e-1f2a3b4c5d6e) failed", "pod web-1 (0a1b2c3d-8a43-4b57-9d0e-1f2a3b4c5d6e) failed"},
		{"revision 7e01c2d failed", "revision d634062 failed"},
	}
	for _, c := range same {
		if a, b := Steady(c[0]), Steady(c[1]); a != b {
			t.Errorf("two tries, two troubles:\n %s\n %s", a, b)
		}
	}
	other := [][2]string{
		{"there is no path ./prod2", "there is no path ./prod3"},
		{`secret "flux" not found`, `secret "fleet" not found`},
		{"exit code 1", "exit code 137"},
		{"can't decode deadbeef.yaml", "can't decode cafe.yaml"},
	}
	for _, c := range other {
		if a, b := Steady(c[0]), Steady(c[1]); a == b {
			t.Errorf("two troubles are one: %s", a)
		}
	}
}
