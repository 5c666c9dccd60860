package said

import (
	"slices"
	"testing"
)

// Statuses as people have reported them from other versions and other
// controllers, which the readers were not written from. Not to know them is
// fine; to take them for another fault is not.
func TestWordingsOfOthers(t *testing.T) {
	for message, may := range map[string][]Fault{
		// Flux before 2.0.
		`unable to clone 'https://github.com/acme/mygit4.git': authentication required`:                           {LoginRefused},
		`unable to clone 'https://github.com/acme/app', error: authentication required`:                           {LoginRefused},
		`unable to clone 'ssh://git@github.com/acme/app', error: ssh: handshake failed: knownhosts: key mismatch`: {HostKeyChanged},
		`unable to clone: unknown certificate check failure`:                                                      {CertificateUnknown, TLSFault},
		`unable to clone 'ssh://git@gitlab.acme.io/app', error: callback returned unsupported credentials type`:   {},
		`unable to clone: failed to resolve address for git.acme.io: Name or service not known`:                   {HostUnresolved},
		`unable to clone: Failed to authenticate SSH session: Unable to send userauth-publickey request`:          {DeployKeyRefused},
		`git repo not ready: git clone --mirror: fatal: Could not read from remote repository.`:                   {},
		`Source is not ready, artifact not found`:                                                                 {SourceNotReady},
		`Source is not ready`: {SourceNotReady},
		`Health check failed after 5m0.030442677s, timeout waiting for: [ImageUpdateAutomation/e13/home status: 'Terminating', ImagePolicy/e13/h status: 'Current']`: {HealthTimeout},
		`Health check timed out for [Job 'default/neo4j-bootstrap-databases', Job 'default/mysql-bootstrap-databases']`:                                              {HealthTimeout},
		`Health check timed out for [deployments.apps 'keycloak-operator/keycloak-operator']`:                                                                        {HealthTimeout},
		`running health checks with a timeout of 15m0s`:                                                                                                              {},
		`reconciliation in progress`:                         {},
		`kustomize build failed: json: unknown field "spec"`: {BuildFailed},
		`kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'backup-system': read /tmp/kustomization-4230188404/cluster/apps/backup-system: is a directory': recursed accumulation of path`: {BuildFailed},
		"validation failed: namespace/flux-system configured (dry run)\nerror: error validating \"8117172a.yaml\": error validating data: ValidationError(Kustomization.spec): missing required field \"interval\"":                    {Invalid, ManifestInvalid},
		`Deployment/default/test immutable field detected, failed to delete object, error: deployments.apps "test" not found`:                                                                                                          {Immutable},
		`Namespace/x dry-run failed, error: namespaces is forbidden: User "system:serviceaccount:team:team" cannot create resource "namespaces" in API group "" at the cluster scope`:                                                  {ForbiddenCluster},
		`ServiceAccount/apps/default dry-run failed, reason: NotFound, error: namespaces "apps" not found`:                                                                                                                             {NamespaceMissing},
		`HelmRelease/x/y dry-run failed, error: no matches for kind "HelmRelease" in version "helm.toolkit.fluxcd.io/v2beta1"`:                                                                                                         {KindMissing},
		`Deployment/a/b dry-run failed, reason: Invalid, error: Deployment.apps "b" is invalid: spec.template.spec.containers[0].image: Required value`:                                                                                {Invalid},
		`apply failed: Error from server (NotFound): error when creating "ab.yaml": namespaces "team" not found`:                                                                                                                       {NamespaceMissing},
		`Error getting data key: 0 successful groups required, got 0`:                                                                                                                                                                  {DecryptionFailed},

		// The cluster itself, behind words that name a Secret.
		`failed to get secret 'apps/https-credentials': Get "https://10.96.0.1:443/api/v1/namespaces/apps/secrets/https-credentials": dial tcp 10.96.0.1:443: connect: connection refused`: {},
		`failed to get secret 'apps/git': etcdserver: request timed out`: {},
		`failed to get secret 'apps/git': secrets "git" is forbidden: User "system:serviceaccount:flux-system:source-controller" cannot get resource "secrets" in API group "" in the namespace "apps"`: {ForbiddenInside},
		`Operation cannot be fulfilled on gitrepositories.source.toolkit.fluxcd.io "app": the object has been modified; please apply your changes to the latest version and try again`:                  {Conflict},
		`client rate limiter Wait returned an error: context deadline exceeded`: {},

		// Helm, of all ages.
		`install retries exhausted`:                {RetriesExceeded},
		`upgrade retries exhausted`:                {RetriesExceeded},
		`no chart version found for podinfo-9.0.0`: {ChartMissing, VersionMissing},
		`Helm install failed: failed post-install: timed out waiting for the condition`:    {ReleaseFailed},
		`Helm upgrade failed: another operation (install/upgrade/rollback) is in progress`: {ReleaseFailed},
		`Helm upgrade failed: cannot patch "redis" with kind StatefulSet: StatefulSet.apps "redis" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' and 'updateStrategy' are forbidden`: {ReleaseFailed, Immutable},
		`HelmChart 'flux-system/podinfo-podinfo' is not ready`: {SourceNotReady},

		// Other sources.
		`failed to determine artifact digest: GET https://ghcr.io/token?scope=repository%3Aacme%2Fapp%3Apull: DENIED: requested access to the resource is denied`: {AccessRefused, LoginRefused},
		`failed to pull artifact from 'oci://ghcr.io/acme/app': GET https://ghcr.io/v2/acme/app/manifests/9.9: MANIFEST_UNKNOWN: manifest unknown`:                {RefMissing, VersionMissing, RepositoryMissing},
		`bucket 'acme-artifacts' not found`:                                              {RepositoryMissing},
		`failed to fetch index: 404 Not Found`:                                           {IndexInvalid, RepositoryMissing},
		`failed to verify the signature using provider 'cosign': no matching signatures`: {SignatureInvalid},

		// Others' controllers.
		`Issuing certificate as Secret does not exist`: {},
		`cannot resolve references: mg.Spec.ForProvider.VPCID: referenced field was empty (referenced resource may not yet be ready)`: {},
		`error running Init: rpc error: code = Internal desc = exit status 1: Error: Failed to query available provider packages`:     {},
		`Failed to pull image "ghcr.io/acme/app:9": rpc error: code = NotFound desc = failed to pull and unpack image: not found`:     {},
		`0/3 nodes are available: 3 Insufficient cpu.`:                        {},
		`back-off 5m0s restarting failed container=app pod=app-7c5_team(1b2)`: {},
		`The certificate has expired on 2026-11-01`:                           {CertificateUnknown},
		`secret synced, all good`:                                             {},
	} {
		if got, ok := Read(message); ok && !slices.Contains(may, got.Fault) {
			t.Errorf("%s\n is taken for %+v %q", message, got, got.Words)
		}
	}
}

