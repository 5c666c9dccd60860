package state

import (
	"encoding/json"
	"fmt"
	"testing"
)

// However many tenants were sent, none of them takes the room of a form that was
// not; of each sort the oldest go.
func TestSentTenantsTakeNoRoomOfDrafts(t *testing.T) {
	c := &Contents{}
	keep := func(form string, at int) {
		c.Keep(Draft{Form: form, At: int64(at), Typed: json.RawMessage(`{"Name":"x"}`)})
	}
	keep("tenant", 0)
	for i := range maxSent + 2 {
		keep(fmt.Sprint(SentTenant, i), i+1)
	}
	c.bound()
	if n := len(c.Drafts); n != maxSent+1 || c.Draft("tenant") == nil {
		t.Fatalf("%d are kept, the unsent form: %v", n, c.Draft("tenant"))
	}
	for form, kept := range map[string]bool{SentTenant + "1": false, SentTenant + "2": true} {
		if (c.Draft(form) != nil) != kept {
			t.Errorf("%s is kept: %v", form, !kept)
		}
	}
	for i := range maxDrafts {
		keep(fmt.Sprint("form ", i), 1000+i)
	}
	c.bound()
	if n := len(c.Drafts); n != maxSent+maxDrafts || c.Draft("tenant") != nil || c.Draft("form 0") == nil {
		t.Errorf("%d are kept", n)
	}
}
