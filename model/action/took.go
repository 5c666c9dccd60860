package action

import (
	"time"

	"tenantry/model"
)

// FetchTook is how long after an action began, or after its source was made, a
// source had what it has.
func FetchTook(k model.Key) func(*model.Store, time.Time) (time.Duration, bool) {
	return tookBy(k, func(o *model.Object) model.Unix {
		if d, ok := o.Detail.(*model.Source); ok {
			return d.Updated
		}
		return 0
	})
}

// SettleTook is how long after an action began, or after it was made, an object
// was Ready.
func SettleTook(k model.Key) func(*model.Store, time.Time) (time.Duration, bool) {
	return tookBy(k, func(o *model.Object) model.Unix {
		if c := o.Condition("Ready"); c != nil && c.Status == "True" {
			return c.LastTransition
		}
		return 0
	})
}

// tookBy counts up to a moment the object names. What it names from before the
// action began was not brought about by it. Times of objects are whole seconds.
func tookBy(k model.Key, end func(*model.Object) model.Unix) func(*model.Store, time.Time) (time.Duration, bool) {
	return func(s *model.Store, began time.Time) (time.Duration, bool) {
		o := s.Get(k)
		if o == nil {
			return 0, false
		}
		from, to := max(model.Unix(began.Unix()), o.Created), end(o)
		return time.Duration(to-from) * time.Second, to >= from
	}
}
