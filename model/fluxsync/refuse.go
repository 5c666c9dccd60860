package fluxsync

import (
	"fmt"

	"tenantry/model"
)

// Refuse says why the sync of an instance can't be set or cleared, "" when it
// can: the operator reconciles only the one named flux in its own namespace
// (domain rule; flux-operator's cmd/operator).
func Refuse(s *model.Store, o *model.Object) string {
	if o == nil {
		return ""
	}
	p := s.Platform()
	switch {
	case o.Name != InstanceName:
		return fmt.Sprintf("%s is not named flux: the operator reconciles no FluxInstance of another name", o.Key)
	case p.Operator != nil && p.Operator.Key.Namespace != o.Namespace:
		return fmt.Sprintf("%s is not in the operator's namespace %s: nothing ever reconciles it", o.Key, p.Operator.Key.Namespace)
	case o.Deleting != 0:
		return fmt.Sprintf("%s is being deleted", o.Key)
	}
	return ""
}
