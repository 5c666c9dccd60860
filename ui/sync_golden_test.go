package ui

import (
	"tenantry/model"
	"tenantry/ui/uitest"
)

// syncGoldens are the dialogs about the platform's sync.
var syncGoldens = []scene{
	{name: "sync/form", cluster: unsynced, set: func(d *desk) { withInstance(d, nil).open("set sync") }},
	{name: "sync/problems", cluster: unsynced, set: func(d *desk) {
		f := withInstance(d, nil)
		f.open("set sync")
		f.retype("URL", "git@github.com:acme/fleet.git")
		f.retype("INTERVAL", "1d")
		f.retype("REF", "main")
	}},
	{name: "sync/helm", cluster: unsynced, set: func(d *desk) {
		f := withInstance(d, nil)
		f.meta["labels"] = map[string]any{"app.kubernetes.io/managed-by": "Helm", "helm.toolkit.fluxcd.io/name": "kubernetes-demo-fluxcd", "helm.toolkit.fluxcd.io/namespace": "tenant-root"}
		f.meta["annotations"] = map[string]any{"meta.helm.sh/release-name": "fluxcd", "meta.helm.sh/release-namespace": "cozy-fluxcd"}
		f.tell()
		f.session.SetSecrets(&model.SecretList{Namespace: "flux-system", Secrets: []model.SecretInfo{{Namespace: "flux-system", Name: "flux-system", Type: "Opaque", Count: 3}}})
		f.open("set sync")
		f.retype("URL", "ssh://git@github.com/acme/fleet.git")
		f.retype("SECRET", "flux-system")
		f.push("Next")
	}},
	{name: "sync/prunes", cluster: ownInventory, set: func(d *desk) {
		f := withInstance(d, fleet()).ownedBy("kubectl-edit")
		f.meta["labels"] = map[string]any{model.LabelKustomizationName: "flux-system", model.LabelKustomizationNS: "flux-system"}
		f.tell()
		f.open("set sync")
		f.retype("PATH", "./clusters/other")
		f.push("Next")
	}},
	{name: "sync/conflict", cluster: held, set: func(d *desk) {
		f := withInstance(d, fleet()).ownedBy("kustomize-controller")
		f.before = func(int, model.Write) error {
			return &model.WriteError{Reason: model.WriteConflict, Text: "FluxInstance/flux-system/flux: .spec.sync.path belongs to kustomize-controller; nothing was written",
				Conflicts: []model.FieldConflict{{Manager: "kustomize-controller", Field: ".spec.sync.path"}}}
		}
		f.open("set sync")
		f.retype("PATH", "./clusters/other")
		f.push("Next")
	}},
	{name: "sync/printed", cluster: held, set: func(d *desk) {
		f := withInstance(d, fleet()).ownedBy("tenantry")
		f.open("set sync")
		f.act("ctrl+o")
	}},
	{name: "sync/clear", cluster: held, set: func(d *desk) { withInstance(d, fleet()).ownedBy("tenantry").open("clear sync") }},
}

// ownInventory is a platform whose sync applies the very FluxInstance it
// belongs to.
func ownInventory() *uitest.Cluster {
	c := held()
	sync := uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", uitest.Rev1)
	sync.Detail.(*model.Sync).Inventory = "flux-system_flux_fluxcd.controlplane.io_FluxInstance\n_docs__Namespace\ndocs_settings__ConfigMap"
	return c.Put(sync)
}
