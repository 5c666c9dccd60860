package api

import (
	"fmt"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// User is who makes a request.
type User struct {
	Name   string
	UID    string
	Groups []string
}

// Masters is the group that may do everything.
const Masters = "system:masters"

const (
	anonymousUser = "system:anonymous"
	groupAuth     = "system:authenticated"
	groupAnon     = "system:unauthenticated"
	accountPrefix = "system:serviceaccount:"
)

// Account returns the user a service account acts as.
func Account(namespace, name string) User {
	return User{
		Name:   accountPrefix + namespace + ":" + name,
		Groups: []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace, groupAuth},
	}
}

// System returns a user that may do everything, by a controller's name.
func System(name string) User { return User{Name: name, Groups: []string{Masters, groupAuth}} }

func (u User) in(group string) bool {
	for _, g := range u.Groups {
		if g == group {
			return true
		}
	}
	return false
}

// authenticate reads the bearer token. No token is the anonymous user; a
// wrong one is refused.
func (s *Server) authenticate(r *http.Request) (User, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return User{Name: anonymousUser, Groups: []string{groupAnon}}, nil
	}
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return User{Name: anonymousUser, Groups: []string{groupAnon}}, nil
	}
	user, ok := s.opts.Tokens[strings.TrimSpace(token)]
	if !ok {
		return User{}, unauthorized()
	}
	user.Groups = append(append([]string(nil), user.Groups...), groupAuth)
	return user, nil
}

// impersonate applies the Impersonate-* headers: each name asked for needs
// the verb impersonate, as on a real server.
func (s *Server) impersonate(user User, header http.Header, q request) (User, error) {
	name := header.Get("Impersonate-User")
	groups := header.Values("Impersonate-Group")
	uid := header.Get("Impersonate-Uid")
	if name == "" {
		if len(groups) > 0 || uid != "" {
			return user, newStatus(http.StatusInternalServerError, "InternalError",
				"Internal error occurred: requested %v without impersonating a user", append(groups, uid))
		}
		return user, nil
	}
	attrs := []attributes{{verb: "impersonate", resource: "users", name: name}}
	if ns, sa, ok := splitAccount(name); ok {
		attrs[0] = attributes{verb: "impersonate", resource: "serviceaccounts", namespace: ns, name: sa}
	}
	for _, g := range groups {
		attrs = append(attrs, attributes{verb: "impersonate", resource: "groups", name: g})
	}
	if uid != "" {
		attrs = append(attrs, attributes{verb: "impersonate", group: "authentication.k8s.io", resource: "uids", name: uid})
	}
	for _, a := range attrs {
		if allowed, _ := s.allows(user, a); !allowed {
			return user, mayNotImpersonate(user, name, q)
		}
	}
	as := User{Name: name, UID: uid, Groups: groups}
	if ns, _, ok := splitAccount(name); ok && len(groups) == 0 {
		as.Groups = []string{"system:serviceaccounts", "system:serviceaccounts:" + ns}
	}
	if name == anonymousUser {
		as.Groups = append(as.Groups, groupAnon)
	} else if !as.in(groupAuth) {
		as.Groups = append(append([]string(nil), as.Groups...), groupAuth)
	}
	return as, nil
}

// mayNotImpersonate words a refusal as servers since 1.36 do: by what one
// would do in the other's name.
func mayNotImpersonate(user User, as string, q request) error {
	mode := "user-info"
	if _, _, ok := splitAccount(as); ok {
		mode = "serviceaccount"
	}
	if !q.isResource {
		return apierrors.NewForbidden(schema.GroupResource{}, "",
			fmt.Errorf("User %q cannot impersonate-on:%s:%s path %q", user.Name, mode, q.verb, q.path))
	}
	return forbidden(user, attributes{verb: "impersonate-on:" + mode + ":" + q.verb, group: q.group, resource: q.plural,
		subresource: q.subresource, namespace: q.namespace, name: q.name}, "")
}

func splitAccount(user string) (namespace, name string, ok bool) {
	rest, ok := strings.CutPrefix(user, accountPrefix)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ":")
}

// authorizeRequest decides about a request as a whole, before it is known
// whether anything serves its path.
func (s *Server) authorizeRequest(q request) error {
	if !q.isResource {
		if allowed, _ := s.allows(q.user, attributes{verb: q.verb, path: q.path}); allowed {
			return nil
		}
		return apierrors.NewForbidden(schema.GroupResource{}, "",
			fmt.Errorf("User %q cannot %s path %q", q.user.Name, q.verb, q.path))
	}
	a := attributes{
		verb: q.verb, group: q.group, resource: q.plural, subresource: q.subresource,
		namespace: q.namespace, name: q.name,
	}
	if a.name == "" && (q.verb == "list" || q.verb == "watch") {
		a.name = nameFromSelector(q.query.Get("fieldSelector"))
	}
	return s.authorize(q.user, a)
}

func (s *Server) authorize(user User, a attributes) error {
	allowed, why := s.allows(user, a)
	if allowed {
		return nil
	}
	return forbidden(user, a, why)
}

func forbidden(user User, a attributes, why string) error {
	resource := a.resource
	if a.subresource != "" {
		resource += "/" + a.subresource
	}
	message := fmt.Sprintf("User %q cannot %s resource %q in API group %q", user.Name, a.verb, resource, a.group)
	if a.namespace != "" {
		message += fmt.Sprintf(" in the namespace %q", a.namespace)
	} else {
		message += " at the cluster scope"
	}
	if why != "" {
		message += ": " + why
	}
	return apierrors.NewForbidden(schema.GroupResource{Group: a.group, Resource: a.resource}, a.name, fmt.Errorf("%s", message))
}
