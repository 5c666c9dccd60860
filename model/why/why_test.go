package why_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// The statuses are those of the controllers as they write them (source- and
// kustomize-controller 1.9, flux-operator 0.58), and older ones. Every case has
// the tenants eu and us, with objects of the same names; only eu is broken.

const asksRemote = "failed to checkout and determine revision: unable to clone 'https://git.acme.io/acme/eu': "

var sync, git = model.Key{Kind: model.Kustomization, Namespace: "eu", Name: "app"}, model.Key{Kind: model.GitRepository, Namespace: "eu", Name: "app"}

type scene struct {
	name    string
	put     []*model.Object
	gone    []model.Key
	ask     model.Key // zero: the row eu
	chain   string    // names of the links, "Kind name" from the object to where it starts
	says    string    // a part of the headline
	refused bool
}

var scenes = []scene{
	{name: "secret wiped, artifact kept", put: []*model.Object{fetching("AuthenticationFailed", `failed to get secret 'eu/git': failed to get secret 'eu/git': secrets "git" not found`)},
		chain: "Kustomization app > GitRepository app > Secret git", says: "is Ready, but its source cannot fetch: secret eu/git does not exist"},
	{name: "secret wiped, single wording of older versions", put: []*model.Object{fetching("AuthenticationFailed", `failed to get secret 'eu/git': Secret "git" not found`)},
		ask: git, chain: "GitRepository app", says: `failed to get secret`},
	{name: "secret lacks known_hosts", put: []*model.Object{ssh(fetching("AuthenticationFailed", `failed to configure authentication options: invalid 'ssh' auth option: 'known_hosts' is required`))},
		ask: git, chain: "GitRepository app > Secret git", says: "secret eu/git lacks the key known_hosts"},
	{name: "encrypted key", put: []*model.Object{ssh(fetching("AuthenticationFailed", `SSH identity key is encrypted but no 'password' field was provided in the secret 'eu/git'`))},
		ask: git, chain: "GitRepository app > Secret git", says: "encrypted"},
	{name: "app keys without provider", put: []*model.Object{fetching("InvalidProviderConfiguration", `secretRef 'eu/git' has github app data but provider is not set to github`)},
		ask: git, chain: "GitRepository app > Secret git", says: "provider is not github"},
	{name: "wrong token", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"authentication required: <html>\nmore")},
		ask: git, chain: "GitRepository app", says: "the Git host git.acme.io wants a login (401)"},
	{name: "token may not", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"authorization failed: no")},
		ask: git, chain: "GitRepository app", says: "refused the login (403)"},
	{name: "deploy key not added", put: []*model.Object{ssh(fetching("GitOperationFailed", "unable to clone 'ssh://git@git.acme.io/acme/eu': ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain"))},
		ask: git, chain: "GitRepository app", says: "git.acme.io refused the key"},
	{name: "host key changed", put: []*model.Object{ssh(fetching("GitOperationFailed", "ssh: handshake failed: knownhosts: key mismatch"))},
		ask: git, chain: "GitRepository app", says: "key changed"},
	{name: "host key unknown", put: []*model.Object{ssh(fetching("GitOperationFailed", "ssh: handshake failed: knownhosts: key is unknown"))},
		ask: git, chain: "GitRepository app", says: "not in known_hosts"},
	{name: "branch typo", put: []*model.Object{fetching("GitOperationFailed", asksRemote+`couldn't find remote ref "refs/heads/invalid"`)},
		ask: git, chain: "GitRepository app", says: "there is no branch invalid"},
	{name: "repository not there", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"repository not found: x")},
		ask: git, chain: "GitRepository app", says: "https://git.acme.io/acme/eu is missing, or not for this credential to see"},
	{name: "name does not resolve", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"dial tcp: lookup git.acme.io on 10.96.0.10:53: no such host")},
		ask: git, chain: "GitRepository app", says: "git.acme.io has no address"},
	{name: "name server silent", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"dial tcp: lookup git.acme.io on 10.96.0.10:53: read udp 1.2.3.4:5->10.96.0.10:53: i/o timeout")},
		ask: git, chain: "GitRepository app", says: "name lookup fails"},
	{name: "proxy", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused")},
		ask: git, chain: "GitRepository app", says: "the proxy 10.0.0.9:3128"},
	{name: "host does not answer", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"dial tcp 10.0.0.9:443: i/o timeout")},
		ask: git, chain: "GitRepository app", says: "no answer in time"},
	{name: "certificate", put: []*model.Object{fetching("GitOperationFailed", asksRemote+"tls: failed to verify certificate: x509: certificate signed by unknown authority")},
		ask: git, chain: "GitRepository app", says: "certificate is not trusted"},
	{name: "empty repository", put: []*model.Object{fetching("EmptyGitRepository", "git repository is empty")}, ask: git, chain: "GitRepository app", says: "has no commit"},

	{name: "path missing", put: []*model.Object{applying("ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-123/dev2: no such file or directory")},
		chain: "Kustomization app", says: "there is no path ./deploy in https://git.acme.io/acme/eu at 41aaea2"},
	{name: "escape", put: []*model.Object{applying("ReconciliationFailed", "ConfigMap/us/intruder dry-run failed (Forbidden): configmaps \"intruder\" is forbidden: User \"system:serviceaccount:eu:eu\" cannot patch resource \"configmaps\" in API group \"\" in the namespace \"us\"\n")},
		chain: "Kustomization app > ServiceAccount eu", says: "is refused, as it should be: 41aaea2 asks for ConfigMap intruder in us", refused: true},
	{name: "cluster-wide escape", put: []*model.Object{applying("ReconciliationFailed", `ClusterRole/mine dry-run failed (Forbidden): clusterroles.rbac.authorization.k8s.io "mine" is forbidden: User "system:serviceaccount:eu:eu" cannot patch resource "clusterroles" in API group "rbac.authorization.k8s.io" at the cluster scope`)},
		chain: "Kustomization app > ServiceAccount eu", says: "asks for ClusterRole mine, which is cluster-wide", refused: true},
	{name: "account without rights at home", put: []*model.Object{at(applying("ReconciliationFailed", `Deployment/eu/web dry-run failed (Forbidden): deployments.apps "web" is forbidden: User "system:serviceaccount:eu:default" cannot patch resource "deployments" in API group "apps" in the namespace "eu"`),
		func(d *model.Sync) { d.ServiceAccount = "" }), uitest.Object(model.ServiceAccount, "eu", "default", &model.Account{})},
		chain: "Kustomization app > ServiceAccount default", says: "no role binding names it; the sync names no account"},
	{name: "account that is not there", put: []*model.Object{at(applying("ReconciliationFailed", `Deployment/eu/web dry-run failed (Forbidden): deployments.apps "web" is forbidden: User "system:serviceaccount:eu:ghost" cannot patch resource "deployments" in API group "apps" in the namespace "eu"`),
		func(d *model.Sync) { d.ServiceAccount = "ghost" })},
		chain: "Kustomization app > ServiceAccount ghost", says: "service account eu/ghost does not exist"},
	{name: "cross-namespace source", put: []*model.Object{uitest.Sync("eu", "app", "./deploy", uitest.Rev1,
		uitest.Condition("Stalled", "True", "AccessDenied", "can't access 'GitRepository/us/app', cross-namespace references have been blocked", time.Hour),
		uitest.Failing("AccessDenied", "can't access 'GitRepository/us/app', cross-namespace references have been blocked", time.Hour))},
		chain: "Kustomization app > GitRepository app", says: "its source GitRepository us/app is in another namespace", refused: true},
	{name: "no such source", put: []*model.Object{at(applying("ArtifactFailed", `GitRepository.source.toolkit.fluxcd.io "typo" not found`), func(d *model.Sync) { d.SourceRef.Name = "typo" })},
		chain: "Kustomization app > GitRepository typo", says: "GitRepository eu/typo does not exist"},
	{name: "dependency of a dependency", put: []*model.Object{
		at(applying("DependencyNotReady", "dependency 'eu/middle' is not ready"), func(d *model.Sync) {
			d.DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "eu", Name: "middle"}}
		}),
		at(other("middle", uitest.Failing("DependencyNotReady", "dependency 'eu/base' is not ready", time.Hour)), func(d *model.Sync) { d.DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "eu", Name: "base"}} }),
		other("base", uitest.Failing("BuildFailed", "kustomize build failed: accumulating resources: no such file", time.Hour))},
		ask: sync, chain: "Kustomization app > Kustomization middle > Kustomization base", says: "waits: kustomize build failed"},
	{name: "dependency missing", put: []*model.Object{at(applying("DependencyNotReady", `dependency 'eu/none' not found: kustomizations.kustomize.toolkit.fluxcd.io "none" not found`), func(d *model.Sync) { d.DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "eu", Name: "none"}} })},
		chain: "Kustomization app > Kustomization none", says: "Kustomization eu/none does not exist"},
	{name: "dependency suspended", put: []*model.Object{at(applying("DependencyNotReady", "dependency 'eu/base' is not ready"), func(d *model.Sync) { d.DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "eu", Name: "base"}} }),
		at(other("base", uitest.Failing("BuildFailed", "kustomize build failed: x", time.Hour)), func(d *model.Sync) { d.Suspend = true })},
		chain: "Kustomization app > Kustomization base", says: "Kustomization eu/base is suspended"},
	{name: "dependency circle", put: []*model.Object{at(applying("DependencyNotReady", "dependency 'eu/base' is not ready"), func(d *model.Sync) { d.DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "eu", Name: "base"}} }),
		at(other("base", uitest.Failing("DependencyNotReady", "dependency 'eu/app' is not ready", time.Hour)), func(d *model.Sync) { d.DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "eu", Name: "app"}} })},
		ask: sync, chain: "Kustomization app > Kustomization base > Kustomization app", says: "a circle of dependencies"},
	{name: "source never fetched", put: []*model.Object{applying("ArtifactFailed", "Source artifact not found, retrying in 30s"),
		func() *model.Object {
			o := fetching("AuthenticationFailed", `failed to get secret 'eu/git': secrets "git" not found`)
			o.Detail.(*model.Source).Revision = ""
			return o
		}()}, chain: "Kustomization app > GitRepository app > Secret git", says: "waits: secret eu/git does not exist"},
	{name: "bad YAML", put: []*model.Object{applying("BuildFailed", "failed to decode Kubernetes YAML from /tmp/kustomization-1/deploy/x.yaml: mapping values are not allowed in this context")},
		chain: "Kustomization app", says: "deploy/x.yaml is not valid YAML"},
	{name: "SOPS", put: []*model.Object{applying("ReconciliationFailed", "Secret/eu/db is SOPS encrypted, configuring decryption is required for this secret to be reconciled")},
		chain: "Kustomization app", says: "not set up to decrypt"},
	{name: "kind not served", put: []*model.Object{applying("ReconciliationFailed", `Certificate/eu/web dry-run failed: no matches for kind "Certificate" in version "certificates.example.com/v1"`)},
		chain: "Kustomization app > CustomResourceDefinition Certificate", says: "its CRD is not installed"},
	{name: "served version gone", put: []*model.Object{applying("ReconciliationFailed", `OCIRepository/eu/app dry-run failed: no matches for kind "OCIRepository" in version "source.toolkit.fluxcd.io/v1beta2"`)},
		chain: "Kustomization app > CustomResourceDefinition OCIRepository", says: "source.toolkit.fluxcd.io/v1beta2 does not serve OCIRepository any more"},
	{name: "webhook down", put: []*model.Object{applying("ReconciliationFailed", `Deployment/eu/web dry-run failed: Internal error occurred: failed calling webhook "check.kyverno.svc": Post "https://kyverno.svc:443/": x509: certificate signed by unknown authority`)},
		chain: "Kustomization app", says: "the admission webhook check.kyverno.svc does not answer"},
	{name: "sync name immutable", put: []*model.Object{applying("ReconciliationFailed", `FluxInstance/flux-system/flux dry-run failed (Invalid): FluxInstance.fluxcd.controlplane.io "flux" is invalid: spec.sync: Invalid value: Sync name is immutable`)},
		chain: "Kustomization app", says: "Sync name is immutable"},
	{name: "health check, pods not read", put: []*model.Object{applying("HealthCheckFailed", waitsForWeb), stuckDeployment()},
		chain: "Kustomization app > Deployment web", says: "progress deadline"},
	{name: "health check, recovered since", put: []*model.Object{applying("HealthCheckFailed", waitsForWeb)},
		chain: "Kustomization app > Deployment web", says: "it is by now"},
	{name: "workload gone", gone: []model.Key{{Kind: model.Deployment, Namespace: "eu", Name: "web"}}, chain: "Kustomization app > Deployment web", says: "was applied and is not there any more"},
	{name: "no wait, and the workload fails", put: []*model.Object{stuckDeployment()}, ask: sync, chain: "Kustomization app > Deployment web", says: "progress deadline"},
	{name: "source suspended", put: []*model.Object{func() *model.Object { o := source("eu"); o.Detail.(*model.Source).Suspend = true; return o }()},
		ask: sync, chain: "Kustomization app > GitRepository app", says: "gets nothing new: GitRepository eu/app is suspended"},
	{name: "configuration error", put: []*model.Object{uitest.Sync("eu", "app", "./deploy", uitest.Rev1,
		uitest.Failing("InvalidCELExpression", "Reconciliation failed terminally due to configuration error: bad CEL", time.Hour),
		uitest.Condition("Stalled", "True", "InvalidCELExpression", "Reconciliation failed terminally due to configuration error: bad CEL", time.Hour))},
		chain: "Kustomization app", says: "no retry helps: bad CEL"},
	{name: "postBuild values missing", put: []*model.Object{applying("BuildFailed", `post build failed for 'app': var substitution failed for 'app': substitute from 'ConfigMap/site' error: configmaps "site" not found`)},
		chain: "Kustomization app > ConfigMap site", says: "ConfigMap eu/site does not exist"},
	{name: "namespace in the manifest missing", put: []*model.Object{applying("ReconciliationFailed", `ConfigMap/gone/x dry-run failed (NotFound): namespaces "gone" not found`)},
		chain: "Kustomization app > Namespace gone", says: "namespace gone does not exist"},
	{name: "artifact not handed out", put: []*model.Object{applying("ArtifactFailed", "failed to download archive: GET http://source-controller.flux-system.svc.cluster.local./g.tar.gz: dial tcp 10.1.1.1:80: connect: connection refused")},
		chain: "Kustomization app > Deployment source-controller", says: "does not hand out the artifact"},
	{name: "held by a foreign finalizer", put: []*model.Object{func() *model.Object {
		o := uitest.Sync("eu", "app", "./deploy", uitest.Rev1)
		o.Deleting, o.Finalizers = uitest.Ago(time.Hour), []string{"example.com/mine"}
		return o
	}()}, chain: "Kustomization app", says: "held by finalizer example.com/mine, which is not Flux's"},
	{name: "shard nobody serves", put: []*model.Object{func() *model.Object {
		o := uitest.Label(other("sharded"), model.LabelShard, "shard9")
		o.Conditions = nil
		return o
	}(), sharded("kustomize-controller", "!sharding.fluxcd.io/key")}, ask: model.Key{Kind: model.Kustomization, Namespace: "eu", Name: "sharded"},
		chain: "Kustomization sharded", says: "no kustomize-controller takes the shard shard9"},
	{name: "instance nobody serves", put: []*model.Object{func() *model.Object {
		o := uitest.Object(model.FluxInstance, "eu", "flux", &model.Instance{Version: "2.x"})
		return o
	}()}, ask: model.Key{Kind: model.FluxInstance, Namespace: "eu", Name: "flux"}, chain: "FluxInstance flux", says: "the operator serves only the instance flux in flux-system"},
	{name: "bad Flux version", put: []*model.Object{uitest.Object(model.FluxInstance, "flux-system", "flux", &model.Instance{Version: "3.x"},
		uitest.Failing("BuildFailed", "build failed: no match found for semver: 3.x in /data", time.Hour),
		uitest.Condition("Stalled", "True", "BuildFailed", "build failed: no match found for semver: 3.x in /data", time.Hour))},
		ask: model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"}, chain: "FluxInstance flux", says: "there is no Flux version 3.x"},
	{name: "something new", put: []*model.Object{applying("ReconciliationFailed", "the moon is in the wrong place")}, chain: "Kustomization app", says: "fails: the moon is in the wrong place"},
	{name: "a reason of another controller", put: []*model.Object{applying("ReconciliationFailed", "apply: dial tcp 10.0.0.1:443: i/o timeout")}, chain: "Kustomization app", says: "fails: apply: dial tcp"},
}

