package restore

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/export"
)

func parsed(t *testing.T, text string) export.Object {
	t.Helper()
	o := export.Object{}
	in := json.NewDecoder(strings.NewReader(text))
	in.UseNumber()
	if err := in.Decode(&o); err != nil {
		t.Fatal(err)
	}
	return o
}

func object(t *testing.T, text string) *Object {
	t.Helper()
	o, err := Check("a.yaml", parsed(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}`:                                                       "",
		`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"cozy:tenant","namespace":"a"}}`: "",
		`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","namespace":"b"}}`:                                       "lives in no namespace",
		`{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a"}}`:                                                  "is no namespace",
		`{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a","namespace":"../b"}}`:                               "is no namespace",
		`{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a","namespace":"b","labels":{"x":"\u001b[2J"}}}`:       "metadata.labels.x holds control characters",
		`{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a","namespace":"b","labels":{"\u202ex":"y"}}}`:         "the name of a field of metadata.labels holds control characters",
		`{"apiVersion":"v1","kind":"ServiceAccount","metadata":[]}`:                                                            "has no name",
		`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"b"}}`:                                       "no part of a platform or tenant",
		`{"apiVersion":"a/b/c","kind":"Namespace","metadata":{"name":"a"}}`:                                                    "no part of a platform or tenant",
		`{"apiVersion":"kustomize.toolkit.fluxcd.io/../v1","kind":"Kustomization","metadata":{"name":"a","namespace":"b"}}`:    "no version",
		`{"kind":"Namespace","metadata":{"name":"a"}}`:                                                                         "without apiVersion or kind",
	} {
		_, err := Check("tenants/x/1_access.yaml", parsed(t, text))
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "tenants/x/1_access.yaml: ")):
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

const (
	stage  = `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"stage"}}`
	prod   = `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"prod"}}`
	sync   = `{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"app","namespace":"stage"},"spec":{"path":"./a"}}`
	flux   = `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"FluxInstance","metadata":{"name":"flux","namespace":"flux-system"},"spec":{}}`
	source = `{"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","metadata":{"name":"app","namespace":"stage"},"spec":{"url":"https://a"}}`
)

