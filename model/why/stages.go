package why

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// stage is one thing a fetch or an apply has to get through, in the order it
// meets them: what lies before a fault was seen to work, what lies behind it
// was not tried.
type stage struct {
	words  string
	faults []said.Fault
}

// fetchStages are those of a Git fetch; the ones for ssh or https alone say so
// in front.
var fetchStages = []stage{
	{"its secret", []said.Fault{said.SecretMissing}},
	{"the secret's keys", []said.Fault{said.SecretKeys, said.KeyEncrypted, said.ProviderUnset}},
	{"name lookup", []said.Fault{said.HostUnresolved, said.LookupUnanswered}},
	{"network", []said.Fault{said.ProxyFault, said.ConnectionRefused, said.NoAnswer}},
	{"https:certificate", []said.Fault{said.CertificateUnknown, said.TLSFault}},
	{"ssh:host key", []said.Fault{said.HostKeyChanged, said.HostKeyUnknown, said.HostKeyRevoked, said.HostKeyType}},
	{"login", []said.Fault{said.DeployKeyRefused, said.LoginRefused, said.AccessRefused}},
	{"the repository", []said.Fault{said.RepositoryMissing}},
	{"branch", []said.Fault{said.RefMissing, said.RepositoryEmpty}},
	{"signature", []said.Fault{said.SignatureInvalid}},
}

// applyStages are those of a Kustomization's run.
var applyStages = []stage{
	{"its source", []said.Fault{said.SourceMissing, said.CrossNamespace, said.SourceNotReady}},
	{"what it depends on", []said.Fault{said.DependencyMissing, said.DependencyNotReady}},
	{"the artifact's download", []said.Fault{said.ArtifactServer}},
	{"its path in Git", []said.Fault{said.PathMissing}},
	{"kustomize's build", []said.Fault{said.ManifestInvalid, said.BuildFailed, said.RemoteBase}},
	{"variables", []said.Fault{said.SubstituteMissing, said.SubstituteFailed}},
	{"decryption", []said.Fault{said.DecryptionFailed}},
	{"rights", []said.Fault{said.ForbiddenInside, said.ForbiddenCluster, said.DecryptionUnset}},
	{"the API server's checks", []said.Fault{said.KindMissing, said.NamespaceMissing, said.Refused, said.WebhookFault, said.QuotaExceeded, said.Immutable, said.Invalid, said.Conflict}},
	{"health checks", []said.Fault{said.HealthFailed, said.HealthTimeout}},
	{"pruning", []said.Fault{said.PruneFailed}},
}

// passed splits the stages of a fault of that kind; nothing where it is in
// none of them.
func passed(stages []stage, kind said.Fault, applies func(string) (string, bool)) (before, after []string) {
	at := -1
	for i, st := range stages {
		for _, f := range st.faults {
			if f == kind {
				at = i
			}
		}
	}
	if at < 0 {
		return nil, nil
	}
	for i, st := range stages {
		text, ok := applies(st.words)
		switch {
		case !ok || i == at:
		case i < at:
			before = append(before, text)
		default:
			after = append(after, text)
		}
	}
	return before, after
}

