package setup_test

import (
	"strings"
	"testing"

	"tenantry/model/redact"
	"tenantry/model/setup"
)

// What was not kept is no value of any field, and no login stands in an
// artifact's address.
func TestWhatIsMissingIsRefused(t *testing.T) {
	const artifact = "oci://ghcr.io/acme/manifests:latest@sha256:0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c"
	for f, set := range map[setup.Field]func(*setup.Spec, string){
		setup.FieldVersion:    func(s *setup.Spec, v string) { s.Version = v },
		setup.FieldRegistry:   func(s *setup.Spec, v string) { s.Registry = v },
		setup.FieldArtifact:   func(s *setup.Spec, v string) { s.Artifact = v },
		setup.FieldAccount:    func(s *setup.Spec, v string) { s.Account = v },
		setup.FieldComponents: func(s *setup.Spec, v string) { s.Components = append(s.Components, v) },
	} {
		s := setup.Default("flux-system")
		if set(&s, redact.Mark); !strings.Contains(s.Wrong(f), "type it again") {
			t.Errorf("field %d: %q", f, s.Wrong(f))
		}
	}
	for _, v := range []string{"oci://robot:pw@ghcr.io/acme/manifests", "oci://ghcr.io/acme/manifests?token=x"} {
		if s := (setup.Spec{Artifact: v}); s.Wrong(setup.FieldArtifact) == "" {
			t.Errorf("%s is taken", v)
		}
	}
	if s := (setup.Spec{Artifact: artifact}); s.Wrong(setup.FieldArtifact) != "" {
		t.Error(s.Wrong(setup.FieldArtifact))
	}
}
