package ui

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

const (
	wrongURL = "https://github.com/acme/shpo"
	rightURL = "https://github.com/acme/shop"
)

// mendDesk has added the tenant shop with a mistyped repository, which can't be
// fetched. The server takes what is applied, and shows it.
type mendDesk struct {
	*fakeInstance
	live map[model.ObjectRef]map[string]any
}

func newMendDesk(t *testing.T, o Options) *mendDesk {
	t.Helper()
	d := &mendDesk{&fakeInstance{desk: newDesk(t, 120, 40, o, uitest.Synced())}, map[model.ObjectRef]map[string]any{}}
	d.session.OnWrite(d.apply)
	d.act("+")
	d.toField("NAME", "shop")
	d.toField("REPO", wrongURL)
	d.push("Next")
	d.says("Add tenant shop on kind-new, 2 of 2")
	d.push("Add")
	d.pass(time.Second)
	d.fail()
	d.pass(time.Second)
	return d
}

// fail shows that the repository is not there.
func (d *mendDesk) fail() {
	sync := uitest.Sync("shop", "shop", "./", "", uitest.Failing("ArtifactFailed", "Source artifact not found, retrying in 30s", time.Second))
	sync.Detail.(*model.Sync).Inventory = ""
	d.put(uitest.Git("shop", "shop", wrongURL, "", uitest.Failing("GitOperationFailed", "unable to clone '"+wrongURL+"': repository not found", time.Second)), sync)
}

func (d *mendDesk) apply(w model.Write) (*model.Written, error) {
	object := map[string]any{}
	if err := json.Unmarshal(w.Body, &object); err != nil {
		d.Fatal(err)
	}
	k, known := w.Ref.Key()
	uid := k.Kind.String() + "-" + k.Namespace + "-" + k.Name
	metadataOf(object)["uid"] = uid
	text, _ := json.Marshal(object)
	generation := int64(1)
	if was := d.live[w.Ref]; was != nil && !reflect.DeepEqual(was["spec"], object["spec"]) {
		generation = 2
	}
	if !w.DryRun {
		d.live[w.Ref] = object
		d.session.SetDocument(w.Ref, &model.Document{ObjectRef: w.Ref, YAML: string(text)}, nil)
		if known && d.store.Get(k) == nil {
			d.put(uitest.Label(uitest.Object(k.Kind, k.Namespace, k.Name, nil), model.LabelTenant, "shop"))
		}
	}
	return &model.Written{UID: uid, Generation: generation, Object: text}, nil
}

// toMend opens the form of what was sent.
func (d *mendDesk) toMend() {
	d.Helper()
	d.act("+")
	d.says("SENT      shop at", "repository not found", "Mend shop opens what was typed for it")
	d.push("Mend shop")
	d.says("Mend tenant shop on kind-new, 1 of 2", "NAME      shop")
}

// What was typed wrong is mended where it was typed: the same objects are
// applied again, and what of them changes is told before.
func TestAMistypedRepositoryIsMended(t *testing.T) {
	d := newMendDesk(t, Options{})
	if line := d.deedLine(); !strings.HasSuffix(line, "; + mends what was mistyped") {
		t.Errorf("%q", line)
	}
	d.toMend()
	d.says(wrongURL)
	d.retype("REPO", rightURL)
	d.retype("BRANCH", "next")
	d.push("Next")
	d.says("Mend tenant shop on kind-new, 2 of 2",
		"GitRepository/shop/shop: changes spec.ref.branch main ▸ next; spec.url "+wrongURL+" ▸ "+rightURL,
		"Namespace/shop: is there, and stays as it is", "Kustomization/shop/shop: is there, and stays as it is",
		"1 of the 5 objects changes, as it stands above; the others stay as they are, and nothing else is touched")
	d.misses("only the fields named here are set", "STAYS")
	before := len(d.sent())
	d.push("Apply")
	d.says("not seen yet")
	fetched := uitest.Git("shop", "shop", rightURL, "", uitest.Failing("GitOperationFailed", "unable to clone '"+wrongURL+"': repository not found", time.Second))
	fetched.Generation = 2
	d.put(fetched) // the controller has not seen it: what it says is of what was mistyped
	d.pass(time.Second)
	if line := d.deedLine(); strings.HasPrefix(line, "✗") {
		t.Errorf("%q", line)
	}
	writes := d.sent()[before:]
	var refs []string
	for _, w := range writes {
		refs = append(refs, w.Ref.String())
		if w.UID == "" || w.Force || w.Op != model.WriteApply {
			t.Errorf("%s is written as %+v", w.Ref, w)
		}
	}
	if want := []string{"Namespace/shop", "ServiceAccount/shop/shop", "RoleBinding/shop/shop-reconciler", "GitRepository/shop/shop", "Kustomization/shop/shop"}; !slices.Equal(refs, want) {
		t.Errorf("written: %v", refs)
	}
	fetched = uitest.Git("shop", "shop", rightURL, uitest.Rev1)
	fetched.Generation, fetched.ObservedGeneration, fetched.Conditions[0].ObservedGeneration = 2, 2, 2
	d.put(fetched, uitest.Sync("shop", "shop", "./", uitest.Rev1, uitest.Ready(-time.Second)))
	d.pass(time.Second)
	if line := d.deedLine(); !strings.HasSuffix(line, "✓") {
		t.Errorf("%q", line)
	}
	d.act("+")
	d.misses("Mend shop", "SENT")
	d.typ("shop")
	d.says("Mend shop opens what was typed for it")
	d.push("Mend shop")
	d.says(rightURL, "BRANCH    next")
}

