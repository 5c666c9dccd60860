package demo

import "time"

// addsKeyAfter is how long the colleague who may add deploy keys takes, from
// when a key was first shown to the host.
const addsKeyAfter = 7 * time.Second

// keyShown is told of every SSH key that nobody knows. A colleague is sent it
// and adds it to the one repository that lets deploy keys in.
func (c *Company) keyShown(public string) {
	c.asked.Lock()
	defer c.asked.Unlock()
	if c.shown == nil {
		c.shown = map[string]bool{}
	}
	if c.shown[public] {
		return
	}
	c.shown[public] = true
	c.env.Loop.After(addsKeyAfter, func() {
		if billing := c.app("billing"); billing != nil {
			billing.repo.Authorize(public)
		}
	})
}
