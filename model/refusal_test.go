package model

import (
	"strings"
	"testing"
	"time"
)

// A tenant that is not seen is said not to be there only where it would be seen.
func TestWaitDoesNotTakeTheHiddenForMissing(t *testing.T) {
	denied := func(ns string, kinds ...Kind) []ScopeStatus {
		var out []ScopeStatus
		for _, k := range kinds {
			out = append(out, ScopeStatus{Kind: k, Namespace: ns, State: ScopeDenied, Verb: "list"})
		}
		return out
	}
	nobody := []string{"nobody-has-it"}
	const apps = "you (bob) may not list kustomizations in all namespaces"
	for name, c := range map[string]struct {
		conn   Connection
		scopes []ScopeStatus
		want   WaitFor
		state  WaitState
		says   []string
	}{
		"nothing may be read": {Connection{User: "bob"}, denied("", Namespace, Kustomization, HelmRelease), WaitFor{Revision: digits(1), Tenants: nobody}, WaitBlind,
			[]string{"can't tell whether there is a tenant nobody-has-it: " + apps + ", and 2 more refusals",
				`{apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: [kustomizations], verbs: [get, list, watch]}`, `{apiGroups: [""], resources: [namespaces], verbs: [get, list, watch]}`}},
		"the newest":           {Connection{User: "bob"}, denied("", Kustomization), WaitFor{Newest: true, Asked: "t", Tenants: nobody}, WaitBlind, []string{apps + "; rules"}},
		"ready":                {Connection{}, denied("", Kustomization), WaitFor{Ready: true, Tenants: nobody}, WaitBlind, []string{"you may not list kustomizations in all namespaces"}},
		"narrowed by refusals": {Connection{User: "bob", Namespaces: []string{"stage"}, NamespacesReason: "cluster-wide lists are refused"}, denied("", Kustomization), WaitFor{Ready: true, Tenants: nobody}, WaitBlind, []string{apps}},
		"asked for one namespace": {Connection{Namespaces: []string{"stage"}}, denied("", Namespace), WaitFor{Ready: true, Tenants: nobody}, WaitFailed,
			[]string{"there is no tenant nobody-has-it"}},
		"another kind":  {Connection{}, denied("", OCIRepository), WaitFor{Ready: true, Tenants: nobody}, WaitFailed, []string{"there is no tenant nobody-has-it"}},
		"it is there":   {Connection{}, denied("", HelmRelease), WaitFor{Revision: digits(1), Tenants: []string{"stage"}}, WaitRunning, nil},
		"all is served": {Connection{}, nil, WaitFor{Revision: digits(1), Tenants: nobody}, WaitFailed, []string{"there is no tenant nobody-has-it"}},
	} {
		h := newShop(t)
		h.Apply(Batch{Conn: &c.conn, Scopes: c.scopes})
		r := NewWaiting(c.want).Step(h.Store)
		if r.State != c.state {
			t.Errorf("%s: %s %q", name, r.State.Word(), r.Cause)
		}
		for _, want := range c.says {
			if !strings.Contains(r.Cause, want) {
				t.Errorf("%s: does not say %q: %q", name, want, r.Cause)
			}
		}
	}
	s := NewStore(time.Now)
	s.Apply(Batch{Scopes: append(denied("", Kustomization), ScopeStatus{Kind: Namespace, State: ScopeSynced})})
	if r := NewWaiting(WaitFor{Ready: true}).Step(s); r.State != WaitBlind || !strings.HasPrefix(r.Cause, "can't tell whether there is any tenant: you may not list kustomizations") {
		t.Errorf("no tenant at all: %s %q", r.State.Word(), r.Cause)
	}
}
