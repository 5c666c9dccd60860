package ui

import (
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// What is not read, or not read live, is said on line 1 for as long as it holds.
func TestHeaderSaysWhatIsNotReadLive(t *testing.T) {
	c := uitest.Prod()
	c.Conn.NamespacesReason = "only 50 of 60 namespaces are read: each costs a watch per kind"
	c.Scope(model.ScopeStatus{Kind: model.Deployment, State: model.ScopeSynced, Verb: "watch"})
	d := newDesk(t, 160, 40, Options{}, c)
	d.wants("ONLY 50 OF 60 NAMESPACES", "1 KIND EVERY 30s")
	newDesk(t, 160, 40, Options{}, uitest.Prod()).misses("ONLY", "EVERY 30s")
}
