package api

import (
	"net/http"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// serveReview answers the reviews; nothing is stored.
func (s *Server) serveReview(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	if q.verb != "create" || q.name != "" {
		return methodNotAllowed(res, q.verb)
	}
	switch q.plural {
	case "selfsubjectrulesreviews":
		return s.serveRulesReview(w, r, q, res)
	case "selfsubjectreviews":
		var review authenticationv1.SelfSubjectReview
		if err := s.decodeTyped(r, res, &review); err != nil {
			return err
		}
		review.Status.UserInfo = authenticationv1.UserInfo{Username: q.user.Name, UID: q.user.UID, Groups: q.user.Groups}
		return s.writeTyped(w, r, http.StatusCreated, res, &review)
	}
	// The access reviews share a shape; only who is asked about differs.
	var review authorizationv1.SubjectAccessReview
	if err := s.decodeTyped(r, res, &review); err != nil {
		return err
	}
	user := q.user
	if q.plural != "selfsubjectaccessreviews" {
		user = User{Name: review.Spec.User, Groups: review.Spec.Groups}
	}
	a, ok := reviewed(&review.Spec)
	if !ok {
		return apierrors.NewBadRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified")
	}
	allowed, why := s.allows(user, a)
	status := authorizationv1.SubjectAccessReviewStatus{Allowed: allowed, EvaluationError: ""}
	status.Reason = why
	fields := s.reviewFields(r, q, res, &review)
	if q.plural == "selfsubjectaccessreviews" {
		return s.writeTyped(w, r, http.StatusCreated, res, &authorizationv1.SelfSubjectAccessReview{
			ObjectMeta: metav1.ObjectMeta{ManagedFields: fields},
			Spec: authorizationv1.SelfSubjectAccessReviewSpec{
				ResourceAttributes:    review.Spec.ResourceAttributes,
				NonResourceAttributes: review.Spec.NonResourceAttributes,
			},
			Status: status,
		})
	}
	review.Status, review.ManagedFields = status, fields
	return s.writeTyped(w, r, http.StatusCreated, res, &review)
}

// reviewFields says who wrote a review's fields: the server tracks them even
// of objects it does not store.
func (s *Server) reviewFields(r *http.Request, q request, res *Resource, review *authorizationv1.SubjectAccessReview) []metav1.ManagedFieldsEntry {
	obj, err := runtime.DefaultUnstructuredConverter.ToUnstructured(review)
	if err != nil {
		return nil
	}
	delete(obj, "status")
	obj["apiVersion"], obj["kind"] = res.APIVersion(), res.Kind
	dropNulls(obj)
	obj, err = s.trackUpdate(res, "", nil, obj, requestOptions(r, q).manager)
	if err != nil {
		return nil
	}
	return (&unstructured.Unstructured{Object: obj}).GetManagedFields()
}

func reviewed(spec *authorizationv1.SubjectAccessReviewSpec) (attributes, bool) {
	ra, na := spec.ResourceAttributes, spec.NonResourceAttributes
	switch {
	case ra != nil && na == nil:
		return attributes{verb: ra.Verb, group: ra.Group, resource: ra.Resource,
			subresource: ra.Subresource, namespace: ra.Namespace, name: ra.Name}, true
	case na != nil && ra == nil:
		return attributes{verb: na.Verb, path: na.Path}, true
	}
	return attributes{}, false
}

func (s *Server) serveRulesReview(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	var review authorizationv1.SelfSubjectRulesReview
	if err := s.decodeTyped(r, res, &review); err != nil {
		return err
	}
	if review.Spec.Namespace == "" {
		return apierrors.NewBadRequest("no namespace on request")
	}
	status := authorizationv1.SubjectRulesReviewStatus{
		ResourceRules: []authorizationv1.ResourceRule{}, NonResourceRules: []authorizationv1.NonResourceRule{},
	}
	rules, problem := s.rulesFor(q.user, review.Spec.Namespace)
	if q.user.in(Masters) {
		rules = append([]rbacv1.PolicyRule{
			{Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}},
			{Verbs: []string{"*"}, NonResourceURLs: []string{"*"}},
		}, rules...)
	}
	for _, rule := range rules {
		if len(rule.Resources) > 0 {
			status.ResourceRules = append(status.ResourceRules, authorizationv1.ResourceRule{
				Verbs: rule.Verbs, APIGroups: rule.APIGroups, Resources: rule.Resources, ResourceNames: rule.ResourceNames})
		}
		if len(rule.NonResourceURLs) > 0 {
			status.NonResourceRules = append(status.NonResourceRules, authorizationv1.NonResourceRule{
				Verbs: rule.Verbs, NonResourceURLs: rule.NonResourceURLs})
		}
	}
	status.EvaluationError, status.Incomplete = problem, problem != ""
	review.Spec = authorizationv1.SelfSubjectRulesReviewSpec{} // not repeated
	review.Status = status
	return s.writeTyped(w, r, http.StatusCreated, res, &review)
}
