package ui

import (
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/ui/keymap"
)

// Demo is the time of a made-up cluster.
type Demo interface {
	// Speed is how fast things happen: at 2 in half the time.
	Speed() float64
	SetSpeed(float64)
	// Forward lets that much happen now.
	Forward(time.Duration)
}

// How fast and how slow a demo may go, and how far one key takes it.
const (
	slowest     = 1.0 / 8
	fastest     = 64
	forwardStep = 10 * time.Second
)

// pacedMsg: the demo's time was changed.
type pacedMsg struct {
	said  string
	speed float64
}

// pace changes the time of the demo.
func pace(d Demo, action keymap.Action) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = bugMsg{&bug{value: r, stack: debug.Stack()}}
			}
		}()
		speed := d.Speed()
		switch action {
		case keymap.Forward:
			d.Forward(forwardStep)
			return pacedMsg{"10 s further", speed}
		case keymap.Slower:
			speed = max(speed/2, slowest)
		case keymap.Faster:
			speed = min(speed*2, fastest)
		}
		d.SetSpeed(speed)
		return pacedMsg{"things happen " + times(speed) + " as fast", speed}
	}
}

// times writes a speed as a factor.
func times(speed float64) string { return strconv.FormatFloat(speed, 'g', 3, 64) + "×" }

// paceKey is a key of the demo's.
func (a *App) paceKey(action keymap.Action) tea.Cmd {
	if a.opts.Demo == nil {
		return nil
	}
	return pace(a.opts.Demo, action)
}

// welcome is what the demo says at first.
func (a *App) welcome() string {
	key := func(action keymap.Action) string { return a.shown(keymap.Demo, action) }
	return fmt.Sprintf("a made-up company: %s then enter is a tour; %s %s slower, faster; %s 10 s on",
		a.key(keymap.Help), key(keymap.Slower), key(keymap.Faster), key(keymap.Forward))
}

// shown is the key of an action in a scope, as it is written in a sentence.
func (a *App) shown(s keymap.Scope, action keymap.Action) string {
	key, _, _ := a.keys.KeyFor([]keymap.Scope{s}, action)
	return a.kit.Text(key)
}
