package demo

import (
	"fmt"
	"strings"

	"tenantry/kube/demo/git"
)

const gitBase = "https://" + gitHost + "/"

// tenant is one tenant as the platform's repository describes it.
type tenant struct {
	name    string
	url     string
	secret  string // pull secret, if any
	source  string // name of the GitRepository
	sync    string // name of the Kustomization
	path    string
	extra   string // further spec of the Kustomization
	more    string // further manifests
	noSync  bool   // its manifests are all in more
	purpose string
}

const tenantManifest = `apiVersion: v1
kind: Namespace
metadata:
  name: %[1]s
  labels:
    toolkit.fluxcd.io/tenant: %[1]s
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: %[1]s
  namespace: %[1]s
  labels:
    toolkit.fluxcd.io/tenant: %[1]s
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: %[1]s-reconciler
  namespace: %[1]s
  labels:
    toolkit.fluxcd.io/tenant: %[1]s
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
- apiGroup: rbac.authorization.k8s.io
  kind: User
  name: gotk:%[1]s:reconciler
- kind: ServiceAccount
  name: %[1]s
  namespace: %[1]s
`

const syncManifest = `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: %[2]s
  namespace: %[1]s
spec:
  interval: 1m0s
  url: %[4]s
  ref:
    branch: main%[7]s
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: %[3]s
  namespace: %[1]s
spec:
  interval: 20m0s
  retryInterval: 2m0s
  path: %[5]s
  prune: true
  serviceAccountName: %[1]s
  sourceRef:
    kind: GitRepository
    name: %[2]s
%[6]s`

func (t *tenant) manifest() string {
	text := fmt.Sprintf(tenantManifest, t.name)
	if !t.noSync {
		secret := ""
		if t.secret != "" {
			secret = "\n  secretRef:\n    name: " + t.secret
		}
		text += fmt.Sprintf(syncManifest, t.name, t.source, t.sync, t.url, t.path, t.extra, secret)
	}
	if t.more != "" {
		text += "---\n" + strings.ReplaceAll(t.more, "NS", t.name)
	}
	return text
}

// tenants lists the company's tenants and what each is there to show.
func tenants() []*tenant {
	list := []*tenant{
		{name: "fluxdemo-dev", url: gitBase + "fluxdemo/flux-dev", source: "git-demo-dev", sync: "git-dev", path: "./dev", purpose: "moves most"},
		{name: "fluxdemo-stage", url: gitBase + "fluxdemo/flux-stage-prod", source: "flux-stage-prod", sync: "flux-stage-prod", path: "./stage", purpose: "shares its repository and its names"},
		{name: "fluxdemo-prod", url: gitBase + "fluxdemo/flux-stage-prod", source: "flux-stage-prod", sync: "flux-stage-prod", path: "./prod", purpose: "shares its repository and its names"},
		{name: "billing", url: "ssh://git@" + gitHost + "/teams/billing", secret: "deploy-key", source: "billing", sync: "billing", path: "./deploy", purpose: "its secret is gone"},
		{name: "payments", url: gitBase + "teams/payments", source: "payments", sync: "payments", path: "./deploy", extra: "  timeout: 1m0s\n", purpose: "refused: it writes to another tenant"},
		{name: "reports", url: gitBase + "teams/reports", source: "reports", sync: "reports", path: "./deploy", purpose: "suspended, and overdue to be resumed"},
		{name: "checkout", url: gitBase + "teams/checkout", source: "checkout", sync: "checkout", path: "./app", extra: "  dependsOn:\n  - name: checkout-db\n", more: waitingManifest, purpose: "waits for its database, which cannot start"},
		{name: "metrics", noSync: true, more: helmManifest, purpose: "a HelmRelease"},
	}
	for _, name := range []string{"webshop", "search", "docs", "identity", "mailer"} {
		list = append(list, &tenant{name: name, url: gitBase + "teams/" + name, source: name, sync: name, path: "./deploy",
			extra: "  wait: true\n  timeout: 3m0s\n", purpose: "healthy"})
	}
	return list
}

const waitingManifest = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: checkout-db
  namespace: NS
spec:
  interval: 10m0s
  retryInterval: 1m0s
  timeout: 30s
  path: ./db
  prune: true
  wait: true
  serviceAccountName: NS
  sourceRef:
    kind: GitRepository
    name: checkout
`

const helmManifest = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: podinfo
  namespace: NS
spec:
  interval: 1h0m0s
  url: https://charts.example.com/podinfo
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: NS
spec:
  interval: 5m0s
  serviceAccountName: NS
  chart:
    spec:
      chart: podinfo
      version: 6.5.%d
      sourceRef:
        kind: HelmRepository
        name: podinfo
  values:
    replicaCount: 2
`

// gitHost is where the company's repositories are.
const gitHost = "git.example.com"

func secretManifest(namespace, name string) Object {
	identity, _ := git.DeployKey(namespace)
	return Object{"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": Object{"name": name, "namespace": namespace},
		"stringData": Object{"identity": identity, "known_hosts": gitHost + " " + git.HostKey(gitHost)}}
}

// Object is an object as JSON tree.
type Object = map[string]any

// prepareRepositories makes the company's repositories with their first
// commits.
func (c *Company) prepareRepositories() {
	c.Git.SetHostKey(gitHost, git.HostKey(gitHost))
	c.Git.OnStranger(c.keyShown)
	repos := map[string]*git.Repo{}
	for _, t := range tenants() {
		if t.noSync || repos[t.url] != nil {
			continue
		}
		r := c.Git.Add(t.url, git.Access{})
		if t.secret != "" {
			_, public := git.DeployKey(t.name)
			r.SetAccess(git.Access{Key: true})
			r.Authorize(public)
		}
		repos[t.url] = r
	}
	for _, t := range tenants() {
		if t.noSync {
			continue
		}
		a := &app{tenant: t.name, name: t.name, namespace: t.name, repo: repos[t.url], path: strings.TrimPrefix(t.path, "./") + "/app.yaml",
			replicas: 2, image: "ghcr.io/example/" + t.name, tag: 1, colour: "Cornsilk", content: "Test message"}
		if strings.HasPrefix(t.name, "fluxdemo-") {
			a.name, a.image, a.replicas = "kcheck", "ghcr.io/wolcn/kcheck", 1
			a.path = strings.TrimPrefix(t.path, "./") + "/kcheck.yaml"
		}
		switch t.name {
		case "docs", "identity", "mailer", "billing", "payments", "reports", "checkout":
			a.quiet = true
		}
		c.apps = append(c.apps, a)
		if t.name == "checkout" {
			a.repo.Push("main", "Add the orders database", authors[1], c.env.Now(), git.Write("db/db.yaml", ordersDatabase(7, "").manifest()))
		}
		a.push("Add "+a.name, c.author(), c.env.Now())
	}
	c.fleet = c.Git.Add(gitBase+"platform/fleet", git.Access{})
	changes := map[string]*string{}
	for _, t := range tenants() {
		text := t.manifest()
		if t.noSync {
			text = fmt.Sprintf(text, 0)
		}
		changes["clusters/demo/"+t.name+".yaml"] = &text
	}
	c.fleet.Push("main", "Describe the tenants", "Mara Lind <mara@example.com>", c.env.Now(), changes)
}
