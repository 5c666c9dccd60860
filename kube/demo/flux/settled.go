package flux

import (
	"encoding/json"

	"tenantry/kube/demo/tree"
)

// settled notes that applying a manifest to an object in this state changes
// nothing. Trying again would only cost time.
type settled struct{ manifest, state string }

// who names the applier in the notes: another one may own other fields.
func (r *run) who() string { return "ks/" + r.key.Namespace + "/" + r.key.Name }

// settle notes that who has applied a manifest.
func (f *Controllers) settle(who string, o Object) {
	if state := f.state(o); state != "" {
		f.settled[who+" "+subject(o)] = settled{fingerprint(o), state}
	}
}

// unchanged says that who applied the same manifest before and what it asks
// for has not changed since.
func (f *Controllers) unchanged(who string, o Object) bool {
	known, ok := f.settled[who+" "+subject(o)]
	return ok && f.state(o) == known.state && fingerprint(o) == known.manifest
}

// state tells whether a live object changed in what can be applied to it: the
// generation counts its spec; where there is none, every revision counts.
func (f *Controllers) state(o Object) string {
	live, err := f.client("").Get(groupKind(o), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name"))
	if err != nil {
		return ""
	}
	meta := tree.Map(live, "metadata")
	if !tree.Has(meta, "generation") {
		return tree.Str(meta, "uid") + tree.Str(meta, "resourceVersion")
	}
	return fingerprint(Object{"u": meta["uid"], "g": meta["generation"], "l": meta["labels"], "a": meta["annotations"]})
}

func fingerprint(o Object) string {
	b, _ := json.Marshal(o)
	return string(b)
}
