package said

import "testing"

// Wordings as the controllers write them (kustomize-, source- and
// helm-controller, flux-operator, the API server), and others like them that
// must not be taken for something they are not.
func TestRead(t *testing.T) {
	const p = "failed to checkout and determine revision: "
	for message, want := range map[string]Saying{
		`failed to get secret 'team/n': failed to get secret 'team/n': secrets "n" not found`:                                                                      {Fault: SecretMissing, Kind: "Secret", Name: "n"},
		`failed to configure authentication options: invalid 'ssh' auth option: 'known_hosts' is required`:                                                         {Fault: SecretKeys, Key: "known_hosts"},
		`failed to configure authentication options: invalid 'https' auth option: 'password' requires 'username' to be set`:                                        {Fault: SecretKeys, Key: "username"},
		`SSH identity key is encrypted but no 'password' field was provided in the secret 'ns/n'`:                                                                  {Fault: KeyEncrypted},
		`secretRef 'ns/n' has github app data but provider is not set to github`:                                                                                   {Fault: ProviderUnset},
		p + `unable to clone 'https://h/r': authentication required: <html>`:                                                                                       {Fault: LoginRefused},
		p + `unable to list remote for 'https://h/r': authorization failed: no`:                                                                                    {Fault: AccessRefused},
		p + `unable to clone 'https://h/r': repository not found: x`:                                                                                               {Fault: RepositoryMissing},
		p + `unable to clone 'http://h/r': repository not found:`:                                                                                                  {Fault: RepositoryMissing}, // with nothing behind, and trimmed
		p + `unable to clone: repository not found: git repository: 'ssh://git@h/r'`:                                                                               {Fault: RepositoryMissing},
		p + `unable to clone 'https://h/r': couldn't find remote ref "refs/heads/x"`:                                                                               {Fault: RefMissing, Name: "x"},
		p + `unable to resolve ref 'refs/heads/x' to a specific commit`:                                                                                            {Fault: RefMissing, Name: "refs/heads/x"},
		p + `unable to clone 'ssh://git@h/r': ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain`: {Fault: DeployKeyRefused},
		p + `unable to clone 'ssh://git@h/r': ssh: handshake failed: knownhosts: key mismatch`:                                                                     {Fault: HostKeyChanged},
		p + `unable to clone 'ssh://git@h/r': ssh: handshake failed: knownhosts: key is unknown`:                                                                   {Fault: HostKeyUnknown},
		p + `unable to list remote for 'ssh://git@h/r': ssh: handshake failed: knownhosts: key is revoked`:                                                         {Fault: HostKeyRevoked},
		p + `unable to clone 'ssh://h/r': ssh: no common algorithm for host key; we offered: [a], peer offered: [b]`:                                               {Fault: HostKeyType},
		p + `unable to clone 'https://h.x/r': Get "https://h.x/r/info/refs": dial tcp: lookup h.x on 10.96.0.10:53: no such host`:                                  {Fault: HostUnresolved, Host: "h.x"},
		p + `unable to clone 'https://h.x/r': Get "https://h.x": dial tcp: lookup h.x on 10.96.0.10:53: read udp 10.1.1.1:4->10.96.0.10:53: i/o timeout`:           {Fault: LookupUnanswered, Host: "h.x"},
		p + `unable to clone 'https://h.x/r': Get "https://h.x": dial tcp: lookup h.x: Temporary failure in name resolution`:                                       {Fault: LookupUnanswered, Host: "h.x"},
		p + `unable to clone 'https://h/r': Get "https://h": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused`:                                {Fault: ProxyFault, Host: "10.0.0.9:3128"},
		p + `unable to clone 'https://h/r': Get "https://h": proxyconnect tcp: dial tcp: lookup proxy.corp: no such host`:                                          {Fault: ProxyFault, Host: "proxy.corp"},
		p + `unable to clone 'https://h/r': Get "https://h": Proxy Authentication Required`:                                                                        {Fault: ProxyFault},
		p + `unable to clone 'https://h/r': Get "https://h": dial tcp 10.0.0.9:443: connect: connection refused`:                                                   {Fault: ConnectionRefused, Host: "10.0.0.9:443"},
		p + `unable to clone 'https://h/r': Get "https://h": dial tcp 10.0.0.9:443: connect: no route to host`:                                                     {Fault: NoAnswer, Host: "10.0.0.9:443"},
		p + `unable to clone 'https://h/r': Get "https://h": dial tcp 10.0.0.9:443: i/o timeout`:                                                                   {Fault: NoAnswer, Host: "10.0.0.9:443"},
		p + `unable to clone 'https://h/r': context deadline exceeded`:                                                                                             {Fault: NoAnswer},
		p + `unable to clone 'https://h/r': Get "https://h": tls: failed to verify certificate: x509: certificate signed by unknown authority`:                     {Fault: CertificateUnknown},
		p + `unable to clone 'https://h/r': Get "https://h": remote error: tls: handshake failure`:                                                                 {Fault: TLSFault},
		`git repository is empty`: {Fault: RepositoryEmpty},
		p + `basic auth and bearer token cannot be set at the same time`: {Fault: SecretKeys},

		`GitRepository.source.toolkit.fluxcd.io "git-demo-dev" not found`:                                                        {Fault: SourceMissing, Kind: "GitRepository", Name: "git-demo-dev"},
		`Source artifact not found, retrying in 30s`:                                                                             {Fault: SourceNotReady},
		`kustomization path not found: stat /tmp/kustomization-123/dev2: no such file or directory`:                              {Fault: PathMissing, Name: "dev2"},
		`can't access 'GitRepository/flux-system/flux-system', cross-namespace references have been blocked`:                     {Fault: CrossNamespace, Kind: "GitRepository", Namespace: "flux-system", Name: "flux-system"},
		`cross-namespace references are not allowed: cannot access HelmRepository flux-system/charts`:                            {Fault: CrossNamespace, Kind: "HelmRepository", Namespace: "flux-system", Name: "charts"},
		`dependency 'flux-system/infra' is not ready`:                                                                            {Fault: DependencyNotReady, Namespace: "flux-system", Name: "infra"},
		`dependency 'a/b' not found: kustomizations.kustomize.toolkit.fluxcd.io "b" not found`:                                   {Fault: DependencyMissing, Namespace: "a", Name: "b"},
		`dependency 'a/b' revision is not up to date`:                                                                            {Fault: DependencyNotReady, Namespace: "a", Name: "b"},
		`failed to decode Kubernetes YAML from /tmp/kustomization-1/badyaml/x.yaml: mapping values are not allowed`:              {Fault: ManifestInvalid, Name: "badyaml/x.yaml"},
		`Secret/ns/n is SOPS encrypted, configuring decryption is required for this secret to be reconciled`:                     {Fault: DecryptionUnset},
		`Certificate/a/web dry-run failed: no matches for kind "Certificate" in version "certificates.example.com/v1"`:           {Fault: KindMissing, Name: "Certificate", Group: "certificates.example.com/v1"},
		`Deployment/a/b namespace not specified: the server could not find the requested resource`:                               {Fault: Invalid},
		`ConfigMap/gone/x dry-run failed (NotFound): namespaces "gone" not found`:                                                {Fault: NamespaceMissing, Kind: "Namespace", Name: "gone"},
		`Deployment/a/b dry-run failed (Invalid): Deployment.apps "b" is invalid: spec.selector: field is immutable`:             {Fault: Immutable, Kind: "Deployment", Namespace: "a", Name: "b"},
		`FluxInstance/f/flux dry-run failed (Invalid): FluxInstance "flux" is invalid: spec.sync: Sync name is immutable`:        {Fault: Immutable, Kind: "FluxInstance", Namespace: "f", Name: "flux"},
		`Pod/a/b dry-run failed (Forbidden): pods "b" is forbidden: violates PodSecurity "restricted:latest"`:                    {Fault: Refused, Kind: "Pod", Namespace: "a", Name: "b"},
		`health check failed after 5m0.05s: timeout waiting for: [Deployment/dev/kcheck status: 'InProgress']`:                   {Fault: HealthTimeout, Kind: "Deployment", Namespace: "dev", Name: "kcheck"},
		`health check failed after 20s: failed early due to stalled resources: [Deployment/dev/kcheck status: 'Failed']`:         {Fault: HealthFailed, Kind: "Deployment", Namespace: "dev", Name: "kcheck"},
		`Reconciliation failed terminally due to configuration error: invalid CEL`:                                               {Fault: ExpressionInvalid},
		`build failed: no match found for semver: 3.x in /data`:                                                                  {Fault: VersionMissing, Name: "3.x"},
		"reconciliation failed: timeout waiting for: [GitRepository/c/c status: 'InProgress']\nGitRepository/c/c status: failed": {Fault: InstanceWaits, Kind: "GitRepository", Namespace: "c", Name: "c"},

		// Others' words inside: not the Git host's certificate, name or answer.
		`Deployment/a/b dry-run failed: Internal error occurred: failed calling webhook "check.kyverno.svc": Post "https://kyverno.svc:443/": x509: certificate signed by unknown authority`: {Fault: WebhookFault, Name: "check.kyverno.svc"},
		`Deployment/a/b dry-run failed: Internal error occurred: failed calling webhook "istio": Post "https://istiod:443/": dial tcp: lookup istiod: no such host`:                          {Fault: WebhookFault, Name: "istio"},
		`Deployment/a/b dry-run failed: admission webhook "validate.kyverno.svc" denied the request: no latest tag`:                                                                          {Fault: Refused, Name: "validate.kyverno.svc"},
		`failed to download archive: GET http://source-controller.flux-system.svc.cluster.local./x.tar.gz: dial tcp 10.1.1.1:80: connect: connection refused`:                                {Fault: ArtifactServer, Host: "source-controller.flux-system.svc.cluster.local."},
		`decryption failed for 'team': cannot get decryption Secret 'team/sops': secrets "sops" not found`:                                                                                   {Fault: SecretMissing, Kind: "Secret", Name: "sops"},
	} {
		got, ok := Read(message)
		words := got.Words
		got.Words = ""
		if got.Kind == "" || want.Kind == "" {
			got.Kind, want.Kind = "", ""
		}
		if !ok || got != want || words == "" {
			t.Errorf("%s\n got %+v %q\nwant %+v", message, got, words, want)
		}
	}
}

