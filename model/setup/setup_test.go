package setup_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
	"tenantry/model/setup"
	"tenantry/ui/uitest"
)

func storeOf(c *uitest.Cluster) *model.Store {
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(c.Batch)
	return s
}

// allowed is a look at a cluster by somebody who may do everything.
func allowed(c *uitest.Cluster, secrets ...string) setup.Look {
	l := setup.Look{Store: storeOf(c), Asked: true, Who: "ann", Secrets: &model.SecretList{Namespace: "flux-system"}}
	for _, name := range secrets {
		l.Secrets.Secrets = append(l.Secrets.Secrets, model.SecretInfo{Namespace: "flux-system", Name: name, Type: "Opaque", Count: 3})
	}
	return l
}

func deny(l setup.Look, steps ...setup.Step) setup.Look {
	for _, s := range steps {
		for _, a := range setup.Needs(s, l.Namespace()) {
			l.Permissions = append(l.Permissions, model.Permission{Access: a, State: model.PermissionDenied})
		}
	}
	return l
}

// letters writes the states of all steps, a letter each.
func letters(all [setup.Count]setup.Found) string {
	var b strings.Builder
	for _, f := range all {
		b.WriteByte("?obd~#x."[f.State])
	}
	return b.String()
}

func failing(c *uitest.Cluster) *uitest.Cluster {
	return c.Put(uitest.Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", "",
		uitest.Failing("AuthenticationFailed", `failed to get secret 'flux-system/flux-system': secrets "flux-system" not found`, time.Minute)))
}

// Every cluster says by itself how far it is: ? unknown, o to do, b on its way,
// d done, ~ partly, # refused, x failed, . not ours.
func TestWhereAClusterStands(t *testing.T) {
	helm := func() *uitest.Cluster {
		o := uitest.Instance(nil)
		o.Annotations = model.Pairs{{Name: "meta.helm.sh/release-name", Value: "fluxcd"}, {Name: "meta.helm.sh/release-namespace", Value: "flux-system"}}
		return uitest.Unsynced().Put(o)
	}
	elsewhere := func() *uitest.Cluster {
		o := uitest.Instance(nil)
		o.Key.Namespace = "default"
		return uitest.OperatorOnly().Put(uitest.Namespace("default", ""), o)
	}
	broken := uitest.Failing("ReconciliationFailed", "reconciliation failed: timeout waiting for: [GitRepository/flux-system/flux-system status: 'InProgress']", time.Minute)
	for _, c := range []struct {
		name   string
		look   setup.Look
		states string
		first  setup.Step
		says   string // anywhere
	}{
		{"nothing", allowed(uitest.NoFlux()), "dooooooo", setup.Operator, "FluxInstance is not served"},
		{"being read", allowed(uitest.Loading()), "d???????", setup.Operator, "being read"},
		{"may do nothing", deny(allowed(uitest.NoFlux()), setup.Operator, setup.Instance, setup.Credential, setup.Sync, setup.Tenants), "#ooooooo", setup.Permissions,
			"ann may not create and patch fluxinstances in the namespace flux-system"},
		{"may not what is done already", deny(allowed(uitest.Unsynced()), setup.Operator), "#ddooooo", setup.Credential, "it is done already"},
		{"operator starting", allowed(uitest.OperatorStarting()), "dboooooo", setup.Operator, "0 of 1 pods available"},
		{"operator only", allowed(uitest.OperatorOnly()), "ddoooooo", setup.Instance, "Helm release flux-system/flux-operator"},
		{"kinds without an operator", allowed(uitest.NewCluster("x")), "dooooooo", setup.Operator, "taken and never acted on"},
		{"instance coming", allowed(uitest.OperatorOnly().Put(uitest.Instance(func(d *model.Instance) { d.Applied = "" }, uitest.Condition("Ready", "Unknown", "Progressing", "Reconciliation in progress", 0)))), "ddbooooo", setup.Instance, ""},
		{"instance elsewhere", allowed(elsewhere()), "ddxoxooo", setup.Instance, "nothing ever reconciles it"},
		{"lockdown off", allowed(uitest.Open()), "dd~ooddo", setup.Instance, "off: tenants can reach"},
		{"no sync", allowed(uitest.Unsynced()), "dddooooo", setup.Credential, "no flux-system in flux-system"},
		{"a secret is there", allowed(uitest.Unsynced(), "flux-system"), "ddddoooo", setup.Sync, "flux-system/flux-system is there (Opaque, 3 keys)"},
		{"made by Helm", allowed(helm(), "flux-system"), "ddddoood", setup.Sync, "Helm made it of release flux-system/fluxcd"},
		{"synced", allowed(uitest.Synced(), "flux-system"), "dddddooo", setup.Tenants, "the source fetches with it"},
		{"its secret is gone", allowed(failing(uitest.Synced()).Put(uitest.Instance(func(d *model.Instance) {
			d.Sync = &model.InstanceSync{Kind: "GitRepository", URL: "ssh://git@github.com/acme/fleet", Ref: "refs/heads/main", PullSecret: "flux-system"}
		}, broken))), "dddxxooo", setup.Credential, "only because its sync is"},
		{"a tenant", allowed(uitest.Synced().Tenant("docs")), "dddddddo", setup.Keep, "nothing puts it back"},
		{"bootstrapped", allowed(uitest.Bootstrapped()), "dooooooo", setup.Operator, "its sync must be named fleet like the one there, or two syncs would run"},
		{"bootstrapped, with an instance", allowed(uitest.Bootstrapped().Read(model.FluxInstance).Put(uitest.OperatorOnly().Changes[1].Object, uitest.Instance(nil)), "deploy-key"), "dd~doooo", setup.Instance,
			"by which flux bootstrap syncs the cluster"},
		{"a platform's own", allowed(uitest.Bundled()), "d....ooo", setup.Tenants, "A second Flux would fight with it"},
	} {
		all := c.look.All()
		states := letters(all)
		if states != c.states {
			t.Errorf("%s: %s, want %s", c.name, states, c.states)
		}
		if first := c.look.First(all); first != c.first {
			t.Errorf("%s: begins at %s, want %s", c.name, first, c.first)
		}
		said := ""
		for _, f := range all {
			for _, l := range f.Lines {
				said += l.Label + ": " + l.Text + "\n"
			}
			said += f.Next + "\n"
		}
		if !strings.Contains(said, c.says) {
			t.Errorf("%s: %q is not said:\n%s", c.name, c.says, said)
		}
	}
}

