package kube

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
	"tenantry/model/redact"
)

// unsent words why nothing was sent.
func (d *doing) unsent(ctx context.Context, err error) *model.WriteError {
	problem := d.s.requestError(ctx, d.w.Ref.String(), err)
	reason := model.WriteUnreachable
	if problem.Reason == model.RequestFailed {
		reason = model.WriteRefused
	}
	return &model.WriteError{Reason: reason, Text: problem.Text + "; nothing was written"}
}

// refused words the answer to what was sent.
func (d *doing) refused(ctx context.Context, err error) *model.WriteError {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		problem := d.s.requestError(ctx, d.w.Ref.String(), err)
		if problem.Reason == model.RequestUnreachable && errors.Is(err, syscall.ECONNREFUSED) {
			return &model.WriteError{Reason: model.WriteUnreachable, Text: problem.Text + "; nothing was written"}
		}
		return &model.WriteError{Reason: model.WriteNoAnswer, Text: problem.Text + "; it may have been written all the same: look before you try again"}
	}
	switch {
	case apierrors.IsNotFound(err):
		return d.fail(model.WriteGone, "it does not exist; nothing was written")
	case apierrors.IsForbidden(err):
		return d.forbidden(d.verb(), err)
	case apierrors.IsAlreadyExists(err):
		return d.fail(model.WriteChanged, "it exists already; nothing was written")
	case apierrors.IsConflict(err):
		if conflicts := fieldConflicts(status.Status()); len(conflicts) > 0 {
			out := d.fail(model.WriteConflict, conflictWords(conflicts)+"; nothing was written")
			out.Conflicts = conflicts
			return out
		}
		return d.fail(model.WriteChanged, "it is not the object it was: "+plainError(err)+"; nothing was written")
	case status.Status().Code >= http.StatusInternalServerError: // a gateway's 503 says nothing of what is behind it
		return d.fail(model.WriteNoAnswer, "the server failed: "+plainError(err)+"; it may have been written all the same: look before you try again")
	}
	return d.fail(model.WriteRefused, "the server does not accept it: "+plainError(err))
}

// hush takes out of a server's words the values of the Secret it was sent:
// whoever judges a write there, an admission webhook for instance, may repeat
// them.
func hush(err error, body []byte) {
	var status *apierrors.StatusError
	if !errors.As(err, &status) {
		return
	}
	values := sentValues(body)
	clean := func(words *string) { *words = redact.Text(redact.Values(*words, values...)) }
	clean(&status.ErrStatus.Message)
	if details := status.ErrStatus.Details; details != nil {
		for i := range details.Causes {
			clean(&details.Causes[i].Message)
		}
	}
	for _, v := range values {
		clear(v)
	}
}

// sentValues are the values in a Secret's body as it is sent: the texts of its
// data that are no keys. A decoder would leave copies of them behind.
func sentValues(body []byte) [][]byte {
	var out [][]byte
	_, rest, _ := bytes.Cut(body, []byte(`"data":`))
	for {
		at := bytes.IndexByte(rest, '"')
		if at < 0 {
			return out
		}
		rest = rest[at+1:]
		end := bytes.IndexByte(rest, '"') // base64, and keys' names, hold no escapes
		if end < 0 {
			return out
		}
		coded := rest[:end]
		if rest = rest[end+1:]; len(rest) > 0 && rest[0] == ':' {
			continue
		}
		value := make([]byte, base64.StdEncoding.DecodedLen(len(coded)))
		if n, err := base64.StdEncoding.Decode(value, coded); err == nil {
			out = append(out, value[:n])
		}
	}
}

func (d *doing) verb() string {
	switch d.w.Op {
	case model.WriteCreate:
		return "create"
	case model.WriteDelete:
		return "delete"
	}
	return "patch"
}

func (d *doing) forbidden(verb string, err error) *model.WriteError {
	who, where := "you", ""
	if u := d.s.conn.current().User; u != "" {
		who = u
	}
	role := "ClusterRole"
	if d.res.namespaced {
		role, where = "Role", " in the namespace "+d.w.Ref.Namespace
	}
	return d.fail(model.WriteForbidden, fmt.Sprintf(
		"%s may not %s %s%s (%s); a %s with the rule {apiGroups: [%q], resources: [%s], verbs: [%s]} would allow it; nothing was written",
		who, verb, d.res.plural, where, plainError(err), role, d.res.group, d.res.plural, verb))
}

// fieldConflicts are the fields others own, from a 409's causes. Their message
// is `conflict with "manager" using v1 at time` (apimachinery managedfields).
func fieldConflicts(status metav1.Status) []model.FieldConflict {
	if status.Details == nil {
		return nil
	}
	var out []model.FieldConflict
	for _, c := range status.Details.Causes {
		if c.Type != metav1.CauseTypeFieldManagerConflict {
			continue
		}
		manager := c.Message
		if _, rest, ok := strings.Cut(c.Message, `conflict with "`); ok {
			manager, _, _ = strings.Cut(rest, `"`)
		}
		out = append(out, model.FieldConflict{Manager: manager, Field: c.Field})
	}
	return out
}

func conflictWords(conflicts []model.FieldConflict) string {
	words := make([]string, len(conflicts))
	for i, c := range conflicts {
		words[i] = c.Field + " belongs to " + c.Manager
	}
	return strings.Join(words, ", ")
}
