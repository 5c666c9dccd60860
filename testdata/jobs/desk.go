// Package jobs are the eight jobs of a platform operator, done by their keys in
// a terminal. They are written once and done twice: on the embedded cluster and
// on the lab.
package jobs

import (
	"strings"
	"testing"
	"time"

	"tenantry/testdata/terminal"
)

// Desk is a person at a dashboard.
type Desk struct {
	T testing.TB
	*terminal.Session
	Patience time.Duration // what is waited for anything to happen
}

// Wait waits until the screen holds the text.
func (d Desk) Wait(text string) {
	d.T.Helper()
	if _, err := d.WaitText(d.Patience, text); err != nil {
		d.T.Fatal(err)
	}
}

// Until waits until the screen is as wanted.
func (d Desk) Until(what string, ok func(screen string) bool) {
	d.T.Helper()
	if _, err := d.WaitFor(d.Patience, ok); err != nil {
		d.T.Fatalf("%s: %v", what, err)
	}
}

// Keys presses keys.
func (d Desk) Keys(keys string) {
	d.T.Helper()
	if err := d.Type(keys); err != nil {
		d.T.Fatal(err)
	}
}

// Tenant puts the cursor on a tenant, by its name.
func (d Desk) Tenant(name string) {
	d.T.Helper()
	d.Keys("1/\x15" + name + "\r")
	d.Until("the cursor is on "+name, func(screen string) bool { return strings.HasPrefix(CursorLine(screen), name+" ") })
}

// CursorLine is the row the cursor is on.
func CursorLine(screen string) string {
	for l := range strings.SplitSeq(screen, "\n") {
		if strings.HasPrefix(l, "▌") {
			return strings.TrimLeft(l, "▌◆• ▸▾")
		}
	}
	return ""
}

// Leave quits, however many pages are open.
func (d Desk) Leave() {
	d.T.Helper()
	d.Keys("\x03\x03")
	if code, err := d.Session.Wait(d.Patience); err != nil || code != 0 {
		d.T.Errorf("ctrl+c: exit %d, %v", code, err)
	}
}
