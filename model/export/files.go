package export

import (
	"cmp"
	"slices"
	"strings"
)

// File is one file of an export: objects in the order they are applied in, or
// the list of a folder's files.
type File struct {
	// Path is relative to the export's folder, with slashes.
	Path    string
	Objects []Object
}

// Left is an object that is not exported, and what makes it.
type Left struct{ Kind, Namespace, Name, Maker string }

// Set is a whole export.
type Set struct {
	Files []File // by path
	Left  []Left // by namespace, kind, name
	// Secrets are those the objects refer to, and Encrypted those of them whose
	// contents are in it; Arrange leaves both to its caller.
	Secrets   []Secret
	Encrypted []Encrypted
}

// Encrypted is a Secret encrypted for Git, in a file of its own.
type Encrypted struct {
	Path            string
	Namespace, Name string
	// Version is what it was encrypted from and for: with the same one the file
	// that is there stays, since encrypting again gives other bytes.
	Version string
	// Text is nil for a file that stays as it is.
	Text []byte
}

// Tier is where in its folder an object stands; files are named after it, so
// that their order by name is the order they are applied in.
type tier struct {
	file  string
	kinds []string // in the order they are applied in
}

var tiers = []tier{
	{"1_access.yaml", []string{"Namespace", "ServiceAccount", "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding", "ResourceQuota", "LimitRange", "NetworkPolicy"}},
	{"2_platform.yaml", []string{"FluxInstance", "ResourceSetInputProvider", "ResourceSet"}},
	{"3_source.yaml", []string{"GitRepository", "OCIRepository", "Bucket", "HelmRepository", "ExternalArtifact"}},
	{"4_sync.yaml", []string{"Kustomization", "HelmRelease"}},
}

// place returns the file an object goes into and its rank in it; false for a
// kind that is no part of a platform or tenant.
func place(kind string) (file string, rank int, ok bool) {
	for _, t := range tiers {
		if i := slices.Index(t.kinds, kind); i >= 0 {
			return t.file, i, true
		}
	}
	return "", 0, false
}

// Item is a live object and the folder it belongs to: "platform", or
// "tenants/" and a name.
type Item struct {
	Folder string
	Object Object
	Maker  string // as Maker says
}

// Arrange makes an export of live objects. It is the same for the same objects,
// in whatever order they come.
func Arrange(items []Item) Set {
	var set Set
	files := map[string][]Object{}
	for _, it := range items {
		kind, ns, name := identity(it.Object)
		file, _, ok := place(kind)
		switch {
		case !ok || made(kind, ns, name):
		case it.Maker != "":
			set.Left = append(set.Left, Left{kind, ns, name, it.Maker})
		default:
			path := it.Folder + "/" + file
			files[path] = append(files[path], Clean(it.Object))
		}
	}
	for path, objects := range files {
		slices.SortFunc(objects, byOrder)
		set.Files = append(set.Files, File{path, objects})
	}
	slices.SortFunc(set.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(set.Left, func(a, b Left) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
	})
	return set
}

func byOrder(a, b Object) int {
	kindA, nsA, nameA := identity(a)
	kindB, nsB, nameB := identity(b)
	_, rankA, _ := place(kindA)
	_, rankB, _ := place(kindB)
	return cmp.Or(cmp.Compare(rankA, rankB), strings.Compare(nsA, nsB), strings.Compare(nameA, nameB))
}

func identity(o Object) (kind, namespace, name string) {
	kind, _ = o["kind"].(string)
	meta := section(o, "metadata")
	namespace, _ = meta["namespace"].(string)
	name, _ = meta["name"].(string)
	return kind, namespace, name
}
