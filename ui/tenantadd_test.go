package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// shopDesk is a desk at the second page of adding the tenant shop.
func shopDesk(t *testing.T, o Options) *fakeInstance {
	t.Helper()
	f := &fakeInstance{desk: newDesk(t, 120, 40, o, uitest.Synced().Put(uitest.Namespace("shared", "")))}
	f.act("+")
	f.toField("NAME", "shop")
	f.toField("NAMESPACE", "shop=./deploy shared=./two")
	f.toField("REPO", "https://github.com/acme/shop")
	f.push("Next")
	f.says("Add tenant shop on kind-new, 2 of 2", "Namespace/shop: where it lives")
	return f
}

// What has changed since it was shown keeps a tenant from being made, and is
// said; what was typed stays.
func TestAddTenantLooksOnceMore(t *testing.T) {
	taken := func(d *desk) {
		d.put(uitest.Namespace("shop", "boutique"))
	}
	for _, c := range []struct {
		name string
		// before happens before the button is pressed, during while the server is
		// asked once more.
		before, during func(*desk)
		says           []string
	}{
		{name: "the name is taken", before: taken, says: []string{"Add a tenant on kind-new, 1 of 2", "nothing was sent, for it has changed meanwhile: shop belongs to tenant boutique"}},
		{name: "the name is taken at the last moment", during: taken, says: []string{"1 of 2", "shop belongs to tenant boutique"}},
		{name: "somebody applies there", before: func(d *desk) {
			o := uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", uitest.Rev1)
			o.Detail.(*model.Sync).Inventory = "shared_settings__ConfigMap"
			d.put(o)
		}, says: []string{"2 of 2", "nothing was sent, for it has changed meanwhile: Kustomization/flux-system/flux-system"}},
		{name: "the namespace came", before: func(d *desk) { d.put(uitest.Namespace("shop", "shop")) },
			says: []string{"2 of 2", "nothing was sent", "there is a namespace shop by now"}},
		{name: "the namespace went", during: func(d *desk) {
			d.feed(model.Batch{Changes: []model.ObjectChange{{Key: model.Key{Kind: model.Namespace, Name: "shared"}}}})
		},
			says: []string{"2 of 2", "nothing was sent"}},
		{name: "somebody owns it by now", before: func(d *desk) {
			d.session.OnWrite(func(w model.Write) (*model.Written, error) {
				return nil, &model.WriteError{Reason: model.WriteConflict, Text: w.Ref.Kind + " belongs to kubectl"}
			})
		}, says: []string{"2 of 2", "nothing was sent", "belongs to kubectl"}},
		{name: "it would become something else", before: func(d *desk) {
			d.session.OnWrite(func(w model.Write) (*model.Written, error) {
				return &model.Written{Object: []byte(`{"apiVersion":"v1","kind":"` + w.Ref.Kind + `","metadata":{"name":"x"},"data":{"a":"b"}}`)}, nil
			})
		}, says: []string{"2 of 2", "nothing was sent", "would become something else"}},
		{name: "not allowed any more", before: func(d *desk) {
			d.session.Deny("no", model.Access{Verb: "patch", Resource: "namespaces", Name: "shop"})
		}, says: []string{"2 of 2", "nothing was sent", "ann may not"}},
		{name: "the server is away", before: func(d *desk) {
			d.session.OnWrite(func(model.Write) (*model.Written, error) {
				return nil, &model.WriteError{Reason: model.WriteUnreachable, Text: "the API server does not answer"}
			})
		}, says: []string{"2 of 2", "nothing was sent: the API server does not answer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := shopDesk(t, Options{})
			if c.before != nil {
				c.before(f.desk)
			}
			if c.during != nil {
				did := false
				f.session.OnWrite(func(w model.Write) (*model.Written, error) {
					if !did {
						did = true
						c.during(f.desk)
					}
					return &model.Written{UID: w.UID}, nil
				})
			}
			f.push("Add")
			f.says(c.says...)
			if sent := f.sent(); len(sent) > 0 || len(f.deeds) > 0 {
				t.Errorf("sent: %+v", sent)
			}
			if f.tenantDraft == nil || f.tenantDraft.get(tenantURL) != "https://github.com/acme/shop" {
				t.Errorf("what was typed is gone: %+v", f.tenantDraft)
			}
		})
	}
}

// Said while it is looked at, not only when it is confirmed.
func TestAddTenantSaysWhatChangesUnderIt(t *testing.T) {
	f := shopDesk(t, Options{})
	f.put(uitest.Namespace("shop", "boutique"))
	f.wants("shop belongs to tenant boutique: it is looked at again before anything is sent")
}

// Unchanged, it is asked about once more, sent in order, and is no draft any
// more.
func TestAddTenantSendsWhatWasShown(t *testing.T) {
	f := shopDesk(t, Options{})
	before := len(f.session.Writes())
	f.push("Add")
	f.put(uitest.Namespace("shop", "shop"))
	writes := f.session.Writes()[before:]
	first := slices.IndexFunc(writes, func(w model.Write) bool { return !w.DryRun })
	if first != before || writes[first].Ref.String() != "Namespace/shop" {
		t.Fatalf("%d asked before the first was sent: %+v", first, writes)
	}
	if f.dialog != nil || f.tenantDraft != nil {
		t.Errorf("the dialog stays:\n%s", f.screen())
	}
	if !strings.Contains(f.deedLine(), "add tenant shop") {
		t.Errorf("%q", f.deedLine())
	}
}

// How long a part took is told where its objects tell it: what was fetched
// before was not fetched in no time.
func TestAddTenantTellsTimesThatAreKnown(t *testing.T) {
	f := shopDesk(t, Options{})
	f.session.OnWrite(func(w model.Write) (*model.Written, error) {
		if k, ok := w.Ref.Key(); ok && !w.DryRun {
			f.put(uitest.Object(k.Kind, k.Namespace, k.Name, nil))
		}
		return &model.Written{UID: w.UID}, nil
	})
	f.push("Add")
	f.pass(7 * time.Second)
	fresh, old := uitest.Git("shop", "shop", "https://github.com/acme/shop", uitest.Rev2), uitest.Git("shared", "shop", "https://github.com/acme/shop", uitest.Rev1)
	fresh.Detail.(*model.Source).Updated = uitest.Ago(-3 * time.Second)
	sync := func(ns string, ready time.Duration) *model.Object {
		return uitest.Sync(ns, "shop", "./", uitest.Rev2, uitest.Ready(-ready))
	}
	f.put(fresh, old, sync("shop", 4*time.Second), sync("shared", 6*time.Second))
	if got, want := f.deedLine(), "▸ fetched d634062 +3s ▸ fetched 41aaea2 ▸ 2 applied d634062 +6s ✓"; !strings.HasSuffix(got, want) {
		t.Errorf("%q, want it to end in %q", got, want)
	}
}
