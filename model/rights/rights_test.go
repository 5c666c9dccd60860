package rights

import (
	"fmt"
	"testing"

	"tenantry/model"
)

func TestWords(t *testing.T) {
	self := model.AccessRule{Verbs: []string{"create"}, Groups: []string{"authorization.k8s.io"}, Resources: []string{"selfsubjectaccessreviews"}}
	for name, tt := range map[string]struct {
		rules []model.AccessRule
		want  string
	}{
		"nothing": {[]model.AccessRule{self}, "[]"},
		"cluster-admin": {[]model.AccessRule{self, {Verbs: []string{"*"}, Groups: []string{"*"}, Resources: []string{"*"}}},
			"[{do everything secrets, roles and Flux's objects included}]"},
		"the most it may": {[]model.AccessRule{
			{Verbs: []string{"get", "list"}, Groups: []string{"apps"}, Resources: []string{"deployments", "statefulsets"}},
			{Verbs: []string{"patch"}, Groups: []string{"apps"}, Resources: []string{"deployments"}},
			{Verbs: []string{"watch"}, Groups: []string{""}, Resources: []string{"pods", "pods/log"}},
		}, "[{change deployments} {read pods, pods/log, statefulsets}]"},
		"by name": {[]model.AccessRule{{Verbs: []string{"get"}, Groups: []string{""}, Resources: []string{"secrets"}, Names: []string{"b", "a"}}}, "[{read secrets a, b}]"},
		"whole groups": {[]model.AccessRule{{Verbs: []string{"*"}, Groups: []string{"kustomize.toolkit.fluxcd.io"}, Resources: []string{"*"}},
			{Verbs: []string{"get"}, Groups: []string{"*"}, Resources: []string{"*"}}}, "[{do everything to all of kustomize.toolkit.fluxcd.io} {read everything}]"},
		"the dangerous first": {[]model.AccessRule{{Verbs: []string{"get"}, Groups: []string{""}, Resources: []string{"pods"}},
			{Verbs: []string{"impersonate"}, Groups: []string{""}, Resources: []string{"users"}},
			{Verbs: []string{"bind", "use"}, Groups: []string{"rbac.authorization.k8s.io"}, Resources: []string{"roles"}},
			{Verbs: []string{"use"}, Groups: []string{"policy"}, Resources: []string{"psp"}}},
			"[{impersonate users} {hand on rights by roles} {read pods} {use psp}]"},
	} {
		if got := fmt.Sprint(Words(tt.rules)); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
