package ui

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
)

// exportedKinds are the kinds of an export's tiers; those tenantry does not
// watch are in no store and only listed. A ClusterRole belongs to no tenant.
func exportedKinds() []model.ObjectRef {
	var out []model.ObjectRef
	for _, k := range export.Kinds() {
		if k.Kind != "ClusterRole" {
			out = append(out, model.ObjectRef{Group: k.Group, Kind: k.Kind})
		}
	}
	return out
}

type exporter struct {
	store  *model.Store
	run    ExportRun
	spaces map[string]string // namespace → folder
	items  []export.Item
	holes  []string
	going  []string // what is being deleted: it would come to life again from its file
}

const platformFolder = "platform"

// choose says which namespaces go into which folder.
func (x *exporter) choose() error {
	for _, name := range x.run.Tenants {
		if x.store.Tenant(name) == nil || name == model.PlatformKey {
			return x.unseen("no such tenant: " + name)
		}
	}
	for _, t := range x.store.Tenants() {
		if len(x.run.Tenants) > 0 && !slices.Contains(x.run.Tenants, t.Name) {
			continue
		}
		for _, ns := range t.Namespaces {
			x.spaces[ns] = "tenants/" + folderName(t.Name)
		}
	}
	if x.system() {
		for _, ns := range x.store.Platform().Namespaces {
			x.spaces[ns] = platformFolder
		}
	}
	if len(x.spaces) == 0 {
		return x.unseen("there is nothing to export: no tenant and no Flux")
	}
	return nil
}

// unseen says that something is not there, as far as what may be read tells.
func (x *exporter) unseen(words string) error {
	if why := model.Hidden(x.store); why != "" {
		return errors.New("can't tell what there is to export: " + why)
	}
	return errors.New(words)
}

func (x *exporter) system() bool { return len(x.run.Tenants) == 0 || x.run.System }

// folderName is a tenant's name as a folder's: its own where it can be one.
func folderName(name string) string {
	if name = url.PathEscape(name); strings.Trim(name, ".") == "" {
		return "_" + name
	}
	return name
}

// refs are the lists an export is made of.
func (x *exporter) refs() []model.ObjectRef {
	var out []model.ObjectRef
	for _, ref := range exportedKinds() {
		if k, ok := ref.Key(); ok && x.store.KindStatus(k.Kind).State == model.ScopeAbsent {
			continue
		}
		for _, ns := range x.namespaces(ref) {
			ref.Namespace = ns
			out = append(out, ref)
		}
	}
	return out
}

// readAll reads lists, as far as the session may; what it may not is a hole.
func readAll(ctx context.Context, c Archive, refs []model.ObjectRef) (objects []map[string]any, holes []string, err error) {
	for _, ref := range refs {
		err := c.List(ctx, ref, func(o map[string]any) error {
			objects = append(objects, o)
			return nil
		})
		var refused *model.RequestError
		switch {
		case err == nil:
		case !errors.As(err, &refused):
			return nil, nil, err
		case refused.Reason == model.RequestNotServed:
		case refused.Reason == model.RequestForbidden:
			holes = append(holes, refused.Text)
		default:
			return nil, nil, err
		}
	}
	return objects, holes, nil
}

// arrange makes an export of what was read of the cluster.
func (x *exporter) arrange(objects []map[string]any) export.Set {
	ends := map[string]bool{} // namespaces that are being deleted
	for _, o := range objects {
		if meta := metadataOf(o); o["kind"] == "Namespace" && meta["deletionTimestamp"] != nil {
			ends[fmt.Sprint(meta["name"])] = true
		}
	}
	for _, o := range objects {
		meta := metadataOf(o)
		ns, _ := meta["namespace"].(string)
		x.take(o, meta["deletionTimestamp"] != nil || ends[ns])
	}
	set := export.Arrange(x.items)
	set.Secrets = export.SecretsOf(x.objects())
	return set
}

// namespaces are where a kind is listed: everywhere at once where the session
// reads the whole cluster.
func (x *exporter) namespaces(ref model.ObjectRef) []string {
	whole := slices.ContainsFunc(x.store.Scopes(), func(s model.ScopeStatus) bool { return s.Kind == model.Kustomization && s.Namespace == "" })
	if whole || ref.Kind == "Namespace" || ref.Kind == "ClusterRoleBinding" {
		return []string{""}
	}
	var out []string
	for ns := range x.spaces {
		out = append(out, ns)
	}
	slices.Sort(out)
	return out
}

func metadataOf(o map[string]any) map[string]any {
	meta, _ := o["metadata"].(map[string]any)
	return meta
}

// take takes what belongs to what is exported, but for what is on its way out.
func (x *exporter) take(o map[string]any, going bool) {
	folder, ok := x.folder(o)
	if !ok {
		return
	}
	if going {
		kind, _ := o["kind"].(string)
		name, _ := metadataOf(o)["name"].(string)
		ns, _ := metadataOf(o)["namespace"].(string)
		x.going = append(x.going, model.Ref{Kind: kind, Namespace: ns, Name: name}.String())
		return
	}
	maker := export.Maker(o, func(k model.Key) bool { return x.store.Get(k) != nil })
	x.items = append(x.items, export.Item{Folder: folder, Object: o, Maker: maker})
}

// folder is where an object belongs: with its namespace, a namespace with
// itself, a cluster-wide binding with the account it names.
func (x *exporter) folder(o map[string]any) (string, bool) {
	meta := metadataOf(o)
	name, _ := meta["name"].(string)
	ns, _ := meta["namespace"].(string)
	switch o["kind"] {
	case "Namespace":
		ns = name
	case "ClusterRoleBinding":
		subjects, _ := o["subjects"].([]any)
		for _, s := range subjects {
			s, _ := s.(map[string]any)
			in, _ := s["namespace"].(string)
			if f, ok := x.spaces[in]; ok && s["kind"] == "ServiceAccount" && f != platformFolder {
				return f, true
			}
		}
		return "", false
	}
	f, ok := x.spaces[ns]
	return f, ok
}

// objects are what of the export the store knows, for what they refer to.
func (x *exporter) objects() []*model.Object {
	var out []*model.Object
	for _, it := range x.items {
		meta := metadataOf(it.Object)
		kind, _ := it.Object["kind"].(string)
		name, _ := meta["name"].(string)
		ns, _ := meta["namespace"].(string)
		k, ok := model.Ref{Kind: kind, Namespace: ns, Name: name}.Key()
		if o := x.store.Get(k); ok && o != nil && it.Maker == "" {
			out = append(out, o)
		}
	}
	return out
}
