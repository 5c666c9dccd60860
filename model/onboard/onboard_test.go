package onboard

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

func stageProd() Spec {
	return Spec{Name: "shop", Spaces: []Space{{"shop-stage", "./stage"}, {"shop-prod", "./prod"}},
		Source: Source{URL: "ssh://git@git.example/acme/shop", Secret: "git"}, Sync: Sync{Inside: true}}
}

func TestObjectsInOrder(t *testing.T) {
	s := stageProd()
	s.Quota, s.Isolate = Quota{CPU: "4", Memory: "8Gi"}, true
	var kinds []string
	for _, o := range s.Objects() {
		kinds = append(kinds, o.Ref.Kind+" "+o.Ref.Namespace)
	}
	want := "Namespace ,ServiceAccount shop-stage,RoleBinding shop-stage,ResourceQuota shop-stage,NetworkPolicy shop-stage," +
		"Namespace ,ServiceAccount shop-prod,RoleBinding shop-prod,ResourceQuota shop-prod,NetworkPolicy shop-prod," +
		"GitRepository shop-stage,GitRepository shop-prod,Kustomization shop-stage,Kustomization shop-prod"
	if got := strings.Join(kinds, ","); got != want {
		t.Errorf("order:\n got %s\nwant %s", got, want)
	}
}

// What is applied is all that is said: nothing of it may leave a sync without
// an account, or one that reaches into another namespace.
func TestObjectsStayInTheirNamespace(t *testing.T) {
	for _, o := range stageProd().Objects() {
		var body struct {
			Metadata struct {
				Name, Namespace string
				Labels          map[string]string
			}
			Subjects []struct{ Kind, Name, Namespace string }
			Spec     struct {
				ServiceAccountName, Path, TargetNamespace string
				Prune, Wait                               bool
				SourceRef                                 struct{ Kind, Name, Namespace string }
				SecretRef                                 struct{ Name string }
			}
		}
		if err := json.Unmarshal(o.Body, &body); err != nil {
			t.Fatal(err)
		}
		if body.Metadata.Name != o.Ref.Name || body.Metadata.Namespace != o.Ref.Namespace {
			t.Errorf("%s: the body names %s/%s", o.Ref, body.Metadata.Namespace, body.Metadata.Name)
		}
		if len(body.Metadata.Labels) != 1 || body.Metadata.Labels[model.LabelTenant] != "shop" {
			t.Errorf("%s: labels %v", o.Ref, body.Metadata.Labels)
		}
		switch o.Ref.Kind {
		case "RoleBinding":
			if len(body.Subjects) != 1 || body.Subjects[0].Namespace != o.Ref.Namespace || body.Subjects[0].Name != "shop" {
				t.Errorf("%s: subjects %v", o.Ref, body.Subjects)
			}
		case "Kustomization":
			sp := body.Spec
			if sp.ServiceAccountName != "shop" || sp.SourceRef.Namespace != "" || sp.TargetNamespace != o.Ref.Namespace || !sp.Prune || !sp.Wait {
				t.Errorf("%s: %+v", o.Ref, sp)
			}
			if want := strings.TrimPrefix(o.Ref.Namespace, "shop-"); sp.Path != "./"+want {
				t.Errorf("%s: path %s", o.Ref, sp.Path)
			}
		case "GitRepository":
			if body.Spec.SecretRef.Name != "git" {
				t.Errorf("%s: secret %q", o.Ref, body.Spec.SecretRef.Name)
			}
		}
	}
}

