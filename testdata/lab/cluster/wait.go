package cluster

import (
	"context"
	"fmt"
	"time"
)

// Poll asks until done says yes. seen is what was last seen, for the error.
func Poll(ctx context.Context, what string, limit time.Duration, done func() (ok bool, seen string)) error {
	last := ""
	for deadline := time.Now().Add(limit); ; {
		ok, seen := done()
		if ok {
			return nil
		}
		last = seen
		if time.Now().After(deadline) {
			return fmt.Errorf("waited %s for %s in vain; last seen: %s", limit, what, last)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("interrupted while waiting for %s; last seen: %s", what, last)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Ready waits until every object's Ready condition is True for its newest
// generation.
func (c *Client) Ready(ctx context.Context, limit time.Duration, refs ...Ref) error {
	for _, r := range refs {
		err := Poll(ctx, r.String()+" to be Ready", limit, func() (bool, string) {
			o, err := c.Get(ctx, r)
			if err != nil {
				return false, err.Error()
			}
			ready := o.Condition("Ready")
			return ready.Status == "True" && ready.Generation == o.Num("metadata", "generation"),
				fmt.Sprintf("Ready=%s %s %s", ready.Status, ready.Reason, ready.Message)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// RolledOut waits until Deployments have all their pods updated and available.
func (c *Client) RolledOut(ctx context.Context, limit time.Duration, refs ...Ref) error {
	for _, r := range refs {
		err := Poll(ctx, r.String()+" to be rolled out", limit, func() (bool, string) {
			o, err := c.Get(ctx, r)
			if err != nil {
				return false, err.Error()
			}
			want := o.Num("spec", "replicas")
			seen := fmt.Sprintf("generation %d observed %d, %d of %d available",
				o.Num("metadata", "generation"), o.Num("status", "observedGeneration"), o.Num("status", "availableReplicas"), want)
			return o.Num("metadata", "generation") == o.Num("status", "observedGeneration") &&
				o.Num("status", "updatedReplicas") == want && o.Num("status", "replicas") == want &&
				o.Num("status", "availableReplicas") == want, seen
		})
		if err != nil {
			return err
		}
	}
	return nil
}
