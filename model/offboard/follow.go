package offboard

import (
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/action"
)

// patience is how long a deletion may take before its finalizers are named;
// giveUp is when it is called stuck: pruning waits for the pods it stops.
const (
	patience = 20 * time.Second
	giveUp   = 5 * time.Minute
)

// goes judges how the deletion of an object is getting on.
func goes(s *model.Store, k model.Key, uid string, sent, now time.Time) action.Progress {
	o := s.Get(k)
	if o == nil || o.UID != uid {
		return action.Progress{State: action.Done, Words: "gone"}
	}
	waited := now.Sub(sent)
	switch {
	case o.Deleting == 0 && waited < patience:
		return action.Progress{State: action.Waiting, Words: "asked"}
	case o.Deleting == 0:
		return action.Progress{State: action.Failed, Words: "it is still there, and nobody is deleting it"}
	case waited < patience:
		return action.Progress{State: action.Running, Words: "going"}
	}
	words := "going; " + held(o)
	if waited < giveUp {
		return action.Progress{State: action.Running, Words: words}
	}
	return action.Progress{State: action.Failed, Words: "stuck: " + held(o)}
}

// held says what an object waits for before it can go.
func held(o *model.Object) string {
	if len(o.Finalizers) == 0 {
		return "what is in it is being deleted"
	}
	who := "whoever set it"
	for _, f := range o.Finalizers {
		switch {
		case strings.HasSuffix(f, "finalizers.fluxcd.io"):
			who = "its Flux controller"
		case strings.HasPrefix(f, "fluxcd.controlplane.io/"):
			who = "flux-operator"
		case f == "kubernetes":
			who = "Kubernetes"
		}
	}
	return "its finalizer " + strings.Join(o.Finalizers, ", ") + " waits for " + who
}
