package ui

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/ui/archive"
	"tenantry/ui/exitcode"
)

const (
	// quiet is how long nothing may have changed before it is written, and
	// quietAtMost how long that may be put off.
	quiet       = time.Second
	quietAtMost = 10 * time.Second
	// lookAnew is when it is read though nothing was seen to change: quotas and
	// the like are not watched.
	lookAnew = 5 * time.Minute
)

// notWritten: the folder is left as it is, since what is in the cluster looks
// like a loss.
type notWritten struct{ why string }

func (n *notWritten) Error() string { return n.why }

// watch keeps the folder as the cluster is, until it is interrupted.
func (e *exporting) watch(ctx context.Context) error {
	seen := map[model.Key]*model.Object{}
	for _, k := range watchedKinds() {
		for _, o := range e.store.Objects(k) {
			seen[o.Key] = o
		}
	}
	fmt.Fprintf(e.talk, "%s is kept as the cluster is; ctrl+c ends it\n", e.Dir)
	var first, last, said = time.Time{}, time.Time{}, ""
	looked := e.Clock()
	for {
		tick, stop := context.WithTimeout(ctx, quiet/2)
		b, err := e.c.Next(tick)
		stop()
		now := e.Clock()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			e.store.Apply(b)
			if exportMoved(seen, b.Changes) || len(b.Scopes) > 0 {
				if last = now; first.IsZero() {
					first = now
				}
			}
		case !errors.Is(err, context.DeadlineExceeded):
			return exitcode.With(exitcode.Unknown, err)
		}
		if e.store.Connection().State != model.ConnLive || !e.store.Complete() {
			continue
		}
		due := !first.IsZero() && (now.Sub(last) >= quiet || now.Sub(first) >= quietAtMost)
		if !due && now.Sub(looked) < lookAnew {
			continue
		}
		first, looked = time.Time{}, now
		err = e.once(ctx)
		words := ""
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil: // what it writes is always whole: the next change, or time, tries again
			words = err.Error()
		}
		if words != "" && words != said {
			fmt.Fprintln(e.talk, clean(words))
		}
		said = words
	}
}

// watchedKinds are the kinds of an export that are watched.
func watchedKinds() []model.Kind {
	var out []model.Kind
	for _, ref := range exportedKinds() {
		if k, ok := ref.Key(); ok {
			out = append(out, k.Kind)
		}
	}
	return out
}

// exportMoved reports whether anything of what is exported changed, and remembers it.
// What only its status tells is no change.
func exportMoved(seen map[model.Key]*model.Object, all []model.ObjectChange) bool {
	kinds, out := watchedKinds(), false
	for _, c := range all {
		if !slices.Contains(kinds, c.Key.Kind) {
			continue
		}
		was := seen[c.Key]
		switch {
		case c.Object == nil:
			out = out || was != nil
			delete(seen, c.Key)
			continue
		case was == nil || differs(was, c.Object):
			out = true
		}
		seen[c.Key] = c.Object
	}
	return out
}

func differs(a, b *model.Object) bool {
	if a.UID != b.UID || a.Generation != b.Generation || (a.Deleting != 0) != (b.Deleting != 0) ||
		!slices.Equal(a.Labels, b.Labels) || !slices.Equal(a.Annotations, b.Annotations) {
		return true
	}
	// What has no generation says in its detail all there is of it.
	return a.Generation == 0 && !reflect.DeepEqual(a.Detail, b.Detail)
}

// lost says why what was read must not take the place of what the folder
// holds, "" when it may: who watches is not there to see that a backup was
// emptied by the very loss it is for.
func (e *exporting) lost(x *exporter, set *export.Set, before *archive.Folder) string {
	if e.began {
		for _, hole := range x.holes {
			if !slices.Contains(e.holes, hole) {
				return "nothing is written: what could be read before can't be any more: " + hole
			}
		}
	}
	if before == nil {
		return ""
	}
	was := make([]string, 0, len(before.Objects))
	for _, k := range before.Objects {
		was = append(was, exportedName(k.Object))
	}
	now := map[string]bool{}
	for _, o := range objectsOf(set) {
		now[exportedName(o)] = true
	}
	gone, of := e.left.look(was, now, e.Clock())
	if gone == 0 {
		return ""
	}
	return fmt.Sprintf("nothing is written: %d of the %d objects %s held within the last hour are gone from the cluster, which looks like a loss; end this, then tenantry export without --watch takes them out, tenantry restore brings back those still in the folder",
		gone, of, e.Dir)
}