// sharded is a controller that takes only part of the objects.
func sharded(name, selector string) *model.Object {
	o := uitest.Deployment("flux-system", name, 1, 1, 1, 1, 0)
	o.Detail.(*model.Workload).Containers[0] = model.Container{Name: "manager", Image: "x:v1", Args: []string{"--watch-label-selector=" + selector}}
	return uitest.Label(o, model.LabelPartOf, "flux")
}

func (c *scene) explain() *why.Explanation {
	w := newWorld(c.put...)
	w.drop(c.gone...)
	if c.ask == (model.Key{}) {
		return why.Row(w.Store, "eu")
	}
	return why.Object(w.Store, c.ask)
}

func TestEveryFaultIsTracedToWhereItStarts(t *testing.T) {
	for _, c := range scenes {
		t.Run(c.name, func(t *testing.T) {
			e := c.explain()
			if len(e.Faults) != 1 {
				t.Fatalf("%d faults, want 1:\n%s", len(e.Faults), e.Text(time.UTC))
			}
			f := &e.Faults[0]
			if got := links(f); got != c.chain {
				t.Errorf("%s\nwant %s", got, c.chain)
			}
			if !strings.Contains(e.Headline, c.says) {
				t.Errorf("%q does not say %q", e.Headline, c.says)
			}
			if f.AsItShould != c.refused {
				t.Errorf("refused as it should be: %v", f.AsItShould)
			}
			if f.Raw != strings.Contains(e.Headline, " fails: ") && !f.Raw {
				t.Errorf("raw %v: %q", f.Raw, e.Headline)
			}
			if len(f.Fixes) == 0 && !f.Raw {
				t.Error("nothing helps")
			}
			if e.Fine() {
				t.Error("it is called fine")
			}
		})
	}
}

