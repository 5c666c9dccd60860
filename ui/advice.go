package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// next says what to do about a tenant: where to look, and the command that
// does it until there is a key for it.
func (s *tenants) next(t *model.Tenant) string {
	target := t.Worst
	if t.Cause != nil {
		if k, ok := t.Cause.Ref().Key(); ok && s.store.Get(k) != nil {
			target = k
		}
	}
	return advice(t.Health, t.Retrying, target, t.Cause)
}

// advice is what helps against a state. target is the object to look at, zero
// when there is none.
func advice(h model.Health, retrying bool, target model.Key, cause *model.Cause) string {
	look := "enter shows its objects"
	if target != (model.Key{}) {
		look = "enter, or " + describe(target)
	}
	switch h {
	case model.Failed:
		if !retrying {
			return "Mend it; " + look
		}
		return "It retries by itself: mend the cause and it follows. Look at it with " + look
	case model.Stalled:
		return "Nothing retries this: it needs a change of its spec, in Git if it comes from there. Look: " + look
	case model.Stuck:
		return "It is past its own timeout without a verdict. Look: " + look
	case model.Blocked:
		if cause != nil {
			return fmt.Sprintf("Mend %s first; this follows by itself. Look: %s", cause.Ref(), look)
		}
		return "Mend what it waits for; it follows by itself. Look: " + look
	case model.Unobserved:
		return "Its controller does not answer: see whether it runs, on the platform's row. Look: " + look
	case model.Suspended:
		return "Nothing resumes by itself. " + resume(target)
	case model.Terminating:
		return "It is being deleted; what holds it up are its finalizers. Look: " + look
	case model.Unknown:
		return "It was read, but its state can't be told. Look: " + look
	case model.Ready:
		return "It runs on, on an old revision: mend or resume its source. Look: " + look
	}
	return "Nothing to do but wait; " + look
}

func describe(k model.Key) string {
	cmd := "kubectl describe " + strings.ToLower(k.Kind.String()) + " " + k.Name
	if g := k.Kind.Group(); g != "" && g != "apps" {
		cmd = "kubectl describe " + k.Kind.Resource() + "." + g + " " + k.Name
	}
	if k.Namespace != "" {
		cmd += " -n " + k.Namespace
	}
	return cmd
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
		return fmt.Sprintf("Resume with: kubectl rollout resume deployment %s -n %s", k.Name, k.Namespace)
	}
	if sub == "" {
		return "enter shows what is suspended"
	}
	return fmt.Sprintf("Resume with: flux resume %s %s -n %s", sub, k.Name, k.Namespace)
}
