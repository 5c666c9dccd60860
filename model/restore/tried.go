package restore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
)

// Tried takes the server's answer to a dry run. Other owners' fields are never
// overwritten: an object with some is left as it is.
func (o *Object) Tried(w *model.Written, err error) {
	var problem *model.WriteError
	switch {
	case errors.As(err, &problem) && problem.Reason == model.WriteConflict:
		o.State, o.Why = Theirs, owned(problem.Conflicts)
		return
	case err != nil:
		o.State, o.Why = Refused, strings.TrimPrefix(err.Error(), o.Ref.String()+": ")
		return
	}
	o.Becomes = becoming(w)
	switch {
	case o.Live == nil:
		o.State = New
	default:
		o.Diff = differences(o.Live, o.Becomes)
		switch o.Prunes = prunes(o.Ref.Kind, o.Live, o.Becomes); {
		case len(o.Diff) == 0:
			o.State = Same // it states less than is there
		case o.Prunes != "":
			o.State = Pruning
		default:
			o.State = Changed
		}
	}
}

// Moved says why an object is not any more what was shown of it, from the
// answer to another dry run; "" when it is.
func (o *Object) Moved(w *model.Written) string {
	if o.Becomes == nil {
		return ""
	}
	if d := differences(o.Becomes, becoming(w)); len(d) > 0 {
		return "it was changed meanwhile, and would become something else than was shown: " + d[0].Path
	}
	return ""
}

func becoming(w *model.Written) export.Object {
	if w == nil {
		return nil
	}
	return normal(export.Clean(decoded(w.Object)))
}

// owned says whose fields are in the way.
func owned(all []model.FieldConflict) string {
	var words []string
	for _, c := range all {
		words = append(words, c.Field+" belongs to "+c.Manager)
	}
	if len(words) > 4 {
		words = append(words[:3], fmt.Sprintf("and %d more", len(words)-3))
	}
	return strings.Join(words, ", ")
}

func decoded(data []byte) export.Object {
	out := export.Object{}
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	if in.Decode(&out) != nil {
		return export.Object{}
	}
	return out
}
