package ui

import (
	"fmt"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// large is one tenant among ten thousand, with a thousand workloads of its own
// and a long inventory, and a platform with as many of nobody's.
func large(b *testing.B) *desk {
	d := manyDesk(b, 10000)
	c := &uitest.Cluster{}
	inventory := uitest.Inventory("tenant-00000", "web")
	for i := range 1000 {
		name := fmt.Sprintf("app-%04d", i)
		c.Put(uitest.Deployment("tenant-00000", name, 3, 2, 2, 2, 0))
		inventory += "\n" + uitest.Inventory("tenant-00000", name) + "\ntenant-00000_" + name + "__ConfigMap"
		c.Put(uitest.Deployment("nobody", name, 3, 2, 2, 2, 0))
	}
	sync := uitest.Sync("tenant-00000", "tenant-00000", "./deploy", uitest.Rev1)
	sync.Detail.(*model.Sync).Inventory = inventory
	d.feed(c.Put(sync).Batch)
	return d
}

// BenchmarkPages is what a changed object and a key cost while a page of a
// large tenant, of the platform or of an object is open.
func BenchmarkPages(b *testing.B) {
	key := model.Key{Kind: model.Kustomization, Namespace: "tenant-00000", Name: "tenant-00000"}
	for name, open := range map[string]func(*desk){
		"tenant":      func(d *desk) { d.visit(newTenantPage(&d.App.env, "tenant-00000", false)) },
		"deployments": func(d *desk) { d.visit(newTenantPage(&d.App.env, "tenant-00000", false)); d.press("tab") },
		"history":     func(d *desk) { d.visit(newTenantPage(&d.App.env, "tenant-00000", false)); d.press("tab", "tab", "tab") },
		"access":      func(d *desk) { d.visit(newTenantPage(&d.App.env, "tenant-00000", false)); d.press("shift+tab") },
		"platform":    func(d *desk) { d.visit(newTenantPage(&d.App.env, model.PlatformName, true)) },
		"describe":    func(d *desk) { d.at(key) },
		"tree":        func(d *desk) { d.at(key, "t") },
	} {
		b.Run(name+"/change", func(b *testing.B) {
			d := large(b)
			open(d)
			for i := 0; b.Loop(); i++ {
				d.put(uitest.Deployment("tenant-00000", "web", int64(13+i), 3, int32(i%4), 3, int32(3-i%4)))
			}
		})
		b.Run(name+"/key", func(b *testing.B) {
			d := large(b)
			open(d)
			keys := []string{"down", "pgdown", "up", "end", "home"}
			for i := 0; b.Loop(); i++ {
				d.press(keys[i%len(keys)])
			}
		})
	}
}