// Words of another fault inside a message, in names or in what is quoted, are
// not the fault.
func TestWordsInsideAreNotTheFault(t *testing.T) {
	for _, c := range []struct {
		message string
		not     Fault
		want    string
	}{
		{`kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'repo-server.yaml': open /tmp/kustomization-1/dev/repo-server.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/tmp/kustomization-1/dev/repo-server.yaml' : lstat /tmp/kustomization-1/dev/repo-server.yaml: no such file or directory`, RemoteBase, "a file that is missing"},
		{`kustomize build failed: may not add resource with an already registered id: Deployment.v1.apps/remote-write.mon`, RemoteBase, "an object that is there twice"},
		{`Secret/apps/cluster-kubeconfig dry-run failed (Forbidden): secrets "cluster-kubeconfig" is forbidden: User "system:serviceaccount:apps:apps" cannot patch resource "secrets" in API group "" in the namespace "apps"`, KubeConfigFault, "rights"},
		{`Deployment/apps/web dry-run failed (Invalid): Deployment.apps "web" is invalid: spec.template.spec.containers[0].image: Required value: feature gate 'x'`, FeatureOff, "validation"},
		{`Secret/apps/tls dry-run failed (Invalid): Secret "tls" is invalid: data[x]: namespaces "y" not found`, NamespaceMissing, ""},
		{`ConfigMap/apps/x dry-run failed (Forbidden): configmaps "x" is forbidden: unable to create new content in namespace apps because it is being terminated`, ForbiddenInside, ""},
		{`Deployment/a/timeout dry-run failed (Invalid): Deployment.apps "timeout" is invalid: metadata.annotations: Invalid value: "context deadline exceeded"`, NoAnswer, ""},
		{`Kustomization/a/b dry-run failed (Invalid): Kustomization.kustomize.toolkit.fluxcd.io "b" is invalid: spec.kubeConfig.secretRef: Required value`, KubeConfigFault, "validation"},
	} {
		s, ok := Read(c.message)
		if ok && s.Fault == c.not {
			t.Errorf("%.90s…\n  is taken for %q (want %s)", c.message, s.Words, c.want)
		}
	}
}
