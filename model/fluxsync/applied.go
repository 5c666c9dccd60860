package fluxsync

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// Who else writes the instance, or what of it, and what they may do to it.

// inventory is N3 and N6: the instance in a Kustomization's inventory, where
// pruning it uninstalls Flux and a forced apply may recreate it.
func (l Look) inventory() []Hazard {
	var out []Hazard
	guarded := l.Live.Marked(model.MarkKustomizePrune, "disabled")
	holders := l.holders()
	for _, k := range holders {
		switch {
		case guarded:
			out = append(out, Hazard{ID: "N3", Level: Fine, Text: fmt.Sprintf("%s applies this FluxInstance, which is guarded: prune disabled", k)})
		default:
			out = append(out, Hazard{ID: "N3", Level: Danger, Text: fmt.Sprintf(
				"%s applies this FluxInstance: when it leaves that content, it is pruned, and the operator uninstalls Flux, with every GitRepository, Kustomization and HelmRelease there is", k)})
		}
		o := l.Store.Get(k)
		d, ok := detail(o)
		if ok && d.Force || l.Live.Marked(markForce, "enabled") {
			out = append(out, Hazard{ID: "N6", Level: Danger, Text: fmt.Sprintf(
				"%s applies it with force: any conflict, or a spec the server refuses, deletes it and makes it anew, which uninstalls Flux", k)})
		}
	}
	if len(holders) == 0 && !guarded && l.Want != nil {
		out = append(out, Hazard{ID: "N3", Level: Unknown, Text: "if Git comes to hold this FluxInstance, taking it out of Git uninstalls Flux"})
	}
	return out
}

// holders are the Kustomizations that apply the instance, by their inventories
// or by its labels.
func (l Look) holders() []model.Key {
	var out []model.Key
	for _, k := range l.Store.HoldersOf(l.Live.Key.ObjectRef()) {
		if k.Kind == model.Kustomization {
			out = append(out, k)
		}
	}
	if k, ok := l.Live.Kustomization(); ok && l.Store.Get(k) != nil && len(out) == 0 {
		out = append(out, k)
	}
	return out
}

// helm is N4 and N5.
func (l Look) helm() []Hazard {
	if !l.Live.byHelm() {
		return nil
	}
	who := "Helm"
	if r := l.Live.HelmRelease(); r != "" {
		who = "Helm release " + r
	}
	out := []Hazard{{ID: "N4 N5", Level: Care, Text: who + " owns this object: uninstalling it uninstalls Flux, and a forced replace drops the sync; " +
		"fluxcd.controlplane.io/reconcile: disabled keeps Flux when it has to be uninstalled"}}
	if r := l.Live.FluxRelease(); r != "" {
		where := ", which is in another cluster,"
		if o := l.Store.Get(l.releaseKey()); o != nil {
			where = ""
		}
		out[0].Text += fmt.Sprintf("; HelmRelease %s%s does so by itself when an install fails or its name changes", r, where)
	}
	return out
}

func (l Look) releaseKey() model.Key {
	return model.Key{Kind: model.HelmRelease, Namespace: l.Live.Labels[model.LabelHelmReleaseNS], Name: l.Live.Labels[model.LabelHelmReleaseName]}
}

// git is N7, and what happens to a sync that Git states itself.
func (l Look) git() []Hazard {
	var out []Hazard
	var owners []string
	byGit, byPerson := false, false
	for _, o := range l.Live.SyncOwners() {
		byGit = byGit || o.Manager == "kustomize-controller"
		byPerson = byPerson || strings.HasPrefix(o.Manager, "kubectl")
		if o.Reconciler {
			owners = append(owners, o.Who+" ("+o.Again+")")
		}
	}
	if len(owners) > 0 {
		out = append(out, Hazard{Level: Danger, Text: "what is set here does not last: " + strings.Join(owners, ", ") + " writes the sync"})
	}
	if len(l.holders()) > 0 && byPerson && !byGit && !l.Live.Marked(model.MarkKustomizeApply, "merge") {
		out = append(out, Hazard{ID: "N7", Level: Danger, Text: "the sync was set by kubectl and Git applies this object: it drops such fields, and with them the sync, unless ssa is Merge"})
	}
	return out
}
