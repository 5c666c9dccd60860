// Package programs builds what the lab runs, each program from its own small
// module under build/, into the user's cache folder.
package programs

// KubernetesVersion is what the API server calls itself; without it kubectl
// refuses to parse the server's version.
const KubernetesVersion = "v1.36.3"

// FluxOperatorVersion is the version written on the operator's Deployment.
const FluxOperatorVersion = "v0.58.1"

const operatorModule = "github.com/controlplaneio-fluxcd/flux-operator"

const stripped = "-s -w"

const kubernetesFlags = stripped +
	" -X k8s.io/component-base/version.gitVersion=" + KubernetesVersion +
	" -X k8s.io/component-base/version.gitMajor=1" +
	" -X k8s.io/component-base/version.gitMinor=36"

// A program is one binary: its file name, the module folder that pins it and
// the package to build there.
type program struct {
	name    string
	module  string
	pkg     string
	ldflags string
	// missing are files the published module lacks but embeds: path → content.
	missing map[string]string
}

var all = []program{
	{name: "etcd", module: "etcd", pkg: "go.etcd.io/etcd/server/v3", ldflags: stripped},
	{name: "kube-apiserver", module: "kubernetes", pkg: "k8s.io/kubernetes/cmd/kube-apiserver", ldflags: kubernetesFlags},
	{name: "kube-controller-manager", module: "kubernetes", pkg: "k8s.io/kubernetes/cmd/kube-controller-manager", ldflags: kubernetesFlags},
	{name: "kube-scheduler", module: "kubernetes", pkg: "k8s.io/kubernetes/cmd/kube-scheduler", ldflags: kubernetesFlags},
	{name: "kubectl", module: "kubernetes", pkg: "k8s.io/kubernetes/cmd/kubectl", ldflags: kubernetesFlags},
	{name: "kwok", module: "kwok", pkg: "sigs.k8s.io/kwok/cmd/kwok", ldflags: stripped},
	{name: "source-controller", module: "source-controller", pkg: "github.com/fluxcd/source-controller", ldflags: stripped},
	{name: "kustomize-controller", module: "kustomize-controller", pkg: "github.com/fluxcd/kustomize-controller", ldflags: stripped},
	{name: "flux-operator", module: "flux-operator", pkg: operatorModule + "/cmd/operator", ldflags: stripped, missing: operatorWebPage},
}

// operatorWebPage stands in for the operator's web interface: its package
// embeds dist/*, which is built by npm and not part of the module. The lab
// runs the operator with its web server off.
var operatorWebPage = map[string]string{"web/dist/index.html": "<html></html>\n"}

// modules lists the module folders once each, in build order.
func modules() []string {
	var out []string
	for _, p := range all {
		if len(out) == 0 || out[len(out)-1] != p.module {
			out = append(out, p.module)
		}
	}
	return out
}
