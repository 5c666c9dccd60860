package why

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// rule notes of a fault how everything it may have lain in came out.
func (w *walk) rule(f *Fault) {
	o, _ := w.speaker(f)
	if o == nil {
		return
	}
	if c := w.s.ServedBy(o); c.View != nil && f.Ours != ControllerDown {
		one := check{topic: c.Name, about: refOf(c.View.Key), shared: true}
		switch {
		case c.View.LeaseName != "" && c.View.LeaseRenewed != 0 && !c.View.LeaseStale:
			one.words, one.outcome = c.Name+" (lease fresh)", passed
			f.checks = append(f.checks, one)
		case c.View.Health == model.Ready:
			one.words = c.Name + " (no lease tells whether it works)"
			defer func() { f.checks = append(f.checks, one) }()
		}
	}
	switch d := o.Detail.(type) {
	case *model.Source:
		w.ruleFetch(f, o, d)
	case *model.Sync:
		w.ruleApply(f, o, d)
	case *model.Workload:
		w.ruleRun(f, o)
	}
}

// speaker is the last object of a chain whose own controller spoke.
func (w *walk) speaker(f *Fault) (*model.Object, model.Verdict) {
	for i := len(f.Chain) - 1; i >= 0; i-- {
		k, ok := f.Chain[i].Key()
		if !ok {
			continue
		}
		o := w.s.Get(k)
		if o == nil {
			continue
		}
		switch o.Detail.(type) {
		case *model.Source, *model.Sync, *model.Workload, *model.Instance:
			if v := w.s.Verdict(k); v.Health.Unhealthy() {
				return o, v
			}
		}
	}
	return nil, model.Verdict{}
}

func (f *Fault) pass(topic, words string, about model.Ref) {
	f.checks = append(f.checks, check{topic: topic, words: words, about: about, outcome: passed})
}

// passShared is pass for what is the same thing for other faults, too.
func (f *Fault) passShared(topic, words string, about model.Ref) {
	f.checks = append(f.checks, check{topic: topic, words: words, about: about, outcome: passed, shared: true})
}

func (w *walk) ruleFetch(f *Fault, o *model.Object, d *model.Source) {
	ssh := strings.HasPrefix(d.URL, "ssh://")
	secret := secretOf(d.Secrets, "secretRef")
	checks := through(fetchStages, f.Kind, func(text string) (string, bool) {
		scheme, rest, only := strings.Cut(text, ":")
		switch {
		case only && (scheme == "ssh") != ssh, only && scheme == "https" && !strings.HasPrefix(d.URL, "https://"):
			return "", false
		case only:
			text = rest
		}
		switch {
		case text == theSecret && secret == "", text == "signature" && !d.Verify,
			text == theLookup && numeric(model.HostOf(d.URL)):
			return "", false
		case text == "branch" && o.Kind == model.OCIRepository:
			return "tag", true
		}
		return text, text != "branch" || o.Kind == model.GitRepository
	})
	for i := range checks {
		switch c := &checks[i]; {
		case c.topic == theSecret:
			c.about = model.Ref{Kind: "Secret", Namespace: o.Namespace, Name: secret}
		case c.topic == theLookup && f.Kind == said.NoAnswer && c.outcome == passed && !w.dialled(o):
			c.outcome = untried // what takes too long may be that, too
		}
	}
	f.checks = append(f.checks, checks...)
	host := model.HostOf(d.URL)
	if host == "" || len(f.Chain) == 0 || f.Kind == said.Unknown {
		return
	}
	here, elsewhere := w.s.FetchingFrom(host)
	switch {
	case atTheHost(f.Kind):
		f.checks = append(f.checks, check{topic: "host " + host, outcome: failed})
	case here > 0:
		f.passShared("host "+host, fmt.Sprintf("%s (%s from it)", host, fetch(here)), model.Ref{})
	}
	if elsewhere > 0 && (f.Kind == said.NoAnswer || f.Kind == said.ConnectionRefused || f.Kind == said.HostUnresolved || f.Kind == said.LookupUnanswered || f.Kind == said.ProxyFault) {
		f.passShared("other hosts", fmt.Sprintf("other hosts (%d fetch)", elsewhere), model.Ref{})
	}
	if f.Kind == said.SecretMissing {
		w.ruleNamespace(f, o)
	}
}

// atTheHost reports whether a fault lies at the host or on the way to it: that
// others fetch from there is then evidence, and does not clear it.
func atTheHost(kind said.Fault) bool {
	for _, st := range fetchStages[1:5] {
		if slices.Contains(st.faults, kind) {
			return true
		}
	}
	return kind == said.HostKeyChanged || kind == said.HostKeyUnknown || kind == said.HostKeyRevoked || kind == said.HostKeyType
}

