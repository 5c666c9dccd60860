package scenes

import (
	"context"
	"strings"
)

func (s *Scene) Broken(ctx context.Context) error { return nil }
func BrokenExpectations() []Expectation           { return nil }
func contains(a, b string) bool                   { return strings.Contains(a, b) }
