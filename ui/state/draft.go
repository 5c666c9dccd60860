package state

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Bounds of the drafts of a cluster.
const (
	maxDrafts = 60
	maxDraft  = 16 << 10
)

// Draft is what was typed into a form. There is nothing secret in it.
type Draft struct {
	Form  string          `json:"form"`
	At    int64           `json:"at"` // by this machine's clock, Unix seconds
	Typed json.RawMessage `json:"typed"`
}

// Draft returns what was typed into a form; nil for nothing.
func (c *Contents) Draft(form string) *Draft {
	for i := range c.Drafts {
		if c.Drafts[i].Form == form {
			return &c.Drafts[i]
		}
	}
	return nil
}

// Keep takes a draft in the place of the one there was; one of which nothing is
// typed any more takes it away.
func (c *Contents) Keep(d Draft) {
	c.Drafts = slices.DeleteFunc(c.Drafts, func(was Draft) bool { return was.Form == d.Form })
	if len(d.Typed) > 0 {
		c.Drafts = append(c.Drafts, d)
	}
}

// boundDrafts cuts what outgrew its bounds: the oldest drafts go, and those that
// are none of ours.
func (c *Contents) boundDrafts() {
	c.Drafts = slices.DeleteFunc(c.Drafts, func(d Draft) bool { return len(d.Typed) > maxDraft || len(d.Form) > maxText || !json.Valid(d.Typed) })
	if n := len(c.Drafts) - maxDrafts; n > 0 {
		slices.SortStableFunc(c.Drafts, func(a, b Draft) int { return cmp.Compare(a.At, b.At) })
		c.Drafts = c.Drafts[n:]
	}
}
