package ui

import (
	"context"
	"sync"
	"time"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

// Bounds of reading what is at stake: what was not read is named as something
// that goes.
const (
	stakesWithin = 8 * time.Second
	maxStakes    = 500
)

// readStakes reads what objects say of being pruned, the gravest first. Their
// own labels and annotations decide, at the very end, whether they go.
func readStakes(ctx context.Context, cluster Cluster, refs []model.ObjectRef) fluxsync.Seen {
	ctx, cancel := context.WithTimeout(ctx, stakesWithin)
	defer cancel()
	refs = refs[:min(len(refs), maxStakes)]
	var mu sync.Mutex
	seen := fluxsync.Seen{}
	_ = atOnce(ctx, len(refs), func(ctx context.Context, i int) error {
		m, err := surviving(ctx, refs[i], func(ctx context.Context, ref model.ObjectRef) (model.Marks, error) {
			return readMarks(ctx, cluster, ref)
		})
		if err == nil { // what can't be read stays among what goes
			mu.Lock()
			seen[refs[i]] = m
			mu.Unlock()
		}
		return nil
	}, func() {})
	return seen
}
