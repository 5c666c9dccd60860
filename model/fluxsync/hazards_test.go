package fluxsync_test

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/ui/uitest"
)

const ns = "flux-system"

// store is a cluster whose platform sync applies what is given, by inventory
// ids; two tenants have a Kustomization of the same name.
func store(inventory string, change func(*model.Sync)) *model.Store {
	c := uitest.NewCluster("prod").Controllers().PlatformSync().Tenant("docs").Tenant("search")
	sync := uitest.Sync(ns, ns, "./clusters/prod", uitest.Rev1)
	d := sync.Detail.(*model.Sync)
	d.Inventory = inventory
	if change != nil {
		change(d)
	}
	c.Put(sync)
	for _, t := range []string{"docs", "search"} {
		c.Put(uitest.Sync(t, "app", "./deploy", uitest.Rev1))
	}
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(c.Batch)
	return s
}

func spec(path string) *fluxsync.Spec {
	return &fluxsync.Spec{Kind: "GitRepository", URL: "ssh://git@github.com/acme/fleet", Ref: "refs/heads/main", Path: path, PullSecret: ns}
}

func live(sync *fluxsync.Spec, change func(*fluxsync.Live)) fluxsync.Live {
	l := fluxsync.Live{Key: model.Key{Kind: model.FluxInstance, Namespace: ns, Name: "flux"}, UID: "u", Sync: sync, Labels: map[string]string{}, Annotations: map[string]string{}}
	if change != nil {
		change(&l)
	}
	return l
}

const (
	instanceID = "flux-system_flux_fluxcd.controlplane.io_FluxInstance"
	appOfDocs  = "docs_app_kustomize.toolkit.fluxcd.io_Kustomization"
)

