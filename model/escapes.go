package model

import (
	"strings"

	"tenantry/model/said"
)

// Escape is an attempt to write outside of a tenant's own namespaces, as the
// API server's refusal tells it: who, with which commit, what and where.
type Escape struct {
	Sync   Key
	Commit string // the revision that asked for it; "" unknown
	Object string // Kind name
	Into   string // the namespace; "" = cluster-wide
	At     Unix   // when it was first refused, as far as it is known
}

// Attempts are kept after they were given up: the newest of each sync, and all
// together no more than that.
const escapesEach, escapesAll = 8, 1024

// noteEscape keeps an attempt when a sync's refusal is seen for the first time.
func (s *Store) noteEscape(o *Object) {
	e, ok := escapeOf(o)
	if !ok {
		return
	}
	same := false
	s.escapes.back(o.Key, func(known *Escape) bool {
		same = known.Commit == e.Commit && known.Object == e.Object && known.Into == e.Into
		return !same
	})
	if !same {
		s.escapes.add(o.Key, e)
	}
}

// escapeOf reads the attempt off a sync's Ready condition. Whether the namespace
// is another's is for who knows the tenant to say.
func escapeOf(o *Object) (Escape, bool) {
	d, ok := o.syncDetail()
	if !ok {
		return Escape{}, false
	}
	ready := o.Condition("Ready")
	if ready == nil || ready.Status != "False" || !strings.Contains(ready.Message, "orbidden") {
		return Escape{}, false
	}
	what, ok := said.Read(ready.Message)
	if !ok || what.Fault != said.ForbiddenInside && what.Fault != said.ForbiddenCluster || what.Into == o.Namespace && what.Into != "" {
		return Escape{}, false
	}
	return Escape{Sync: o.Key, Commit: ShortRevision(d.Attempted), Object: strings.TrimSpace(what.Kind + " " + what.Name), Into: what.Into, At: ready.LastTransition}, true
}

// EscapesOf returns the attempts of a sync that were seen, oldest first.
func (s *Store) EscapesOf(sync Key) []Escape {
	var out []Escape
	s.escapes.back(sync, func(e *Escape) bool { out = append(out, *e); return true })
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// escapeRules: what was asked for outside of the tenant's namespaces and
// refused. What is still asked for is high; what was given up stays a note.
func escapeRules(c *check) {
	c.eachSync(func(o *Object, _ *Sync) {
		now, failing := escapeOf(o)
		for _, e := range c.s.EscapesOf(o.Key) {
			if e.Into != "" && c.own(e.Into) {
				continue
			}
			where := "for the whole cluster"
			if e.Into != "" {
				where = "in " + e.Into
			}
			by := "a commit"
			if e.Commit != "" {
				by = e.Commit
			}
			gravity, more := GravityHigh, ""
			if !failing || now.Object != e.Object || now.Into != e.Into {
				gravity, more = GravityInfo, "; not any more"
			}
			c.add("escape", gravity, o.Key, "%s asked for %s %s at %s, and was refused%s", by, e.Object, where,
				timeOf(e.At).In(c.s.local().Location()).Format("Jan 2 15:04"), more)
		}
	})
}
