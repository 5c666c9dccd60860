package scenes

import "context"

func (s *Scene) seedBootstrap(ctx context.Context) error { return nil }