func TestCompare(t *testing.T) {
	ref := func(o *Object) model.ObjectRef { return o.key() }
	live := func(of ...string) Live {
		l := Live{Objects: map[model.ObjectRef]export.Object{}, Absent: map[[2]string]bool{}, Unread: map[model.ObjectRef]string{}, Exists: func(model.Key) bool { return true }}
		for _, text := range of {
			l.Objects[ref(object(t, text))] = parsed(t, text)
		}
		return l
	}
	changed := strings.Replace(sync, "./a", "./b", 1)
	for _, c := range []struct {
		name   string
		folder []string
		live   Live
		change func(*Live)
		want   State
		says   string
	}{
		{"the same, with what a cluster adds", []string{sync}, live(stage, strings.Replace(sync, `"name":"app"`, `"name":"app","uid":"1"`, 1)), nil, Same, ""},
		{"different", []string{sync}, live(stage, changed), nil, Untold, ""},
		{"another namespace's of that name is no matter", []string{sync}, live(stage, prod, strings.Replace(sync, "stage", "prod", 1)), nil, Untold, ""},
		{"Git's", []string{sync}, live(stage, strings.Replace(changed, `"name":"app"`, `"name":"app","labels":{"kustomize.toolkit.fluxcd.io/name":"all","kustomize.toolkit.fluxcd.io/namespace":"x"}`, 1)), nil, Theirs, "Kustomization/x/all makes it"},
		{"on its way out", []string{sync}, live(stage, strings.Replace(changed, `"name":"app"`, `"name":"app","deletionTimestamp":"2026-11-22T00:00:00Z"`, 1)), nil, Refused, "being deleted"},
		{"no namespace", []string{sync}, live(), nil, Refused, "no namespace stage"},
		{"a namespace to come", []string{stage, sync}, live(), nil, New, "its namespace is made in step 1"},
		{"the same, on its way out", []string{sync}, live(stage, strings.Replace(sync, `"name":"app"`, `"name":"app","deletionTimestamp":"2026-11-22T00:00:00Z"`, 1)), nil, Refused, "being deleted"},
		{"the same in a namespace that goes", []string{sync}, live(sync, strings.Replace(stage, `"name":"stage"`, `"name":"stage","deletionTimestamp":"2026-11-22T00:00:00Z"`, 1)), nil, Refused, "its namespace is being deleted"},
		{"a namespace that goes", []string{sync}, live(strings.Replace(stage, `"name":"stage"`, `"name":"stage","deletionTimestamp":"2026-11-22T00:00:00Z"`, 1)), nil, Refused, "its namespace is being deleted"},
		{"Flux to come", []string{flux, sync}, live(stage), func(l *Live) { l.Absent[[2]string{"kustomize.toolkit.fluxcd.io", "Kustomization"}] = true }, New, "its kind comes with Flux, in step 1"},
		{"no Flux", []string{sync}, live(stage), func(l *Live) { l.Absent[[2]string{"kustomize.toolkit.fluxcd.io", "Kustomization"}] = true }, Refused, "install Flux first"},
		{"not readable", []string{sync}, live(stage), func(l *Live) {
			l.Unread[model.ObjectRef{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "stage"}] = "you may not list"
		}, Unread, "you may not list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var folder []*Object
			for _, text := range c.folder {
				folder = append(folder, object(t, text))
			}
			if c.change != nil {
				c.change(&c.live)
			}
			p := Compare(folder, c.live)
			got := p.Objects[len(p.Objects)-1]
			if got.State != c.want || !strings.Contains(got.Why+got.Later, c.says) {
				t.Errorf("%s, %q %q; want %s, %q", got.State, got.Why, got.Later, c.want, c.says)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	var folder []*Object
	for _, text := range []string{sync, source, flux, prod, stage} {
		folder = append(folder, object(t, text))
	}
	var got []string
	for _, o := range Compare(folder, Live{Exists: func(model.Key) bool { return false }}).Objects {
		got = append(got, o.Ref.String())
	}
	want := "Namespace/prod Namespace/stage FluxInstance/flux-system/flux GitRepository/stage/app Kustomization/stage/app"
	if strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", strings.Join(got, " "), want)
	}
	if err := Unique(append(folder, folder[0])); err == nil {
		t.Error("an object twice is taken")
	}
}

func TestTried(t *testing.T) {
	answer := func(text string) *model.Written { return &model.Written{Object: []byte(text)} }
	for _, c := range []struct {
		name, live string
		written    *model.Written
		err        error
		want       State
		says       string
	}{
		{"new", "", answer(sync), nil, New, ""},
		{"as it is: the folder states less", strings.Replace(sync, `"path":"./a"`, `"path":"./a","prune":true`, 1), answer(strings.Replace(sync, `"path":"./a"`, `"path":"./a","prune":true`, 1)), nil, Same, ""},
		{"different", strings.Replace(sync, "./a", "./b", 1), answer(sync), nil, Changed, "spec.path ./b → ./a"},
		{"others'", strings.Replace(sync, "./a", "./b", 1), nil, &model.WriteError{Reason: model.WriteConflict, Conflicts: []model.FieldConflict{{Manager: "ann", Field: ".spec.path"}}}, Theirs, ".spec.path belongs to ann"},
		{"refused", "", nil, errors.New("Kustomization/stage/app: no"), Refused, "no"},
	} {
		o := object(t, sync)
		if c.live != "" {
			o.Live = normal(export.Clean(parsed(t, c.live)))
		}
		o.Tried(c.written, c.err)
		said := o.Why
		for _, d := range o.Diff {
			said += d.String()
		}
		if o.State != c.want || said != c.says {
			t.Errorf("%s: %s %q, want %s %q", c.name, o.State, said, c.want, c.says)
		}
	}
	o := object(t, sync)
	o.Live = parsed(t, strings.Replace(sync, "./a", "./b", 1))
	o.Tried(answer(sync), nil)
	if why := o.Moved(answer(sync)); why != "" {
		t.Errorf("unchanged: %s", why)
	}
	if why := o.Moved(answer(strings.Replace(sync, "./a", "./c", 1))); !strings.Contains(why, "spec.path") {
		t.Errorf("changed meanwhile: %q", why)
	}
}

// What looks like a secret is no more shown than a Secret is.
func TestDifferencesHideSecrets(t *testing.T) {
	a := parsed(t, `{"spec":{"values":{"password":"sesame"},"list":[1,{"a":"b"}],"url":"https://ann:canary@host/x"}}`)
	b := parsed(t, `{"spec":{"list":[1,{"a":"c"}],"url":"https://host/x","more":{"x":{}}}}`)
	var got []string
	for _, d := range differences(a, b) {
		got = append(got, d.String())
	}
	all := strings.Join(got, "; ")
	if strings.Contains(all, "canary") || strings.Contains(all, "sesame") || !strings.Contains(all, "spec.list[1].a b → c") || !strings.Contains(all, "spec.values.password [redacted] → –") {
		t.Errorf("differences: %s", all)
	}
}
