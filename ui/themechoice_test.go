package ui

import "testing"

// Until the terminal says what is behind the text, nothing is put there that
// might hide it.
func TestThemeBefore(t *testing.T) {
	for colours, want := range map[string]string{"": "16", "15;0": "dark", "0;15": "light", "0;default;15": "light", "12;8": "dark", "0;7": "light",
		"default": "16", "15;default": "16", "15;": "16", "1;99": "16", "1;-1": "16"} {
		if got := themeBefore(colours); got != want {
			t.Errorf("%q: %s, want %s", colours, got, want)
		}
	}
}
