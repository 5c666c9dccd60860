package said

import (
	"strings"
	"testing"
)

// Messages whose quoted part, or whose object's name, reads like another fault.
// Raw is right where nothing tells: the words are shown as they are then.
const raw = Unknown

func TestWhatIsQuotedIsNoCause(t *testing.T) {
	const helm = `Helm upgrade failed for release eu/web with chart web@1.2.0: `
	for _, c := range []struct {
		message string
		want    Fault
		says    string // a part of the sentence
	}{
		// A ResourceSet wraps what the same library says of an apply.
		{`reconciliation failed: Ingress/eu/b dry-run failed (Invalid): Ingress.networking.k8s.io "b" is invalid: spec.tls: Required value`, Invalid, "Ingress/eu/b is not accepted (Invalid)"},
		{`reconciliation failed: Deployment/eu/b dry-run failed (Invalid): Deployment.apps "b" is invalid: spec.selector: field is immutable`, Immutable, "Deployment/eu/b is not accepted"},
		{`reconciliation failed: Secret/eu/x dry-run failed (NotFound): secrets "x" not found`, raw, ""},
		{`reconciliation failed: ConfigMap/us/x dry-run failed (Forbidden): configmaps "x" is forbidden: User "system:serviceaccount:eu:eu" cannot patch resource "configmaps" in API group "" in the namespace "us"`, ForbiddenInside, "ConfigMap/us/x is not for account eu/eu"},
		{`reconciliation failed: Certificate/eu/web dry-run failed (Invalid): Certificate.cert-manager.io "web" is invalid: spec.ca: Invalid value: "x509: malformed certificate"`, Invalid, "Certificate/eu/web is not accepted"},

		// The wordings of Flux before 2.3.
		{`Ingress/a/b dry-run failed, reason: Invalid, error: Ingress.networking.k8s.io "b" is invalid: spec.tls: Required value`, Invalid, "Ingress/a/b is not accepted (Invalid)"},
		{`Pod/eu/b dry-run failed, reason: Invalid, error: Pod "b" is invalid: spec.containers[0].x: Forbidden: must not be set because the feature gate is disabled`, Invalid, "Pod/eu/b is not accepted (Invalid)"},
		{`Pod/eu/b dry-run failed, reason: Invalid, error: Pod "b" is invalid: spec.volumes[0].image: Forbidden: must not be set because the ImageVolume feature gate is disabled`, Invalid, "Pod/eu/b is not accepted (Invalid)"},
		{`Secret/eu/x dry-run failed, reason: NotFound, error: secrets "x" not found`, raw, ""},
		{`Secret/eu/tls dry-run failed, reason: Invalid, error: Secret "tls" is invalid: data[tls.crt]: Invalid value: "x509: certificate signed by unknown authority"`, Invalid, "Secret/eu/tls is not accepted"},
		{`Secret/eu/git dry-run failed, error: secrets "git" not found`, raw, ""},
		{`ConfigMap/eu/timeout dry-run failed, reason: Timeout, error: request did not complete within requested timeout - context deadline exceeded`, raw, ""},
		{`Deployment/eu/web dry-run failed, reason: InternalError, error: etcdserver: request timed out`, raw, ""},
		{`Deployment/eu/web dry-run failed, reason: InternalError: Internal error occurred: failed calling webhook "v.io": failed to call webhook: Post "https://10.0.0.7:8443/v?timeout=10s": tls: failed to verify certificate`, WebhookFault, "v.io does not answer"},
		{`ConfigMap/eu/x dry-run failed, reason: Invalid, error: ConfigMap "x" is invalid: metadata.annotations: Invalid value: "is immutable": too long`, Invalid, "is not accepted"},
		{`GitRepository/eu/app dry-run failed, reason: Invalid, error: GitRepository.source.toolkit.fluxcd.io "app" is invalid: spec.timeout: Invalid value: "i/o timeout": unable to clone: authentication required`, Invalid, "GitRepository/eu/app is not accepted"},
		{`Issuer/eu/ca dry-run failed (InternalError): conversion webhook for cert-manager.io/v1, Kind=Issuer failed: Post "https://cm.svc:443/convert": x509: certificate signed by unknown authority`, raw, ""},
		{`Deployment/eu/web dry-run failed (Conflict): Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again`, raw, ""},
		{`Deployment/eu/web dry-run failed (FieldManagerConflict): Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas`, Conflict, "another field manager, kubectl-edit"},
		{`Secret/eu/x immutable field detected, failed to delete object: secrets "x" not found`, raw, ""},
		{`ConfigMap/gone/x not found: namespaces "gone" not found`, NamespaceMissing, "namespace gone does not exist"},

		// A webhook's own text is its author's.
		{`Pod/eu/web dry-run failed (Forbidden): admission webhook "p.io" denied the request: failed calling webhook "q.io": dial tcp 10.0.0.1:443: i/o timeout`, Refused, "p.io refused it"},
		{`Pod/eu/web dry-run failed (BadRequest): admission webhook "p.io" denied the request: secrets "regcred" not found`, Refused, "p.io refused it"},
		{`Pod/eu/web dry-run failed (Invalid): admission webhook "p.io" denied the request: Pod "web" is invalid: spec.tls: namespaces "x" not found`, Refused, "p.io refused it"},
		{`admission webhook "p.io" denied the request: exceeded quota: none, x509: certificate has expired, no matches for kind "X" in version "v1"`, Refused, "p.io refused it"},
		{`Pod/eu/web dry-run failed (Invalid): pods "web" is forbidden: ValidatingAdmissionPolicy 'tls' with binding 'b' denied request: tls: must be set`, Refused, "the admission policy tls refused it: tls: must be set"},

		// Helm wraps the API server, and its charts say what they like.
		{helm + `cannot patch "web" with kind Ingress: Ingress.networking.k8s.io "web" is invalid: spec.tls: Required value`, ReleaseFailed, "Helm upgrade of eu/web failed"},
		{helm + `cannot patch "web" with kind Pod: Pod "web" is invalid: spec.x: Forbidden: must not be set because the UserNamespacesSupport feature gate is disabled`, ReleaseFailed, "Helm upgrade of eu/web failed"},
		{helm + `failed to create resource: Internal error occurred: failed calling webhook "v.io": failed to call webhook: Post "https://10.0.0.7:8443/": x509: certificate has expired`, WebhookFault, "v.io does not answer"},
		{helm + `cannot patch "web" with kind Secret: secrets "web" not found`, ReleaseFailed, "Helm upgrade of eu/web failed"},
		{helm + `execution error at (web/templates/x.yaml:1:4): namespaces "x" not found`, ReleaseFailed, "Helm upgrade of eu/web failed"},
		{helm + `Kubernetes cluster unreachable: Get "https://10.0.0.1:443/version": dial tcp 10.0.0.1:443: i/o timeout`, raw, ""},
		{`Helm install failed: cannot patch "x" with kind Secret: Secret "x" is invalid: type: Invalid value: "kubeconfig": secret namespaces "y" not found`, ReleaseFailed, "Helm install failed"},

		// A controller's request to its own cluster.
		{`Kubernetes cluster unreachable: Get "https://10.0.0.1:443/version": dial tcp 10.0.0.1:443: i/o timeout`, raw, ""},
		{`Kubernetes cluster unreachable: Get "https://abc.eks.amazonaws.com/version": dial tcp: lookup abc.eks.amazonaws.com: no such host`, raw, ""},
		{`failed to get API group resources: unable to retrieve the complete list of server APIs: v1: context deadline exceeded`, raw, ""},
		{`failed to get last release revision: query: failed to query with labels: context deadline exceeded`, raw, ""},
		{`failed to get secret 'apps/git': context deadline exceeded`, raw, ""},
		{`failed to determine cluster state: Get "https://[fd00::1]:443/version": context deadline exceeded`, raw, ""},
		{`failed to update status: Put "https://10.96.0.1:443/x": net/http: TLS handshake timeout`, raw, ""},

		// A path that is there, and a gate by its name.
		{`kustomization path not found: stat /tmp/k-1/deploy: permission denied`, raw, ""},
		{`kustomization path not found: stat /tmp/k-1/deploy/x: not a directory`, PathMissing, "there is no path ./deploy/x"},
		{`it must not be set because the feature gate is disabled`, raw, ""},
		{`to use spec.decryption.serviceAccountName for decryption authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller`, FeatureOff, "feature ObjectLevelWorkloadIdentity,"},
		{`can't access 'ExternalArtifact/eu/x', ExternalArtifact feature gate is disabled`, FeatureOff, "feature ExternalArtifact,"},

		// Keys that could not be asked are not the wrong ones.
		{`decryption failed for 'app': error decrypting sops tree: azkv: dial tcp: lookup vault.azure.net on 10.0.0.10:53: no such host`, raw, ""},

		// What is a fetch stays one, to a number too.
		{`failed to checkout and determine revision: unable to clone 'https://10.0.0.9/r': Get "https://10.0.0.9/r/info/refs": dial tcp 10.0.0.9:443: connect: connection refused`, ConnectionRefused, "10.0.0.9:443 refuses"},
		{`failed to determine artifact digest: Get "https://10.0.0.9:5000/v2/": x509: certificate signed by unknown authority`, CertificateUnknown, "is not trusted"},
		{`failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://charts.acme.io/index.yaml": remote error: tls: handshake failure`, TLSFault, "no TLS connection"},
	} {
		got, ok := Read(c.message)
		if got.Fault != c.want || !strings.Contains(got.Words, c.says) || c.want != raw && !ok {
			t.Errorf("%s\n is taken for %d %q (%v), want %d %q", c.message, got.Fault, got.Words, ok, c.want, c.says)
		}
	}
}
