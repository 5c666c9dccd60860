package doctor

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// checks are the platform's parts, in the order in which the one rests on the
// other.
func checks(s *model.Store, p *model.Platform) []Check {
	conn := s.Connection()
	out := []Check{connection(&conn)}
	add := func(name, state, detail string) { out = append(out, Check{name, state, clean(detail)}) }
	if p.NoFlux {
		add("flux", Bad, "the server serves none of Flux's kinds: Flux is not installed, or its CRDs are gone")
		return out
	}
	everywhere := readEverywhere(s)
	switch {
	case p.Operator != nil:
		add("flux-operator", stateOf(p.Operator.Health), controllerWords(p.Operator))
	case !everywhere:
		add("flux-operator", Unknown, "Deployments are not read in Flux's namespace")
	default:
		add("flux-operator", Warn, "not found: Flux was installed another way, or nothing keeps it up to date")
	}
	if p.Instance != nil {
		add("FluxInstance", stateOf(p.InstanceV.Health), orWord(p.InstanceV.Message, p.InstanceV.Health.String()))
	} else if p.Operator != nil {
		add("FluxInstance", Warn, "none named flux in the operator's namespace")
	}
	for i := range p.Controllers {
		c := &p.Controllers[i]
		add(c.Name, stateOf(c.Health), controllerWords(c))
	}
	switch {
	case len(p.Controllers) > 0:
	case everywhere:
		add("controllers", Bad, "no controller of Flux runs: nothing is fetched or applied")
	default:
		add("controllers", Unknown, "Deployments are not read in Flux's namespace")
	}
	switch l := p.Lockdown; {
	case !l.Known:
		add("lockdown", Unknown, l.Detail)
	case l.Enabled && !l.Partial:
		add("lockdown", OK, orWord(l.Detail, "on"))
	default:
		add("lockdown", Warn, orWord(l.Detail, "off: "+strings.Join(l.Missing, ", ")))
	}
	if d, ok := instance(p); ok {
		if d.Sync == nil {
			add("sync", Warn, "the instance has none: it applies nothing but Flux")
		} else {
			add("sync", OK, model.SyncWords(d.Sync))
			if row := p.Row; row != nil {
				for _, link := range []model.Link{model.LinkSource, model.LinkSync} {
					if h := row.Chain[link].Health; h.Unhealthy() {
						out[len(out)-1].State = Bad
					}
				}
			}
		}
	}
	return out
}

// readEverywhere reports whether Deployments are read in all namespaces: what
// of Flux is not found then is not there.
func readEverywhere(s *model.Store) bool {
	for _, sc := range s.Scopes() {
		if sc.Kind == model.Deployment && sc.Namespace == "" {
			return sc.State == model.ScopeSynced || sc.State == model.ScopeStale
		}
	}
	return false
}

func instance(p *model.Platform) (*model.Instance, bool) {
	if p.Instance == nil {
		return nil, false
	}
	d, ok := p.Instance.Detail.(*model.Instance)
	return d, ok
}

func connection(c *model.Connection) Check {
	if c.State == model.ConnLive {
		return Check{"API server", OK, strings.TrimSpace("answers, Kubernetes " + c.Version)}
	}
	// That it can't be reached from here says nothing about the cluster.
	return Check{"API server", Unknown, clean(orWord(c.Err, "does not answer"))}
}

func controllerWords(c *model.ControllerView) string {
	words := c.Version
	if c.Health != model.Ready && c.Message != "" {
		words = strings.TrimSpace(words + " " + c.Message)
	}
	if c.LeaseName == "" && c.Health == model.Ready {
		words += ", no lease to tell whether it is at work"
	}
	return strings.TrimPrefix(words, ", ")
}

func stateOf(h model.Health) string {
	switch {
	case h.Unhealthy():
		return Bad
	case h == model.Ready:
		return OK
	case h == model.Unknown:
		return Unknown
	}
	return Warn
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// Summary says in one line how the cluster is.
func (r *Report) Summary() string {
	switch r.Verdict {
	case Healthy:
		tenants := counted(r.Tenants)
		if slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Name == "controllers" && c.State == Unknown }) {
			return "Healthy as far as it was read: " + tenants + "; the platform is not in the namespaces that were asked for"
		}
		return "Healthy: the platform and " + tenants + " are as they should be"
	case Unknown:
		return "Nothing is known to be broken, but not everything could be read"
	}
	if r.Broken == 0 {
		var bad []string
		for _, c := range r.Checks {
			if c.State == Bad {
				bad = append(bad, c.Name)
			}
		}
		return "Not healthy: " + strings.Join(bad, ", ")
	}
	who, tenants := "", r.Broken
	if r.platform {
		who, tenants = "the platform", tenants-1
	}
	if tenants > 0 {
		if who != "" {
			who += " and "
		}
		who += fmt.Sprintf("%d of %s", tenants, counted(r.Tenants))
	}
	return "Not healthy: " + who + ", by " + causes(len(r.Causes))
}

func counted(tenants int) string {
	if tenants == 1 {
		return "one tenant"
	}
	return fmt.Sprintf("%d tenants", tenants)
}

func causes(n int) string {
	switch n {
	case 0:
		return "causes nobody can name"
	case 1:
		return "one cause"
	}
	return fmt.Sprintf("%d causes", n)
}
