package terminal

import "testing"

// A character that a read broke off in waits for its rest.
func TestCutRune(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 0, "a✓": 0, "a\xe2": 1, "a\xe2\x9c": 2, "\xf0\x9f\x98": 3, "é\xc3": 1, "\x80\x80\x80\x80": 0} {
		if got := cutRune([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
