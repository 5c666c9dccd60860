package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/ui/keymap"
)

// target is the object to look at for a tenant's state: the root of it where
// that can be seen, else the worst.
func (e *env) target(t *model.Tenant) model.Key {
	if t.Cause != nil {
		if k, ok := t.Cause.Ref().Key(); ok && e.store.Get(k) != nil {
			return k
		}
	}
	return t.Worst
}

// advice is what helps against a state, in one short line.
func advice(h model.Health, retrying bool, cause *model.Cause) string {
	switch h {
	case model.Failed:
		if retrying {
			return "Mend the cause; it is retried by itself."
		}
		return "Mend the cause."
	case model.Stalled:
		return "Nothing retries this: its spec has to change, in Git if it is from there."
	case model.Stuck:
		return "Past its own timeout without a verdict: see what it waits for."
	case model.Blocked:
		if cause != nil {
			return fmt.Sprintf("Mend %s %s first; this follows by itself.", cause.Kind, cause.Name)
		}
		return "Mend what it waits for; this follows by itself."
	case model.Unobserved:
		return "Its controller does not answer: see whether it runs, under platform."
	case model.Suspended:
		return "Nothing resumes by itself."
	case model.Terminating:
		return "Being deleted; its finalizers hold it."
	case model.Unknown:
		return "Read, but its state can't be told."
	}
	return "Nothing to do but wait."
}

// adviceOn is what helps against what is not as it should be although the
// object is fine.
func adviceOn(o model.Overlay) string {
	switch {
	case o.Has(model.SourceFailing):
		return "What runs goes on; nothing new comes: mend or resume its source."
	case o.Has(model.Behind):
		return "Its source has something newer: see why it is not applied."
	}
	return "See whether its controller is at work, under platform."
}

// notAtWork is the controller that some objects wait for in vain, nil when all
// of theirs are at work.
func (e *env) notAtWork(lists ...[]model.Key) *model.ControllerView {
	for _, keys := range lists {
		for _, k := range keys {
			if o := e.store.Get(k); o != nil && !o.IsSuspended() {
				if v := e.store.ServedBy(o).View; v != nil && !v.AtWork() {
					return v
				}
			}
		}
	}
	return nil
}

// adviceAt is what helps a row: nothing done to it does while its controller
// is not at work, and of pods on their way nothing is known until they are read.
func (e *env) adviceAt(h model.Health, retrying bool, cause *model.Cause, dead *model.ControllerView, moving bool, pods string) string {
	switch {
	case dead != nil:
		return fmt.Sprintf("Nothing of this moves until %s is at work again: see %s platform.", dead.Name, e.key(keymap.GoPlatform))
	case pods != "" && (h == model.Reconciling || h == model.Pending):
		return "Mend what its new pods wait for; " + e.key(keymap.Why) + " has the evidence."
	case moving && (h == model.Reconciling || h == model.Pending):
		return "Wait; " + e.key(keymap.Why) + " reads what its new pods wait for."
	}
	return advice(h, retrying, cause)
}

// actionKeys names the key that helps against a state.
func (e *env) actionKeys(h model.Health, cause *model.Cause) string {
	if cause != nil && cause.Kind == model.Secret.String() && cause.Reason == "Missing" {
		return "  " + e.key(keymap.Credential) + " restore the secret  " + e.key(keymap.Fetch) + " fetch again"
	}
	switch h {
	case model.Suspended:
		return "  " + e.key(keymap.Suspend) + " resume"
	case model.Failed, model.Blocked:
		return "  " + e.key(keymap.Fetch) + " fetch again"
	case model.Stuck:
		return "  " + e.key(keymap.Reconcile) + " reconcile"
	}
	return ""
}

// command is what shows more of an object, or resumes it, from a shell.
func command(h model.Health, k model.Key) string {
	if k == (model.Key{}) {
		return ""
	}
	if h == model.Suspended {
		if cmd := resume(k); cmd != "" {
			return cmd
		}
	}
	return describe(k)
}

// shortNames are those of Flux's CRDs: short enough for a line of 80 columns,
// and unlike "kustomization" they mean nobody else's kind.
var shortNames = map[model.Kind]string{
	model.GitRepository: "gitrepo", model.OCIRepository: "ocirepo", model.HelmRepository: "helmrepo",
	model.HelmChart: "hc", model.Kustomization: "ks", model.HelmRelease: "hr", model.ResourceSet: "rset",
}

func describe(k model.Key) string {
	resource := strings.ToLower(k.Kind.String())
	if short, ok := shortNames[k.Kind]; ok {
		resource = short
	}
	cmd := "kubectl describe " + resource + " " + shellWord(k.Name)
	if k.Namespace != "" {
		cmd += " -n " + shellWord(k.Namespace)
	}
	return cmd
}

// shellWord writes a name as one word of a shell. Nearly every name is one as it
// is, but those of RBAC may hold anything, and a command shown is pasted.
func shellWord(s string) string {
	if s != "" && s[0] != '=' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:@/=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// resume is flux's command for the kinds it has one for.
func resume(k model.Key) string {
	sub := ""
	switch k.Kind {
	case model.Kustomization:
		sub = "kustomization"
	case model.HelmRelease:
		sub = "helmrelease"
	case model.GitRepository:
		sub = "source git"
	case model.OCIRepository:
		sub = "source oci"
	case model.Bucket:
		sub = "source bucket"
	case model.HelmRepository:
		sub = "source helm"
	case model.HelmChart:
		sub = "source chart"
	case model.Deployment:
		return fmt.Sprintf("kubectl rollout resume deployment %s -n %s", shellWord(k.Name), shellWord(k.Namespace))
	}
	if sub == "" {
		return ""
	}
	return fmt.Sprintf("flux resume %s %s -n %s", sub, shellWord(k.Name), shellWord(k.Namespace))
}
