package demo

import "time"

// Speed returns how fast the company lives: at 5, what takes a minute takes 12
// seconds.
func (c *Company) Speed() float64 { return c.env.Loop.Speed() }

// SetSpeed changes how fast it lives, from now on.
func (c *Company) SetSpeed(speed float64) { c.env.Loop.SetSpeed(speed) }

// Forward lets d of its life happen now.
func (c *Company) Forward(d time.Duration) { c.env.Loop.Skip(d) }
