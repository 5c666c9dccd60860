package scenes

import "tenantry/lab/cluster"

// An Expectation is what a dashboard should say about one broken object.
type Expectation struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Health    string `json:"health"`
	// Until names the health shown before, for objects that only time makes
	// worse, and UntilAge how old the object is when that ends.
	Until    string `json:"until,omitempty"`
	UntilAge string `json:"untilAge,omitempty"`
	Cause    *Cause `json:"cause,omitempty"`
	// Reason and Text are what the real controller wrote, once it has settled:
	// the reason of the condition that tells, and a part of its message.
	Reason string `json:"reason,omitempty"`
	Text   string `json:"text,omitempty"`
	Why    string `json:"why"`

	seen func(cluster.Object) (bool, string) // says whether the object has got there
}

// A Cause names the object to look at instead.
type Cause struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

var apiVersions = map[string]string{
	"GitRepository": sourceV1, "OCIRepository": sourceV1, "Bucket": sourceV1, "HelmRepository": sourceV1,
	"Kustomization": kustomizeV1, "HelmRelease": helmV2,
	"ResourceSet": "fluxcd.controlplane.io/v1", "ResourceSetInputProvider": "fluxcd.controlplane.io/v1", "FluxInstance": "fluxcd.controlplane.io/v1",
	"Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "Namespace": "v1",
}

func (e Expectation) ref() cluster.Ref {
	return cluster.Ref{APIVersion: apiVersions[e.Kind], Kind: e.Kind, Namespace: e.Namespace, Name: e.Name}
}

// reached says whether the object's conditions are what the table promises.
func (e Expectation) reached(o cluster.Object) (bool, string) {
	if e.seen != nil {
		return e.seen(o)
	}
	c := o.Condition("Ready")
	if e.Health == "Stalled" {
		c = o.Condition("Stalled")
	}
	seen := c.Type + "=" + c.Status + " " + c.Reason + ": " + c.Message
	want := map[string]string{"Ready": "True", "Stalled": "True"}[e.Health]
	if want == "" {
		want = "False"
	}
	return c.Status == want && (e.Reason == "" || c.Reason == e.Reason) && contains(c.Message, e.Text), seen
}