// What a lesser user is to ask for is exactly what was refused, and nothing
// stands in it of what takes an administrator.
func TestRoleToAskFor(t *testing.T) {
	role := deny(allowed(uitest.NoFlux()), setup.Operator, setup.Instance, setup.Tenants).RoleYAML()
	for _, want := range []string{"kind: Role\nmetadata:\n  name: tenantry-setup\n  namespace: flux-system", "kind: ClusterRole\n", `resources: ["fluxinstances"]`, `resources: ["rolebindings"]`, `verbs: ["bind"]`} {
		if !strings.Contains(role, want) {
			t.Errorf("%q is not in it:\n%s", want, role)
		}
	}
	for _, not := range []string{"customresourcedefinitions", "escalate", "secrets", "*"} {
		if strings.Contains(role, not) {
			t.Errorf("%q is in it:\n%s", not, role)
		}
	}
	if role := allowed(uitest.NoFlux()).RoleYAML(); role != "" {
		t.Errorf("nothing is refused: %s", role)
	}
}

func TestWrongFields(t *testing.T) {
	good := setup.Default("flux-system")
	if f, why := good.First(); f != setup.FieldCount {
		t.Errorf("the default: %s", why)
	}
	for name, change := range map[string]func(*setup.Spec){
		"a version is needed":             func(s *setup.Spec) { s.Version = "" },
		"this is no version":              func(s *setup.Spec) { s.Version = "latest" },
		"no scheme: ghcr.io":              func(s *setup.Spec) { s.Registry = "https://ghcr.io/fluxcd" },
		"this is no registry":             func(s *setup.Spec) { s.Registry = "ghcr.io/fluxcd/" },
		"begins with oci://":              func(s *setup.Spec) { s.Artifact = "ghcr.io/x" },
		"kustomize-controller is needed":  func(s *setup.Spec) { s.Components = s.Components[:1] },
		"needs image-reflector-controlle": func(s *setup.Spec) { s.Components = append(s.Components, "image-automation-controller") },
		"this is no account's name":       func(s *setup.Spec) { s.Account = "Default" },
	} {
		s := setup.Default("flux-system")
		change(&s)
		if _, why := s.First(); !strings.Contains(why, name) {
			t.Errorf("%q: %q", name, why)
		}
	}
	for _, v := range []string{"2.x", "2.9.4", "v2.9.x", ">=2.8.0 <2.10.0", "~2.9", "2.9.4-rc.1"} {
		s := good
		s.Version = v
		if why := s.Wrong(setup.FieldVersion); why != "" {
			t.Errorf("%s: %s", v, why)
		}
	}
}

