package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/history"
	"tenantry/ui/uitest"
)

// forgotten is the cluster as it is now, which keeps nothing of the commits
// before the newest: their contents were equal.
func (p *promotion) forgotten() *uitest.Cluster {
	c := uitest.NewCluster("prod-eu")
	for _, k := range model.Kinds() {
		for _, o := range p.store.Objects(k) {
			if d, ok := o.Detail.(*model.Sync); ok && len(d.History) > 0 {
				is, one := *d, *o
				is.History = []model.HistoryEntry{d.History[0]}
				is.History[0].First, is.History[0].Total = uitest.Ago(time.Hour), 9
				one.Detail = &is
				o = &one
			}
			c.Put(o)
		}
	}
	return c
}

// After a restart the commits before are told as the run before saw them, and
// only of the very objects that it saw.
func TestEarlierCommitsOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	p := newPromotion(t, 140, 40, Options{State: dir, Calm: true})
	p.through(uitest.Rev2, "three replicas")
	p.pass(time.Minute)
	p.through(uitest.Rev3, "kcheck 1.0.3")
	p.pass(2 * time.Second) // and then it is killed
	now := p.clock.T.Sub(uitest.Start) + time.Minute
	same, other := p.forgotten(), p.forgotten()
	for i := range other.Changes {
		o := *other.Changes[i].Object
		o.UID += "-anew"
		other.Changes[i].Object = &o
	}
	d := laterDesk(t, dir, now, 140, same)
	d.press("2")
	d.pass(time.Second)
	d.press("right")
	d.wants("earlier", "d634062", "prod ✓ applied  stage ✓ applied", "kcheck 6→7")
	d.misses("not known")
	d = laterDesk(t, dir, now, 140, other)
	d.press("2")
	d.pass(time.Second)
	d.press("right")
	d.wants("7e01c2d")
	d.misses("d634062", "kcheck 6→7")
	d.press("down", "down")
	d.wants("WHY   7e01c2d in fluxdemo-prod: live; kcheck 7 is at or before it: nothing that is left tells which commit made it")
}

// A history that somebody has filled with anything harms nobody.
func TestAHistoryOfNonsenseTellsNothing(t *testing.T) {
	dir := t.TempDir()
	p := newPromotion(t, 140, 40, Options{State: dir, Calm: true})
	p.through(uitest.Rev3, "kcheck 1.0.3")
	p.pass(2 * time.Second)
	files, err := filepath.Glob(filepath.Join(dir, "history", "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	uid := p.store.Get(model.Key{Kind: model.GitRepository, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}).UID
	if r, err := history.Open(dir, "x", p.clock.Now).Read(filepath.Base(files[0][:len(files[0])-len(".jsonl")])); err != nil || len(r) == 0 {
		t.Fatal(r, err)
	}
	nonsense := "{\x00\n[1]\n" + `{"t":9e99,"w":"fetched"}` + "\n"
	for _, to := range []string{`\u001b[2J`, `main@sha1:\u202eabcd`, "", "@", `main@sha1:dead\u0000`} {
		nonsense += `{"t":1795316294,"k":"GitRepository","ns":"fluxdemo-stage","n":"flux-stage-prod","w":"fetched","to":"` + to + `","u":"` + uid + "\"}\n"
	}
	if err := os.WriteFile(files[0], []byte(nonsense), 0o600); err != nil {
		t.Fatal(err)
	}
	d := laterDesk(t, dir, p.clock.T.Sub(uitest.Start)+time.Minute, 140, p.forgotten())
	d.press("2")
	d.pass(time.Second)
	d.press("right")
	d.wants("7e01c2d")
	d.misses("earlier", "\x1b[2J", "dead", "abcd")
}
