package scenes

import "context"

// brokenX is one tenant with a repository of wrong manifests.
var brokenX = []Expectation{
	{Kind: "GitRepository", Namespace: "team-x", Name: "bad", Health: "Ready", Reason: "Succeeded", Why: "the repository itself is fine"},
	{Kind: "GitRepository", Namespace: "team-x", Name: "nosecret", Health: "Failed", Reason: "AuthenticationFailed", Text: "not found", Why: "its Secret does not exist"},
	{Kind: "GitRepository", Namespace: "team-x", Name: "nobranch", Health: "Failed", Reason: "GitOperationFailed", Text: "couldn't find remote ref", Why: "the branch does not exist"},
	{Kind: "GitRepository", Namespace: "team-x", Name: "norepo", Health: "Failed", Reason: "GitOperationFailed", Text: "repository not found", Why: "the repository does not exist"},
	{Kind: "GitRepository", Namespace: "team-x", Name: "nohost", Health: "Failed", Reason: "GitOperationFailed", Why: "the host's name does not resolve"},
	{Kind: "GitRepository", Namespace: "team-x", Name: "suspended", Health: "Suspended", Why: "created suspended, so it never ran", seen: suspended},
	{Kind: "Kustomization", Namespace: "team-x", Name: "escape", Health: "Failed", Reason: "ReconciliationFailed", Text: "forbidden", Why: "a manifest is for another tenant's namespace"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "badyaml", Health: "Failed", Reason: "BuildFailed", Why: "a manifest is no YAML"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "nopath", Health: "Failed", Reason: "ArtifactFailed", Text: "no such file or directory", Why: "the path is not in the repository"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "unhealthy", Health: "Failed", Reason: "HealthCheckFailed", Cause: &Cause{"Deployment", "team-x", "slow"}, Why: "it waits for a Deployment that fails"},
	{Kind: "Deployment", Namespace: "team-x", Name: "slow", Health: "Failed", Why: "no node fits its pods; past its progress deadline", seen: pastDeadline},
	{Kind: "Kustomization", Namespace: "team-x", Name: "good", Health: "Ready", Reason: "ReconciliationSucceeded", Why: "nothing is wrong with it"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "crossns", Health: "Stalled", Reason: "AccessDenied", Text: "cross-namespace references have been blocked", Why: "its source is in another namespace"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "nosa", Health: "Failed", Reason: "ReconciliationFailed", Text: "system:serviceaccount:team-x:ghost", Why: "its service account does not exist"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "defaultsa", Health: "Failed", Reason: "ReconciliationFailed", Text: "system:serviceaccount:team-x:default", Why: "no account is named, and default has no rights"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "waitfor", Health: "Blocked", Reason: "DependencyNotReady", Cause: &Cause{"Kustomization", "team-x", "nopath"}, Why: "what it depends on fails"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "nosource", Health: "Failed", Reason: "ArtifactFailed", Text: "not found", Why: "its source does not exist"},
	{Kind: "Kustomization", Namespace: "team-x", Name: "fromnosecret", Health: "Blocked", Reason: "ArtifactFailed", Cause: &Cause{"GitRepository", "team-x", "nosecret"}, Why: "its source never got an artifact"},
}

// badFiles are the wrong manifests, one folder per mistake.
var badFiles = map[string]string{
	"good/fine.yaml":     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fine}\n",
	"escape/theirs.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: intruder, namespace: fluxdemo-prod}\ndata: {a: b}\n",
	"badyaml/x.yaml":     "a: b: c\n",
	"unhealthy/slow.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: slow}
spec:
  replicas: 1
  progressDeadlineSeconds: 20
  selector: {matchLabels: {app: slow}}
  template:
    metadata: {labels: {app: slow}}
    spec:
      nodeSelector: {nowhere: "true"}
      containers: [{name: c, image: "example.com/slow:1"}]
`,
}

func (s *Scene) brokenX(ctx context.Context) error {
	if err := s.repo("bad").Write(ctx, "Add manifests that do not work", badFiles); err != nil {
		return err
	}
	if err := s.tenant(ctx, "team-x"); err != nil {
		return err
	}
	return s.applyManifest(ctx, "team-x.yaml", s.names())
}
