package table

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenantry/ui/draw"
)

// No title is cut where it has a short form, or where the columns out of sight
// are told.
func TestTitlesAreNotCut(t *testing.T) {
	text := func(l *draw.Line, v item) { l.Put(0, v.name) }
	shorts := 0
	for w := 24; w < 70; w++ {
		list := New(func(v item) string { return v.name },
			Column[item]{ID: "whose", Title: "TENANT/NAMESPACE", Short: "TENANT/NS", Min: 10, Max: 20, Pinned: true, Measure: func(v item) int { return len(v.name) }, Draw: text},
			Column[item]{ID: "rest", Title: "REST", Min: 6, Flex: true, Draw: text},
			Column[item]{ID: "more", Title: "MORE", Leave: 1, Min: 12, Draw: text},
			Column[item]{ID: "most", Title: "MOST", Leave: 2, Min: 12, Draw: text},
		)
		list.SetRows(items("a bb ccc"), false)
		head := ansi.Strip(list.View(kit(t), w, 5)[0])
		if strings.Contains(head, "…") {
			t.Errorf("%d columns: %q", w, head)
		}
		shorts += strings.Count(head, "TENANT/NS")
	}
	if shorts == 0 {
		t.Error("the short title is never used")
	}
}