func TestReadsWhoWasRefusedWhat(t *testing.T) {
	got, _ := Read(`Deployment/fluxdemo-prod/kcheck dry-run failed (Forbidden): deployments.apps "kcheck" is forbidden: User "system:serviceaccount:fluxdemo-dev:fluxdemo-dev" cannot patch resource "deployments" in API group "apps" in the namespace "fluxdemo-prod"` + "\n")
	got.Words = ""
	if want := (Saying{Fault: ForbiddenInside, Kind: "Deployment", Namespace: "fluxdemo-prod", Name: "kcheck", AccountNamespace: "fluxdemo-dev", Account: "fluxdemo-dev",
		Into: "fluxdemo-prod", Verb: "patch", Resource: "deployments", Group: "apps"}); got != want {
		t.Errorf("%+v", got)
	}
	got, _ = Read(`ClusterRole/x dry-run failed (Forbidden): clusterroles.rbac.authorization.k8s.io "x" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "clusterroles" in API group "rbac.authorization.k8s.io" at the cluster scope`)
	if got.Fault != ForbiddenCluster || got.Kind != "ClusterRole" || got.Name != "x" || got.Account != "b" || got.Into != "" {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsNotKnownIsNotRead(t *testing.T) {
	for _, message := range []string{"", "something new went wrong", "Reconciliation in progress", "stored artifact for revision 'main@sha1:abc'",
		"Applied revision: main@sha1:abc", "the moon is in the wrong place: retrying"} {
		if got, ok := Read(message); ok {
			t.Errorf("%q: %+v", message, got)
		}
	}
}

func TestWaitedFor(t *testing.T) {
	got := WaitedFor("reconciliation failed: timeout waiting for: [GitRepository/c/c status: 'InProgress', Kustomization/c/c status: 'InProgress', Namespace/c status: 'Failed']\n" +
		"GitRepository/c/c status: failed to get secret 'c/s': secrets \"s\" not found\nHelmRelease/c/h status: odd")
	want := []Waited{{"GitRepository", "c", "c", "InProgress", `failed to get secret 'c/s': secrets "s" not found`}, {"Kustomization", "c", "c", "InProgress", ""},
		{"Namespace", "", "c", "Failed", ""}, {"HelmRelease", "c", "h", "", "odd"}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
