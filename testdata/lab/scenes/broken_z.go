package scenes

import (
	"context"
	"fmt"
)

// brokenZ is a tenant whose sources are fine and whose syncs and workloads are
// not.
var brokenZ = []Expectation{
	{Kind: "GitRepository", Namespace: "team-z", Name: "team-z", Health: "Ready", Reason: "Succeeded", Why: "the repository is fine"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "workloads", Health: "Ready", Reason: "ReconciliationSucceeded", Why: "a healthy StatefulSet and DaemonSet"},
	{Kind: "StatefulSet", Namespace: "team-z", Name: "store", Health: "Ready", Why: "all pods run", seen: rolledOut},
	{Kind: "DaemonSet", Namespace: "team-z", Name: "agent", Health: "Ready", Why: "runs on every node", seen: daemonReady},
	{Kind: "Kustomization", Namespace: "team-z", Name: "sops", Health: "Failed", Reason: "ReconciliationFailed", Text: "SOPS encrypted", Why: "an encrypted Secret and no spec.decryption"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "missing-kind", Health: "Failed", Reason: "ReconciliationFailed", Text: "no matches for kind", Why: "the kind's CRD is not installed"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "image-pull", Health: "Failed", Reason: "HealthCheckFailed", Cause: &Cause{"Deployment", "team-z", "image-pull"}, Why: "its pods cannot pull their image"},
	{Kind: "Deployment", Namespace: "team-z", Name: "image-pull", Health: "Failed", Why: "ImagePullBackOff; past its progress deadline", seen: pastDeadline},
	{Kind: "Kustomization", Namespace: "team-z", Name: "crash-loop", Health: "Failed", Reason: "HealthCheckFailed", Cause: &Cause{"Deployment", "team-z", "crash-loop"}, Why: "its pods crash"},
	{Kind: "Deployment", Namespace: "team-z", Name: "crash-loop", Health: "Failed", Why: "CrashLoopBackOff; past its progress deadline", seen: pastDeadline},
	{Kind: "Kustomization", Namespace: "team-z", Name: "not-ready", Health: "Failed", Reason: "HealthCheckFailed", Cause: &Cause{"Deployment", "team-z", "not-ready"}, Why: "its pods run but never get ready"},
	{Kind: "Deployment", Namespace: "team-z", Name: "not-ready", Health: "Failed", Why: "readiness never comes; past its progress deadline", seen: pastDeadline},
	{Kind: "Kustomization", Namespace: "team-q", Name: "quota", Health: "Failed", Reason: "HealthCheckFailed", Cause: &Cause{"Deployment", "team-q", "quota"}, Why: "the namespace's quota allows no pod"},
	{Kind: "Deployment", Namespace: "team-q", Name: "quota", Health: "Failed", Why: "ReplicaFailure: the quota refuses its pods", seen: pastDeadline},
	{Kind: "Kustomization", Namespace: "team-z", Name: "post-build", Health: "Failed", Reason: "BuildFailed", Text: "post build failed", Why: "substituteFrom names a ConfigMap that does not exist"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "bad-health-expression", Health: "Stalled", Reason: "InvalidCELExpression", Why: "a health check expression does not compile"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "chain-base", Health: "Failed", Reason: "ArtifactFailed", Why: "the path is not in the repository"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "chain-middle", Health: "Blocked", Reason: "DependencyNotReady", Cause: &Cause{"Kustomization", "team-z", "chain-base"}, Why: "depends on chain-base"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "chain-top", Health: "Blocked", Reason: "DependencyNotReady", Cause: &Cause{"Kustomization", "team-z", "chain-base"}, Why: "depends on chain-middle; the root of it is chain-base"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "no-dependency", Health: "Blocked", Reason: "DependencyNotReady", Text: "not found", Why: "depends on something that does not exist"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "suspended", Health: "Ready", Reason: "ReconciliationSucceeded", Why: "fine until it is suspended"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "deleting", Health: "Ready", Reason: "ReconciliationSucceeded", Why: "fine until it is deleted"},
	{Kind: "Namespace", Name: "team-gone", Health: "Ready", Why: "fine until it is deleted", seen: present},
}

// podFaults are the Kustomizations of team-z whose Deployment misbehaves, and
// how.
var podFaults = map[string]string{"image-pull": "imagepull", "crash-loop": "crashloop", "not-ready": "notready"}

func faultyFiles() map[string]string {
	files := map[string]string{
		"good/fine.yaml":         "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {site: lab}\n",
		"suspended/fine.yaml":    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: suspended}\n",
		"deleting/fine.yaml":     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deleting}\n",
		"missing-kind/cert.yaml": "apiVersion: certificates.example.com/v1\nkind: Certificate\nmetadata: {name: web}\nspec: {host: web.example.com}\n",
		"sops/secret.yaml":       sopsSecret,
		"workloads/all.yaml":     workloads,
		"quota/quota.yaml":       deployment("quota", ""),
	}
	for name, label := range podFaults {
		files[name+"/deployment.yaml"] = deployment(name, "lab/fault: "+label)
	}
	return files
}

// sopsSecret looks like sops wrote it; nobody has the key.
const sopsSecret = `apiVersion: v1
kind: Secret
metadata: {name: database}
data:
  password: ENC[AES256_GCM,data:c2VjcmV0,iv:aXYtaXYtaXYtaXYtaXYtaXYtaXYtaXYt,tag:dGFnLXRhZy10YWctdGFn,type:str]
sops:
  age:
  - recipient: age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq
    enc: none
  encrypted_regex: ^(data|stringData)$
  lastmodified: "2026-01-05T09:30:00Z"
  mac: ENC[AES256_GCM,data:bWFj,iv:aXY=,tag:dGFn,type:str]
  version: 3.9.0
`

const workloads = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  replicas: 2
  serviceName: store
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers: [{name: store, image: "example.com/store:7.2"}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers: [{name: agent, image: "example.com/agent:0.9"}]
`

func deployment(name, podLabel string) string {
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s}
spec:
  replicas: 1
  progressDeadlineSeconds: 15
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata:
      labels:
        app: %[1]s
        %[2]s
    spec:
      containers: [{name: app, image: "example.com/%[1]s:1.0"}]
`, name, podLabel)
}

func (s *Scene) brokenZ(ctx context.Context) error {
	if err := s.repo("team-z").Write(ctx, "Add workloads that do not run", faultyFiles()); err != nil {
		return err
	}
	for _, name := range []string{"team-z", "team-q"} {
		if err := s.tenant(ctx, name); err != nil {
			return err
		}
	}
	return s.applyManifest(ctx, "team-z.yaml", s.names())
}
