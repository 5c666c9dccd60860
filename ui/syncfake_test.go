package ui

import (
	"encoding/json"
	"strings"

	"tenantry/model"
	"tenantry/ui/uitest"
)

var theInstance = model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"}

// fakeInstance answers for the platform's FluxInstance as a server would.
type fakeInstance struct {
	*desk
	meta   map[string]any
	spec   map[string]any
	owners []model.FieldOwner
	// before is called before each write, with how many there were.
	before func(n int, w model.Write) error
	writes int
}

// withInstance sets a desk up whose FluxInstance has a sync, or none.
func withInstance(d *desk, sync map[string]any) *fakeInstance {
	f := &fakeInstance{desk: d, meta: map[string]any{"name": "flux", "namespace": "flux-system", "uid": "FluxInstance-flux-system-flux", "generation": 1},
		spec: map[string]any{"distribution": map[string]any{"version": "2.x", "registry": "ghcr.io/fluxcd"}}}
	if sync != nil {
		f.spec["sync"] = sync
	}
	for _, path := range []string{".spec.distribution.version", ".spec.distribution.registry"} {
		f.owners = append(f.owners, model.FieldOwner{Path: path, Manager: "helm", Operation: "Update"})
	}
	d.session.OnWrite(f.answer)
	f.tell()
	for _, id := range strings.Fields(heldIDs) {
		f.is(id, "flux-system", "flux-system", nil)
	}
	f.is("docs_web_apps_Deployment", "docs", "docs", nil)
	f.is("docs_web__Service", "docs", "docs", nil)
	return f
}

// is puts an object where it is read, as a Kustomization applied it.
func (f *fakeInstance) is(id, ns, name string, annotations map[string]string) {
	f.Helper()
	ref, ok := model.InventoryRef(id)
	if !ok {
		f.Fatalf("no id: %q", id)
	}
	object, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": annotations,
		"labels": map[string]string{model.LabelKustomizationName: name, model.LabelKustomizationNS: ns}}})
	if err != nil {
		f.Fatal(err)
	}
	f.session.SetDocument(ref, &model.Document{ObjectRef: ref, YAML: string(object)}, nil)
}

// ownedBy makes a manager own the whole sync.
func (f *fakeInstance) ownedBy(manager string) *fakeInstance {
	for _, leaf := range []string{"kind", "url", "ref", "path", "pullSecret", "interval"} {
		f.owners = append(f.owners, model.FieldOwner{Path: ".spec.sync." + leaf, Manager: manager, Operation: "Apply"})
	}
	f.tell()
	return f
}

func (f *fakeInstance) object(spec map[string]any) []byte {
	out, err := json.Marshal(map[string]any{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": f.meta, "spec": spec})
	if err != nil {
		f.Fatal(err)
	}
	return out
}

// tell puts the instance where it is read: JSON is YAML.
func (f *fakeInstance) tell() {
	f.session.SetDocument(theInstance.ObjectRef(), &model.Document{ObjectRef: theInstance.ObjectRef(), YAML: string(f.object(f.spec)), Owners: f.owners}, nil)
}

func (f *fakeInstance) answer(w model.Write) (*model.Written, error) {
	f.writes++
	if f.before != nil {
		if err := f.before(f.writes, w); err != nil {
			return nil, err
		}
	}
	if w.Ref != theInstance.ObjectRef() {
		return &model.Written{UID: w.UID}, nil
	}
	var body struct {
		Metadata struct{ Annotations map[string]any }
		Spec     *struct{ Sync *map[string]any }
	}
	if err := json.Unmarshal(w.Body, &body); err != nil {
		f.Fatal(err)
	}
	spec := map[string]any{}
	for k, v := range f.spec {
		spec[k] = v
	}
	if body.Spec != nil {
		delete(spec, "sync")
		if body.Spec.Sync != nil {
			spec["sync"] = *body.Spec.Sync
		}
	}
	if !w.DryRun {
		f.spec = spec
		if len(body.Metadata.Annotations) > 0 {
			f.meta["annotations"] = body.Metadata.Annotations
		}
		f.tell()
	}
	return &model.Written{UID: f.meta["uid"].(string), Object: f.object(spec)}, nil
}

// sent are the writes that were no dry runs.
func (f *fakeInstance) sent() []model.Write {
	var out []model.Write
	for _, w := range f.session.Writes() {
		if !w.DryRun {
			out = append(out, w)
		}
	}
	return out
}

// open opens set sync, or clear sync, by keys.
func (f *fakeInstance) open(verb string) {
	f.Helper()
	f.aimAt(model.PlatformKey)
	f.act("a")
	for range 20 {
		if it, ok := f.menu.current(); ok && it.text == verb {
			f.act("enter")
			return
		}
		f.act("down")
	}
	f.Fatalf("no %q in the menu:\n%s", verb, f.screen())
}

// retype replaces what is in a field.
func (f *fakeInstance) retype(label, typed string) {
	f.Helper()
	f.toField(label, "")
	f.act("end", "ctrl+u")
	f.toField(label, typed)
}

// press presses a dialog's button.
func (f *fakeInstance) push(word string) {
	f.Helper()
	f.toButton(word)
	f.act("enter")
}

// whole is all a dialog says, also what is scrolled out of sight.
func (f *fakeInstance) whole() string {
	if f.dialog == nil {
		return ""
	}
	d := *f.dialog
	body := d.layout(f.kit, 400)
	d.top, d.height = 0, body.n
	lines, _ := d.draw(f.kit, 400, &body)
	return strings.Join(lines, "\n")
}

// says fails unless the dialog says all of these, in sight or not.
func (f *fakeInstance) says(parts ...string) {
	f.Helper()
	all := f.whole() + f.screen()
	for _, p := range parts {
		if !strings.Contains(all, p) {
			f.Errorf("%q is not said:\n%s", p, all)
		}
	}
}

// fleet is the sync of Prod's instance.
func fleet() map[string]any {
	return map[string]any{"kind": "GitRepository", "url": "ssh://git@github.com/acme/fleet", "ref": "refs/heads/main", "path": "./clusters/prod-eu", "pullSecret": "flux-system", "interval": "1m"}
}

const heldIDs = "_docs__Namespace\ndocs_docs_kustomize.toolkit.fluxcd.io_Kustomization\ndocs_settings__ConfigMap\n_crm__Namespace"

// held is Prod with a platform sync that holds namespaces and a tenant's sync,
// and an instance without a name for its sync.
func held() *uitest.Cluster {
	c := uitest.Prod()
	sync := uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", uitest.Rev1)
	sync.Detail.(*model.Sync).Inventory = heldIDs
	return c.Put(sync, instanceOf(nil))
}

// instanceOf is Prod's instance with a change.
func instanceOf(change func(*model.Instance)) *model.Object {
	d := &model.Instance{Version: "2.9.4", Registry: "ghcr.io/fluxcd", Applied: "v2.9.4@sha256:0b1f4a2c",
		Sync: &model.InstanceSync{Kind: "GitRepository", URL: "ssh://git@github.com/acme/fleet", Ref: "refs/heads/main", Path: "./clusters/prod-eu", PullSecret: "flux-system"}}
	if change != nil {
		change(d)
	}
	return uitest.Object(model.FluxInstance, "flux-system", "flux", d, uitest.Ready(0))
}
