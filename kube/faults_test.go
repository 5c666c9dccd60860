package kube

import (
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo/fault"
	"tenantry/model"
)

// soon is within what a person is told that what they see may be old.
const soon = 6 * time.Second

// hostile are bodies that are not what they should be, some on purpose.
var hostile = map[string]string{
	"empty":          "",
	"HTML":           "<!DOCTYPE html><html>please log in</html>",
	"another JSON":   `{"status":"ok"}`,
	"a list of none": `{"kind":"KustomizationList","items":null}`,
	"no object":      `[1,2,3]`,
	"a string":       `"\u001b[2J"`,
	"unbalanced":     `{"kind":"KustomizationList","metadata":{"resourceVersion":"1"},"items":[{"metadata":`,
	"escapes":        "\x1b]0;title\x07{}",
	"deep":           strings.Repeat(`{"a":`, 20000),
	"protobuf":       "k8s\x00\xff\xff\xff\xff\xff\xff",
	"a huge frame":   "\xff\xff\xff\xff{}",
}

// refusals are the faults by which nothing at all is answered, or a refusal.
var refusals = map[string]bool{"refuse": true, "hang": true, "slow": true, "throttle": true, "fail": true, "teapot": true}

// faultsOfAnswers are what may go wrong with any request.
func faultsOfAnswers() map[string]fault.Rule {
	all := map[string]fault.Rule{
		"refuse":   {Do: fault.Refuse},
		"hang":     {Do: fault.Hang},
		"slow":     {Do: fault.Slow, Delay: 70 * time.Second},
		"cut":      {Do: fault.Cut, Bytes: 200},
		"throttle": {Do: fault.Throttle, Delay: 2 * time.Second},
		"fail":     {Do: fault.Fail},
		"truncate": {Do: fault.Truncate, Bytes: 200},
		"teapot":   {Do: fault.Status, Code: 418, Text: "I'm a teapot"},
	}
	for name, body := range hostile {
		all["hostile: "+name] = fault.Rule{Do: fault.Replace, Body: body}
	}
	return all
}

// TestFaultsOfTheFirstList: what can't be read says so soon, and comes by
// itself when it can.
func TestFaultsOfTheFirstList(t *testing.T) {
	all := faultsOfAnswers()
	all["expire"] = fault.Rule{Do: fault.Expire}
	for name, rule := range all {
		rule.Verb, rule.Resource = "list", "kustomizations"
		t.Run(name, func(t *testing.T) {
			underFaults(t, func(e faulty) {
				e.within(soon, "it is said that it is not read", e.is("syncing"))
				if e.read() != "" {
					t.Errorf("read %s", e.read())
				}
				e.cluster.Faults().Clear()
				e.change()
				e.within(givenUpAfter+soon, "all is read", e.settled)
			}, rule)
		})
	}
}

// TestFaultsOfALaterList: what was read stays, and is said to be old.
func TestFaultsOfALaterList(t *testing.T) {
	all := faultsOfAnswers()
	for name, rule := range all {
		rule.Verb, rule.Resource = "list", "kustomizations"
		t.Run(name, func(t *testing.T) {
			underFaults(t, func(e faulty) {
				before := e.read()
				e.cluster.Faults().Add(fault.Rule{Verb: "watch", Resource: "kustomizations", Count: 1, Do: fault.Expire})
				e.cluster.Faults().Add(rule)
				e.session.Refresh()
				e.within(soon, "it is stale", e.is("stale"))
				e.pass(time.Minute)
				if got := e.syncs().State; got != model.ScopeStale || e.read() != before {
					t.Errorf("%s, read %s; was %s", got, e.read(), before)
				}
				e.cluster.Faults().Clear()
				e.change()
				e.within(givenUpAfter+soon, "all is read", e.settled)
			})
		})
	}
}

// TestFaultsOfAWatch: a watch that can't be opened makes what it brings stale.
// One that breaks is opened again, or replaced by a list.
func TestFaultsOfAWatch(t *testing.T) {
	for name, rule := range faultsOfAnswers() {
		rule.Verb, rule.Resource = "watch", "kustomizations"
		t.Run(name, func(t *testing.T) {
			underFaults(t, func(e faulty) {
				e.cluster.Faults().Add(rule)
				e.session.Refresh()
				e.change()
				if refusals[name] {
					e.within(soon, "it is stale", e.is("stale"))
				}
				// What breaks off is made up for by lists.
				e.within(soon, "it is as the server has it, or stale", func() bool { return e.is("stale")() || e.read() == e.served() })
				e.edit("a", "four")
				e.pass(soon)
				if !e.is("stale")() && e.read() != e.served() {
					t.Errorf("%s is called %s; the server has %s", e.read(), e.syncs().State, e.served())
				}
				e.cluster.Faults().Clear()
				e.edit("a", "five")
				e.within(givenUpAfter+soon, "all is read", e.settled)
			})
		})
	}
}

