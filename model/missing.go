package model

import "strings"

// addMissing takes in what is not there: the account a sync runs as, and
// workloads a sync applied that are gone. Both break a tenant while every
// object that is left looks fine.
func (s *Store) addMissing(y *tally) {
	for _, k := range y.t.Syncs {
		o := s.Get(k)
		d, ok := o.Detail.(*Sync)
		if !ok || d.RemoteCluster {
			continue
		}
		if acc := (Key{Kind: ServiceAccount, Namespace: k.Namespace, Name: d.ServiceAccount}); d.ServiceAccount != "" && s.Get(acc) == nil && s.readable(acc) {
			y.add(LinkAccess, o, missing(acc, "which it runs as"))
		}
		if r := o.Condition("Ready"); r == nil || r.Status != "True" || suspended(o) {
			continue // what is being applied, or failed to be, is not there yet
		}
		if gone, ok := s.goneWorkload(d); ok {
			y.add(LinkWorkloads, o, missing(gone, "which it applied"))
		}
	}
}

// missing is the verdict on a sync for something that is not there.
func missing(k Key, role string) Verdict {
	return Verdict{Health: Failed, Reason: "Missing", Retrying: true, Message: k.String() + ", " + role + ", does not exist",
		Cause: &Cause{Kind: k.Kind.String(), Namespace: k.Namespace, Name: k.Name, Reason: "Missing", Message: k.String() + " does not exist"}}
}

// goneWorkload returns the first workload of an inventory that does not exist.
// Ids read <namespace>_<name>_<group>_<kind> (fluxcd/cli-utils pkg/object).
func (s *Store) goneWorkload(d *Sync) (Key, bool) {
	for id := range strings.SplitSeq(d.Inventory, "\n") {
		rest, workload := strings.CutSuffix(id, "_apps_Deployment")
		kind := Deployment
		if !workload {
			if rest, workload = strings.CutSuffix(id, "_apps_StatefulSet"); workload {
				kind = StatefulSet
			} else if rest, workload = strings.CutSuffix(id, "_apps_DaemonSet"); workload {
				kind = DaemonSet
			}
		}
		ns, name, ok := strings.Cut(rest, "_")
		if !workload || !ok {
			continue
		}
		if k := (Key{Kind: kind, Namespace: ns, Name: name}); s.Get(k) == nil && s.readable(k) {
			return k, true
		}
	}
	return Key{}, false
}
