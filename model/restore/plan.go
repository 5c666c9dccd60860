package restore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
)

// Live is what was found in the cluster.
type Live struct {
	// Objects are those of the folder's kinds, by their reference without
	// version.
	Objects map[model.ObjectRef]export.Object
	// Absent are kinds the server does not serve, by group and kind.
	Absent map[[2]string]bool
	// Unread says why the objects of a kind in a namespace can't be read; the
	// reference has no name, and for all namespaces none of these either.
	Unread map[model.ObjectRef]string
	// Instance: Flux is installed by a FluxInstance that is there.
	Instance bool
	// Exists reports whether an object that is named as a maker is there.
	Exists func(model.Key) bool
}

// Plan is what a folder means for a cluster.
type Plan struct {
	Objects []*Object // in the order they are applied in
	Stages  []Stage
	live    Live
	spaces  map[string]bool // namespaces that are in the folder
}

// Stage is one step of a restore: objects that are applied together, and seen
// in the cluster before the next stage begins.
type Stage struct {
	Words string
	Of    []*Object
}

// NeedsFlux reports whether its objects are Flux's to work on.
func (s *Stage) NeedsFlux() bool { return stageOf(s.Of[0].Ref.Kind) >= stageSources }

// stages say what is applied when: accounts need their namespaces, sources the
// kinds that come with Flux, and nothing is applied by Flux before what bounds
// it is there.
var stages = []string{"namespaces", "accounts, roles and bounds", "Flux itself", "sources", "what applies them"}

const (
	stageNamespaces = iota
	stageAccess
	stageFlux
	stageSources
	stageSyncs
)

func stageOf(kind string) int {
	switch kind {
	case "Namespace":
		return stageNamespaces
	case "FluxInstance":
		return stageFlux
	case "GitRepository", "OCIRepository", "Bucket", "HelmRepository", "ExternalArtifact":
		return stageSources
	case "Kustomization", "HelmRelease", "ResourceSet", "ResourceSetInputProvider":
		return stageSyncs
	}
	return stageAccess
}

// Unique refuses a folder that has an object twice: which of them is meant
// can't be told.
func Unique(objects []*Object) error {
	files := map[model.ObjectRef]string{}
	for _, o := range objects {
		if other, twice := files[o.key()]; twice {
			if other == o.File {
				return fmt.Errorf("%s: %s is there twice", o.File, o.Ref)
			}
			return fmt.Errorf("%s: %s is in %s, too", o.File, o.Ref, other)
		}
		files[o.key()] = o.File
	}
	return nil
}

// Compare says what a folder means for a cluster. What can't be told without
// asking the server is Untold.
func Compare(objects []*Object, live Live) *Plan {
	p := &Plan{Objects: slices.Clone(objects), live: live, spaces: map[string]bool{}}
	for _, o := range objects {
		if o.Ref.Kind == "Namespace" {
			p.spaces[o.Ref.Name] = true
		}
	}
	rank := map[string]int{}
	for i, k := range export.Kinds() {
		rank[k.Kind] = i
	}
	slices.SortStableFunc(p.Objects, func(a, b *Object) int {
		return cmp.Or(cmp.Compare(stageOf(a.Ref.Kind), stageOf(b.Ref.Kind)), cmp.Compare(rank[a.Ref.Kind], rank[b.Ref.Kind]),
			strings.Compare(a.Ref.Namespace, b.Ref.Namespace), strings.Compare(a.Ref.Name, b.Ref.Name))
	})
	for at, words := range stages {
		var of []*Object
		for _, o := range p.Objects {
			if stageOf(o.Ref.Kind) == at {
				of = append(of, o)
			}
		}
		if len(of) > 0 {
			p.Stages = append(p.Stages, Stage{words, of})
		}
	}
	for _, o := range p.Objects {
		p.judge(o)
	}
	return p
}

// step is the number of the stage an object of a kind is applied in, from 1.
func (p *Plan) step(kind string) int {
	for i, s := range p.Stages {
		if stageOf(s.Of[0].Ref.Kind) == stageOf(kind) {
			return i + 1
		}
	}
	return 0
}

// judge says what can be said of an object without asking the server.
func (p *Plan) judge(o *Object) {
	if why := p.unread(o); why != "" {
		o.State, o.Why = Unread, why
		return
	}
	raw := p.live.Objects[o.key()]
	if raw == nil {
		p.missing(o)
		return
	}
	meta, _ := raw["metadata"].(export.Object)
	o.UID, _ = meta["uid"].(string)
	if n, ok := normal(meta)["generation"].(json.Number); ok {
		o.Generation, _ = n.Int64()
	}
	o.Live = normal(export.Clean(raw))
	switch maker := export.Maker(raw, p.live.Exists); {
	case meta["deletionTimestamp"] != nil: // also where it still is as the folder has it
		o.State, o.Why = Refused, "it is being deleted: wait until it is gone, then run this again"
	case p.leaving(o.Ref.Namespace):
		o.State, o.Why = Refused, namespaceLeaves
	case len(differences(o.Live, normal(o.Want))) == 0:
		o.State = Same
	case maker != "":
		o.State, o.Why = Theirs, maker+" makes it, and would undo a change"
	}
}

// Untold are the objects the server has to be asked about.
func (p *Plan) Untold() []*Object {
	return p.in(func(o *Object) bool { return o.State == Untold })
}

// Sends are the objects that are applied.
func (p *Plan) Sends() []*Object {
	return p.in(func(o *Object) bool { return o.State == New || o.State == Changed })
}

// Left are those that somebody else owns.
func (p *Plan) Left() []*Object { return p.in(func(o *Object) bool { return o.State == Theirs }) }

// Blocked are those that keep anything from being applied: half a restore is
// none.
func (p *Plan) Blocked() []*Object {
	return p.in(func(o *Object) bool { return o.State == Refused || o.State == Unread })
}

func (p *Plan) in(want func(*Object) bool) []*Object {
	var out []*Object
	for _, o := range p.Objects {
		if want(o) {
			out = append(out, o)
		}
	}
	return out
}
