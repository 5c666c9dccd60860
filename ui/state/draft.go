package state

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Bounds of the drafts of a cluster.
const (
	maxDrafts = 60
	maxSent   = 200
	maxDraft  = 16 << 10
)

// SentTenant begins the name of a form as it was sent for a tenant, so that it
// can be mended. There are as many as tenants were added, and they take no
// room of those that were not sent.
const SentTenant = "sent tenant "

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
	slices.SortStableFunc(c.Drafts, func(a, b Draft) int { return cmp.Compare(a.At, b.At) })
	sent := 0
	for _, d := range c.Drafts {
		if d.sent() {
			sent++
		}
	}
	over := map[bool]int{true: sent - maxSent, false: len(c.Drafts) - sent - maxDrafts}
	c.Drafts = slices.DeleteFunc(c.Drafts, func(d Draft) bool {
		over[d.sent()]--
		return over[d.sent()] >= 0
	})
}

func (d *Draft) sent() bool { return strings.HasPrefix(d.Form, SentTenant) }