// Closing the form, or a kill, loses nothing of it; neither does the form of
// another tenant that is typed meanwhile.
func TestWhatIsMendedIsKept(t *testing.T) {
	o := Options{State: t.TempDir() + "/state"}
	d := newMendDesk(t, o)
	d.act("+")
	d.toField("NAME", "docs")
	d.act("esc")
	d.act("+")
	d.says("NAME      docs")
	d.retype("NAME", "")
	d.act("esc")
	d.toMend()
	d.retype("REPO", rightURL)
	d.act("esc")
	d.toMend()
	d.says(rightURL)
	d.pass(time.Second)

	d = &mendDesk{&fakeInstance{desk: newDesk(t, 120, 40, o, uitest.Synced())}, nil}
	d.pass(time.Second)
	d.fail()
	d.toMend()
	d.says(rightURL, "with what was typed at")
	d.push("As it was sent")
	d.says(wrongURL)
	d.misses(rightURL)
}

// What others own by now is left to them, and so is what has taken an object's
// place.
func TestMendingTakesNothingFromOthers(t *testing.T) {
	again := func(t *testing.T) *mendDesk {
		d := newMendDesk(t, Options{})
		d.toMend()
		d.retype("REPO", rightURL)
		return d
	}
	still := func(d *mendDesk, before int, says ...string) {
		d.Helper()
		d.says(says...)
		if n := len(d.sent()); n != before {
			d.Errorf("%d written", n-before)
		}
	}
	t.Run("applied from Git by now", func(t *testing.T) {
		d := again(t)
		before := len(d.sent())
		d.put(uitest.Label(uitest.Git("shop", "shop", wrongURL, ""), model.LabelKustomizationName, "flux-system", model.LabelKustomizationNS, "flux-system"))
		d.push("Next")
		still(d, before, "GitRepository/shop/shop exists and Kustomization/flux-system/flux-system applies it")
	})
	t.Run("another tenant's by now", func(t *testing.T) {
		d := again(t)
		before := len(d.sent())
		d.put(uitest.Label(uitest.Git("shop", "shop", wrongURL, ""), model.LabelTenant, "boutique"))
		d.push("Next")
		still(d, before, "GitRepository/shop/shop belongs to tenant boutique")
	})
	t.Run("edited by a person", func(t *testing.T) {
		d := again(t)
		before := len(d.sent())
		d.session.OnWrite(func(w model.Write) (*model.Written, error) {
			if w.Ref.Kind == "GitRepository" {
				return nil, &model.WriteError{Reason: model.WriteConflict, Text: ".spec.url belongs to kubectl-edit; nothing was written"}
			}
			return d.apply(w)
		})
		d.push("Next")
		d.says("refused: 1 of 5 objects, for what stands above", ".spec.url belongs to kubectl-edit; nothing was written; mend it there, or type here what it is there")
		d.push("Apply")
		still(d, before, "GitRepository/shop/shop: .spec.url belongs to kubectl-edit")
	})
	t.Run("replaced since it was shown", func(t *testing.T) {
		d := again(t)
		before := len(d.sent())
		d.push("Next")
		ref := model.Key{Kind: model.GitRepository, Namespace: "shop", Name: "shop"}.ObjectRef()
		metadataOf(d.live[ref])["uid"] = "another"
		text, _ := json.Marshal(d.live[ref])
		d.session.SetDocument(ref, &model.Document{ObjectRef: ref, YAML: string(text)}, nil)
		d.push("Apply")
		still(d, before, "nothing was sent, for it has changed meanwhile: GitRepository/shop/shop: another object of that name")
	})
	t.Run("changed since it was shown", func(t *testing.T) {
		d := again(t)
		before := len(d.sent())
		d.push("Next")
		ref := model.Key{Kind: model.GitRepository, Namespace: "shop", Name: "shop"}.ObjectRef()
		d.live[ref]["spec"].(map[string]any)["url"] = "https://github.com/acme/other"
		text, _ := json.Marshal(d.live[ref])
		d.session.SetDocument(ref, &model.Document{ObjectRef: ref, YAML: string(text)}, nil)
		d.push("Apply")
		still(d, before, "nothing was sent, for it has changed meanwhile", "acme/other")
	})
}
