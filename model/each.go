package model

// Each calls f for every object there is, in no order, until it says no.
func (s *Store) Each(f func(*Object) bool) {
	for _, sp := range s.spaces {
		for _, o := range sp.objects {
			if !f(o) {
				return
			}
		}
	}
}

// Len returns how many objects there are.
func (s *Store) Len() int {
	n := 0
	for _, sp := range s.spaces {
		n += len(sp.objects)
	}
	return n
}