func TestHazards(t *testing.T) {
	old := spec("./clusters/prod")
	ownedBy := func(manager string) func(*fluxsync.Live) {
		return func(l *fluxsync.Live) {
			l.Owners = []model.FieldOwner{{Path: ".spec.sync.url", Manager: manager}, {Path: ".status.x", Manager: "kustomize-controller", Subresource: "status"}}
		}
	}
	for _, c := range []struct {
		name  string
		store *model.Store
		live  fluxsync.Live
		want  *fluxsync.Spec
		says  []string // in a hazard of that level and number: "level id text"
		not   string
	}{
		{"no sync before", func() *model.Store {
			s := model.NewStore(uitest.NewClock().Now)
			s.Apply(uitest.NewCluster("prod").Controllers().Batch)
			return s
		}(), live(nil, nil), spec("./x"), []string{"0  nothing is pruned now: there was no sync", "2 N3 if Git comes to hold"}, "N2"},
		{"the same again", store(appOfDocs, nil), live(old, nil), old, []string{"0  nothing is pruned: kind, url, ref and path stay"}, "N2"},
		{"another path", store("_docs__Namespace\n"+appOfDocs, nil), live(old, nil), spec("./other"), []string{"3 N2 path changed: of the 4 objects", "1 Namespace with everything in it"}, "N1"},
		{"another url and ref", store("_docs__Namespace", nil), live(old, nil), func() *fluxsync.Spec {
			s := old.Set(fluxsync.URL, "https://github.com/acme/fleet").Set(fluxsync.Ref, "refs/heads/x")
			return &s
		}(), []string{"3 N2 url and ref changed"}, ""},
		{"another path, and it does not prune", store("_docs__Namespace", func(d *model.Sync) { d.Prune = false }), live(old, nil), spec("./other"), []string{"0 N2 path changed; nothing is pruned: it does not prune"}, ""},
		{"a name that is added", store("_docs__Namespace", nil), live(old, nil), func() *fluxsync.Spec { s := old.Set(fluxsync.Name, "fleet"); return &s }(), []string{"3 N1 another name"}, ""},
		{"somebody else's Kustomization", store("_docs__Namespace", nil), live(nil, nil), spec("./x"), []string{"3 N2 Kustomization/flux-system/flux-system is there already"}, ""},
		{"cleared", store("_docs__Namespace", nil), live(old, nil), nil, []string{"3 N1 the operator deletes Kustomization/flux-system/flux-system"}, "N3"},
		{"cleared while suspended", store("_docs__Namespace", func(d *model.Sync) { d.Suspend = true }), live(old, nil), nil, []string{"0 N1 what it applied stays: it is suspended"}, ""},
		{"cleared with Orphan", store("_docs__Namespace", func(d *model.Sync) { d.DeletionPolicy = "Orphan" }), live(old, nil), nil, []string{"0 N1 what it applied stays: its deletionPolicy is Orphan"}, ""},
		{"cleared with Delete though it does not prune", store("_docs__Namespace", func(d *model.Sync) { d.Prune, d.DeletionPolicy = false, "Delete" }), live(old, nil), nil, []string{"3 N1 the operator deletes"}, ""},
		{"in its own inventory", store(instanceID, nil), live(old, nil), old, []string{"3 N3 Kustomization/flux-system/flux-system applies this FluxInstance"}, ""},
		{"guarded", store(instanceID, nil), live(old, func(l *fluxsync.Live) { l.Annotations["kustomize.toolkit.fluxcd.io/prune"] = "Disabled" }), old, []string{"0 N3"}, "uninstalls Flux"},
		{"guarded by a label", store(instanceID, nil), live(old, func(l *fluxsync.Live) { l.Labels["kustomize.toolkit.fluxcd.io/prune"] = "disabled" }), old, []string{"0 N3"}, ""},
		{"forced", store(instanceID, func(d *model.Sync) { d.Force = true }), live(old, nil), old, []string{"3 N6"}, ""},
		{"of Helm", store("", nil), live(old, func(l *fluxsync.Live) {
			l.Annotations["meta.helm.sh/release-name"], l.Annotations["meta.helm.sh/release-namespace"] = "fluxcd", "cozy-fluxcd"
			l.Labels["helm.toolkit.fluxcd.io/name"], l.Labels["helm.toolkit.fluxcd.io/namespace"] = "kubernetes-demo-fluxcd", "tenant-root"
		}), old, []string{"1 N4 N5 Helm release cozy-fluxcd/fluxcd owns this object", "HelmRelease tenant-root/kubernetes-demo-fluxcd, which is in another cluster, does so"}, ""},
		{"set by kubectl and held by Git", store(instanceID, nil), live(old, ownedBy("kubectl-edit")), old, []string{"3 N7"}, ""},
		{"set by kubectl, held, with ssa merge", store(instanceID, nil), live(old, func(l *fluxsync.Live) {
			ownedBy("kubectl-edit")(l)
			l.Annotations["kustomize.toolkit.fluxcd.io/ssa"] = "merge"
		}), old, nil, "N7"},
		{"stated by Git", store(instanceID, nil), live(old, ownedBy("kustomize-controller")), old, []string{"3  what is set here does not last: Git (at every interval, with force)"}, "N7"},
		{"suspended", store("", nil), live(old, func(l *fluxsync.Live) { l.Annotations["fluxcd.controlplane.io/reconcile"] = "disabled" }), old, []string{"1  the instance is suspended"}, ""},
		{"applies its own secret", store("flux-system_flux-system__Secret", nil), live(old, nil), old, []string{"3  Kustomization/flux-system/flux-system applies its own pull secret"}, ""},
	} {
		hazards := fluxsync.Look{Store: c.store, Live: c.live, Want: c.want}.Hazards()
		var all []string
		for _, h := range hazards {
			all = append(all, string('0'+rune(h.Level))+" "+h.ID+" "+h.Text)
		}
		text := strings.Join(all, "\n")
		for _, s := range c.says {
			if !strings.Contains(text, s) {
				t.Errorf("%s: %q is not among\n%s", c.name, s, text)
			}
		}
		if c.not != "" && strings.Contains(text, c.not) {
			t.Errorf("%s: %q is among\n%s", c.name, c.not, text)
		}
	}
}

func TestNoOperatorIsSaid(t *testing.T) {
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(uitest.NewCluster("prod").Batch)
	hazards := fluxsync.Look{Store: s, Live: live(nil, nil), Want: spec("./x")}.Hazards()
	for _, h := range hazards {
		if h.ID == "N8" && h.Level == fluxsync.Danger {
			return
		}
	}
	t.Errorf("hazards: %+v", hazards)
}

