package doctor

import (
	"strings"

	"tenantry/model"
	"tenantry/model/why"
)

// commandOf is what does a fix from a shell: a report has no keys. "" where
// nothing does, or a name is none a shell takes as it is.
func commandOf(x *why.Fix, f *why.Fault) string {
	if x.Command != "" || x.At == (model.Key{}) || !plain(x.At.Name) || !plain(x.At.Namespace) {
		return x.Command
	}
	at := x.At.Name + " -n " + x.At.Namespace
	switch x.Do {
	case why.DoFetch, why.DoReconcile:
		switch sub := fluxNames[x.At.Kind]; {
		case sub == "":
			return "kubectl annotate --overwrite " + x.At.Kind.Resource() + "." + x.At.Kind.Group() + " " + at + " " + model.AnnotationRequestedAt + `="$(date +%s)"`
		case x.Do == why.DoFetch && x.At.Kind.Role() == model.RoleSync:
			return "flux reconcile " + sub + " " + at + " --with-source"
		default:
			return "flux reconcile " + sub + " " + at
		}
	case why.DoResume:
		if sub := fluxNames[x.At.Kind]; sub != "" {
			return "flux resume " + sub + " " + at
		}
	case why.DoLogs:
		cmd := "kubectl logs " + strings.ToLower(x.At.Kind.String()) + "/" + at + " --all-containers --tail 100"
		if f.Ours == why.Crashing {
			cmd += " --previous"
		}
		return cmd
	}
	return ""
}

// wordsFor are a fix's words where the dashboard alone has what does it.
func wordsFor(x *why.Fix) string {
	if x.Do != why.DoCredential {
		return x.Words
	}
	return x.Words + " (in tenantry: K on " + Object{x.At.Kind.String(), x.At.Namespace, x.At.Name}.named() + ")"
}

// fluxNames are what the flux CLI calls kinds.
var fluxNames = map[model.Kind]string{
	model.Kustomization: "kustomization", model.HelmRelease: "helmrelease", model.GitRepository: "source git", model.OCIRepository: "source oci",
	model.Bucket: "source bucket", model.HelmRepository: "source helm", model.HelmChart: "source chart",
}

// plain reports whether a name is one word of any shell.
func plain(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" && name[0] != '-'
}