// dialled reports whether what a source says names an address it had dialled: a
// name was looked up before.
func (w *walk) dialled(o *model.Object) bool {
	s, _ := said.Read(w.s.Verdict(o.Key).Message)
	return s.Host != "" && numeric(s.Host)
}

// ruleNamespace: a Secret that is gone may have gone with its namespace. It did
// not where the object has worked since this namespace was made.
func (w *walk) ruleNamespace(f *Fault, o *model.Object) {
	ns := w.s.Get(model.Key{Kind: model.Namespace, Name: o.Namespace})
	if ns == nil || ns.Created == 0 {
		return
	}
	if worked(o) >= ns.Created {
		f.passShared("namespace "+o.Namespace, "namespace recreated (the same since "+w.when(ns.Created)+")", refOf(ns.Key))
	}
}

// worked is when an object is known to have had all it needs, 0 for never.
func worked(o *model.Object) model.Unix {
	switch d := o.Detail.(type) {
	case *model.Source:
		if d.Revision != "" {
			return d.Updated
		}
	case *model.Sync:
		for i := range d.History {
			if h := &d.History[i]; strings.Contains(h.Status, "Succeeded") {
				return h.Last
			}
		}
	}
	return 0
}

func fetch(n int) string {
	if n == 1 {
		return "1 other fetches"
	}
	return fmt.Sprintf("%d others fetch", n)
}

func numeric(host string) bool { return strings.Trim(host, "0123456789.:[]") == "" }

func (w *walk) ruleApply(f *Fault, o *model.Object, d *model.Sync) {
	kind := f.Kind
	switch f.Ours {
	case AccountMissing, NoRights:
		kind = said.ForbiddenInside
	}
	checks := through(applyStages, kind, func(text string) (string, bool) {
		switch {
		case o.Kind != model.Kustomization,
			text == "what it depends on" && len(d.DependsOn) == 0,
			text == "variables", text == "decryption", text == "pruning",
			text == "health checks" && !d.Wait && d.HealthChecks == 0:
			return "", false
		}
		return text, true
	})
	for i := range checks {
		if c := &checks[i]; c.topic == "its source" {
			c.about = d.SourceRef
			if rev := w.sourceRevision(d); rev != "" {
				c.words += " (fetched " + model.ShortRevision(rev) + ")"
			}
		}
	}
	f.checks = append(f.checks, checks...)
}

// wellApplied reports whether a sync has applied what its source has, and both
// are looked after.
func (w *walk) wellApplied(k model.Key) bool {
	o := w.s.Get(k)
	if o == nil {
		return false
	}
	keys := []model.Key{k}
	if d, ok := o.Detail.(*model.Sync); ok {
		if source, ok := d.SourceRef.Key(); ok {
			keys = append(keys, source)
		}
	}
	for i, k := range keys {
		o := w.s.Get(k)
		if o == nil {
			continue
		}
		v := w.s.Verdict(k)
		if v.Overlays != 0 || i > 0 && v.Health.Unhealthy() {
			return false
		}
		if c := w.s.ServedBy(o).View; c != nil && !c.AtWork() {
			return false
		}
	}
	return true
}

func (w *walk) ruleRun(f *Fault, o *model.Object) {
	for i := range f.Chain {
		if k, ok := f.Chain[i].Key(); ok && k.Kind.Role() == model.RoleSync {
			if o := w.s.Get(k); o != nil && w.wellApplied(k) {
				about := model.Ref{}
				if d, ok := o.Detail.(*model.Sync); ok {
					about = d.SourceRef
				}
				f.pass("its source and its sync", "its source and its sync (applied)", about)
			}
			break
		}
	}
	pods, _ := w.s.WantedScope(model.Pod, o.Namespace)
	open := func(topic, words string) { f.checks = append(f.checks, check{topic: topic, words: words}) }
	switch {
	case f.Ours == PodsRefused: // there are none to look at
	case pods.State == model.ScopeDenied:
		open("its pods", "its pods (not readable by you)")
	case pods.Kind != model.Pod:
		open("its pods", "its pods")
	case f.Ours == NoNodeTakesIt:
		f.checks = append(f.checks, check{topic: "scheduling", outcome: failed})
	case f.Ours == NodeDown:
		f.checks = append(f.checks, check{topic: "node", outcome: failed})
	case f.Ours == Crashing || f.Ours == ImageMissing || f.Ours == ProbeFails || f.Ours == ContainerSetup:
		f.pass("scheduling", "scheduling (its pods have a node)", model.Ref{})
		open("node", "the node they are on")
	}
}
