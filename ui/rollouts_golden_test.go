package ui

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/uitest"
)

// rolloutGoldens are the Rollouts page in its states.
var rolloutGoldens = []struct {
	name string
	way  func(*promotion)
}{
	{"quiet", func(p *promotion) { p.press("2") }},
	{"moving", func(p *promotion) {
		p.through(uitest.Rev2, "three replicas")
		p.pass(3 * time.Minute)
		p.half(uitest.Rev3, "kcheck 1.0.3")
		p.look("fluxdemo-prod")
	}},
	{"live", func(p *promotion) {
		p.press("2")
		p.through(uitest.Rev3, "kcheck 1.0.3")
		p.look("fluxdemo-prod")
	}},
	{"stuck", func(p *promotion) {
		p.half(uitest.Rev3, "kcheck 1.0.3")
		c := (&uitest.Cluster{}).Watch("fluxdemo-prod", model.Pod, model.Event)
		c.Put(uitest.ReplicaSet("fluxdemo-prod", "kcheck", "7c44", 4, "ghcr.io/acme/kcheck:7e01c2d", 1, time.Minute),
			uitest.Pod("fluxdemo-prod", "kcheck", "7c44", "aaaaa", model.PodContainer{Name: "kcheck", State: model.ContainerWaiting, Reason: "ImagePullBackOff",
				Image: "ghcr.io/acme/kcheck:7e01c2d", Message: `Back-off pulling image "ghcr.io/acme/kcheck:7e01c2d"`}))
		p.feed(c.Batch)
		p.look("fluxdemo-prod")
	}},
	{"kept", func(p *promotion) {
		p.kept()
		p.look("fluxdemo-prod")
	}},
	{"earlier", func(p *promotion) {
		p.through(uitest.Rev2, "three replicas")
		p.pass(3 * time.Minute)
		p.through(uitest.Rev3, "kcheck 1.0.3")
		p.look("fluxdemo-prod")
		p.press("end", "up", "enter")
	}},
	{"zoomed", func(p *promotion) {
		p.half(uitest.Rev3, "kcheck 1.0.3")
		p.look("fluxdemo-prod")
		p.press("z")
	}},
	{"unfetched", func(p *promotion) {
		p.press("2", "/")
		p.typ("c0ffee1")
		p.press("enter")
	}},
	{"followed", func(p *promotion) {
		p.half(uitest.Rev3, "kcheck 1.0.3")
		p.look("fluxdemo-prod")
		p.press("f")
	}},
	{"gitaway", func(p *promotion) {
		o := p.object(model.GitRepository, "flux-dev", "flux-dev")
		o.Conditions = []model.Condition{p.condition("Ready", "False", "GitOperationFailed", "failed to checkout and determine revision: unable to clone 'https://github.com/acme/flux-dev': dial tcp: lookup github.com: no such host")}
		p.put(o)
		p.press("2", "home")
	}},
}

// kept has one tenant suspended and the other refused.
func (p *promotion) kept() {
	for _, ns := range p.tenants {
		p.fetch(ns, uitest.Rev3)
	}
	p.pass(time.Second)
	p.sync("fluxdemo-stage", func(o *model.Object, d *model.Sync) {
		d.Suspend = true
		o.Annotations = model.Pairs{{Name: model.AnnotationSuspendedBy, Value: "mara"}, {Name: model.AnnotationSuspendReason, Value: "database move"}}
	})
	p.sync("fluxdemo-prod", func(_ *model.Object, d *model.Sync) { d.Attempted = uitest.Rev3 },
		p.condition("Ready", "False", "ReconciliationFailed", `ConfigMap/fluxdemo-stage/intruder dry-run failed (Forbidden): configmaps "intruder" is forbidden: User "system:serviceaccount:fluxdemo-prod:fluxdemo-prod" cannot patch resource "configmaps" in API group "" in the namespace "fluxdemo-stage"`))
}

func TestGoldenRollouts(t *testing.T) {
	all := &gallery{of: "rollouts"}
	for _, g := range rolloutGoldens {
		for _, size := range sizes {
			p := newPromotion(t, size[0], size[1], Options{Calm: true})
			g.way(p)
			if err := p.fits(); err != nil {
				t.Errorf("%s: %v", g.name, err)
			}
			all.picture(t, "rollouts/"+g.name, size, p.desk, false)
		}
		for _, theme := range themes.Names() {
			if g.name != "moving" && g.name != "kept" { // they have every role there is
				continue
			}
			p := newPromotion(t, 120, 40, Options{Calm: true, Theme: theme})
			g.way(p)
			uitest.GoldenStyled(t, "themes/"+theme+"/rollouts/"+g.name+"-120x40", p.View().Content)
		}
	}
	all.close(t)
}

func TestRolloutsInASCII(t *testing.T) {
	for _, g := range rolloutGoldens {
		p := newPromotion(t, 120, 40, Options{Calm: true, ASCII: true, Theme: "mono"})
		g.way(p)
		if err := p.fits(); err != nil {
			t.Errorf("%s: %v", g.name, err)
		}
		for _, r := range p.screen() {
			if r > 0x7e {
				t.Errorf("%s: %q is no ASCII:\n%s", g.name, r, p.screen())
				break
			}
		}
		if g.name == "moving" {
			uitest.Golden(t, "rollouts/ascii-120x40", p.View().Content)
		}
	}
}