func links(f *why.Fault) string {
	var out []string
	for _, l := range f.Chain {
		out = append(out, l.Ref.Kind+" "+l.Ref.Name)
	}
	return strings.Join(out, " > ")
}

// The tenant beside it has objects of the same names, and nothing is wrong
// with them.
func TestItsNeighbourIsFine(t *testing.T) {
	for _, c := range scenes {
		w := newWorld(c.put...)
		w.drop(c.gone...)
		for _, e := range []*why.Explanation{why.Row(w.Store, "us"), why.Object(w.Store, model.Key{Kind: model.Kustomization, Namespace: "us", Name: "app"})} {
			if !e.Fine() || !strings.HasPrefix(e.Headline, "Nothing is wrong with") {
				t.Errorf("%s: %s", c.name, e.Text(time.UTC))
			}
		}
	}
}

func TestHealthyClusterHasNoFault(t *testing.T) {
	w := newWorld()
	for _, name := range []string{model.PlatformKey, "eu", "us"} {
		e := why.Row(w.Store, name)
		if !e.Fine() || len(e.NotTried)+len(e.Wants) > 0 {
			t.Errorf("%s: %s", name, e.Text(time.UTC))
		}
	}
	e := why.Row(w.Store, "eu")
	if text := e.Text(time.UTC); !strings.Contains(text, "Newest commit seen: 41aaea2") || !strings.Contains(text, "It runs 41aaea2 in ./deploy since Nov 10") {
		t.Errorf("%s", text)
	}
	for _, k := range []model.Kind{model.Kustomization, model.GitRepository, model.Deployment, model.FluxInstance, model.ServiceAccount} {
		for _, o := range w.Objects(k) {
			if e := why.Object(w.Store, o.Key); !e.Fine() {
				t.Errorf("%s: %s", o.Key, e.Text(time.UTC))
			}
		}
	}
}

