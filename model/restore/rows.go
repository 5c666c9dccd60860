package restore

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/model"
)

// rowsOf are the tenants, and the platform, that have to do with the folder.
func (f *Following) rowsOf(s *model.Store) []*model.Tenant {
	all := s.Tenants()
	if p := s.Platform(); p != nil && p.Row != nil {
		all = append([]*model.Tenant{p.Row}, all...)
	}
	var out []*model.Tenant
	for _, t := range all {
		if slices.ContainsFunc(t.Namespaces, func(ns string) bool { return f.spaces[ns] }) {
			out = append(out, t)
		}
	}
	return out
}

func rowName(t *model.Tenant) string {
	if t.IsPlatform {
		return "platform"
	}
	return "tenant " + t.Name
}

// rowWords say how a tenant is.
func rowWords(t *model.Tenant) string {
	words := strings.ToLower(t.Health.String())
	if t.Message != "" {
		words += ": " + t.Message
	}
	return words
}

// rows waits for the tenants themselves, once their objects are fine: their
// workloads may still be starting.
func (f *Following) rows(s *model.Store, r *Report, now time.Time) (busy bool) {
	for _, t := range f.rowsOf(s) {
		name, words, is := rowName(t), rowWords(t), moves
		_, rests := f.suspended(s, t.Cause)
		if rests || fine(t.Health) {
			delete(f.bad, name)
			delete(f.before, name)
			continue
		}
		if f.before[t.Worst.String()] != nil {
			continue // told already
		}
		if t.Health.Unhealthy() {
			is, words = f.lasts(name, failedFor, now, words, words)
		}
		is, words = f.asBefore(name, is, words, now)
		f.tell(r, is, name, words)
		switch line := fmt.Sprintf("%s: %s", name, words); is {
		case failed:
			r.Failed = append(r.Failed, line)
		case broken:
			r.Before = append(r.Before, line)
		case fell:
			r.Fell = append(r.Fell, line)
		default:
			r.Open, busy = append(r.Open, line), true
		}
	}
	return busy
}
