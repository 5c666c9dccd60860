package ui

import (
	"fmt"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestMarksOnTenants(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press("space", "space") // platform, search
	d.wants("2 marked", "◆")
	p := d.page().(markable)
	if got, want := p.marked(), []spot{{tenant: model.PlatformKey}, {tenant: "search"}}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("marked %v, want %v", got, want)
	}
	d.press("/")
	d.typ("fluxdemo")
	d.press("enter", "*")
	d.wants("4 marked, 2 not shown  /fluxdemo")
	d.press("esc")
	d.wants("/fluxdemo")
	d.misses("marked")
	d.press("esc")
	d.misses("/fluxdemo", "hidden")

	d.press("end", "space", "/")
	d.typ("x")
	line := []rune(d.lines()[1])
	if v := d.View(); v.Cursor == nil || !strings.HasSuffix(string(line[:v.Cursor.X]), "/x") {
		t.Errorf("the cursor is not behind what is typed: %+v %q", v.Cursor, d.lines()[1])
	}
	d.press("enter", "0")
	d.misses("marked", "hidden")
	if n, _ := p.marks(); n != 0 {
		t.Errorf("%d marked after 0", n)
	}
}

// A tenant that is gone is not marked any more; one that is only hidden is.
func TestMarksOfWhatIsGone(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.NewCluster("c").Controllers().Tenant("a").Tenant("b"))
	d.press("*")
	d.wants("3 marked")
	gone := &uitest.Cluster{}
	for _, k := range []model.Kind{model.Namespace, model.ServiceAccount, model.RoleBinding, model.GitRepository, model.Kustomization, model.Deployment} {
		for _, o := range d.store.Objects(k) {
			if o.Namespace == "a" || o.Kind == model.Namespace && o.Name == "a" {
				gone.Changes = append(gone.Changes, model.ObjectChange{Key: o.Key})
			}
		}
	}
	d.feed(gone.Batch)
	d.wants("2 marked")
}