func TestWrong(t *testing.T) {
	for _, c := range []struct {
		f    Field
		v    string
		want string // part of the sentence; "" = fine
	}{
		{FieldName, "shop", ""},
		{FieldName, "", "needs a name"},
		{FieldName, "Shop", "lower-case"},
		{FieldName, strings.Repeat("a", 64), "at most 63"},
		{FieldNamespace, "a.b", "lower-case"},
		{FieldAccount, "a.b", ""},
		{FieldAccount, "", ""},
		{FieldURL, "https://git.example/acme/shop.git", ""},
		{FieldURL, "ssh://git@git.example:2222/acme/shop", ""},
		{FieldURL, "git@git.example:acme/shop.git", "ssh://git@git.example/acme/shop.git"},
		{FieldURL, "ftp://git.example/x", "begins with"},
		{FieldURL, "https://git.example", "no repository"},
		{FieldURL, "https:///x", "no host"},
		{FieldURL, "https://ann:s3cret@git.example/x", "belongs in the Secret"},
		{FieldURL, "%zz", "no address"},
		{FieldBranch, "main", ""},
		{FieldBranch, "refs/heads/main", "without refs/heads"},
		{FieldBranch, "a b", "no branch"},
		{FieldPath, "./prod", ""},
		{FieldPath, "../prod", "outside"},
		{FieldPath, "a/../../b", "outside"},
		{FieldPath, "a/../b", ""},
		{FieldInterval, "1m", ""},
		{FieldInterval, "soon", "no time"},
		{FieldInterval, "1ms", "no time"},
		{FieldQuota, "8Gi", ""},
		{FieldQuota, "much", "no amount"},
	} {
		if got := Wrong(c.f, c.v); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("field %d, %q: %q, want %q", c.f, c.v, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	ns := func(name string, labels ...string) *model.Object {
		return modeltest.Object(model.Namespace, "", name, &model.NamespaceDetail{Phase: "Active"}, labels...)
	}
	going := ns("shop-prod")
	going.Deleting = 1
	for _, c := range []struct {
		name    string
		objects []*model.Object
		change  func(*Spec)
		want    string // part of a problem; "" = none at all
		blocks  bool
	}{
		{name: "nothing there"},
		{name: "a namespace of nobody", objects: []*model.Object{ns("shop-prod")}, want: "gets the label"},
		{name: "its own namespace", objects: []*model.Object{ns("shop-prod", model.LabelTenant, "shop")}},
		{name: "another tenant's", objects: []*model.Object{ns("shop-prod", model.LabelTenant, "bank")}, want: "belongs to tenant bank", blocks: true},
		{name: "being deleted", objects: []*model.Object{going}, want: "being deleted", blocks: true},
		{name: "twice", change: func(s *Spec) { s.Spaces[1].Namespace = "shop-stage" }, want: "named twice", blocks: true},
		{name: "system namespace", change: func(s *Spec) { s.Spaces[1].Namespace = "kube-system" }, want: "belongs to the platform", blocks: true},
		{name: "no key for ssh", change: func(s *Spec) { s.Source.Secret = "" }, want: "needs a Secret", blocks: true},
		{name: "another role", objects: []*model.Object{
			modeltest.Object(model.RoleBinding, "shop-prod", "shop-reconciler", &model.Binding{RoleKind: "ClusterRole", RoleName: "cluster-admin"})},
			want: "role can't be changed", blocks: true},
		{name: "somebody applies it", objects: []*model.Object{
			modeltest.Object(model.Kustomization, "flux-system", "tenants", &model.Sync{}),
			modeltest.Object(model.GitRepository, "shop-prod", "shop", &model.Source{}, model.LabelKustomizationName, "tenants", model.LabelKustomizationNS, "flux-system")},
			want: "Kustomization/flux-system/tenants applies it", blocks: true},
		{name: "two appliers", objects: []*model.Object{
			modeltest.Object(model.Kustomization, "bank", "all", &model.Sync{Inventory: "bank_x__ConfigMap\nshop-prod_web_apps_Deployment"})},
			want: "Kustomization/bank/all applies into shop-prod"},
		{name: "followed already", objects: []*model.Object{
			modeltest.Object(model.GitRepository, "other", "repo", &model.Source{URL: "https://git.example/acme/shop.git", Ref: "name refs/heads/main"}),
			modeltest.Object(model.Kustomization, "other", "prod", &model.Sync{Path: "prod/", SourceRef: model.Ref{Kind: "GitRepository", Name: "repo"}})},
			want: "Kustomization/other/prod applies ./prod"},
		{name: "followed already, by both", change: func(s *Spec) { s.Spaces[0].Path = "./prod" }, objects: []*model.Object{
			modeltest.Object(model.GitRepository, "other", "repo", &model.Source{URL: "https://git.example/acme/shop.git", Ref: "branch main"}),
			modeltest.Object(model.Kustomization, "other", "prod", &model.Sync{Path: "./prod", SourceRef: model.Ref{Kind: "GitRepository", Name: "repo"}})},
			want: "Kustomization/other/prod applies ./prod"},
		{name: "the same repository, another folder", objects: []*model.Object{
			modeltest.Object(model.GitRepository, "other", "repo", &model.Source{URL: "https://git.example/acme/shop.git", Ref: "branch main"}),
			modeltest.Object(model.Kustomization, "other", "dev", &model.Sync{Path: "./dev", SourceRef: model.Ref{Kind: "GitRepository", Name: "repo"}})}},
		{name: "everything allowed", change: func(s *Spec) { s.Role = RoleClusterAdmin }, want: "edit is enough"},
		{name: "exists elsewhere", objects: []*model.Object{ns("shop-dev", model.LabelTenant, "shop")}, want: "adds to it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := stageProd()
			if c.change != nil {
				c.change(&spec)
			}
			all := Check(modeltest.Store(c.objects...), spec, nil)
			if c.want == "" {
				if len(all) > 0 {
					t.Fatalf("problems: %v", all)
				}
				return
			}
			found, said := false, map[string]bool{}
			for _, p := range all {
				if found = found || strings.Contains(p.Text, c.want); said[p.Text] {
					t.Errorf("said twice: %s", p.Text)
				}
				said[p.Text] = true
			}
			if !found || Blocked(all) != c.blocks {
				t.Errorf("problems %+v; want one with %q, blocking %v", all, c.want, c.blocks)
			}
		})
	}
}

func TestParseSpaces(t *testing.T) {
	for text, want := range map[string][]Space{
		"":                           {{"shop", ""}},
		"dev":                        {{"dev", ""}},
		"stage=./stage, prod=./prod": {{"stage", "./stage"}, {"prod", "./prod"}},
	} {
		if got := ParseSpaces(text, "shop"); !slices.Equal(got, want) {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// As a ResourceSet it is one object of which the very same others are made: a
// template holds nothing of one namespace.
func TestAsResourceSet(t *testing.T) {
	single, s := stageProd(), stageProd()
	s.Set = "flux-system"
	all := s.Objects()
	if len(all) != 1 || all[0].Ref.String() != "ResourceSet/flux-system/shop" {
		t.Fatalf("objects: %+v", all)
	}
	var set struct {
		Spec struct {
			Inputs    []map[string]string
			Resources []json.RawMessage
		}
	}
	if err := json.Unmarshal(all[0].Body, &set); err != nil {
		t.Fatal(err)
	}
	made := map[string]string{}
	for _, in := range set.Spec.Inputs {
		for _, r := range set.Spec.Resources {
			var o map[string]any
			if err := json.Unmarshal(r, &o); err != nil {
				t.Fatal(err)
			}
			plain, _ := json.Marshal(o)
			text := strings.NewReplacer(`\u003c\u003c inputs.namespace \u003e\u003e`, in["namespace"], `\u003c\u003c inputs.path \u003e\u003e`, in["path"]).Replace(string(plain))
			var ref struct {
				Kind     string
				Metadata struct{ Name, Namespace string }
			}
			if err := json.Unmarshal([]byte(text), &ref); err != nil {
				t.Fatal(err)
			}
			made[model.Ref{Kind: ref.Kind, Namespace: ref.Metadata.Namespace, Name: ref.Metadata.Name}.String()] = text
		}
	}
	for _, o := range single.Objects() {
		var want map[string]any
		if err := json.Unmarshal(o.Body, &want); err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(want)
		if made[o.Ref.String()] != string(text) {
			t.Errorf("%s is made as %s, want %s", o.Ref, made[o.Ref.String()], text)
		}
	}
	if len(made) != len(single.Objects()) {
		t.Errorf("%d objects are made, want %d", len(made), len(single.Objects()))
	}
	var steps []string
	for _, st := range s.Plan("", "").Steps {
		steps = append(steps, st.Key.String())
	}
	if want := "ResourceSet/flux-system/shop ResourceSet/flux-system/shop GitRepository/shop-stage/shop GitRepository/shop-prod/shop Kustomization/shop-stage/shop Kustomization/shop-prod/shop"; strings.Join(steps, " ") != want {
		t.Errorf("steps %s", steps)
	}

	s.Spaces[0] = Space{"123", "1"}
	problems := Check(modeltest.Store(modeltest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{})), s, nil)
	for _, want := range []string{`can't take "123" for a namespace`, `can't take "1" for a path`} {
		if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Blocks && strings.Contains(p.Text, want) }) {
			t.Errorf("not said: %q in %+v", want, problems)
		}
	}
}
