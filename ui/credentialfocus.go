package ui

// focusFirst puts the focus where something is to be done: on the field that is
// empty, else on what has to be accepted.
func (f *credentialForm) focusFirst() {
	d := f.box
	for i, at := range d.focusables() {
		if p := &d.parts[at]; p.line != nil && len(p.line.runes) == 0 && p.hint != optional {
			d.at = i
			break
		}
		d.at = 0
	}
	f.began = d.focus()
}

// focusHost puts the focus on what the host showed, unless it was moved
// meanwhile.
func (f *credentialForm) focusHost() {
	at := f.box.focus()
	if f.began == nil || at == nil || at.line != f.began.line || at.chosen != f.began.chosen || at.line != nil && len(at.line.runes) > 0 {
		return
	}
	f.show()
	for i, at := range f.box.focusables() {
		if f.box.parts[at].tick == &f.accepted {
			f.box.at = i
		}
	}
}
