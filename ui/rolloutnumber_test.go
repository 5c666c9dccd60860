package ui

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// A generation that only a ReplicaSet tells of has no number, and neither is one
// made up where not even that does.
func TestAGenerationWithoutItsNumber(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Synced())
	d.press("2")
	p := d.page().(*rollouts)
	key := model.Key{Kind: model.Deployment, Namespace: "stage", Name: "kcheck"}
	for _, c := range []struct {
		move model.Move
		says string
	}{
		{model.Move{Workload: key, To: 4}, "kcheck generation 4"},
		{model.Move{Workload: key, Revision: 2}, "kcheck revision 2"},
		{model.Move{Workload: key}, "kcheck, a generation whose number nothing tells"},
	} {
		if got := p.podWords(&c.move, false); !strings.HasPrefix(got, c.says) || strings.Contains(got, "generation 0") {
			t.Errorf("%q, want %q", got, c.says)
		}
	}
	r := &listRow{line: &model.Line{Moves: []model.Move{{Workload: key}}}}
	if got := p.moveWords(r); got != "kcheck" {
		t.Errorf("the column says %q", got)
	}
}
