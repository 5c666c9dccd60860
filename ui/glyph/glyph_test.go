package glyph

import (
	"testing"

	"tenantry/model"
	"tenantry/ui/text"
)

func TestEveryHealthHasAShapeAndAWord(t *testing.T) {
	for _, set := range []*Set{Unicode, Plain} {
		for _, h := range model.Healths() {
			m := set.Of(h)
			if m.Shape == "" || m.Word == "" && h != model.NotApplicable {
				t.Errorf("%s is drawn as %q %q", h, m.Shape, m.Word)
			}
		}
	}
}

func TestShapesAreOneColumn(t *testing.T) {
	shapes := append([]string{Unicode.Ellipsis, Unicode.Arrow, Unicode.Live, Unicode.Fresh, Unicode.Marked, Unicode.Left, Unicode.Cursor, Unicode.Rule,
		Unicode.PodNew, Unicode.PodStarting, Unicode.PodOld, Unicode.PodToCome}, Unicode.marks[:]...)
	shapes = append(append(shapes, Unicode.moving[:]...), Unicode.Box[:]...)
	for _, s := range shapes {
		if text.Width(s) != 1 || text.Clean(s) != s {
			t.Errorf("%q is %d columns wide", s, text.Width(s))
		}
	}
	for _, s := range append(Plain.marks[:], Plain.Ellipsis, Plain.Arrow, Plain.Marked, Plain.Left, Plain.AtLeast, Plain.Unknown) {
		if text.ASCII(s) != s {
			t.Errorf("%q is no ASCII", s)
		}
	}
}

func TestMovingTurns(t *testing.T) {
	m := Unicode.Of(model.Reconciling)
	if Unicode.Turn(m, 0).Shape != m.Shape {
		t.Error("a resting mark has turned")
	}
	if Unicode.Turn(m, 1).Shape == m.Shape || Unicode.Turn(Unicode.Of(model.Ready), 1) != Unicode.Of(model.Ready) {
		t.Error("only what moves turns")
	}
	if Unicode.Turn(m, -3).Shape == "" {
		t.Error("before 1970 nothing turns")
	}
}
