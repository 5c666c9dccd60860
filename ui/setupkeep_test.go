package ui

import (
	"testing"

	"tenantry/ui/uitest"
)

// What would come to life again from its file is not kept, and that is said as
// tenantry export says it.
func TestKeepSaysWhatIsGoing(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Synced().Tenant("docs"))
	account := func(name string, more map[string]any) map[string]any {
		meta := map[string]any{"name": name, "namespace": "docs"}
		for k, v := range more {
			meta[k] = v
		}
		return map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta}
	}
	read := keepReadMsg{epoch: d.epoch, objects: []map[string]any{account("docs", nil)}}
	d.send(read)
	d.wants("Keep in Git", "tenants/docs/1_access.yaml: 1 object")
	d.misses("being deleted")
	d.act("esc")
	d.presses = 0 // as when it is asked for again
	read.objects = append(read.objects, account("held", map[string]any{"deletionTimestamp": "2026-03-01T12:00:00Z"}))
	d.send(read)
	d.wants("tenants/docs/1_access.yaml: 1 object", "ServiceAccount/docs/held is left out: it is being deleted")
}
