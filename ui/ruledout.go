package ui

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/ui/draw"
)

// ruledOutFor is how long what was ruled out is not asked again: it takes a
// look at every tenant.
const ruledOutFor = 5 * time.Second

// ruledOut keeps the last answer.
type ruledOut struct {
	row      rowID
	tenant   *model.Tenant
	revision uint64
	at       time.Time
	words    string
}

// notIt says what was seen to be fine, and so is not what is wrong with a row.
// What was not looked at is not said.
func (s *tenants) notIt(r *tenantRow) string {
	t := r.worst()
	last := &s.ruledOut
	same := last.row == r.id && last.tenant == t
	if same && (last.revision == s.store.Revision() || s.local.Sub(last.at) < ruledOutFor) {
		return last.words
	}
	var parts []string
	switch link := firstBroken(t); link {
	case model.LinkSource:
		parts = append(s.atWork("source-controller"), s.otherSources(t)...)
	case model.LinkSync:
		parts = s.atWork(appliedBy(t.Worst.Kind))
		if t.Chain[model.LinkSource].Health == model.Ready {
			parts = append(parts, "its source (fetched)")
		}
		if n := s.others(t, func(o *model.Tenant) bool { return o.Chain[model.LinkSync].Health == model.Ready }); n > 0 {
			parts = append(parts, fmt.Sprintf("other syncs (%d apply)", n))
		}
	case model.LinkWorkloads:
		if t.Chain[model.LinkSource].Health == model.Ready && t.Chain[model.LinkSync].Health == model.Ready {
			parts = append(parts, "its source and its sync (applied)")
		}
	}
	*last = ruledOut{row: r.id, tenant: t, revision: s.store.Revision(), at: s.local, words: strings.Join(parts, ", ")}
	return last.words
}

// firstBroken is the first link of a chain that is not fine.
func firstBroken(t *model.Tenant) model.Link {
	for i, l := range t.Chain {
		if l.Health.Unhealthy() {
			return model.Link(i)
		}
	}
	return model.LinkCount
}

// appliedBy is the controller of a kind of syncs.
func appliedBy(k model.Kind) string {
	switch k {
	case model.Kustomization:
		return "kustomize-controller"
	case model.HelmRelease:
		return "helm-controller"
	}
	return ""
}

// atWork is the controller, if its lease shows that it works. How old the
// lease is counts in seconds: saying so would redraw a calm screen for nothing.
func (s *tenants) atWork(name string) []string {
	if p := s.store.Platform(); p != nil {
		for i := range p.Controllers {
			if c := &p.Controllers[i]; c.Name == name && c.LeaseName != "" && c.LeaseRenewed != 0 && !c.LeaseStale {
				return []string{name + " (lease fresh)"}
			}
		}
	}
	return nil
}

// resolved: an address that was dialled is a name that was found.
var resolved = regexp.MustCompile(`dial tcp (\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):`)

// otherSources says what the sources of other tenants show about this one's
// host, and about the way to all others.
func (s *tenants) otherSources(t *model.Tenant) []string {
	host := s.sourceHost(t)
	if host == "" {
		return nil
	}
	here, elsewhere := 0, 0
	s.others(t, func(o *model.Tenant) bool {
		if o.Chain[model.LinkSource].Health != model.Ready {
			return false
		}
		switch at := s.sourceHost(o); at {
		case "":
		case host:
			here++
		default:
			elsewhere++
		}
		return true
	})
	var out []string
	if t.Cause != nil && resolved.MatchString(t.Cause.Message) {
		out = append(out, "name lookup")
	}
	if here > 0 {
		out = append(out, fmt.Sprintf("%s (%d others fetch from it)", host, here))
	}
	if elsewhere > 0 {
		out = append(out, fmt.Sprintf("other hosts (%d fetch)", elsewhere))
	}
	return out
}

// others counts the other tenants for which f holds.
func (s *tenants) others(t *model.Tenant, f func(*model.Tenant) bool) int {
	n := 0
	for _, o := range s.store.Tenants() {
		if o != t && f(o) {
			n++
		}
	}
	return n
}

// sourceHost is the host a tenant fetches from; "" when that can't be told, or
// is several.
func (s *tenants) sourceHost(t *model.Tenant) string {
	host := ""
	for _, k := range t.Sources {
		o := s.store.Get(k)
		if o == nil {
			continue
		}
		d, ok := o.Detail.(*model.Source)
		if !ok || d.URL == "" {
			continue
		}
		at, _, _ := strings.Cut(shortURL(d.URL), "/")
		if _, behind, ok := strings.Cut(at, "@"); ok {
			at = behind // git@host:path
		}
		at, _, _ = strings.Cut(at, ":")
		if host != "" && host != at {
			return ""
		}
		host = at
	}
	return host
}

// hang breaks text into lines, the first of them narrower by n.
func hang(kit draw.Kit, s string, w, n int) []string {
	if n <= 0 {
		return wrap(kit, s, w)
	}
	lines := wrap(kit, s, w-n)
	if len(lines) < 2 {
		return lines
	}
	return append(lines[:1:1], wrap(kit, strings.Join(lines[1:], " "), w)...)
}
