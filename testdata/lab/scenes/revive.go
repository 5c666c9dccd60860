package scenes

import (
	"context"
	"strings"
	"time"

	"tenantry/lab/machine"
)

// Revive starts the parts that died because the API server or etcd was away:
// Flux's controllers exit when they cannot renew their leases. Parts that a
// person stopped or killed stay down.
func (s *Scene) Revive(ctx context.Context) error {
	// A controller may be just about to give up: look twice.
	for range 2 {
		var died []string
		for _, name := range s.Lab.Expected() {
			if !s.Lab.Alive(name) && !s.Lab.Off(name) {
				died = append(died, name)
			}
		}
		if len(died) > 0 {
			s.say("starting again what died meanwhile: %s", strings.Join(died, ", "))
			if err := s.startAll(ctx, died...); err != nil {
				return err
			}
		}
		if !s.Lab.Alive(machine.APIServer) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return nil
}
