package setup

// Where says which cluster a program has to be told to work on: the one that
// is looked at, by the same user.
type Where struct{ Kubeconfig, Context, User string }

// Command is a program's call that installs the operator.
type Command struct {
	Program string
	Args    []string
	// Does says what it brings about.
	Does string
	// Only is where it can be used; "" = everywhere.
	Only string
	// Knows is what its help for the command has to mention, "" when nobody can
	// take another program for it: the operator itself is named like its CLI.
	Knows string
}

const operatorChart = "oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator"

// DefaultNamespace is where the operator's documentation puts it.
const DefaultNamespace = "flux-system"

// Commands install the operator into a namespace, as its documentation says.
// Each can be run again where it was broken off.
func Commands(namespace string, w Where) []Command {
	helm := Command{Program: "helm",
		Args: []string{"upgrade", "--install", "flux-operator", operatorChart, "--namespace", namespace, "--create-namespace", "--wait"},
		Does: "installs the operator's chart as the release flux-operator: its kinds, its account, which may do everything, and its Deployment"}
	cli := Command{Program: "flux-operator",
		Args: []string{"install", "--instance-cluster-multitenant=true", "--auto-update=false"},
		Does: "installs the operator and a FluxInstance with lockdown, so step 3 is done by it as well; meant for trying things out", Knows: "--instance-cluster-multitenant"}
	if namespace != DefaultNamespace {
		cli.Only = "it installs into " + DefaultNamespace + " only, and Flux is in " + namespace
	}
	for _, f := range []struct{ flag, value string }{{"--kubeconfig", w.Kubeconfig}, {"--kube-context", w.Context}} {
		if f.value != "" {
			helm.Args, cli.Args = append(helm.Args, f.flag, f.value), append(cli.Args, f.flag, f.value)
		}
	}
	if w.User != "" {
		helm.Args, cli.Args = append(helm.Args, "--kube-as-user", w.User), append(cli.Args, "--kube-as", w.User)
	}
	return []Command{helm, cli}
}
