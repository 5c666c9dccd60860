package api

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"tenantry/kube/demo/tree"
)

// logQuery is what the reader of a log asked for.
type logQuery struct {
	follow, previous, timestamps bool
	tail                         int // -1 = all
	since                        time.Time
	limit                        int // bytes; -1 = all
}

// logQuery reads the options; those that cannot be are refused before the pod
// is even looked for.
func (s *Server) logQuery(q request) (logQuery, error) {
	lq := logQuery{tail: -1, limit: -1, follow: isTrue(q.query.Get("follow")),
		previous: isTrue(q.query.Get("previous")), timestamps: isTrue(q.query.Get("timestamps"))}
	var errs field.ErrorList
	number := func(name string, least int, complaint string) (int, error) {
		v := q.query.Get(name)
		if v == "" {
			return -1, nil
		}
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return -1, apierrors.NewBadRequest(err.Error())
		}
		if n < int64(least) {
			errs = append(errs, field.Invalid(field.NewPath(name), n, complaint))
		}
		return int(n), nil
	}
	var since int
	var err error
	if lq.tail, err = number("tailLines", 0, "must be greater than or equal to 0"); err != nil {
		return lq, err
	}
	if lq.limit, err = number("limitBytes", 1, "must be greater than 0"); err != nil {
		return lq, err
	}
	if since, err = number("sinceSeconds", 1, "must be greater than 0"); err != nil {
		return lq, err
	}
	if since >= 0 {
		lq.since = s.now().Add(-time.Duration(since) * time.Second)
	}
	if err := sinceTime(q.query, &lq.since); err != nil {
		return lq, err
	}
	if q.query.Get("sinceTime") != "" && since >= 0 {
		errs = append(errs, field.Forbidden(field.NewPath(""), "at most one of `sinceTime` or `sinceSeconds` may be specified"))
	}
	if len(errs) > 0 {
		return lq, apierrors.NewInvalid(schema.GroupKind{Kind: "PodLogOptions"}, q.name, errs)
	}
	return lq, nil
}

func sinceTime(query url.Values, into *time.Time) error {
	v := query.Get("sinceTime")
	if v == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return apierrors.NewBadRequest(err.Error())
	}
	*into = t
	return nil
}

// logContainer chooses the container: the one named, or the only one there
// is besides those that ran before it.
func logContainer(pod map[string]any, want string) (string, error) {
	name := tree.Str(pod, "metadata", "name")
	var names []string
	for _, list := range []string{"initContainers", "containers"} {
		for _, c := range tree.Maps(pod, "spec", list) {
			names = append(names, tree.Str(c, "name"))
		}
	}
	only := tree.Maps(pod, "spec", "containers")
	switch {
	case want == "" && len(only) == 1:
		return tree.Str(only[0], "name"), nil
	case want == "":
		return "", apierrors.NewBadRequest(fmt.Sprintf("a container name must be specified for pod %s, choose one of: [%s]",
			name, strings.Join(names, " ")))
	case !contains(names, want):
		return "", apierrors.NewBadRequest(fmt.Sprintf("container %s is not valid for pod %s", want, name))
	}
	return want, nil
}

// waitingReason says why a container that never ran has no log.
func waitingReason(pod map[string]any, container string) string {
	for _, status := range tree.Maps(pod, "status", "containerStatuses") {
		if tree.Str(status, "name") != container || tree.Int(status, "restartCount") > 0 {
			continue
		}
		switch reason := tree.Str(status, "state", "waiting", "reason"); reason {
		case "ImagePullBackOff", "ErrImagePull":
			return "trying and failing to pull image"
		default:
			return reason
		}
	}
	return ""
}
