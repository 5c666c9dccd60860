package scenes

// A Fault is what a scene did, told by who did it: which object somebody asks
// about, at which object the fault is, and words that name what was done. An
// explanation of the first has to lead to the second and say the third.
type Fault struct {
	Ask  Cause    `json:"ask"`
	At   Cause    `json:"at"`
	Says []string `json:"says"`
	// AsItShould: what was asked for is not the tenant's to have.
	AsItShould bool `json:"asItShould,omitempty"`
	// Pods: only its pods tell; they have to be read first.
	Pods bool `json:"pods,omitempty"`
}

// made is one at the object asked about itself.
func made(kind, namespace, name string, says ...string) Fault {
	return Fault{Ask: Cause{kind, namespace, name}, At: Cause{kind, namespace, name}, Says: says}
}

// at moves the fault to another object.
func (f Fault) at(kind, namespace, name string) Fault { f.At = Cause{kind, namespace, name}; return f }

func (f Fault) refused() Fault { f.AsItShould = true; return f }
func (f Fault) pods() Fault    { f.Pods = true; return f }

// Faults are those of the broken scene.
func Faults() []Fault {
	const git, ks = "GitRepository", "Kustomization"
	return []Fault{
		made(git, "team-x", "nosecret", "flux-system").at("Secret", "team-x", "flux-system"),
		made(git, "team-x", "nobranch", "nope"),
		made(git, "team-x", "norepo", "none.git"),
		made(git, "team-x", "nohost", "git.invalid"),
		made(ks, "team-x", "escape", "ConfigMap intruder", "fluxdemo-prod").at("ServiceAccount", "team-x", "team-x").refused(),
		made(ks, "team-x", "badyaml", "x.yaml"),
		made(ks, "team-x", "nopath", "./nopath"),
		made(ks, "team-x", "unhealthy", "node").at("Pod", "team-x", "").pods(),
		made(ks, "team-x", "crossns", "fluxdemo-dev/git-demo-dev").at(git, "fluxdemo-dev", "git-demo-dev").refused(),
		made(ks, "team-x", "nosa", "team-x/ghost").at("ServiceAccount", "team-x", "ghost"),
		made(ks, "team-x", "defaultsa", "team-x/default").at("ServiceAccount", "team-x", "default"),
		made(ks, "team-x", "waitfor", "./nopath").at(ks, "team-x", "nopath"),
		made(ks, "team-x", "nosource", "does not exist").at(git, "team-x", "missing"),
		made(ks, "team-x", "fromnosecret", "flux-system").at("Secret", "team-x", "flux-system"),

		made(git, "team-y", "ssh-host-changed", "key changed"),
		made(git, "team-y", "ssh-host-unknown", "not in known_hosts"),
		made(git, "team-y", "ssh-key-refused", "deploy key"),
		made(git, "team-y", "ssh-key-encrypted", "encrypted").at("Secret", "team-y", "ssh-key-encrypted"),
		made(git, "team-y", "ssh-no-known-hosts", "known_hosts").at("Secret", "team-y", "ssh-no-known-hosts"),
		made(git, "team-y", "ssh-no-repo", "none.git"),
		made(git, "team-y", "http-unauthorized", "401"),
		made(git, "team-y", "http-forbidden", "403"),
		made(git, "team-y", "http-no-username", "username").at("Secret", "team-y", "http-no-username"),
		made(git, "team-y", "app-no-provider", "github").at("Secret", "team-y", "app-no-provider"),
		made(git, "team-y", "tls-unknown-ca", "certificate"),
		made(git, "team-y", "empty", "no commit"),
		made(git, "team-y", "branch-typo", "nope"),
		made(git, "team-y", "secret-lost", "secret-lost").at("Secret", "team-y", "secret-lost"),
		made(ks, "team-y", "secret-lost", "secret-lost").at("Secret", "team-y", "secret-lost"),
		made("OCIRepository", "team-y", "unreachable", "127.0.0.1:1"),
		made("Bucket", "team-y", "unreachable", "127.0.0.1:1"),
		made("HelmRepository", "team-y", "unreachable", "127.0.0.1:1"),

		made(ks, "team-z", "sops", "decrypt"),
		made(ks, "team-z", "missing-kind", "Certificate").at("CustomResourceDefinition", "", "Certificate"),
		made(ks, "team-z", "image-pull", "image-pull:1.0").at("Pod", "team-z", "").pods(),
		made(ks, "team-z", "crash-loop", "crash-loop").at("Pod", "team-z", "").pods(),
		made(ks, "team-z", "not-ready", "not-ready").at("Deployment", "team-z", "not-ready").pods(),
		made(ks, "team-q", "quota", "no-pods").at("Deployment", "team-q", "quota"),
		made(ks, "team-z", "post-build", "imaginary").at("ConfigMap", "team-z", "imaginary"),
		made(ks, "team-z", "bad-health-expression", "configuration"),
		made(ks, "team-z", "chain-base", "./nowhere"),
		made(ks, "team-z", "chain-top", "./nowhere").at(ks, "team-z", "chain-base"),
		made(ks, "team-z", "no-dependency", "imaginary").at(ks, "team-z", "imaginary"),
		made(ks, "team-z", "deleting", "example.com/backup"),
		made("Namespace", "", "team-gone", "example.com/backup"),
		made("FluxInstance", "team-z", "flux", "flux-system"),
	}
}
