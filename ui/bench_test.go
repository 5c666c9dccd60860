package ui

import (
	"fmt"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func manyDesk(b *testing.B, n int) *desk {
	return newDesk(b, 120, 40, Options{}, uitest.NewCluster("big").Controllers().PlatformSync(), (&uitest.Cluster{}).Many(n))
}

func eachSize(b *testing.B, f func(b *testing.B, d *desk)) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := manyDesk(b, n)
			b.ReportAllocs()
			b.ResetTimer()
			f(b, d)
		})
	}
}

// BenchmarkKeyToFrame is what a key costs from its message to the frame.
func BenchmarkKeyToFrame(b *testing.B) {
	eachSize(b, func(b *testing.B, d *desk) {
		keys := []string{"down", "pgdown", "up", "end", "home"}
		for i := 0; b.Loop(); i++ {
			d.press(keys[i%len(keys)])
		}
	})
}

// BenchmarkBatch is what a batch of 50 changed objects costs to the frame: at
// 500 updates a second there are ten.
func BenchmarkBatch(b *testing.B) {
	eachSize(b, func(b *testing.B, d *desk) {
		for i := 0; b.Loop(); i++ {
			d.feed(changes50(i))
		}
	})
}

// changes50 is a batch of 50 changed objects, another for every i.
func changes50(i int) model.Batch {
	c := &uitest.Cluster{}
	for j := range 50 {
		c.Put(uitest.Deployment(fmt.Sprintf("tenant-%05d", (i*50+j)%1000), "web", int64(13+i), 3, int32(i%4), 3, int32(3-i%4)))
	}
	return c.Batch
}

// BenchmarkFilter is what a letter typed into the filter costs.
func BenchmarkFilter(b *testing.B) {
	eachSize(b, func(b *testing.B, d *desk) {
		d.press("/")
		for i := 0; b.Loop(); i++ {
			if i%2 == 0 {
				d.press("7")
			} else {
				d.press("backspace")
			}
		}
	})
}

// BenchmarkSort is what sorting by a column costs.
func BenchmarkSort(b *testing.B) {
	eachSize(b, func(b *testing.B, d *desk) {
		p := d.page().(*tenants)
		for b.Loop() {
			p.sortBy(colRevision)
			d.dirty = true
			d.View()
		}
	})
}

// BenchmarkIdleSecond is what a second costs in which nothing happens.
func BenchmarkIdleSecond(b *testing.B) {
	eachSize(b, func(b *testing.B, d *desk) {
		for b.Loop() {
			d.clock.Pass(time.Second)
			d.send(tickMsg{d.clock.T})
		}
	})
}

// BenchmarkUnchanged is what a message costs that changes nothing.
func BenchmarkUnchanged(b *testing.B) {
	eachSize(b, func(b *testing.B, d *desk) {
		for b.Loop() {
			d.feed(model.Batch{})
		}
	})
}
