package ui

import (
	"slices"
	"strings"

	"tenantry/model"
)

// worstTenantsFirst is the order of the home screen for a report: worst first,
// of what needs a person the freshly broken, the rest by name. The report
// itself keeps the order its readers count on.
func worstTenantsFirst(tenants []model.TenantReport) []model.TenantReport {
	out := slices.Clone(tenants)
	slices.SortStableFunc(out, func(a, b model.TenantReport) int {
		x, y := reportRank(&a), reportRank(&b)
		switch {
		case x != y:
			return y - x
		case x >= unhealthyRank && sinceOf(&a) != sinceOf(&b):
			return strings.Compare(sinceOf(&b), sinceOf(&a)) // RFC 3339 in UTC sorts as it is
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// reportRank is rank for a tenant of a report.
func reportRank(t *model.TenantReport) int {
	switch {
	case refused(t):
		return 0
	case t.Health == model.Ready && (slices.ContainsFunc(t.Sources, runsOn) || slices.ContainsFunc(t.Syncs, runsOn)):
		return 2*model.Ready.Severity() + 1
	}
	return 2 * t.Health.Severity()
}

// refused: null is refused, and empty is none.
func refused(t *model.TenantReport) bool { return t.Sources == nil && t.Syncs == nil }

func sinceOf(t *model.TenantReport) string {
	if t.Since == nil {
		return ""
	}
	return *t.Since
}

// The links of a chain in words, for who can't see its glyphs.
var (
	tenantLinks   = [model.LinkCount]string{"access", "source", "sync", "workloads"}
	platformLinks = [model.LinkCount]string{"controllers", "source", "sync", "lockdown"}
)

// notFineAt is the first link of a chain that is not fine, in a word.
func (p *statusPrinter) notFineAt(chain string, links [model.LinkCount]string) string {
	fine := p.kit.Glyph.Of(model.Ready).Shape + p.kit.Glyph.Nothing().Shape
	i := 0
	for _, r := range chain {
		if !strings.ContainsRune(fine, r) {
			return links[i]
		}
		i++
	}
	return p.kit.Glyph.Unknown
}
