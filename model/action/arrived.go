package action

import (
	"encoding/json"
	"reflect"
	"time"

	"tenantry/model"
)

// Applied tells from an object, as it was read after the answer to an apply was
// lost, whether the apply has arrived. That the object is there proves nothing:
// it may have been there before. What proves it is that tenantry has applied to
// it, and either since then, or with the very values that were sent.
func Applied(body []byte) func(live map[string]any, owners []model.FieldOwner, sent time.Time) bool {
	var want map[string]any
	if json.Unmarshal(body, &want) != nil {
		want = nil
	}
	return func(live map[string]any, owners []model.FieldOwner, sent time.Time) bool {
		ours := false
		for _, o := range owners {
			if o.Manager != model.FieldManager || o.Operation != "Apply" || o.Subresource != "" {
				continue
			}
			ours = true
			if int64(o.Time) >= sent.Add(-clockSlack).Unix() {
				return true
			}
		}
		return ours && want != nil && holds(live, want)
	}
}

// clockSlack is what the server's clock, read off its answers, may be wrong by:
// both it and what it notes are whole seconds.
const clockSlack = 2 * time.Second

// holds reports whether a value states what was asked for; it may state more.
func holds(is, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		of, _ := is.(map[string]any)
		for k, v := range want {
			if !holds(of[k], v) {
				return false
			}
		}
		return of != nil || len(want) == 0
	case []any:
		of, _ := is.([]any)
		if len(of) != len(want) {
			return false
		}
		for i := range want {
			if !holds(of[i], want[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(is, want)
}
