package uitest

import (
	"time"

	"tenantry/model"
)

// Unnamed is what somebody sees who may list nothing cluster-wide, no
// namespaces either, and has not said which are theirs.
func Unnamed() *Cluster {
	c := &Cluster{}
	c.Conn = &model.Connection{State: model.ConnLive, Context: "team-a@prod-eu", Server: "https://127.0.0.1:6443", User: "team-a", Since: Ago(time.Minute),
		NamespacesReason: "cluster-wide lists are refused and namespaces can't be listed: name yours with -n"}
	for _, k := range model.Kinds() {
		c.Scope(model.ScopeStatus{Kind: k, State: model.ScopeDenied, Verb: "list", Message: k.Resource() + " is forbidden"})
	}
	return c
}
