package redact_test

import (
	"testing"

	"tenantry/model/redact"
)

func TestValuesAreTakenOut(t *testing.T) {
	password, key := []byte(`hun"ter2`), []byte("first line\nsecond\n")
	for text, want := range map[string]string{
		`denied: hun"ter2 is weak`:              "denied: [redacted] is weak",
		`denied: {"x":"hun\"ter2"}`:             `denied: {"x":"[redacted]"}`,
		"denied: data.x: aHVuInRlcjI=":          "denied: data.x: [redacted]",
		"denied: first line second":             "denied: [redacted] [redacted]",
		"denied: Zmlyc3QgbGluZQpzZWNvbmQK":      "denied: [redacted]",
		"denied: git is no user, key is no key": "denied: git is no user, key is no key",
	} {
		if got := redact.Values(text, password, key, []byte("git"), nil); got != want {
			t.Errorf("%s becomes %s", text, got)
		}
	}
}
