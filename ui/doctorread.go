package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenantry/model"
	"tenantry/model/doctor"
)

// What keeps pods from running stands in the pods and their events, which
// nothing else of a report needs: they are read where an explanation asks for
// them, like the page Why does, and of the worst only.

const (
	// maxPodNamespaces bounds in how many namespaces they are read: two lists and
	// two watches each.
	maxPodNamespaces = 20
	// maxPodReads is how often what was read may make more needed: pods first,
	// events where they say nothing, nodes where they are lost.
	maxPodReads = 3
	// podsWithin is how long one such reading may take.
	podsWithin = 10 * time.Second
)

// podReader reads what a report asks for.
type podReader struct {
	store      *model.Store
	wants      []model.Want
	namespaces []string // those that are read
	left       []string // those that are not, for being too many
	late       []string // what did not come in time
}

// examineClosely examines a cluster and reads what would tell more.
func examineClosely(ctx context.Context, c Cluster, s *model.Store) (*doctor.Report, error) {
	p := &podReader{store: s}
	r := doctor.Examine(s)
	for range maxPodReads {
		if !p.add(r.Wants()) {
			break
		}
		c.Want(p.wants)
		if err := p.read(ctx, c); err != nil {
			return nil, err
		}
		r = doctor.Examine(s)
	}
	r.NotRead = append(r.NotRead, p.notRead()...)
	if r.Verdict == doctor.Healthy && len(r.NotRead) > 0 {
		r.Verdict = doctor.Unknown // whether what rolls out is stuck
	}
	return r, nil
}

// add takes in what is wanted, as far as it is not too much, and reports
// whether anything of it is new.
func (p *podReader) add(wants []model.Want) bool {
	before := len(p.wants)
	for _, w := range wants {
		switch {
		case slices.Contains(p.wants, w):
			continue
		case w.Namespace == "" || slices.Contains(p.namespaces, w.Namespace):
		case len(p.namespaces) < maxPodNamespaces:
			p.namespaces = append(p.namespaces, w.Namespace)
		default:
			if !slices.Contains(p.left, w.Namespace) {
				p.left = append(p.left, w.Namespace)
			}
			continue
		}
		p.wants = append(p.wants, w)
	}
	return len(p.wants) > before
}

// read waits until everything that is wanted was read or refused, or for as
// long as that may take.
func (p *podReader) read(ctx context.Context, c Cluster) error {
	within, cancel := context.WithTimeout(ctx, podsWithin)
	defer cancel()
	for len(p.missing()) > 0 {
		b, err := c.Next(within)
		switch {
		case err == nil:
			p.store.Apply(b)
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			p.late = p.missing()
			return nil
		default:
			return err
		}
	}
	p.late = nil
	return nil
}

func (p *podReader) missing() []string {
	var out []string
	for _, w := range p.wants {
		if sc, ok := p.store.WantedScope(w.Kind, w.Namespace); !ok || sc.State == model.ScopeSyncing {
			out = append(out, wantWords(w))
		}
	}
	return out
}

func wantWords(w model.Want) string {
	if w.Namespace == "" {
		return w.Kind.Resource()
	}
	return w.Kind.Resource() + " in " + w.Namespace
}

// notRead says what would have told more.
func (p *podReader) notRead() []string {
	var out []string
	for _, words := range p.late {
		out = append(out, words+": not within "+podsWithin.String())
	}
	for _, w := range p.wants {
		if sc, ok := p.store.WantedScope(w.Kind, w.Namespace); ok && sc.State == model.ScopeDenied {
			out = append(out, wantWords(w)+": not readable by you")
		}
	}
	if n := len(p.left); n > 0 {
		out = append(out, fmt.Sprintf("pods in %s with workloads that do not run, as only those of the worst %d are read: %s",
			counted(n, "more namespace"), maxPodNamespaces, some(p.left, 12)))
	}
	return out
}
