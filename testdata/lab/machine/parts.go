package machine

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
)

// A part is one process of the lab: how it is started and when it is ready.
type part struct {
	name    string
	program string // empty: the lab itself
	args    func(*Lab) []string
	env     func(*Lab) []string
	// healthy is asked until it says yes; nil means running is enough.
	healthy func(*Lab) error
	flux    bool // runs as a Flux controller: pod log, namespace file
}

// The parts in the order they start; they stop the other way round.
const (
	Etcd      = "etcd"
	APIServer = "kube-apiserver"
	Manager   = "kube-controller-manager"
	Scheduler = "kube-scheduler"
	Kwok      = "kwok"
	Git       = "git"
	PodLogger = "pod-logs"
	Operator  = "flux-operator"
	Source    = "source-controller"
	Kustomize = "kustomize-controller"
)

var parts = []part{
	{name: Etcd, program: Etcd, args: etcdArgs, healthy: httpHealth("etcd", "/health")},
	{name: APIServer, program: APIServer, args: apiServerArgs, healthy: apiServerReady},
	{name: Manager, program: Manager, args: managerArgs},
	{name: Scheduler, program: Scheduler, args: schedulerArgs},
	{name: Kwok, program: Kwok, args: kwokArgs, env: kwokEnv, healthy: httpHealth("kwok", "/healthz")},
	{name: Git, args: func(l *Lab) []string { return []string{GitCommand} }, healthy: portOpen("git")},
	{name: PodLogger, args: func(l *Lab) []string { return []string{PodLogsCommand} }},
	{name: Operator, program: Operator, args: operatorArgs, env: operatorEnv, healthy: httpHealth("operator-health", "/readyz"), flux: true},
	{name: Source, program: Source, args: sourceArgs, env: fluxEnv, healthy: httpHealth("source-health", "/readyz"), flux: true},
	{name: Kustomize, program: Kustomize, args: kustomizeArgs, env: fluxEnv, healthy: httpHealth("kustomize-health", "/readyz"), flux: true},
}

// Hidden commands of the lab that run as parts.
const (
	GitCommand     = "serve-git"
	PodLogsCommand = "serve-pod-logs"
)

// Names of all parts, in start order.
func Names() []string {
	var out []string
	for _, p := range parts {
		out = append(out, p.name)
	}
	return out
}

func find(name string) (part, error) {
	for _, p := range parts {
		if p.name == name {
			return p, nil
		}
	}
	return part{}, fmt.Errorf("no part is called %q; there are %v", name, Names())
}

// Expected are the parts that should run in the lab's mode.
func (l *Lab) Expected() []string {
	var out []string
	for _, p := range parts {
		switch {
		case p.flux && l.Config.Mode == "empty":
		case l.Config.Loaded && !slices.Contains(still, p.name):
		case p.name == Operator && l.Config.Mode == "bootstrap":
		default:
			out = append(out, p.name)
		}
	}
	return out
}

// still are the parts that change nothing by themselves.
var still = []string{Etcd, APIServer, Git}

// Movers are the parts that write to the cluster.
func (l *Lab) Movers() []string {
	var out []string
	for _, p := range parts {
		if !slices.Contains(still, p.name) {
			out = append(out, p.name)
		}
	}
	return out
}

func (l *Lab) local(port string) string { return local(l.Config.Ports[port]) }
func (l *Lab) url(port string) string   { return "http://" + l.local(port) }

func etcdArgs(l *Lab) []string {
	return []string{
		"--name=lab", "--data-dir=" + l.path("etcd"), "--unsafe-no-fsync", "--log-level=warn",
		"--listen-client-urls=" + l.url("etcd"), "--advertise-client-urls=" + l.url("etcd"),
		"--listen-peer-urls=" + l.url("etcd-peer"), "--initial-advertise-peer-urls=" + l.url("etcd-peer"),
		"--initial-cluster=lab=" + l.url("etcd-peer"),
		// The largest load writes more than the default of 2 GB.
		"--quota-backend-bytes=8589934592",
	}
}

