package kube

import (
	"container/heap"

	"tenantry/model"
)

// maxEvents is how many events are kept of a scope: a large cluster has a
// hundred thousand, and nobody reads past the newest.
const maxEvents = 5000

// newest keeps the newest objects of a store and leaves out the others. It is
// used with the store's lock held. A list is collected whole before the feed
// sees any of it, so that what is left out is never handed over.
type newest struct {
	limit   int
	oldest  ageHeap // every object kept, and some that were replaced since
	list    ageHeap // what the list under way has brought
	dropped bool    // something was left out
	missed  bool    // something was left out of the list under way
}

// ageHeap has the oldest event first.
type ageHeap []*model.Object

func (h ageHeap) Len() int           { return len(h) }
func (h ageHeap) Less(i, j int) bool { return eventAge(h[i]) < eventAge(h[j]) }
func (h ageHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *ageHeap) Push(x any) { *h = append(*h, x.(*model.Object)) }

// Pop implements heap.Interface.
func (h *ageHeap) Pop() any {
	last := len(*h) - 1
	o := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return o
}

// eventAge is when an event was last seen; that of an undecodable one is when
// it was made.
func eventAge(o *model.Object) model.Unix {
	if d, ok := o.Detail.(*model.EventDetail); ok {
		return d.Last
	}
	return o.Created
}

// begin starts a list.
func (n *newest) begin() { n.list, n.missed = nil, false }

// collect takes in an object of a list.
func (n *newest) collect(o *model.Object) {
	heap.Push(&n.list, o)
	if len(n.list) > n.limit {
		heap.Pop(&n.list)
		n.missed = true
	}
}

// end returns what a list is to leave in the store.
func (n *newest) end() []*model.Object {
	out := n.list
	n.list, n.oldest, n.dropped = nil, nil, n.missed
	return out
}

// hold notes all objects of a store anew.
func (n *newest) hold(known map[uint64]mark) {
	n.oldest = make(ageHeap, 0, len(known))
	for _, m := range known {
		n.oldest = append(n.oldest, m.object)
	}
	heap.Init(&n.oldest)
}

// add notes an object that was put into the store.
func (n *newest) add(o *model.Object) { heap.Push(&n.oldest, o) }

// surplus returns the oldest object of a store that holds too many, else nil.
func (n *newest) surplus(known map[uint64]mark) *model.Object {
	if len(known) <= n.limit {
		return nil
	}
	for len(n.oldest) > 0 {
		o := heap.Pop(&n.oldest).(*model.Object)
		if n.current(o, known) {
			n.dropped = true
			return o
		}
	}
	return nil
}

// tidy drops what was replaced since it was noted, once that is the most.
func (n *newest) tidy(known map[uint64]mark) {
	if len(n.oldest) <= 2*n.limit {
		return
	}
	kept := n.oldest[:0]
	for _, o := range n.oldest {
		if n.current(o, known) {
			kept = append(kept, o)
		}
	}
	clear(n.oldest[len(kept):])
	n.oldest = kept
	heap.Init(&n.oldest)
}

// current reports whether the store still holds the object as it was noted.
func (n *newest) current(o *model.Object, known map[uint64]mark) bool {
	return known[objectName{o.Namespace, o.Name}.hash()].object == o
}
