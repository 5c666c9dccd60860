package fluxsync

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// What goes with a change of the sync itself.

// pruned says what goes with the change itself: N1 and N2.
func (l Look) pruned() []Hazard {
	ns := l.Live.Key.Namespace
	if l.Want == nil {
		return l.cleared()
	}
	_, sync := l.Want.Made(ns)
	if l.Live.Sync == nil {
		if l.Store.Get(sync) == nil {
			return []Hazard{{Level: Fine, Text: "nothing is pruned now: there was no sync"}}
		}
		h := l.other(sync, fmt.Sprintf("%s is there already, made by somebody else; the operator takes it over", sync))
		return []Hazard{h}
	}
	was := *l.Live.Sync
	if was.EffectiveName(ns) != l.Want.EffectiveName(ns) {
		_, old := was.Made(ns)
		f := FallsOf(l.Store, old, l.Seen)
		return []Hazard{{ID: "N1", Level: Danger, Text: fmt.Sprintf("another name: the operator deletes %s, and its finalizer %s", old, f.Words()), Falls: f}}
	}
	var changed []string
	for _, f := range []Field{Kind, URL, Ref, Path} {
		if was.Get(f) != l.Want.Get(f) {
			changed = append(changed, f.String())
		}
	}
	if len(changed) == 0 {
		return []Hazard{{Level: Fine, Text: "nothing is pruned: kind, url, ref and path stay as they are"}}
	}
	return []Hazard{l.other(sync, strings.Join(changed, " and ")+" changed")}
}

// other is N2: other content under the same Kustomization.
func (l Look) other(sync model.Key, why string) Hazard {
	f := MayFallOf(l.Store, sync, l.Seen)
	h := Hazard{ID: "N2", Level: Danger, Falls: f}
	switch {
	case f.Safe != "":
		h.Level, h.Text = Fine, why+"; nothing is pruned: "+f.Safe
	case f.Unread:
		h.Text = why + unread(sync)
	case len(f.Objects) == 0 && len(f.Stays) > 0:
		h.Level, h.Text = Fine, why+"; nothing is pruned of what "+sync.String()+" has applied"
	case len(f.Objects) == 0:
		h.Level, h.Text = Fine, why+"; nothing is pruned: "+sync.String()+" has applied nothing yet"
	default:
		h.Falls.Shared = l.shared(f)
		h.Text = fmt.Sprintf("%s: of the %s under %s those are deleted that the new content, which is not read here, does not hold%s",
			why, count(len(f.Objects)), sync, f.gravest())
	}
	return h
}

// cleared is N1: without spec.sync the operator deletes what it made for it.
func (l Look) cleared() []Hazard {
	if l.Live.Sync == nil {
		return nil
	}
	_, sync := l.Live.Sync.Made(l.Live.Key.Namespace)
	f := FallsOf(l.Store, sync, l.Seen)
	h := Hazard{ID: "N1", Level: Danger, Falls: f}
	switch {
	case f.Safe != "":
		h.Level, h.Text = Fine, "what it applied stays: "+f.Safe
	case f.Unread:
		h.Text = "the operator deletes " + sync.String() + unread(sync)
	case len(f.Objects) == 0 && len(f.Stays) > 0:
		h.Level, h.Text = Fine, "nothing is deleted of what "+sync.String()+" has applied"
	case len(f.Objects) == 0:
		h.Level, h.Text = Fine, sync.String()+" has applied nothing"
	default:
		h.Text = fmt.Sprintf("the operator deletes %s, and its finalizer the %s under it%s", sync, count(len(f.Objects)), f.gravest())
	}
	return []Hazard{h}
}

func unread(sync model.Key) string {
	return ": what it has applied is not known, since " + sync.Kind.Resource() + " can't be read by you; all of it may be deleted"
}

func count(n int) string {
	if n == 1 {
		return "1 object"
	}
	return fmt.Sprintf("%d objects", n)
}
