package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/history"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
	"tenantry/ui/text"
)

// awayPage lists what happened between the last look and this one, and how it
// is now.
type awayPage struct {
	*env
	away  *away
	table *table.Table[string, *awayRow]
	f     filter
}

// awayRow is a change and its tenant as of the picture, nil when it is gone.
type awayRow struct {
	awayChange
	tenant *model.Tenant
	state  mark
	cause  string
}

func newAwayPage(e *env, out *away) *awayPage {
	p := &awayPage{env: e, away: out}
	e.past.asked = true
	p.table = table.New(func(r *awayRow) string { return r.row }, p.columns()...)
	return p
}

func (p *awayPage) columns() []table.Column[*awayRow] {
	return []table.Column[*awayRow]{
		{ID: "what", Title: "SINCE THEN", Min: 10, Max: 10, Leave: 1,
			Draw: func(l *draw.Line, r *awayRow) { l.Put(themes.Text, r.kind.word()) }},
		{ID: colTenant, Title: "TENANT", Min: 12, Max: 32, Pinned: true,
			Measure: func(r *awayRow) int { return nameWidth(r.name()) },
			Draw:    func(l *draw.Line, r *awayRow) { l.Put(themes.Text, p.kit.CutMiddle(r.name(), l.Left())) }},
		{ID: "was", Title: "WAS", Min: 13, Max: 13, Leave: 2,
			Draw: func(l *draw.Line, r *awayRow) {
				if r.had {
					drawMark(l, p.kit.Glyph.Of(r.was), 0)
				} else {
					l.Put(themes.Muted, p.kit.Glyph.Unknown)
				}
			}},
		{ID: colState, Title: "NOW", Min: 13, Max: 13,
			Draw: func(l *draw.Line, r *awayRow) {
				if r.tenant != nil {
					drawMark(l, p.Turn(r.state), 0)
				} else {
					l.Put(themes.Muted, p.kit.Glyph.Unknown)
				}
			}},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true,
			Draw: func(l *draw.Line, r *awayRow) {
				if r.tenant != nil {
					l.FitRight(themes.Text, 0, p.age(r.tenant.Since), l.Left())
				}
			}},
		{ID: colCause, Title: " CAUSE, OR LAST CHANGE", Min: 20, Flex: true,
			Draw: func(l *draw.Line, r *awayRow) { l.Skip(1).Put(themes.Text, r.cause) }},
	}
}

func (k awayKind) word() string {
	return [awayCount]string{"broken", "fixed", "new", "gone"}[k]
}

func (r *awayRow) name() string {
	if r.row == model.PlatformKey {
		return model.PlatformName
	}
	return r.row
}

func (p *awayPage) crumbs() []string {
	return []string{"since " + sinceWhen(p.away.since, p.local)}
}

func (p *awayPage) scopes() []keymap.Scope { return []keymap.Scope{keymap.List, keymap.Page} }

func (p *awayPage) derive(hold bool) { p.table.SetRows(p.arrange(), hold) }

func (p *awayPage) arrange() []*awayRow {
	rows := make([]*awayRow, 0, len(p.away.changes))
	p.f.hidden = 0
	for _, c := range p.away.changes {
		r := &awayRow{awayChange: c, tenant: p.store.Tenant(c.row)}
		var namespaces []string
		switch t := r.tenant; {
		case t != nil:
			r.state, namespaces = p.kit.Glyph.Tenant(t), t.Namespaces
			r.cause = p.causeOf(t)
		default:
			r.cause = "gone, or not yours to read any more"
		}
		if !p.scope.covers(r.row, namespaces...) {
			continue
		}
		subject := query.Subject{Name: r.name(), State: r.state.Word, Text: []string{r.cause, r.kind.word()}, Namespaces: namespaces}
		if p.f.trouble && (r.tenant == nil || rank(r.tenant) < unhealthyRank) || !p.f.query.Fits(&subject) {
			p.f.hidden++
			continue
		}
		rows = append(rows, r)
	}
	return rows
}

func (p *awayPage) held() bool { return p.table.Held() }

func (p *awayPage) act(a keymap.Action) (tea.Cmd, bool) {
	if moveTable(p.table, a) {
		return nil, true
	}
	if r, ok := p.table.Current(); ok && a == keymap.Open && r.tenant != nil {
		return p.paths.open(newTenantPage(p.env, r.tenant.Name, r.tenant.IsPlatform)), true
	}
	return nil, false
}

func (p *awayPage) counts(l *draw.Line) {
	for kind, n := range p.away.of {
		if n > 0 {
			l.Put(themes.Text, fmt.Sprintf("%d %s", n, awayKind(kind).word())).Skip(2)
		}
	}
	l.Skip(1).Put(themes.Muted, "last look from here: "+text.Clock(p.away.since, p.local))
}

