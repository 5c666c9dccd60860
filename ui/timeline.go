package ui

import (
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
)

// timelineFrom is the width from which the pane has room for what happened
// lately beside its sentence.
const timelineFrom = 110

// timelineReach bounds how far back the change log is searched for a row's
// news; it is searched whenever the log or the row changes.
const timelineReach = 2000

// news keeps the last answer.
type news struct {
	row   rowID
	last  uint64
	lines []newsLine
}

type newsLine struct {
	at   model.Unix
	who  string
	what string
	mark mark
}

// timeline is what happened lately to the tenants of a row, newest first.
func (s *tenants) timeline(r *tenantRow, w, h int) []string {
	log := s.store.Log()
	if s.news.row != r.id || s.news.last != log.Last() {
		s.news = news{row: r.id, last: log.Last(), lines: s.collect(r)}
	}
	var out []string
	for _, n := range s.news.lines {
		if len(out) == h {
			break
		}
		l := draw.NewLine(s.kit, w)
		l.Put(themes.Muted, text.Clock(time.Unix(int64(n.at), 0), s.now)).Skip(1)
		l.Fit(themes.Text, 0, s.kit.CutMiddle(n.who, 22), 22).Skip(1)
		l.Put(n.mark.Role, n.mark.Shape).Skip(1).Put(themes.Text, n.what)
		out = append(out, l.String())
	}
	return out
}

func (s *tenants) collect(r *tenantRow) []newsLine {
	// Whose an object is could be asked of the store, but not two thousand
	// times for every step of the cursor.
	namespaces, keys := map[string]bool{}, map[model.Key]bool{}
	for _, t := range append(r.members[:len(r.members):len(r.members)], r.tenant) {
		if t == nil {
			continue
		}
		for _, ns := range t.Namespaces {
			namespaces[ns] = true
		}
		for _, list := range [][]model.Key{t.Sources, t.Syncs, t.Workloads} {
			for _, k := range list {
				keys[k] = true
			}
		}
	}
	var lines []newsLine
	seen := 0
	s.store.Log().Back(func(e model.Entry) bool {
		if seen++; seen > timelineReach || len(lines) >= 12 {
			return false
		}
		if e.Key.Kind == model.KindUnknown || !namespaces[e.Key.Namespace] && !keys[e.Key] {
			return true
		}
		if what, m, ok := s.newsOf(e); ok {
			lines = append(lines, newsLine{e.At, e.Key.Name, what, m})
		}
		return true
	})
	return lines
}

// newsOf writes a change in a few words.
func (s *tenants) newsOf(e model.Entry) (string, mark, bool) {
	arrow := s.kit.Glyph.Arrow
	plain := s.kit.Glyph.Nothing()
	switch e.Change {
	case model.ChangeHealth:
		if h, ok := model.HealthNamed(e.To); ok {
			m := s.kit.Glyph.Of(h)
			return m.Word, m, true
		}
		return e.To, plain, true
	case model.ChangeRevision:
		return "fetched " + model.ShortRevision(e.To), plain, true
	case model.ChangeApplied:
		return "applied " + model.ShortRevision(e.To), plain, true
	case model.ChangeGeneration:
		what := "generation " + e.From + arrow + e.To
		if e.Revision != "" {
			what += " by " + model.ShortRevision(e.Revision)
		}
		return what, plain, true
	case model.ChangeSpec:
		if e.Field == "" {
			return "spec changed" + byWhom(e.Detail), plain, true
		}
		return e.Field + " " + e.From + arrow + e.To + byWhom(e.Detail), plain, true
	case model.ChangeSuspended:
		return "suspended" + byWhom(e.Detail), s.kit.Glyph.Of(model.Suspended), true
	case model.ChangeResumed:
		return "resumed", plain, true
	case model.ChangeRecreated:
		return "made anew", plain, true
	case model.ChangeGone:
		return "gone", s.kit.Glyph.Of(model.Terminating), true
	case model.ChangeAppeared:
		return "new", plain, true
	}
	return "", plain, false
}

// beside puts two blocks next to each other, the left one w columns wide.
func beside(kit draw.Kit, left, right []string, w, h int) []string {
	bar := kit.Theme.Paint(themes.Rule, 0, kit.Glyph.Box[5])
	out := make([]string, 0, h)
	for i := 0; i < max(len(left), len(right)); i++ {
		line := ""
		if i < len(left) {
			line = left[i]
		}
		if i < len(right) {
			line = draw.PadStyled(line, w) + bar + " " + right[i]
		}
		out = append(out, line)
	}
	return out
}