// TestEventsInDisorder: whatever a watch does to its events, the last state of
// each object is the server's.
func TestEventsInDisorder(t *testing.T) {
	for name, do := range map[string]fault.Action{"reorder": fault.Reorder, "duplicate": fault.Duplicate, "expire": fault.Expire} {
		t.Run(name, func(t *testing.T) {
			underFaults(t, func(e faulty) {
				e.cluster.Faults().Add(fault.Rule{Verb: "watch", Resource: "kustomizations", Do: do})
				e.session.Refresh()
				for range 3 {
					e.pass(2 * time.Second)
					e.edit("a", "six")
					e.edit("a", "seven")
					e.within(soon, "it is as the server has it", e.settled)
				}
				e.change()
				e.within(soon, "it is as the server has it", e.settled)
			})
		})
	}
}

// TestSilentWatch: a watch whose connection was dropped on the way, without a
// word and with no ping to notice it, is opened again.
func TestSilentWatch(t *testing.T) {
	for name, bookmarks := range map[string]int{"before any bookmark": 0, "after a bookmark": 1} {
		t.Run(name, func(t *testing.T) {
			underFaults(t, func(e faulty) {
				e.cluster.Faults().Add(fault.Rule{Verb: "watch", Resource: "kustomizations", Count: 1, Do: fault.Drop, Bytes: bookmarks})
				e.session.Refresh()
				e.pass(90 * time.Second)
				e.change()
				limit := 11 * time.Minute // the longest watch that is asked for, and a little
				if bookmarks > 0 {
					limit = quietAfter
				}
				e.within(limit, "it is as the server has it", e.settled)
			})
		})
	}
}

// TestBusyServer: 429 on a watch that is open, or on opening one.
func TestBusyServer(t *testing.T) {
	busy := `{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too busy","reason":"TooManyRequests","code":429}}` + "\n"
	for name, rule := range map[string]fault.Rule{
		"opening": {Do: fault.Throttle, Delay: time.Second},
		"open":    {Do: fault.Replace, Body: busy},
	} {
		t.Run(name, func(t *testing.T) {
			underFaults(t, func(e faulty) {
				rule.Verb, rule.Resource = "watch", "kustomizations"
				e.cluster.Faults().Add(rule)
				e.session.Refresh()
				e.within(soon, "it is stale", e.is("stale"))
				e.pass(5 * time.Minute) // of backing off
				e.change()
				e.cluster.Faults().Clear()
				e.within(5*time.Second, "it is as the server has it", e.settled)
			})
		})
	}
}

// TestRefusedWhileRead: a refusal is a state of its own, in which nothing is
// shown that may not be read.
func TestRefusedWhileRead(t *testing.T) {
	underFaults(t, func(e faulty) {
		e.cluster.Faults().Add(fault.Rule{Resource: "kustomizations", Do: fault.Status, Code: 403, Text: "you may not"})
		e.session.Refresh()
		e.within(soon, "it is denied", e.is("denied"))
		if e.read() != "" {
			t.Errorf("still read: %s", e.read())
		}
		e.cluster.Faults().Clear()
		e.session.Refresh()
		e.within(soon, "it is read", e.settled)
	})
}

// TestLostServer: nothing is answered at all, or only what asks for a login.
func TestLostServer(t *testing.T) {
	for name, rule := range map[string]fault.Rule{
		"refuse": {Do: fault.Refuse}, "hang": {Do: fault.Hang}, "fail": {Do: fault.Fail}, "throttle": {Do: fault.Throttle},
		"login": {Do: fault.Status, Code: 401, Text: "Unauthorized"}, "cut": {Do: fault.Cut}, "HTML": {Do: fault.Status, Code: 502, Text: "Bad Gateway"},
	} {
		t.Run(name, func(t *testing.T) {
			underFaults(t, func(e faulty) {
				before := e.read()
				e.cluster.Faults().Add(rule)
				e.within(soon, "the server is lost and all is stale", func() bool {
					for _, sc := range e.store.Scopes() {
						if sc.State != model.ScopeStale {
							return false
						}
					}
					return e.store.Connection().State == model.ConnLost && e.store.Connection().Err != ""
				})
				if e.read() != before {
					t.Errorf("read %s, was %s", e.read(), before)
				}
				e.change()
				e.pass(time.Minute)
				e.cluster.Faults().Clear()
				e.within(5*time.Second, "it is as the server has it", e.settled)
			})
		})
	}
}

// TestLostWhileOpeningAWatch: a request that hangs when the server is lost is
// not waited for after it is back.
func TestLostWhileOpeningAWatch(t *testing.T) {
	underFaults(t, func(e faulty) {
		e.cluster.Faults().Add(fault.Rule{Verb: "watch", Resource: "kustomizations", Do: fault.Hang})
		e.session.Refresh()
		e.within(soon, "it is stale", e.is("stale"))
		e.cluster.Faults().Add(fault.Rule{Do: fault.Refuse})
		e.within(soon, "the server is lost", func() bool { return e.store.Connection().State == model.ConnLost })
		e.cluster.Faults().Clear()
		e.within(5*time.Second, "it is as the server has it", e.settled)
	})
}
