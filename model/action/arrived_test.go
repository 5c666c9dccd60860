package action

import (
	"encoding/json"
	"testing"
	"time"

	"tenantry/model"
)

func TestApplied(t *testing.T) {
	sent := time.Unix(1000, 0)
	const body = `{"kind":"ResourceQuota","metadata":{"name":"shop","labels":{"a":"b"}},"spec":{"hard":{"pods":"20"},"list":[{"x":1}],"none":{}}}`
	const same = `{"kind":"ResourceQuota","metadata":{"name":"shop","labels":{"a":"b","c":"d"},"uid":"1"},"spec":{"hard":{"pods":"20","cpu":"4"},"list":[{"x":1,"y":2}]},"status":{}}`
	const other = `{"kind":"ResourceQuota","metadata":{"name":"shop","labels":{"a":"b"}},"spec":{"hard":{"pods":"10"},"list":[{"x":1}]}}`
	const short = `{"kind":"ResourceQuota","metadata":{"name":"shop","labels":{"a":"b"}},"spec":{"hard":{"pods":"20"},"list":[]}}`
	ours := func(at int64) []model.FieldOwner {
		return []model.FieldOwner{{Path: ".spec.hard.pods", Manager: "kubectl", Operation: "Update", Time: 1001}, {Path: ".spec.hard.pods", Manager: model.FieldManager, Operation: "Apply", Time: model.Unix(at)}}
	}
	for _, c := range []struct {
		name   string
		live   string
		owners []model.FieldOwner
		want   bool
	}{
		{"there, and nobody's", same, nil, false},
		{"there, and somebody else's with the same values", same, []model.FieldOwner{{Manager: "kubectl", Operation: "Apply", Time: 1001}}, false},
		{"ours by a patch", same, []model.FieldOwner{{Manager: model.FieldManager, Operation: "Update", Time: 1001}}, false},
		{"ours of its status", same, []model.FieldOwner{{Manager: model.FieldManager, Operation: "Apply", Subresource: "status", Time: 1001}}, false},
		{"applied since", other, ours(1001), true},
		{"applied before, with what was sent", same, ours(10), true},
		{"applied before, with something else", other, ours(10), false},
		{"applied before, with less", short, ours(10), false},
	} {
		var live map[string]any
		if err := json.Unmarshal([]byte(c.live), &live); err != nil {
			t.Fatal(err)
		}
		if got := Applied([]byte(body))(live, c.owners, sent); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if Applied([]byte("no JSON"))(map[string]any{}, ours(10), sent) {
		t.Error("what can't be read proves nothing")
	}
}