// rule says of a fault what was seen to be fine, and what was not tried.
func (w *walk) rule(f *Fault) {
	o, v := w.speaker(f)
	if o == nil {
		return
	}
	switch d := o.Detail.(type) {
	case *model.Source:
		w.ruleFetch(f, o, d, v)
	case *model.Sync:
		w.ruleApply(f, o, d)
	case *model.Workload:
		w.ruleRun(f, o)
	}
	if c := w.s.ServedBy(o); c.View != nil && f.Ours != ControllerDown {
		switch {
		case c.View.LeaseName != "" && c.View.LeaseRenewed != 0 && !c.View.LeaseStale:
			f.RuledOut = append([]string{c.Name + " (lease fresh)"}, f.RuledOut...)
		case c.View.Health == model.Ready:
			f.NotTried = append(f.NotTried, c.Name+" (no lease tells whether it works)")
		}
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

func (w *walk) ruleFetch(f *Fault, o *model.Object, d *model.Source, v model.Verdict) {
	ssh := strings.HasPrefix(d.URL, "ssh://")
	secret := secretOf(d.Secrets, "secretRef") != ""
	before, after := passed(fetchStages, f.Kind, func(text string) (string, bool) {
		scheme, rest, only := strings.Cut(text, ":")
		switch {
		case only && (scheme == "ssh") != ssh, only && scheme == "https" && !strings.HasPrefix(d.URL, "https://"):
			return "", false
		case only:
			text = rest
		}
		if !secret && strings.Contains(text, "secret") || text == "signature" {
			return "", false
		}
		if text == "name lookup" && numeric(model.HostOf(d.URL)) {
			return "", false
		}
		return text, true
	})
	f.RuledOut, f.NotTried = append(f.RuledOut, before...), append(f.NotTried, after...)
	host := model.HostOf(d.URL)
	if host == "" || len(f.Chain) == 0 || f.Kind == said.Unknown {
		return
	}
	here, elsewhere := w.s.FetchingFrom(host)
	if here > 0 {
		f.RuledOut = append(f.RuledOut, fmt.Sprintf("%s (%s from it)", host, fetch(here)))
	}
	if elsewhere > 0 && (f.Kind == said.NoAnswer || f.Kind == said.ConnectionRefused || f.Kind == said.HostUnresolved || f.Kind == said.LookupUnanswered || f.Kind == said.ProxyFault) {
		f.RuledOut = append(f.RuledOut, fmt.Sprintf("other hosts (%d fetch)", elsewhere))
	}
	if f.Kind == said.SecretMissing {
		w.ruleNamespace(f, o)
	}
}

// ruleNamespace: a Secret that is gone may have gone with its namespace. It did
// not where the object has worked since this namespace was made.
func (w *walk) ruleNamespace(f *Fault, o *model.Object) {
	ns := w.s.Get(model.Key{Kind: model.Namespace, Name: o.Namespace})
	if ns == nil || ns.Created == 0 {
		return
	}
	if worked(o) >= ns.Created {
		f.RuledOut = append(f.RuledOut, "namespace recreated (the same since "+w.when(ns.Created)+")")
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
	before, after := passed(applyStages, kind, func(text string) (string, bool) {
		switch {
		case o.Kind != model.Kustomization,
			text == "what it depends on" && len(d.DependsOn) == 0,
			text == "variables", text == "decryption", text == "pruning",
			text == "health checks" && !d.Wait && d.HealthChecks == 0:
			return "", false
		}
		return text, true
	})
	f.RuledOut, f.NotTried = append(f.RuledOut, before...), append(f.NotTried, after...)
	if k, ok := d.SourceRef.Key(); ok && len(before) > 0 {
		if src := w.s.Get(k); src != nil {
			if rev := w.sourceRevision(d); rev != "" {
				f.RuledOut[0] = "its source (fetched " + model.ShortRevision(rev) + ")"
			}
		}
	}
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
			if w.wellApplied(k) {
				f.RuledOut = append(f.RuledOut, "its source and its sync (applied)")
			}
			break
		}
	}
	pods, _ := w.s.WantedScope(model.Pod, o.Namespace)
	switch {
	case pods.State == model.ScopeDenied:
		f.NotTried = append(f.NotTried, "its pods (not readable by you)")
	case pods.Kind != model.Pod:
		f.NotTried = append(f.NotTried, "its pods")
	case f.Ours == Crashing || f.Ours == ImageMissing || f.Ours == ProbeFails || f.Ours == ContainerSetup:
		f.RuledOut = append(f.RuledOut, "scheduling (its pods have a node)")
		f.NotTried = append(f.NotTried, "node")
	}
}
