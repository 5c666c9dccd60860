package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/textview"
)

// secretLists is what is known of the Secrets in a page's namespaces. They are
// listed while the tab is shown and at no other time.
type secretLists struct {
	known map[string]secretList
	asked string // the namespace that is being asked about
}

type secretList struct {
	list *model.SecretList
	why  string
	at   time.Time // this machine's
}

// secretsFor is how long a list of Secrets is taken as still true while its
// page is looked at.
const secretsFor = 20 * time.Second

// secretsMsg is the list of one namespace's Secrets, or why there is none.
type secretsMsg struct {
	epoch     uint64
	namespace string
	list      *model.SecretList
	err       error
}

func listSecrets(ctx context.Context, cluster Cluster, epoch uint64, namespace string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		list, err := cluster.Secrets(ctx, namespace)
		return secretsMsg{epoch, namespace, list, err}
	}
}

// secretsPage is a page that shows Secrets.
type secretsPage interface {
	// secretsOf is the namespace whose Secrets are to be listed now; false for
	// none.
	secretsOf() (namespace string, now bool)
	tookSecrets(secretsMsg)
}

func (p *tenantPage) secretsOf() (string, bool) {
	if p.tab != tabSecrets || p.secrets.asked != "" {
		return "", false
	}
	for _, ns := range p.namespaces() {
		if l, ok := p.secrets.known[ns]; !ok || p.local.Sub(l.at) > secretsFor {
			p.secrets.asked = ns
			return ns, true
		}
	}
	return "", false
}

func (p *tenantPage) tookSecrets(m secretsMsg) {
	if p.secrets.asked == m.namespace {
		p.secrets.asked = ""
	}
	l := secretList{list: m.list, at: p.local}
	var problem *model.RequestError
	if errors.As(m.err, &problem) {
		l.why = problem.Text
	} else if m.err != nil {
		l.why = m.err.Error()
	}
	if p.secrets.known == nil {
		p.secrets.known = map[string]secretList{}
	}
	p.secrets.known[m.namespace] = l
	if p.tab == tabSecrets {
		p.write()
	}
}

// takeSecrets hands a list to the pages that show it.
func (a *App) takeSecrets(msg secretsMsg) {
	if msg.epoch != a.epoch {
		return
	}
	for _, page := range a.pages {
		if p, ok := page.(secretsPage); ok {
			p.tookSecrets(msg)
		}
	}
	a.dirty = true
}

// secretLines are the Secrets of a tenant: what is referred to and missing
// first, then what is there, and who refers to it. Never what is in them.
func (p *tenantPage) secretLines() []textview.Line {
	d := &describer{env: p.env}
	spaces := p.namespaces()
	for _, ns := range spaces {
		if len(spaces) > 1 {
			d.title("namespace " + ns)
		}
		p.secretsIn(d, ns)
	}
	d.section("NOT SHOWN")
	d.add("values", "and the names of keys: a list of them would bring values along. K, test the one in the cluster, names the keys of one")
	d.add("left out", "Helm's release history and service account tokens")
	return d.lines
}

func (p *tenantPage) secretsIn(d *describer, ns string) {
	known := p.secrets.known[ns]
	there := map[string]*model.SecretInfo{}
	if known.list != nil {
		for i := range known.list.Secrets {
			there[known.list.Secrets[i].Name] = &known.list.Secrets[i]
		}
	}
	uses := p.store.SecretUses(ns)
	used := map[string]bool{}
	var missing, present []model.SecretUse
	for _, u := range uses {
		used[u.Name] = true
		gone := u.Missing
		if known.list != nil {
			gone = there[u.Name] == nil
		}
		if gone {
			missing = append(missing, u)
		} else {
			present = append(present, u)
		}
	}
	d.section("REFERRED TO, MISSING")
	for _, u := range missing {
		d.spans(u.Name, marked(p.missing(), secretUsers(&u))...)
	}
	d.section("REFERRED TO")
	for _, u := range present {
		state, words := p.secretState(&u, there[u.Name], known)
		d.spans(u.Name, marked(state, words+secretUsers(&u))...)
	}
	if known.list != nil {
		d.section("NOBODY OF FLUX REFERS TO")
		for i := range known.list.Secrets {
			if s := &known.list.Secrets[i]; !used[s.Name] {
				d.add(s.Name, strings.TrimSuffix(secretWords(s), "; "))
			}
		}
	}
	if len(uses) == 0 && (known.list == nil || len(known.list.Secrets) == 0) {
		d.section("SECRETS")
		d.add("none", "nothing of Flux here refers to one")
	}
	switch {
	case known.why != "":
		d.section("NOT KNOWN")
		d.add("what is there", "only what Flux's own words tell is shown: "+known.why)
	case known.list == nil:
		d.section("NOT KNOWN")
		d.add("what is there", "being asked")
	}
}

// secretState is what is known of a Secret that is referred to.
func (p *tenantPage) secretState(u *model.SecretUse, info *model.SecretInfo, known secretList) (mark, string) {
	state := p.kit.Glyph.Of(model.Ready)
	words := ""
	switch {
	case info != nil:
		words = secretWords(info)
	case known.list == nil:
		state = p.kit.Glyph.Of(model.Unknown)
		words = "not complained about by who uses it; "
	}
	if u.Lacks != "" {
		state = p.kit.Glyph.Of(model.Failed)
		words += "lacks the key " + u.Lacks + "; "
	}
	if len(u.Shared) > 1 {
		words += "shared by " + strings.Join(u.Shared, ", ") + "; "
	}
	return state, words
}

func secretWords(s *model.SecretInfo) string {
	words := fmt.Sprintf("%s, %d %s", strings.TrimPrefix(s.Type, "kubernetes.io/"), s.Count, keysWord(s.Count))
	if s.Age >= 0 {
		words += ", " + ageOf(time.Duration(s.Age)*time.Second)
	}
	return words + "; "
}

func keysWord(n int) string {
	if n == 1 {
		return "key"
	}
	return "keys"
}

func secretUsers(u *model.SecretUse) string {
	var out []string
	for _, user := range u.Users {
		out = append(out, user.Key.Kind.String()+" "+user.Key.Name+" ("+user.Field+")")
	}
	return "used by " + strings.Join(out, ", ")
}
