package main

import (
	"fmt"
	"strings"
	"time"

	"tenantry/testdata/terminal"
)

// touch measures what a person waits for besides the cursor: each from the key
// to the frame that shows it.
func touch(s *terminal.Session, r *row) error {
	took := func(what, keys string, shown func(screen string) bool) (time.Duration, error) {
		start := time.Now()
		if err := s.Type(keys); err != nil {
			return 0, err
		}
		at, err := s.WaitFor(10*time.Second, shown)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", what, err)
		}
		return at.Sub(start), nil
	}
	line := func(n int, screen string) string {
		lines := strings.Split(screen, "\n")
		if n < len(lines) {
			return lines[n]
		}
		return ""
	}
	if _, err := took("filter", "/", func(screen string) bool { return strings.Contains(line(1, screen), "/") }); err != nil {
		return err
	}
	for _, letter := range []string{"l", "o", "a", "d", "-", "0", "0", "0"} {
		before := line(1, s.Screen())
		d, err := took("a letter of the filter", letter, func(screen string) bool { return line(1, screen) != before })
		if err != nil {
			return err
		}
		r.filter = max(r.filter, d)
	}
	if _, err := took("leave the filter", "\x1b", func(screen string) bool { return !strings.Contains(line(1, screen), "load-0") }); err != nil {
		return err
	}
	_, err := took("the menu of columns", "S", func(screen string) bool { return strings.Contains(screen, "sort by") })
	if err != nil {
		return err
	}
	if r.sort, err = took("sort", "j\r", func(screen string) bool {
		return !strings.Contains(screen, "sort by") && strings.ContainsAny(screen, "↑↓")
	}); err != nil {
		return err
	}
	if r.list, err = took("a flat list", "6", func(screen string) bool { return strings.Contains(line(0, screen), "▸ Syncs") }); err != nil {
		return err
	}
	if _, err := took("back", "1", func(screen string) bool { return !strings.Contains(line(0, screen), "▸ Syncs") }); err != nil {
		return err
	}
	r.open, err = took("open", "\r", func(screen string) bool { return strings.Contains(screen, "Overview") })
	return err
}
