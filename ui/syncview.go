package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
)

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// syncGrid compares the sync there is with the one there will be, and says who
// owns each field.
func (a *App) syncGrid(o *syncOrder) [][]string {
	grid := [][]string{{"FIELD", "NOW", "AFTER", "OWNER TODAY"}}
	none := a.kit.Glyph.Unknown
	for f := range fluxsync.FieldCount {
		now := ""
		if o.order.Live.Sync != nil {
			now = o.order.Live.Sync.Get(f)
		}
		then := now
		for _, c := range o.changes {
			if c.Path == ".spec.sync."+f.String() {
				then = c.After
			}
		}
		if now == "" && then == "" {
			continue
		}
		owners := make([]string, 0, 1)
		for _, w := range o.order.Live.OwnersOf(f) {
			owners = append(owners, w.Manager)
		}
		if len(owners) == 0 {
			owners = append(owners, "no one")
		}
		grid = append(grid, []string{f.String(), dashed(now, none), dashed(then, none), strings.Join(owners, ", ")})
	}
	return grid
}

func dashed(s, none string) string {
	if s == "" {
		return none
	}
	return s
}

// orderText is what exactly is sent, what it changes and what is at stake.
func (a *App) orderText(o *syncOrder) string {
	var b strings.Builder
	order := o.order
	order.Guards, order.Keep, order.Stamp = o.ticked(), o.keep, a.stamp()
	for _, s := range order.Plan(a.store).Steps {
		switch {
		case s.Watch:
		case s.Write.Op == model.WriteApply:
			fmt.Fprintf(&b, "# server-side apply of %s, as field manager %s, force %v\n%s\n", s.Key, model.FieldManager, s.Write.Force, syncManifest(order))
		default:
			b.WriteString(sentText([]action.Step{s}, ""))
		}
	}
	b.WriteString("# what the dry run changes\n" + fluxsync.Unified(o.changes))
	for _, h := range o.hazards {
		if len(h.Falls.Objects)+len(h.Falls.Stays) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n# %s\n", h.Text)
		for _, r := range h.Falls.Objects {
			b.WriteString("#   " + r.String() + "\n")
		}
		for _, s := range h.Falls.Stays {
			fmt.Fprintf(&b, "# not deleted: %s %s\n", s.Ref, s.Why)
		}
	}
	return b.String() + roleText(o.live.role)
}
