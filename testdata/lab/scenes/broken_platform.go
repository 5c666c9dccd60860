package scenes

import "context"

// brokenPlatform are objects of the operator: a tenant made by a ResourceSet,
// one that cannot be built, and an instance nobody reconciles.
var brokenPlatform = []Expectation{
	{Kind: "ResourceSetInputProvider", Namespace: "flux-system", Name: "tenants", Health: "Ready", Why: "a list of inputs"},
	{Kind: "ResourceSet", Namespace: "flux-system", Name: "tenants", Health: "Ready", Why: "makes the tenant team-rs from its input"},
	{Kind: "GitRepository", Namespace: "team-rs", Name: "team-rs", Health: "Ready", Reason: "Succeeded", Why: "made by the ResourceSet"},
	{Kind: "Kustomization", Namespace: "team-rs", Name: "team-rs", Health: "Ready", Reason: "ReconciliationSucceeded", Why: "made by the ResourceSet"},
	{Kind: "ResourceSet", Namespace: "flux-system", Name: "bad-template", Health: "Stalled", Reason: "BuildFailed", Why: "its template does not parse"},
	{Kind: "ResourceSet", Namespace: "flux-system", Name: "switched-off", Health: "Suspended", Why: "annotated as disabled", seen: present},
	{Kind: "FluxInstance", Namespace: "team-z", Name: "flux", Health: "Unobserved", Until: "Pending", UntilAge: "2m", Why: "outside the operator's namespace nobody reconciles it", seen: present},
}

func (s *Scene) brokenPlatform(ctx context.Context) error {
	return s.applyManifest(ctx, "platform.yaml", s.names())
}
