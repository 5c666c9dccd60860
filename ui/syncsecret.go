package ui

import (
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/themes"
)

// secretWords say what is known of a pull secret. Secrets are not read, so
// that is what a source that uses it says of it.
func (a *App) secretWords(namespace string, s fluxsync.Spec) (string, themes.Role) {
	for _, kind := range []model.Kind{model.GitRepository, model.OCIRepository, model.Bucket} {
		for _, o := range a.store.Objects(kind) {
			d, ok := o.Detail.(*model.Source)
			if !ok || o.Namespace != namespace || !usesSecret(d, s.PullSecret) {
				continue
			}
			ready := o.Condition("Ready")
			switch {
			case ready == nil:
			case strings.Contains(ready.Message, `secrets "`+s.PullSecret+`" not found`):
				return s.PullSecret + " is missing: " + o.Key.String() + " says so; make it before the sync, or the instance waits and fails", themes.Bad
			case ready.Status == "True":
				return s.PullSecret + " exists: " + o.Key.String() + " fetches with it", themes.Text
			}
		}
	}
	return s.PullSecret + ": whether it exists and its keys fit is seen when the source fetches; Secrets are not read", themes.Muted
}

func usesSecret(d *model.Source, name string) bool {
	for _, p := range d.Secrets {
		if p.Value == name {
			return true
		}
	}
	return false
}
