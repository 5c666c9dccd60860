package workload

import (
	"time"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

// microTime is how Leases hold times.
const microTime = "2006-01-02T15:04:05.000000Z07:00"

// lease is a Lease that is renewed while its holder lives.
type lease struct {
	holder string
	alive  func() bool
	stop   func()
}

// HoldLease creates a leader election Lease and renews it every five seconds
// while alive says so.
func (w *Controllers) HoldLease(namespace, name, holder string, alive func() bool) {
	key := sim.Key{Namespace: namespace, Name: name}
	if old := w.leases[key]; old != nil && old.stop != nil {
		old.stop()
	}
	l := &lease{holder: holder, alive: alive}
	w.leases[key] = l
	w.renew(key, l)
}

func (w *Controllers) renew(key sim.Key, l *lease) {
	if w.resting {
		l.stop = func() {} // nobody looks at past renewals
	} else {
		l.stop = w.env.Loop.After(5*time.Second, func() { w.renew(key, l) })
	}
	if !l.alive() {
		return
	}
	client := w.client(l.holder)
	now := w.env.Now().Format(microTime)
	_, err := client.Edit(control.Lease, key.Namespace, key.Name, func(o Object) error {
		tree.Make(o, "spec")["renewTime"] = now
		tree.Make(o, "spec")["holderIdentity"] = l.holder
		return nil
	})
	if err == nil {
		return
	}
	_, _ = client.Create(Object{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
		"metadata": Object{"name": key.Name, "namespace": key.Namespace},
		"spec": Object{"holderIdentity": l.holder, "leaseDurationSeconds": int64(35), "leaseTransitions": int64(0),
			"acquireTime": now, "renewTime": now}})
}

// RestLeases stops renewals while a past is made up.
func (w *Controllers) RestLeases() { w.resting = true }

// RenewLeases renews every Lease now and from now on.
func (w *Controllers) RenewLeases() {
	w.resting = false
	for key, l := range w.leases {
		l.stop()
		w.renew(key, l)
	}
}
