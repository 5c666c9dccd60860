package model

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
func (s *Store) goneWorkload(d *Sync) (Key, bool) {
	for k := range workloadsIn(d.Inventory) {
		if s.Get(k) == nil && s.readable(k) {
			return k, true
		}
	}
	return Key{}, false
}
