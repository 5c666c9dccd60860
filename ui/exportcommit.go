package ui

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/ui/archive"
)

// manyChanges is how many objects a commit names.
const manyChanges = 100

// exportChanges are the objects in which an export differs from what the folder
// holds, each as a line.
func exportChanges(before *archive.Folder, set *export.Set) []string {
	was, is := map[string]string{}, map[string]string{}
	if before != nil {
		for _, k := range before.Objects {
			was[exportedName(k.Object)] = printed(k.Object)
		}
	}
	for _, o := range objectsOf(set) {
		is[exportedName(o)] = printed(o)
	}
	all := maps.Clone(was)
	maps.Copy(all, is)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		old, had := was[name]
		now, has := is[name]
		switch {
		case !had:
			out = append(out, "new      "+name)
		case !has:
			out = append(out, "gone     "+name)
		case old != now:
			out = append(out, "changed  "+name)
		}
	}
	return out
}

func objectsOf(set *export.Set) []export.Object {
	var out []export.Object
	for _, f := range set.Files {
		out = append(out, f.Objects...)
	}
	return out
}

func exportedName(o export.Object) string {
	kind, _ := o["kind"].(string)
	meta, _ := o["metadata"].(map[string]any)
	ns, _ := meta["namespace"].(string)
	name, _ := meta["name"].(string)
	return clean(model.Ref{Kind: kind, Namespace: ns, Name: name}.String())
}

// printed is an object for comparing: keys are sorted.
func printed(o export.Object) string {
	data, err := json.Marshal(o)
	if err != nil {
		return ""
	}
	return string(data)
}

// commitSubject names the tenants whose files changed.
func commitSubject(r *archive.Result) string {
	var whose []string
	for _, name := range slices.Concat(r.Written, r.Removed) {
		folder := path.Dir(name)
		if path.Base(folder) == "2_secrets" {
			folder = path.Dir(folder)
		}
		if who := path.Base(folder); folder != "." && !slices.Contains(whose, who) {
			whose = append(whose, who)
		}
	}
	slices.Sort(whose)
	switch n := len(whose); {
	case n == 0:
		return "tenantry export: what it consists of"
	case n > 4:
		return fmt.Sprintf("tenantry export: %s and %d more", strings.Join(whose[:3], ", "), n-3)
	}
	return "tenantry export: " + strings.Join(whose, ", ")
}

// commitMessage is a commit's.
func commitMessage(r *archive.Result, news []string) string {
	if n := len(news); n > manyChanges {
		news = append(slices.Clone(news[:manyChanges]), fmt.Sprintf("and %d more", n-manyChanges))
	}
	if len(news) == 0 {
		return commitSubject(r)
	}
	return commitSubject(r) + "\n\n" + strings.Join(news, "\n") + "\n"
}
