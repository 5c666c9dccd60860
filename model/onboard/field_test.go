package onboard_test

import (
	"strings"
	"testing"

	"tenantry/model/onboard"
	"tenantry/model/redact"
)

// An address is read by everyone who may read the source: what may be a login
// or a token in it is refused, wherever it stands.
func TestALoginInAnAddressIsRefused(t *testing.T) {
	for _, v := range []string{"https://user:1234/5secret@host/x", "https://h/x?pat=hunter2", "https://h/x?", "https://host/x#glpat-abc", "https://host/x#",
		"git:S3cretPw@host:org/repo", "https:/u:pw@h", "//u:pw@h/x", "https://u:pw@h/x"} {
		if onboard.Wrong(onboard.FieldURL, v) == "" {
			t.Errorf("%s is taken", v)
		}
	}
	for _, v := range []string{"https://h/%40acme/x", "ssh://git@h/x"} {
		if why := onboard.Wrong(onboard.FieldURL, v); why != "" {
			t.Errorf("%s: %s", v, why)
		}
	}
}

// What was not kept is no value of any field.
func TestWhatIsMissingIsRefused(t *testing.T) {
	for f := onboard.FieldName; f <= onboard.FieldQuota; f++ {
		if why := onboard.Wrong(f, "./a/"+redact.Mark); f != onboard.FieldRole && !strings.Contains(why, "type it again") {
			t.Errorf("field %d: %q", f, why)
		}
	}
}
