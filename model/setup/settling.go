package setup

import (
	"regexp"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

// What was done once is on its way again and again: the operator looks at its
// instance anew when the sync is set, a controller is replaced, a commit is
// applied. Nobody has to go back for that. A step that has failed, or is to be
// done again, is another matter.

// onTheWay: the verdict is one that a step was done gets, too, before it is
// done again.
func onTheWay(h model.Health) bool {
	return h == model.Reconciling || h == model.Pending || h == model.Outdated
}

// wasMade: Flux was made as the instance states it, at least once.
func (l Look) wasMade() bool {
	o := l.Store.Platform().Instance
	if o == nil {
		return false
	}
	d, ok := o.Detail.(*model.Instance)
	return ok && d.Applied != ""
}

// hasApplied: a sync has applied something.
func hasApplied(o *model.Object) bool {
	if o == nil {
		return false
	}
	d, ok := o.Detail.(*model.Sync)
	return ok && d.Applied != ""
}

// named are the objects a message of the operator names, as Kind/namespace/name.
var named = regexp.MustCompile(`[A-Z][A-Za-z]+/[a-z0-9.-]+/[a-z0-9.-]+`)

// onlySync: an instance has failed for nothing but its sync: it waited in vain
// for what the sync is made of, or could not apply that (domain.md §1.5). The
// lines after the first repeat what the objects say themselves.
func onlySync(o *model.Object, message string) bool {
	sync := fluxsync.LiveOf(o).Sync
	if sync == nil {
		return false
	}
	source, by := sync.Made(o.Namespace)
	line, _, _ := strings.Cut(message, "\n")
	all := named.FindAllString(line, -1)
	return len(all) > 0 && !slices.ContainsFunc(all, func(s string) bool { return s != source.String() && s != by.String() })
}

// Why says what of a step is not as it should be: what was found of it last
// that is wrong; of one that is to be done, what was found first.
func (f *Found) Why() string {
	for i := len(f.Lines) - 1; i >= 0 && f.State != Open; i-- {
		switch line := &f.Lines[i]; {
		case line.Denied, line.Judged && line.Health != model.Ready, line.Label == "so", line.Label == "but":
			return line.Text
		}
	}
	if len(f.Lines) > 0 {
		return f.Lines[0].Label + ": " + f.Lines[0].Text
	}
	return f.Next
}