// What falls: nested, the gravest first, and each tenant's own.
func TestFalls(t *testing.T) {
	s := store("docs_settings__ConfigMap\n"+appOfDocs+"\n_docs__Namespace\n"+instanceID, nil)
	f := fluxsync.FallsOf(s, model.Key{Kind: model.Kustomization, Namespace: ns, Name: ns}, nil)
	var names []string
	for _, r := range f.Objects {
		names = append(names, r.String())
	}
	want := "FluxInstance/flux-system/flux Namespace/docs Kustomization/docs/app ConfigMap/docs/settings Deployment/docs/web Service/docs/web"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(f.Through) != 1 || f.Through[0].N != 2 || len(f.Grave()) != 2 {
		t.Errorf("through %v, grave %v", f.Through, f.Grave())
	}
	if f.Holds(model.Key{Kind: model.Kustomization, Namespace: "search", Name: "app"}.ObjectRef()) {
		t.Error("another tenant's Kustomization of the same name falls too")
	}
	// One that is suspended keeps its own.
	c := &uitest.Cluster{}
	app := uitest.Sync("docs", "app", "./deploy", uitest.Rev1)
	app.Detail.(*model.Sync).Suspend = true
	s.Apply(c.Put(app).Batch)
	if n := len(fluxsync.FallsOf(s, model.Key{Kind: model.Kustomization, Namespace: ns, Name: ns}, nil).Objects); n != 4 {
		t.Errorf("%d objects fall, want 4", n)
	}
}

func TestGuards(t *testing.T) {
	old := spec("./clusters/prod")
	names := func(s *model.Store, l fluxsync.Live) string {
		var out []string
		for _, g := range (fluxsync.Look{Store: s, Live: l, Want: old}).Guards() {
			out = append(out, g.Annotation[strings.LastIndex(g.Annotation, "/")+1:]+"="+g.Value)
		}
		return strings.Join(out, " ")
	}
	if got := names(store("", nil), live(old, nil)); got != "prune=disabled" {
		t.Errorf("guards: %s", got)
	}
	if got := names(store(instanceID, nil), live(old, nil)); got != "prune=disabled ssa=Merge" {
		t.Errorf("guards of one that Git holds: %s", got)
	}
	all := live(old, func(l *fluxsync.Live) {
		l.Annotations["kustomize.toolkit.fluxcd.io/prune"], l.Labels["kustomize.toolkit.fluxcd.io/ssa"] = "disabled", "merge"
	})
	if got := names(store(instanceID, nil), all); got != "" {
		t.Errorf("guards of one that has them: %s", got)
	}
}

// Where a change lasts, by who says that the instance is theirs.
func TestDurable(t *testing.T) {
	for _, c := range []struct {
		name, where, text string
		change            func(*fluxsync.Live)
	}{
		{"nobody's", "in Git, as a part of this FluxInstance's manifest", "kind: FluxInstance\n", nil},
		{"a chart's", "in the chart's value instance.sync of release flux-system/flux", "instance:\n  sync:\n    kind: GitRepository\n", func(l *fluxsync.Live) {
			l.Annotations["meta.helm.sh/release-name"], l.Annotations["meta.helm.sh/release-namespace"] = "flux", ns
		}},
		{"a HelmRelease's", "in the values of HelmRelease a/b: instance.sync", "instance:\n", func(l *fluxsync.Live) {
			l.Labels["helm.toolkit.fluxcd.io/name"], l.Labels["helm.toolkit.fluxcd.io/namespace"] = "b", "a"
		}},
		{"Cozystack's", "through addons.fluxcd.valuesOverride", "addons:\n  fluxcd:\n    valuesOverride:\n      flux-instance:\n        instance:\n          sync:\n            kind: GitRepository\n", func(l *fluxsync.Live) {
			l.Key.Namespace = "cozy-fluxcd"
			l.Labels["app.kubernetes.io/managed-by"] = "Helm"
		}},
		{"Git's", "in Git, in the manifest that Kustomization apps/flux applies", "spec:\n  sync:\n    kind: GitRepository\n", func(l *fluxsync.Live) {
			l.Labels["kustomize.toolkit.fluxcd.io/name"], l.Labels["kustomize.toolkit.fluxcd.io/namespace"] = "flux", "apps"
		}},
	} {
		d := live(nil, c.change).Durable(*spec("./x"))
		if !strings.Contains(d.Where, c.where) || !strings.Contains(d.Text, c.text) {
			t.Errorf("%s: %s\n%s", c.name, d.Where, d.Text)
		}
	}
}

