package ui

import (
	"testing"

	"tenantry/model"
)

// The tab lists its own namespace's Secrets, and asks for them only while it is
// shown; without permission it says what Flux's words tell.
func TestTenantSecrets(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	d.session.SetSecrets(&model.SecretList{Namespace: "prod", Secrets: []model.SecretInfo{
		{Namespace: "prod", Name: "deploy-key", Type: "Opaque", Count: 3, Age: 9 * 86400},
		{Namespace: "prod", Name: "leftover", Type: "kubernetes.io/tls", Count: 2, Age: -1}}})
	open := func(tenant string) {
		d.aimAt(tenant)
		d.press("enter")
		d.page().(*tenantPage).show(tabSecrets)
		d.send(tickMsg{d.clock.T})
		d.dirty = true
		d.View()
	}
	open("prod")
	d.wants("deploy-key", "Opaque, 3 keys, 9d", "used by GitRepository app (secretRef)", "NOBODY OF FLUX REFERS TO", "leftover", "tls, 2 keys")
	d.misses("MISSING")
	d.press("esc")
	open("stage") // of the same names, and gone
	d.wants("REFERRED TO, MISSING", "deploy-key", "used by GitRepository app (secretRef)")
	d.misses("leftover")
	if got := d.session.SecretReads(); len(got) > 0 {
		t.Errorf("values were read: %v", got)
	}

	d, _ = credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	d.session.CloseSecrets(&model.RequestError{Reason: model.RequestForbidden, Text: "dev may not list secrets in the namespace prod"})
	open("prod")
	d.wants("not complained about by who uses it", "dev may not list secrets", "only what Flux's own words tell")
}
