package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// drawHead writes a repository: its name, when Git was asked, and how far its
// newest commit has come.
func (p *rollouts) drawHead(l *draw.Line, r *listRow) {
	h := r.repo
	fold, open := p.kit.Glyph.Folded, p.isOpen(r)
	if open {
		fold = p.kit.Glyph.Unfolded
	}
	right := p.headWords(r, open)
	need := width(p.env, right)
	if room := l.Left() - 16; need > room {
		right = p.headWords(r, true)
		need = width(p.env, right)
	}
	l.To(1).Put(themes.Text, fold+" ")
	l.Cell(max(l.Left()-need-2, 8), func(l *draw.Line) {
		name := repoPath(h.Repo)
		ref := "  " + h.Repo.Ref
		room := l.Left() - p.kit.Width(ref)
		l.Put(themes.Title, p.kit.CutMiddle(name, max(room, 8))).Put(themes.Muted, ref)
		from := max(p.askedAt, l.X()+3)
		if asked := p.asked(r); asked.text != "" && (l.X()+l.Left()-from >= p.kit.Width(asked.text) || asked.role == themes.Bad && l.Left() > 24) {
			l.To(from).Put(asked.role, asked.text)
		}
	})
	if right != nil {
		l.To(l.X() + l.Left() - need - 1)
		put(l, right)
	}
}

// The column from which is said when Git was asked: behind the names, as far as
// they are of a usual length.
const askedFrom, askedUpTo = 34, 46

// headWords say how far the newest commit has come; briefly where its own row
// says the rest.
func (p *rollouts) headWords(r *listRow, brief bool) []piece {
	h := r.repo
	m := p.Turn(r.state)
	if p.podsKeep(r) {
		m = worded(p.kit.Glyph, model.Stuck, "")
	}
	if h.Revision == "" {
		return []piece{{themes.Muted, 0, "nothing fetched yet"}}
	}
	live := fmt.Sprintf("%d of %d live", h.Live, h.Of)
	if h.Of == 0 {
		live = "suspended"
	}
	if brief {
		return []piece{{m.Role, 0, m.Shape}, {text: " " + live}}
	}
	out := []piece{{m.Role, 0, m.Shape}, {text: " " + model.ShortRevision(h.Revision)}, {text: " live in " + fmt.Sprintf("%d of %d", h.Live, h.Of)}}
	switch {
	case h.Of == 0:
		out[2].text = " suspended"
	case h.Live == h.Of && h.LiveAt.Known():
		out = append(out, piece{themes.Muted, 0, " since " + p.shortClock(h.LiveAt.At)})
	case h.Live < h.Of && h.Stuck:
		out[2].text += ", " + strings.ToLower(r.state.Word)
	}
	if held := p.kit.Glyph.Of(model.Suspended); h.Held > 0 && m.Shape != held.Shape {
		out = append(out, piece{text: "  "}, piece{held.Role, 0, held.Shape}, piece{text: fmt.Sprintf(" %d", h.Held)})
	}
	return out
}

// shortClock is a moment in few letters: the time of today, else the day.
func (e *env) shortClock(u model.Unix) string {
	words := e.shortMoment(u)
	if len(words) == len("15:04:05") {
		return words[:len("15:04")]
	}
	day, _, found := cutLast(words, " ")
	if found {
		return day
	}
	return words
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// asked is how often Git is asked and when it last was; what is waited for must
// not look like standing still.
func (p *rollouts) asked(r *listRow) piece {
	chain := p.store.Chain(r.repo.Repo)
	if chain == nil {
		return piece{}
	}
	now := model.Unix(p.now.Unix())
	words := p.origin(r.repo.Repo) + " " + chain.Asked.Sentence(now)
	if chain.Asked.Failing {
		cause := chain.Asked.Cause
		if _, rest, ok := strings.Cut(cause, ": "); ok && strings.HasPrefix(cause, r.repo.Repo.Kind.String()+" ") {
			cause = rest
		}
		return piece{themes.Bad, 0, p.kit.Glyph.Of(model.Failed).Shape + " can't fetch: " + cause}
	}
	if chain.Asked.Down != "" {
		return piece{themes.Caution, 0, words}
	}
	role := themes.Muted
	if r.repo.Moving || p.isOpen(r) {
		role = themes.Text
		if key := p.key2(); key != "" && r.repo.Held < r.repo.Of && !chain.Asked.Pending {
			words += "; " + key + " asks now"
		}
	}
	return piece{role, 0, words}
}

// origin is what a source asks for news, as it is spoken of.
func (p *rollouts) origin(r model.Repo) string {
	switch r.Kind {
	case model.GitRepository:
		return "Git"
	case model.OCIRepository:
		return "the registry"
	case model.Bucket:
		return "the bucket"
	case model.HelmChart, model.HelmRepository:
		return "the chart's repository"
	}
	return "the source"
}
