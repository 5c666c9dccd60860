package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/restore"
	"tenantry/ui/exitcode"
)

const (
	// askedAtOnce is how many requests are on their way at a time.
	askedAtOnce = 8
	// fewNamespaces are read one by one; more of them all at once, where that is
	// allowed.
	fewNamespaces = 20
)

// examine finds out what the folder means for the cluster.
func (r *restorer) examine(ctx context.Context, objects []*restore.Object, who string) error {
	live, err := r.look(ctx, objects)
	if err != nil {
		return exitcode.With(exitcode.Unknown, err)
	}
	r.plan = restore.Compare(objects, live)
	if err := r.try(ctx, r.plan.Untold()); err != nil {
		return exitcode.With(exitcode.Unknown, err)
	}
	if r.AllowPrune {
		r.plan.Allow()
	}
	// Where the server could not be asked to try, it is asked whether one may.
	plan := r.action(who)
	permissions, err := r.c.Can(ctx, plan.Needs())
	var away *model.RequestError
	if errors.As(err, &away) && away.Reason == model.RequestUnreachable {
		return exitcode.With(exitcode.Unknown, err)
	}
	plan.Permit(permissions)
	r.plan.Permit(plan.Steps)
	return exitcode.With(exitcode.Unknown, r.findSecrets(ctx, live))
}

// look reads the live objects of the folder's kinds and namespaces.
func (r *restorer) look(ctx context.Context, objects []*restore.Object) (restore.Live, error) {
	live := restore.Live{Objects: map[model.ObjectRef]export.Object{}, Absent: map[[2]string]bool{}, Unread: map[model.ObjectRef]string{},
		Exists: func(k model.Key) bool { return r.store.Get(k) != nil }, Instance: len(r.store.Objects(model.FluxInstance)) > 0}
	wanted := map[model.ObjectRef]bool{}
	var spaces []string
	kinds := []export.Kind{{Kind: "Namespace", Resource: "namespaces"}}
	for _, o := range objects {
		ref := o.Ref
		ref.Version = ""
		wanted[ref] = true
		if ref.Namespace != "" && !slices.Contains(spaces, ref.Namespace) {
			spaces = append(spaces, ref.Namespace)
			wanted[model.ObjectRef{Kind: "Namespace", Name: ref.Namespace}] = true
		}
		if !slices.Contains(kinds, o.Kind) {
			kinds = append(kinds, o.Kind)
		}
	}
	slices.Sort(spaces)
	if len(spaces) > fewNamespaces && readsAll(r.store) {
		spaces = []string{""}
	}
	for _, kind := range kinds {
		at := spaces
		if !kind.Namespaced {
			at = []string{""}
		}
		for _, ns := range at {
			ref := model.ObjectRef{Group: kind.Group, Kind: kind.Kind, Namespace: ns}
			err := r.c.List(ctx, ref, func(o map[string]any) error {
				meta, _ := o["metadata"].(map[string]any)
				is := ref
				is.Name, _ = meta["name"].(string)
				is.Namespace, _ = meta["namespace"].(string)
				if wanted[is] {
					live.Objects[is] = o
				}
				return nil
			})
			var refused *model.RequestError
			switch {
			case err == nil:
			case errors.As(err, &refused) && refused.Reason == model.RequestNotServed:
				live.Absent[[2]string{kind.Group, kind.Kind}] = true
			case errors.As(err, &refused) && refused.Reason == model.RequestForbidden:
				live.Unread[ref] = refused.Text
			default:
				return live, err
			}
		}
	}
	return live, nil
}

// readsAll reports whether the session reads the whole cluster.
func readsAll(s *model.Store) bool {
	return slices.ContainsFunc(s.Scopes(), func(sc model.ScopeStatus) bool {
		return sc.Kind == model.Namespace && sc.Namespace == "" && sc.State == model.ScopeSynced
	}) &&
		len(s.Connection().Namespaces) == 0
}

// try asks the server what it would say to each object.
func (r *restorer) try(ctx context.Context, objects []*restore.Object) error {
	asked := 0
	return atOnce(ctx, len(objects), func(ctx context.Context, i int) error {
		o := objects[i]
		written, err := r.c.Do(ctx, model.Write{Ref: o.Ref, Op: model.WriteApply, Body: o.Body(), UID: o.UID, DryRun: true})
		if err != nil && untold(err) {
			return fmt.Errorf("asking what the server would say to %s: %w", o.Ref, err)
		}
		o.Tried(written, err)
		return nil
	}, func() {
		asked++
		r.talk.now(r.elapsed(), fmt.Sprintf("asking the server what it would do: %d of %d", asked, len(objects)))
	})
}

// untold reports whether an error says nothing about what was asked.
func untold(err error) bool {
	var problem *model.WriteError
	return !errors.As(err, &problem) || problem.Reason == model.WriteUnreachable || problem.Reason == model.WriteNoAnswer
}

// atOnce does n things, several at a time, until the first that fails; after is
// called for each by one caller at a time.
func atOnce(ctx context.Context, n int, do func(context.Context, int) error, after func()) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	var mu sync.Mutex
	next := 0
	for range min(n, askedAtOnce) {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= n || ctx.Err() != nil {
					return
				}
				if err := do(ctx, i); err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				after()
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// findSecrets finds out which of the Secrets the folder's objects refer to are
// there and which are not, by name alone.
func (r *restorer) findSecrets(ctx context.Context, live restore.Live) error {
	there := map[string]map[string]bool{}
	for _, s := range r.folder.Secrets {
		names, asked := there[s.Namespace]
		if !asked && live.Objects[model.ObjectRef{Kind: "Namespace", Name: s.Namespace}] != nil {
			list, err := r.c.Secrets(ctx, s.Namespace)
			var refused *model.RequestError
			switch {
			case errors.As(err, &refused) && refused.Reason == model.RequestForbidden:
				r.unsure = append(r.unsure, fmt.Sprintf("whether the Secrets in %s are there can't be told: %s", s.Namespace, refused.Text))
			case err != nil:
				return err
			default:
				names = map[string]bool{}
				for _, i := range list.Secrets {
					names[i.Name] = true
				}
			}
		} else if !asked {
			names = map[string]bool{} // the namespace is new: nothing is in it
		}
		there[s.Namespace] = names
		switch {
		case names == nil: // it can't be told
		case names[s.Name]:
			r.there = append(r.there, s)
		default:
			r.missing = append(r.missing, s)
		}
	}
	return nil
}