func (p *awayPage) above(int) string { return "" }

func (p *awayPage) body(w, h int) []string {
	lines := p.table.View(p.kit, w, h)
	if p.table.Len() > 0 {
		return lines
	}
	words := "Nothing is broken that was not, nothing was fixed, and the tenants are the same."
	if p.f.on() && p.f.hidden > 0 {
		words = fmt.Sprintf("Nothing matches %s; it hides %d rows. %s shows all of them again.", p.f.words(), p.f.hidden, p.key(keymap.Escape))
	}
	lines = append(lines, "")
	for _, s := range wrap(p.kit, words, min(w-6, 76)) {
		lines = append(lines, draw.NewLine(p.kit, w).Skip(3).Put(themes.Text, s).String())
	}
	return lines[:min(len(lines), h)]
}

func (p *awayPage) pane(w, h int) []string {
	r, ok := p.table.Current()
	if !ok {
		return nil
	}
	return drawPane(p.kit, w, h, section{label: "WHY", text: p.sentence(r)}, section{label: "SEEN", text: p.between(r), spare: true},
		section{label: "NEXT", text: p.key(keymap.Open) + " objects  " + p.key(keymap.Back) + " back"})
}

// sentence says what became of a row.
func (p *awayPage) sentence(r *awayRow) string {
	who, when := r.name(), sinceWhen(p.away.since, p.local)
	if r.row == model.PlatformKey {
		who = "The platform"
	}
	switch {
	case r.kind == awayGone:
		return who + " was there at " + when + " and is not any more."
	case r.tenant == nil:
		return who + " is gone by now."
	case r.kind == awayNew:
		return who + " was not there at " + when + "."
	case r.kind == awayFixed && r.tenant.Health == model.Ready:
		return fmt.Sprintf("%s was %s at %s and is fine now.", who, r.was, when)
	case !r.had:
		return fmt.Sprintf("%s was not there at %s. %s", who, when, upperFirst(sentence(r.tenant.Message)))
	}
	return fmt.Sprintf("%s was %s at %s. %s", who, r.was, when, upperFirst(sentence(r.tenant.Message)))
}

// maxBetween is how much is said of what earlier runs saw since then.
const maxBetween = 4

// between is what runs of tenantry saw of a row since the last look: another
// may have watched.
func (p *awayPage) between(r *awayRow) string {
	var spaces []string
	switch platform := p.store.Platform(); {
	case r.row == model.PlatformKey && platform != nil:
		spaces = platform.Namespaces
	case r.tenant != nil:
		spaces = r.tenant.Namespaces
	}
	h := newHistorian(p.env)
	var out []string
	p.earlierOnes(func(rec *history.Record) bool {
		e, ok := entryOf(rec)
		if !ok || rec.At < p.away.since.Unix()-keepSlack || e.Change == model.ChangeTenant {
			return true
		}
		if slices.Contains(spaces, e.Key.Namespace) || e.Key.Kind == model.Namespace && slices.Contains(spaces, e.Key.Name) {
			words := ""
			for _, s := range h.pastOf(e).words {
				words += s.Text
			}
			out = append(out, p.moment(e.At)+" "+e.Key.Kind.String()+" "+e.Key.Name+" "+words)
		}
		return true
	})
	more := ""
	if n := len(out) - maxBetween; n > 0 {
		out, more = out[n:], fmt.Sprintf(" (and %d before, under h)", n)
	}
	return strings.Join(out, "; ") + more
}

// keepSlack is how much before the last look something counts as since then:
// that is taken by this machine's clock, once a minute.
const keepSlack = 90

func (p *awayPage) paneNeeds(int) int { return 0 }

func (p *awayPage) subject() subject {
	r, ok := p.table.Current()
	if !ok {
		return subject{}
	}
	out := subject{name: r.name(), state: r.state, cause: p.sentence(r), copy: r.name()}
	if r.tenant != nil {
		out.since, out.spot.tenant = p.age(r.tenant.Since), r.row
	}
	return out
}

func (p *awayPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Open, keymap.Filter, keymap.Trouble, keymap.Back, keymap.Help}
}

func (p *awayPage) position() (at, of int) { return p.table.Position(), p.table.Len() }

func (p *awayPage) filter() *filter { return &p.f }
func (p *awayPage) refilter()       { p.table.SetRows(p.arrange(), false) }

func (p *awayPage) click(_, y int) bool { return p.table.ClickAt(y) }
func (p *awayPage) clickAbove(int, int) {}
func (p *awayPage) scroll(n int)        { p.table.Scroll(n) }