func TestSecretIsKnownWithoutItsValues(t *testing.T) {
	list := &model.SecretList{Namespace: ns, Secrets: []model.SecretInfo{{Name: ns, Type: "Opaque", Count: 3}, {Name: "login", Type: "kubernetes.io/basic-auth", Count: 2},
		{Name: "registry", Type: "kubernetes.io/dockerconfigjson", Count: 1}}}
	for _, c := range []struct {
		secret string
		list   *model.SecretList
		want   fluxsync.SecretState
		says   string
	}{
		{ns, list, fluxsync.SecretThere, "exists (Opaque, 3 keys)"},
		{"gone", list, fluxsync.SecretMissing, "does not exist in flux-system"},
		{"login", list, fluxsync.SecretWrong, "ssh://"},
		{"registry", list, fluxsync.SecretWrong, "kubernetes.io/dockerconfigjson"},
		{ns, nil, fluxsync.SecretUnknown, "you may not"},
	} {
		s := spec("./x").Set(fluxsync.PullSecret, c.secret)
		state, words := fluxsync.Secret(s, c.list, "you may not list secrets")
		if state != c.want || !strings.Contains(words, c.says) {
			t.Errorf("%s: %v %s", c.secret, state, words)
		}
	}
}

// Who owns a field, and what each of them does next.
func TestOwners(t *testing.T) {
	l := live(spec("./x"), func(l *fluxsync.Live) {
		l.Labels["kustomize.toolkit.fluxcd.io/name"], l.Labels["kustomize.toolkit.fluxcd.io/namespace"] = "apps", ns
		l.Owners = append(l.Owners, []model.FieldOwner{
			{Path: ".spec.sync.url", Manager: "kustomize-controller"}, {Path: ".spec.sync.url", Manager: "kubectl-edit"},
			{Path: ".spec.sync.url", Manager: "robot", Subresource: "status"}, {Path: ".spec.distribution.version", Manager: "helm"},
			{Path: ".spec.synced", Manager: "someone"}, {Path: ".metadata.labels", Manager: "other"},
		}...)
	})
	names := func(owners []fluxsync.Owner) string {
		var out []string
		for _, o := range owners {
			out = append(out, o.Manager)
		}
		return strings.Join(out, " ")
	}
	if got := names(l.OwnersOf(fluxsync.URL)); got != "kustomize-controller kubectl-edit" {
		t.Errorf("owners of the url: %s", got)
	}
	if got := names(l.SyncOwners()); got != "kustomize-controller kubectl-edit" {
		t.Errorf("owners of the sync: %s", got)
	}
	for _, c := range []struct {
		manager, who, again string
		reconciler          bool
	}{
		{"kustomize-controller", "Git, by Kustomization flux-system/apps", "at every interval, with force", true},
		{"helm-controller", "HelmRelease", "drift correction", true},
		{"helm", "Helm", "at the next helm upgrade", false},
		{"kubectl-client-side-apply", "a person, by kubectl", "Git drops such fields", false},
		{"flux", "a person, by flux", "not by itself", false},
		{"tenantry", "tenantry", "only when somebody sets sync here again", false},
		{"fleet-bot", "fleet-bot", "it may write again", false},
	} {
		o := l.Owner(c.manager)
		if !strings.HasPrefix(o.Who, c.who) || !strings.Contains(o.Again, c.again) || o.Reconciler != c.reconciler {
			t.Errorf("%s: %+v", c.manager, o)
		}
	}
}

// Kustomizations may not be read by the user: what the sync applied is not known.
func TestWhatCannotBeReadIsNotFine(t *testing.T) {
	c := uitest.NewCluster("prod").Controllers()
	c.Scope(model.ScopeStatus{Kind: model.Kustomization, State: model.ScopeDenied, Verb: "list"})
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(c.Batch)
	old := spec("./clusters/prod")
	for _, want := range []*fluxsync.Spec{nil, spec("./elsewhere")} {
		for _, h := range (fluxsync.Look{Store: s, Live: live(old, nil), Want: want}).Hazards() {
			if h.Level == fluxsync.Fine && h.ID != "N3" {
				t.Errorf("want %v: %v %q: said to be fine, though Kustomizations can't be read", want != nil, h.Level, h.Text)
			}
		}
	}
	if !fluxsync.Deletes((fluxsync.Look{Store: s, Live: live(old, nil)}).Hazards()) {
		t.Error("clearing asks for no name to be typed")
	}
}