// What is there is read as it is, applied again as it is, and a sync that was
// set by tenantry stays.
func TestWhatIsThereStays(t *testing.T) {
	object := `{"metadata":{"name":"flux","namespace":"flux-system","uid":"u"},"spec":{"distribution":{"version":"2.9.x","registry":"r.example"},
		"cluster":{"multitenant":false,"size":"large","domain":"cluster.example"},"sync":{"kind":"GitRepository","url":"https://x.example/a","ref":"refs/heads/main","path":"./"}}}`
	owners := []model.FieldOwner{{Path: ".spec.distribution.version", Manager: "tenantry", Operation: "Apply"}, {Path: ".spec.sync.url", Manager: "tenantry", Operation: "Apply"},
		{Path: ".spec.sync.path", Manager: "tenantry", Operation: "Apply"}, {Path: ".spec.sync.ref", Manager: "kubectl", Operation: "Apply"}}
	live, err := fluxsync.Read([]byte(object), owners)
	if err != nil {
		t.Fatal(err)
	}
	s := setup.Of(live)
	if s.Version != "2.9.x" || s.Size != "large" || s.Multitenant || !s.Network || s.Type != "kubernetes" {
		t.Errorf("read as %+v", s)
	}
	s.Multitenant = true
	order := setup.Order{Live: &live, Want: s}
	var body struct {
		Spec struct {
			Sync    map[string]any
			Cluster map[string]any
		}
	}
	if err := json.Unmarshal(order.Write().Body, &body); err != nil {
		t.Fatal(err)
	}
	if body.Spec.Sync["url"] != "https://x.example/a" || body.Spec.Sync["path"] != "./" || body.Spec.Sync["ref"] != nil || body.Spec.Cluster["multitenant"] != true {
		t.Errorf("%s", order.Write().Body)
	}
	sync := fluxsync.Order{Live: live, Want: live.Sync}
	if text := string(sync.Write().Body); !strings.Contains(text, `"version":"2.9.x"`) || strings.Contains(text, "cluster") {
		t.Errorf("setting the sync would take away what was set up: %s", text)
	}
	after := &model.Written{UID: "u", Object: []byte(strings.Replace(object, `"multitenant":false`, `"multitenant":true`, 1))}
	changes, err := order.Changes(after)
	if err != nil || len(changes) != 1 || changes[0].Path != ".spec.cluster.multitenant" {
		t.Fatalf("%v, %v", changes, err)
	}
	order.Shown = changes
	if why := order.Differs(after); why != "" {
		t.Errorf("the same again: %s", why)
	}
	for name, w := range map[string]*model.Written{
		"taken its place":    {UID: "other", Object: after.Object},
		"would change too":   {UID: "u", Object: []byte(strings.Replace(string(after.Object), "large", "small", 1))},
		"not change any mor": {UID: "u", Object: []byte(object)},
	} {
		if why := order.Differs(w); !strings.Contains(why, name) {
			t.Errorf("%q: %q", name, why)
		}
	}
}

func TestFollowedUntilFluxRuns(t *testing.T) {
	order := setup.Order{Want: setup.Default("flux-system"), Stamp: "x"}
	plan := order.Plan()
	at := uitest.Start
	follow := func(c *uitest.Cluster, step int, later time.Duration) action.Progress {
		return action.Follow(storeOf(c), plan.Wish, plan.Steps[step], at, at.Add(later))
	}
	for _, c := range []struct {
		name    string
		cluster *uitest.Cluster
		step    int
		later   time.Duration
		state   action.State
		words   string
	}{
		{"not seen yet", uitest.OperatorOnly(), 0, time.Second, action.Waiting, "not seen yet"},
		{"never seen", uitest.OperatorOnly(), 0, time.Hour, action.Failed, "look before you try again"},
		{"seen", uitest.Unsynced(), 0, time.Second, action.Done, "stated"},
		{"another one", uitest.Open(), 0, time.Second, action.Waiting, "not seen yet"},
		{"runs", uitest.Unsynced(), 1, time.Second, action.Done, "Flux v2.9.4 runs"},
		{"no such version", uitest.OperatorOnly().Put(uitest.Instance(nil, uitest.Condition("Stalled", "True", "BuildFailed", "build failed: no match found for semver: 9.x", 0),
			uitest.Failing("BuildFailed", "build failed: no match found for semver: 9.x", 0))), 1, time.Second, action.Failed, "no Flux version 9.x"},
		{"gone", uitest.OperatorOnly(), 1, time.Second, action.Failed, "gone"},
	} {
		if p := follow(c.cluster, c.step, c.later); p.State != c.state || !strings.Contains(p.Words, c.words) {
			t.Errorf("%s: %v %q", c.name, p.State, p.Words)
		}
	}
}

