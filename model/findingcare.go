package model

import (
	"strings"

	"tenantry/model/said"
)

// Rules that tenants and platform share: what may have been forgotten, and what
// is missing.

// forgotten: a suspension may last a day before it is worth a word.
const forgotten = 24 * 60 * 60

// suspensionRules: what was stopped and may have been forgotten (P21).
func suspensionRules(c *check) {
	if c.t.Suspended.Suspended == 0 {
		return
	}
	for _, list := range [][]Key{c.t.Syncs, c.t.Sources} {
		for _, k := range list {
			o := c.s.Get(k)
			if o == nil {
				continue
			}
			susp, ok := c.s.Suspension(o)
			switch {
			case !ok:
			case susp.Overdue:
				c.add("P21", GravityMedium, k, "it was meant to be suspended until %s", susp.Until)
			case susp.Since != 0 && c.s.clock().passed(susp.Since, forgotten):
				c.add("P21", GravityLow, k, "it is suspended since %s", timeOf(susp.Since).In(c.s.local().Location()).Format("Jan 2 15:04"))
			}
		}
	}
}

// secretRules: what a source or sync needs of Secrets (P11). Where Secrets are
// not read, its controller's complaint tells.
func secretRules(c *check) {
	for _, list := range [][]Key{c.t.Sources, c.t.Syncs} {
		for _, k := range list {
			o := c.s.Get(k)
			if o == nil {
				continue
			}
			if ready := o.Condition("Ready"); ready != nil && ready.Status == "False" {
				if what, ok := said.Read(ready.Message); ok && what.Fault == said.SecretMissing {
					c.add("P11", GravityHigh, k, "its controller says: %s", firstLine(ready.Message))
					continue
				}
			}
			for _, ref := range secretsOf(o) {
				key := Key{Secret, o.Namespace, ref.Value}
				if c.s.readable(key) && c.s.Get(key) == nil {
					c.add("P11", GravityHigh, k, "%s names Secret %s, which does not exist", ref.Name, ref.Value)
				}
			}
		}
	}
}

func secretsOf(o *Object) []Pair {
	switch d := o.Detail.(type) {
	case *Source:
		return d.Secrets
	case *Sync:
		return d.Secrets
	}
	return nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
