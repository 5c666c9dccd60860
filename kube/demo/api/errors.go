package api

import (
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// statusOf turns any error into the Status the API server would answer.
func statusOf(err error) *metav1.Status {
	var status apierrors.APIStatus
	var out metav1.Status
	if errors.As(err, &status) {
		out = status.Status()
	} else {
		out = apierrors.NewInternalError(err).ErrStatus
	}
	out.Kind, out.APIVersion = "Status", "v1"
	return &out
}

// newStatus is for answers apimachinery has no constructor for.
func newStatus(code int32, reason metav1.StatusReason, format string, args ...any) error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: code, Reason: reason, Message: fmt.Sprintf(format, args...),
	}}
}

// plainStatus is an answer of the server's outermost layer, which has details
// without content.
func plainStatus(code int32, reason metav1.StatusReason, message string) error {
	err := newStatus(code, reason, "%s", message)
	err.(*apierrors.StatusError).ErrStatus.Details = &metav1.StatusDetails{}
	return err
}

func unauthorized() error {
	return newStatus(http.StatusUnauthorized, metav1.StatusReasonUnauthorized, "Unauthorized")
}

// notServed is the answer for a resource a known version does not have.
func notServed() error {
	err := newStatus(http.StatusNotFound, metav1.StatusReasonNotFound, "the server could not find the requested resource")
	err.(*apierrors.StatusError).ErrStatus.Details = &metav1.StatusDetails{}
	return err
}

// notFoundPath is what the server says, in plain text, of a path nobody serves.
type notFoundPath struct{}

func (notFoundPath) Error() string { return "404 page not found" }

func expired(format string, args ...any) error {
	return apierrors.NewResourceExpired(fmt.Sprintf(format, args...))
}

func conflictChanged(r *Resource, name string) error {
	return apierrors.NewConflict(r.GR(), name,
		errors.New("the object has been modified; please apply your changes to the latest version and try again"))
}