func TestTwoFaultsAreTwoChains(t *testing.T) {
	w := newWorld(fetching("GitOperationFailed", asksRemote+"authentication required: x"), stuckDeployment())
	e := why.Row(w.Store, "eu")
	if len(e.Faults) != 2 || e.Faults[0].Root().Ref.Kind+e.Faults[1].Root().Ref.Kind != "GitRepositoryDeployment" {
		t.Errorf("%s", e.Text(time.UTC))
	}
	// A sync that fails by itself, on a source that fails too.
	w = newWorld(fetching("GitOperationFailed", asksRemote+"authentication required: x"), applying("BuildFailed", "kustomize build failed: x"))
	e = why.Object(w.Store, sync)
	if len(e.Faults) != 2 {
		t.Errorf("%s", e.Text(time.UTC))
	}
}

// A dead controller is named beside what it left behind: what is said of the
// objects is old.
func TestControllerDown(t *testing.T) {
	w := newWorld(fetching("AuthenticationFailed", `failed to get secret 'eu/git': secrets "git" not found`),
		uitest.Object(model.Lease, "flux-system", "source-controller-leader-election", &model.LeaseDetail{Holder: "x", DurationSeconds: 35,
			RenewedMS: uitest.Start.Add(-5 * time.Minute).UnixMilli()}))
	e := why.Object(w.Store, git)
	if len(e.Faults) != 2 || links(&e.Faults[0]) != "GitRepository app > Deployment source-controller" || !strings.Contains(e.Headline, "lease was last renewed at") {
		t.Errorf("%s", e.Text(time.UTC))
	}
	if e.Faults[1].Root().Ref.Name != "git" {
		t.Errorf("the secret is forgotten:\n%s", e.Text(time.UTC))
	}
	down := uitest.Label(uitest.Deployment("flux-system", "kustomize-controller", 2, 0, 0, 0, 0), model.LabelPartOf, "flux")
	w = newWorld(down)
	e = why.Row(w.Store, model.PlatformKey)
	if len(e.Faults) != 1 || e.Faults[0].Root().Ref.Name != "kustomize-controller" || !strings.Contains(e.Headline, "scaled to 0") {
		t.Errorf("%s", e.Text(time.UTC))
	}
}

