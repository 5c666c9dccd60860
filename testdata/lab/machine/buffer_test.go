package machine

import (
	"bytes"
	"strings"
)

type buffer struct{ bytes.Buffer }

func (b *buffer) lines() []string { return strings.Split(strings.TrimSpace(b.String()), "\n") }
