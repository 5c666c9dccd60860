package ui

import (
	"errors"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/textview"
)

// askAgain is how long after a change a live object is asked for again: an
// object under way changes several times a second.
const askAgain = time.Second

// live is an object as the cluster has it now, asked for when it is looked at.
type live struct {
	document *model.Document
	err      error
	asked    bool      // an answer is outstanding
	due      time.Time // when to ask again; zero while nothing changed
	version  string    // the watched object's, when it was asked for
	newest   string    // the watched object's
}

// changed notes the watched object's version.
func (v *live) changed(version string, now time.Time) {
	v.newest = version
	if v.newest != v.version && v.due.IsZero() && (v.document != nil || v.err != nil) {
		v.due = now.Add(askAgain)
	}
}

// again asks at once.
func (v *live) again(now time.Time) { v.due = now }

// ask reports whether to ask now.
func (v *live) ask(now time.Time) bool {
	first := v.document == nil && v.err == nil
	if v.asked || !first && (v.due.IsZero() || now.Before(v.due)) {
		return false
	}
	v.asked, v.due, v.version = true, time.Time{}, v.newest
	return true
}

// answered takes the answer; what was known before stays where there is none.
func (v *live) answered(d *model.Document, err error) {
	v.asked, v.err = false, err
	if err == nil {
		v.document = d
	}
}

// ask is asked for while the YAML is looked at.
func (p *objectPage) ask() (model.ObjectRef, bool) {
	return p.ref, p.view == viewYAML && p.live.ask(p.local)
}

func (p *objectPage) answered(msg documentMsg) {
	if msg.ref != p.ref {
		return
	}
	p.live.answered(msg.document, msg.err)
	if p.view == viewYAML {
		p.write()
	}
}

// yaml is the live object, or why it can't be shown.
func (p *objectPage) yaml() []textview.Line {
	if d := p.live.document; d != nil {
		if p.owned {
			return p.ownedYAML(d)
		}
		return paintYAML(d.YAML)
	}
	if p.live.err == nil {
		return []textview.Line{textview.Plain("Asking the cluster for " + p.ref.String() + p.kit.Glyph.Ellipsis)}
	}
	d := describer{env: p.env}
	d.title(upperFirst(p.refusal()))
	d.text(sentence(upperFirst(p.live.err.Error())))
	for _, hint := range p.refusalHints() {
		d.text(hint)
	}
	return d.lines
}

// refusal is why there is no YAML, in a few words.
func (p *objectPage) refusal() string {
	var failed *model.RequestError
	if errors.As(p.live.err, &failed) {
		switch failed.Reason {
		case model.RequestNotFound:
			return "not in the cluster"
		case model.RequestNotServed:
			return "kind not served"
		case model.RequestForbidden:
			return "not readable by you"
		case model.RequestUnreachable:
			return "no answer from the server"
		case model.RequestTimedOut:
			return "no answer in time"
		case model.RequestWithheld:
			return "never shown"
		}
	}
	return "could not be read"
}

// refusalHints are what would help.
func (p *objectPage) refusalHints() []string {
	var failed *model.RequestError
	if !errors.As(p.live.err, &failed) {
		return []string{"ctrl+r asks again."}
	}
	switch failed.Reason {
	case model.RequestForbidden:
		resource := strings.ToLower(p.ref.Kind) + "s"
		if p.watched() {
			resource = p.key.Kind.Resource()
		}
		where := "a Role in " + p.ref.Namespace
		if p.ref.Namespace == "" {
			where = "a ClusterRole"
		}
		out := []string{"That is neither a fault nor \"none\". The rule to ask for, in " + where + ":", ""}
		return append(append(out, rule(p.ref.Group, resource, "get")...), "", "ctrl+r asks again.")
	case model.RequestWithheld:
		return []string{"A Secret's values never leave the cluster for a screen."}
	case model.RequestNotFound, model.RequestNotServed:
		return []string{"esc goes back, ctrl+r asks again."}
	}
	return []string{"It is read when the server answers; ctrl+r asks at once."}
}

// rule is an RBAC rule as it is written in a Role.
func rule(group, resource, verbs string) []string {
	return []string{`  - apiGroups: ["` + group + `"]`, "    resources: [" + resource + "]", "    verbs: [" + verbs + "]"}
}

// countYAML says on line 2 how old what is shown is.
func (p *objectPage) countYAML(l *draw.Line) {
	d := p.live.document
	switch {
	case p.live.err != nil && d != nil:
		l.Put(themes.Caution, p.kit.Glyph.Old().Shape+" "+p.age(d.At)+" old: "+p.refusal())
	case d != nil:
		l.Put(themes.Muted, "as it was "+p.moment(d.At))
	case p.live.err != nil:
		m := p.kit.Glyph.Of(model.Failed)
		l.Put(m.Role, m.Shape).Put(themes.Text, " "+p.refusal())
	default:
		m := p.Turn(p.kit.Glyph.Of(model.Reconciling))
		l.Put(m.Role, m.Shape).Put(themes.Text, " asking")
	}
}
