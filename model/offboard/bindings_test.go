package offboard

import (
	"slices"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

func bind(kind model.Kind, ns, name string, subjects ...model.Subject) *model.Object {
	return modeltest.Object(kind, ns, name, &model.Binding{RoleKind: "ClusterRole", RoleName: "view", Subjects: subjects})
}

func labelled(o *model.Object, name, value string) *model.Object {
	o.Labels = append(o.Labels, model.Pair{Name: name, Value: value})
	return o
}

var (
	flux     = model.Subject{Kind: "ServiceAccount", Namespace: "stage", Name: "flux"}
	everyone = model.Subject{Kind: "Group", Name: "system:serviceaccounts:stage"}
	asUser   = model.Subject{Kind: "User", Name: "system:serviceaccount:stage:flux"}
	gotk     = model.Subject{Kind: "User", Name: "gotk:stage:reconciler"}
	others   = model.Subject{Kind: "ServiceAccount", Namespace: "prod", Name: "flux"}
	all      = model.Subject{Kind: "Group", Name: "system:serviceaccounts"}
)

// Rights elsewhere outlive the tenant: they are named, taken away where they
// are nobody else's, and where they stay it is said what that means.
func TestBindingsElsewhere(t *testing.T) {
	const crb, rb = model.ClusterRoleBinding, model.RoleBinding
	pruned := labelled(bind(crb, "", "pruned", flux), model.LabelKustomizationName, "app")
	for _, c := range []struct {
		name    string
		binding *model.Object
		offered string // "no": not offered, a step; "": no step at all
		listed  string
		effect  string
	}{
		{"an account alone", bind(crb, "", "x", flux), "unticked", "", "grants ClusterRole view in the whole cluster to nobody but ServiceAccount/stage/flux"},
		{"its accounts as a group", bind(crb, "", "x", everyone), "unticked", "", "to nobody but Group system:serviceaccounts:stage"},
		{"an account as a user", bind(crb, "", "x", asUser, gotk), "unticked", "", "to nobody but ServiceAccount/stage/flux, User gotk:stage:reconciler"},
		{"labelled as its", labelled(bind(crb, "", "x", flux, everyone), model.LabelTenant, "stage"), "ticked", "", "Group system"},
		{"labelled as another's", labelled(bind(rb, "prod", "x", flux), model.LabelTenant, "prod"), "unticked", "", "grants ClusterRole view in the namespace prod"},
		{"pruned anyway", labelled(pruned, model.LabelKustomizationNS, "stage"), "no", "", "whole cluster"},
		{"of several", bind(crb, "", "x", flux, others), "", "ClusterRoleBinding/x grants ClusterRole view in the whole cluster to ServiceAccount/stage/flux and to others: it stays, with that name in it", ""},
		{"a group of several", bind(rb, "prod", "x", others, everyone), "", "RoleBinding/prod/x grants ClusterRole view in the namespace prod to Group system:serviceaccounts:stage", ""},
		{"of all accounts there are", bind(crb, "", "x", all), "", "", ""},
		{"of another", bind(crb, "", "x", others), "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects := append(tenant("stage"), tenant("prod")...)
			objects[5].Detail.(*model.Sync).Inventory += "\n_pruned_rbac.authorization.k8s.io_ClusterRoleBinding"
			p := New(modeltest.Store(append(objects, c.binding)...), "stage", nil)
			at := -1
			for i, s := range p.Steps {
				if s.Key == c.binding.Key {
					at = i
				}
			}
			offered := "no"
			if at < 0 {
				offered = ""
			}
			for _, o := range p.Offered {
				if offered = "unticked"; o.Ticked {
					offered = "ticked"
				}
				if o.Key != c.binding.Key || o.Ticked != (o.Why == "") {
					t.Errorf("offered %+v", o)
				}
			}
			if offered != c.offered || at >= 0 && (!strings.Contains(p.Steps[at].Effect, c.effect) || p.Steps[at+1].Key.Kind != model.ServiceAccount) {
				t.Errorf("offered %q: %s", offered, words(p.Steps))
			}
			if got := strings.Join(p.Listed, "; "); c.listed == "" && got != "" || !strings.Contains(got, c.listed) {
				t.Errorf("listed: %q", got)
			}
			if left := p.Without(map[model.Key]bool{c.binding.Key: true}); (offered == "no" || offered == "") != (len(left.Steps) == len(p.Steps)) {
				t.Errorf("left out: %s", words(left.Steps))
			}
		})
	}
}

// What can't be read is not called absent.
func TestBindingsThatCannotBeRead(t *testing.T) {
	s := modeltest.Store(tenant("stage")...)
	s.Apply(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.ClusterRoleBinding, State: model.ScopeDenied, Verb: "list"}}})
	p := New(s, "stage", nil)
	if !slices.ContainsFunc(p.Notes, func(n string) bool { return strings.Contains(n, "not every ClusterRoleBinding can be read by you") }) {
		t.Errorf("notes: %q", p.Notes)
	}
}
