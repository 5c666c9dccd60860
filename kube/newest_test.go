package kube

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tenantry/model"
)

// seenEvent is an event last seen at a time, in a version.
func seenEvent(name string, last int, version string) *item {
	o := &model.Object{Key: model.Key{Kind: model.Event, Namespace: "ns", Name: name}, ResourceVersion: version,
		Detail: &model.EventDetail{Last: model.Unix(last)}}
	return &item{object: o, resourceVersion: version}
}

// cappedStore is a store that keeps three events, and what a reader of its
// feed holds.
type cappedStore struct {
	*store
	t    *testing.T
	full int
	has  map[string]string
}

func newCappedStore(t *testing.T) *cappedStore {
	c := &cappedStore{store: newStore(model.Event, newFeed(0)), t: t, has: map[string]string{}}
	c.newest, c.onFull = &newest{limit: 3}, func() { c.full++ }
	return c
}

func (c *cappedStore) list(items ...*item) {
	c.begin()
	for _, it := range items {
		_ = c.Add(it)
	}
	_ = c.Replace(nil, "")
}

// holds compares what a reader has with "name@version …".
func (c *cappedStore) holds(want ...string) {
	c.t.Helper()
	for !c.feed.empty() {
		c.feed.flush()
		b, err := c.feed.next(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		for _, ch := range b.Changes {
			if ch.Object == nil {
				delete(c.has, ch.Key.Name)
			} else {
				c.has[ch.Key.Name] = ch.Object.ResourceVersion
			}
		}
	}
	var got []string
	for name, version := range c.has {
		got = append(got, name+"@"+version)
	}
	slices.Sort(got)
	equal(c.t, "held", got, want)
	if len(c.known) != len(want) {
		c.t.Errorf("the store knows %d", len(c.known))
	}
}

func TestNewest(t *testing.T) {
	c := newCappedStore(t)
	c.list(seenEvent("a", 1, "1"), seenEvent("b", 2, "1"))
	c.holds("a@1", "b@1")
	_ = c.Add(seenEvent("c", 3, "2"))
	if c.left() != 0 || c.full != 0 {
		t.Error("nothing is left out yet")
	}
	_ = c.Add(seenEvent("a", 9, "3")) // seen again: the newest now
	_ = c.Add(seenEvent("d", 4, "4"))
	c.holds("a@3", "c@2", "d@4")
	_ = c.Add(seenEvent("old", 1, "5"))
	_ = c.Delete(seenEvent("b", 2, "6")) // is not held any more
	c.holds("a@3", "c@2", "d@4")
	if c.left() != 3 || c.full != 1 {
		t.Errorf("left out: %d, said %d times", c.left(), c.full)
	}
	_ = c.Delete(seenEvent("d", 4, "7"))
	_ = c.Add(seenEvent("e", 2, "8"))
	c.holds("a@3", "c@2", "e@8")

	// Another list, of which a part is known, whatever the order.
	c.list(seenEvent("z", 9, "9"), seenEvent("y", 1, "9"), seenEvent("a", 9, "3"), seenEvent("c", 3, "2"), seenEvent("x", 2, "9"))
	c.holds("a@3", "c@2", "z@9")
	c.list(seenEvent("a", 9, "3"))
	c.holds("a@3")
	if c.left() != 0 {
		t.Error("all that exist are held again")
	}
	c.begin() // a list that fails half-way
	_ = c.Add(seenEvent("f", 5, "9"))
	c.list(seenEvent("a", 9, "3"))
	c.holds("a@3")
	c.clear()
	c.holds()
}

// Whatever happens, the newest are held and memory stays bounded.
func TestNewestAtRandom(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	c := newCappedStore(t)
	c.list()
	for i := range 5000 {
		_ = c.Add(seenEvent(fmt.Sprint("e", rnd.IntN(4)), rnd.IntN(1000), fmt.Sprint(i)))
		if rnd.IntN(20) == 0 {
			_ = c.Delete(seenEvent(fmt.Sprint("e", rnd.IntN(4)), 0, ""))
		}
		if len(c.known) > 3 || len(c.newest.oldest) > 7 {
			t.Fatalf("%d known, %d noted", len(c.known), len(c.newest.oldest))
		}
	}
}