// A change of what somebody else keeps belongs where it comes from.
func TestWhereAChangeLasts(t *testing.T) {
	want := setup.Default("cozy-fluxcd")
	for _, c := range []struct {
		name               string
		namespace          string
		labels, annotation map[string]string
		maker              fluxsync.Maker
		where, text        string
	}{
		{"a person", "flux-system", nil, nil, fluxsync.ByPerson, "this FluxInstance's manifest", `"kind":"FluxInstance"`},
		{"Helm", "flux-system", nil, map[string]string{"meta.helm.sh/release-name": "flux", "meta.helm.sh/release-namespace": "flux-system"}, fluxsync.ByHelm,
			"the chart flux-instance of release flux-system/flux", `{"instance":{"distribution"`},
		{"a HelmRelease", "flux-system", map[string]string{model.LabelHelmReleaseName: "flux", model.LabelHelmReleaseNS: "infra"}, nil, fluxsync.ByHelmRelease, "HelmRelease infra/flux", `{"instance":`},
		{"Cozystack", "cozy-fluxcd", map[string]string{model.LabelHelmReleaseName: "kubernetes-demo-fluxcd", model.LabelHelmReleaseNS: "tenant-root"},
			map[string]string{"meta.helm.sh/release-name": "fluxcd"}, fluxsync.ByCozystack, "addons.fluxcd.valuesOverride", `{"addons":{"fluxcd":{"valuesOverride":{"flux-instance":{"instance":`},
		{"Git", "flux-system", map[string]string{model.LabelKustomizationName: "infra", model.LabelKustomizationNS: "flux-system"}, nil, fluxsync.ByGit, "Kustomization flux-system/infra", `"kind":"FluxInstance"`},
	} {
		live := fluxsync.Live{Key: model.Key{Kind: model.FluxInstance, Namespace: c.namespace, Name: "flux"}, Labels: c.labels, Annotations: c.annotation}
		if m := live.Maker(); m != c.maker || (live.Made() == "") != (m == fluxsync.ByPerson) {
			t.Errorf("%s: made by %v, %q", c.name, m, live.Made())
		}
		if where, text := setup.Lasting(live, want); !strings.Contains(where, c.where) || !strings.Contains(string(text), c.text) {
			t.Errorf("%s: %s\n%s", c.name, where, text)
		}
	}
}

// A bootstrapped Flux is taken over under the names it has.
func TestABootstrappedSyncIsTakenOver(t *testing.T) {
	s, ok := setup.Look{Store: storeOf(uitest.Bootstrapped())}.SyncStart()
	want := fluxsync.Spec{Kind: "GitRepository", URL: "ssh://git@github.com/acme/fleet", Ref: "refs/heads/main", Path: "./clusters/prod-eu", PullSecret: "deploy-key", Interval: "1m", Name: "fleet"}
	if !ok || s != want {
		t.Errorf("%+v, %v", s, ok)
	}
	if _, ok := (setup.Look{Store: storeOf(uitest.Unsynced())}).SyncStart(); ok {
		t.Error("a sync is taken over where there is none")
	}
}

func TestCommandsMeanTheVeryCluster(t *testing.T) {
	commands := setup.Commands("cozy-fluxcd", setup.Where{Kubeconfig: "/k", Context: "prod", User: "ann"})
	if got := strings.Join(commands[0].Args, " "); !strings.HasSuffix(got, "--namespace cozy-fluxcd --create-namespace --wait --kubeconfig /k --kube-context prod --kube-as-user ann") {
		t.Errorf("helm %s", got)
	}
	if cli := commands[1]; cli.Only == "" || !strings.HasSuffix(strings.Join(cli.Args, " "), "--kubeconfig /k --kube-context prod --kube-as ann") {
		t.Errorf("%+v", cli)
	}
}

// On a large cluster the steps are judged as quickly as on a small one: they are
// at every change of it.
func TestManyTenants(t *testing.T) {
	l := allowed(uitest.Synced().Many(2000))
	l.All() // what the store derives once
	began := time.Now()
	all := l.All()
	if took := time.Since(began); took > 500*time.Millisecond { // some 5 ms on an idle machine
		t.Errorf("it took %s", took)
	}
	for _, step := range []setup.Step{setup.Tenants, setup.Green, setup.Keep} {
		if n := len(all[step].Lines); n == 0 || n > 15 {
			t.Errorf("%s: %d lines", step, n)
		}
	}
	if s := all[setup.Keep]; s.State != setup.Open || !strings.Contains(s.Lines[len(s.Lines)-1].Text, "and 1989 more") {
		t.Errorf("%+v", s.Lines)
	}
}
