package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// objectID is the identity of a row of a tree: an object or a heading, and
// what it hangs under.
type objectID struct {
	under string
	title string
	ref   model.ObjectRef
}

// path is the identity of what hangs under a row.
func (id objectID) path() string {
	r := id.ref
	return id.under + "\x00" + id.title + "\x00" + r.Group + "/" + r.Kind + "/" + r.Namespace + "/" + r.Name
}

// objectRow is a row of a tree: an object, or a heading over several.
type objectRow struct {
	id     objectID
	depth  int
	label  string
	key    model.Key     // of a kind that is watched
	object *model.Object // nil for a heading, and for what is not read
	objectFacts
	members       int // of a heading
	folds, folded bool
	open          func() tea.Cmd // what enter does on a row that is no object
}

// ref reports whether the row is an object, be it one that is not read.
func (r *objectRow) ref() bool { return r.id.ref.Name != "" }

// heading is a node that groups others.
func (e *env) heading(title string, state mark, what string, children ...*node) *node {
	n := &node{children: children}
	n.id.title, n.label, n.state, n.what, n.members = title, title, state, what, len(children)
	return n
}

// leaf is the node of an object that is read.
func (e *env) leaf(o *model.Object) *node {
	n := &node{}
	n.id.ref, n.key, n.object, n.objectFacts = o.Key.ObjectRef(), o.Key, o, e.factsOfObject(o)
	n.label = o.Kind.String() + " " + o.Name
	return n
}

// leafOf is the node of any object: one that is not read says why it has no
// state.
func (e *env) leafOf(ref model.ObjectRef) *node {
	key, known := ref.Key()
	if known {
		if o := e.store.Get(key); o != nil {
			return e.leaf(o)
		}
	}
	n := &node{}
	n.id.ref, n.label, n.state, n.what = ref, ref.Kind+" "+ref.Name, e.kit.Glyph.Nothing(), notWatched
	switch {
	case known && e.store.Readable(key):
		n.state = e.missing()
		n.what = "not in the cluster"
	case known && key.Kind != model.Secret && e.store.KindStatus(key.Kind).State == model.ScopeDenied:
		n.state, n.what = e.kit.Glyph.Denied(), "not readable by you"
	}
	return n
}

// notWatched is said of an object of which only its name is known.
const notWatched = "not watched"

// missing is what should be there and is not.
func (e *env) missing() mark {
	return mark{Shape: e.kit.Glyph.Of(model.Failed).Shape, Word: "Missing", Role: themes.Bad}
}

func objects(n int) string { return counted(n, "object") }

// counted writes how many there are of something.
func counted(n int, word string) string {
	switch n {
	case 0:
		return "no " + word + "s"
	case 1:
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// shortKinds are kubectl's short names, for where the whole one has no room.
var shortKinds = map[model.Kind]string{
	model.GitRepository: "gitrepo", model.OCIRepository: "ocirepo", model.HelmRepository: "helmrepo", model.HelmChart: "hc",
	model.Kustomization: "ks", model.HelmRelease: "hr", model.Deployment: "deploy", model.StatefulSet: "sts", model.DaemonSet: "ds",
	model.ReplicaSet: "rs", model.Pod: "po", model.ServiceAccount: "sa", model.Namespace: "ns",
}

// labelOf is a row's name, with its namespace where that is not the tree's.
func (t *tree) labelOf(r *objectRow) string {
	if ns := r.id.ref.Namespace; t.home != "" && ns != "" && ns != t.home {
		return r.id.ref.Kind + " " + ns + "/" + r.id.ref.Name
	}
	return r.label
}

func (t *tree) drawName(l *draw.Line, r *objectRow) {
	role := themes.Text
	if !r.ref() {
		role = themes.Title
	}
	fold := " "
	switch {
	case r.folded:
		fold = t.kit.Glyph.Folded
	case r.folds:
		fold = t.kit.Glyph.Unfolded
	}
	l.Skip(2*r.depth).Put(themes.Muted, fold).Skip(1)
	label := t.labelOf(r)
	if short, ok := shortKinds[r.key.Kind]; ok && r.ref() && t.kit.Width(label) > l.Left() {
		label = short + strings.TrimPrefix(label, r.id.ref.Kind) // the name tells more than the kind
	}
	l.Put(role, t.kit.CutMiddle(label, l.Left()))
}

// drawWhat writes a workload's rollout as a bar, everything else as text.
func (t *tree) drawWhat(l *draw.Line, r *objectRow) {
	if !r.ref() {
		l.Put(themes.Muted, r.what)
		return
	}
	if r.object != nil {
		if _, ok := r.object.Detail.(*model.Workload); ok {
			t.drawRollout(l, r.rollout, t.table.Shows(colGeneration))
			l.Skip(2)
		}
	}
	l.Put(themes.Text, r.what)
}

// drawRollout writes a workload's revision and its pods.
func (e *env) drawRollout(l *draw.Line, r model.Rollout, withoutGeneration bool) {
	if !withoutGeneration {
		l.Put(themes.Text, "gen "+e.generation(r)+" ")
	}
	if r.Revision > 0 {
		l.Put(themes.Text, fmt.Sprintf("rev %d", r.Revision)).Skip(2)
	}
	if r.Moving() {
		drawBar(e.kit, l, r, 8)
	} else {
		l.Put(themes.Text, fmt.Sprintf("%d/%d", r.Available, r.Desired))
	}
}