func apiServerArgs(l *Lab) []string {
	return []string{
		"--etcd-servers=" + l.url("etcd"),
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(l.Config.Ports["apiserver"]),
		"--tls-cert-file=" + l.path("pki", "server.crt"), "--tls-private-key-file=" + l.path("pki", "server.key"),
		"--cert-dir=" + l.path("apiserver"),
		"--authorization-mode=RBAC", "--token-auth-file=" + l.path("pki", "tokens.csv"),
		"--service-account-key-file=" + l.path("pki", "sa.pub"),
		"--service-account-signing-key-file=" + l.path("pki", "sa.key"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-cluster-ip-range=10.96.0.0/16",
		"--disable-admission-plugins=ServiceAccount",
		"--endpoint-reconciler-type=none",
		"--audit-policy-file=" + l.path("pki", "audit.yaml"), "--audit-log-path=" + l.AuditLog(),
		// Its own Lease would move the resourceVersion every ten seconds,
		// and measurements need a server that stands still.
		"--feature-gates=APIServerIdentity=false,UnknownVersionInteroperabilityProxy=false",
	}
}

func managerArgs(l *Lab) []string {
	return []string{
		"--kubeconfig=" + l.Kubeconfig(), "--leader-elect=false", "--secure-port=0",
		"--use-service-account-credentials=false",
		"--service-account-private-key-file=" + l.path("pki", "sa.key"),
		"--root-ca-file=" + l.path("pki", "ca.crt"),
	}
}

func schedulerArgs(l *Lab) []string {
	return []string{"--kubeconfig=" + l.Kubeconfig(), "--leader-elect=false", "--secure-port=0"}
}

func kwokArgs(l *Lab) []string {
	return []string{
		"--kubeconfig=" + l.Kubeconfig(), "--manage-all-nodes=true", "--node-lease-duration-seconds=40",
		"--node-ip=127.0.0.1", "--node-port=" + strconv.Itoa(l.Config.Ports["kwok"]),
		// Without the address it listens on every interface.
		"--server-address=" + l.local("kwok"),
		"--enable-crds=Stage,Logs,ClusterLogs",
	}
}

// kwok reads and writes a folder in the user's home otherwise.
func kwokEnv(l *Lab) []string { return []string{"KWOK_WORKDIR=" + l.path("kwok")} }

func fluxEnv(l *Lab) []string {
	return []string{
		"KUBECONFIG=" + l.Kubeconfig(),
		"RUNTIME_NAMESPACE=" + l.Config.FluxNamespace,
		"TUF_ROOT=" + l.path("tuf"),
	}
}

// The operator refuses to start without FIPS mode.
func operatorEnv(l *Lab) []string { return append(fluxEnv(l), "GODEBUG=fips140=on") }

func (l *Lab) electionArgs() []string {
	args := []string{"--enable-leader-election=" + strconv.FormatBool(l.Config.ElectLeaders)}
	if l.Config.FastLeases {
		args = append(args, "--leader-election-lease-duration=6s", "--leader-election-renew-deadline=4s", "--leader-election-retry-period=1s")
	}
	return args
}

func operatorArgs(l *Lab) []string {
	return append([]string{
		"--storage-path=" + filepath.Join(l.Config.Assets, "operator-data"),
		"--web-server-port=0",
		"--metrics-addr=" + l.local("operator-metrics"), "--health-addr=" + l.local("operator-health"),
	}, l.electionArgs()...)
}

func sourceArgs(l *Lab) []string {
	return append([]string{
		"--storage-path=" + l.path("source-storage"),
		"--storage-addr=" + l.local("source-storage"), "--storage-adv-addr=" + l.local("source-storage"),
		"--events-addr=", "--watch-all-namespaces=true",
		"--metrics-addr=" + l.local("source-metrics"), "--health-addr=" + l.local("source-health"),
	}, l.electionArgs()...)
}

func kustomizeArgs(l *Lab) []string {
	args := []string{
		"--events-addr=", "--watch-all-namespaces=true",
		"--metrics-addr=" + l.local("kustomize-metrics"), "--health-addr=" + l.local("kustomize-health"),
	}
	if l.Config.Lockdown {
		args = append(args, "--no-cross-namespace-refs", "--default-service-account=default", "--no-remote-bases")
	}
	return append(args, l.electionArgs()...)
}

func httpHealth(port, path string) func(*Lab) error {
	return func(l *Lab) error {
		resp, err := probeClient.Get(l.url(port) + path)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answered %s", path, resp.Status)
		}
		return nil
	}
}