// An instance that failed only because it waits for its sync (domain.md §1.5).
func TestInstanceFailedOnlyThroughItsSync(t *testing.T) {
	const lost = `failed to get secret 'flux-system/flux-system': secrets "flux-system" not found`
	w := newWorld(
		uitest.Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", uitest.Rev1, uitest.Failing("AuthenticationFailed", lost, time.Hour)),
		uitest.Object(model.FluxInstance, "flux-system", "flux", &model.Instance{Version: "2.x", Applied: "v2.9.4@sha256:1", Sync: &model.InstanceSync{Kind: "GitRepository"}},
			uitest.Failing("ReconciliationFailed", "reconciliation failed: timeout waiting for: [GitRepository/flux-system/flux-system status: 'InProgress']\nGitRepository/flux-system/flux-system status: "+lost, time.Hour)))
	want := "FluxInstance flux > Kustomization flux-system > GitRepository flux-system > Secret flux-system"
	for _, e := range []*why.Explanation{why.Row(w.Store, model.PlatformKey), why.Object(w.Store, model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"})} {
		if len(e.Faults) != 1 || links(&e.Faults[0]) != want {
			t.Fatalf("%s", e.Text(time.UTC))
		}
	}
	if e := why.Row(w.Store, model.PlatformKey); !strings.HasPrefix(e.Headline, "The platform's sync cannot fetch: secret flux-system/flux-system does not exist") ||
		!strings.Contains(e.Effect, "keeps 41aaea2") {
		t.Errorf("%q %q", e.Headline, e.Effect)
	}
}
