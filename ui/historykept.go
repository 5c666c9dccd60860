package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/textview"
)

// remembered is what an object itself tells of the time before this session:
// the runs a sync keeps, the ReplicaSets of a Deployment.
func (e *env) remembered(o *model.Object, whose string) []past {
	var entries []model.HistoryEntry
	switch d := o.Detail.(type) {
	case *model.Sync:
		entries = d.History
	case *model.Instance:
		entries = d.History
	case *model.Workload:
		return e.revisions(o, whose)
	}
	var out []past
	for _, h := range entries {
		if !e.beforeSession(h.First) {
			continue
		}
		m := e.kit.Glyph.Of(model.Ready)
		if strings.Contains(h.Status, "Failed") || strings.Contains(h.Status, "NotReady") || strings.Contains(h.Status, "Denied") {
			m = e.kit.Glyph.Of(model.Failed)
		}
		words := []textview.Span{{Text: model.ShortRevision(h.Revision) + "  " + h.Status}}
		if h.Total > 1 {
			// An entry is of one content, and names the commit that had it last: the
			// first time may have been another's.
			words = []textview.Span{{Text: h.Status}, {Role: themes.Muted, Text: fmt.Sprintf("  this content %s, the last %s as %s",
				counted(int(h.Total), "time"), e.moment(h.Last), model.ShortRevision(h.Revision))}}
		}
		out = append(out, past{at: h.First, whose: whose, mark: m, words: words})
	}
	return out
}

// revisions are a Deployment's ReplicaSets.
func (e *env) revisions(o *model.Object, whose string) []past {
	var out []past
	for _, r := range e.replicaSets(o) {
		d := r.Detail.(*model.Replica)
		if !e.beforeSession(r.Created) {
			continue
		}
		words := []textview.Span{{Text: fmt.Sprintf("revision %d  %s", d.Revision, strings.Join(d.Images, ", "))}}
		if d.ChangeNote != "" {
			words = append(words, textview.Span{Role: themes.Muted, Text: "  " + d.ChangeNote})
		}
		out = append(out, past{at: r.Created, whose: whose, mark: e.kit.Glyph.Nothing(), words: words})
	}
	return out
}

// replicaSets are those of a Deployment, by revision, the newest first.
func (e *env) replicaSets(o *model.Object) []*model.Object {
	var out []*model.Object
	if o.Kind != model.Deployment {
		return nil
	}
	e.store.ObjectsIn(o.Namespace, model.ReplicaSet, func(r *model.Object) bool {
		if d, ok := r.Detail.(*model.Replica); ok && d.Owner == o.Name && (o.UID == "" || d.OwnerUID == o.UID) {
			out = append(out, r)
		}
		return true
	})
	slices.SortStableFunc(out, func(a, b *model.Object) int {
		return int(b.Detail.(*model.Replica).Revision - a.Detail.(*model.Replica).Revision)
	})
	return out
}

func (e *env) beforeSession(at model.Unix) bool {
	return at != 0 && time.Unix(int64(at), 0).Before(e.began)
}
