package model

// homes are the namespaces Flux itself lives in. Controllers and the operator
// show it surely; a FluxInstance only where neither can be seen, since one in a
// tenant's namespace is accepted by the API and never reconciled.
type homes struct {
	controllers map[string]int
	instances   map[string]int
}

func newHomes() homes {
	return homes{controllers: map[string]int{}, instances: map[string]int{}}
}

// has reports whether Flux lives in the namespace.
func (h homes) has(ns string) bool {
	if len(h.controllers) > 0 {
		return h.controllers[ns] > 0
	}
	return h.instances[ns] > 0
}

// namespaces returns Flux's namespaces, in no order.
func (h homes) namespaces() []string {
	from := h.controllers
	if len(from) == 0 {
		from = h.instances
	}
	out := make([]string, 0, len(from))
	for ns := range from {
		out = append(out, ns)
	}
	return out
}

// update counts an object's coming, going or change, and returns the
// namespaces whose answer may have changed by it.
func (h homes) update(old, new *Object) []string {
	o := new
	if o == nil {
		o = old
	}
	if o.Kind != Deployment && o.Kind != FluxInstance {
		return nil
	}
	before := len(h.controllers) > 0
	count := h.instances
	if o.Kind == Deployment {
		count = h.controllers
	}
	was, is := old != nil && fluxHome(old), new != nil && fluxHome(new)
	switch {
	case is && !was:
		count[o.Namespace]++
	case was && !is:
		if count[o.Namespace]--; count[o.Namespace] <= 0 {
			delete(count, o.Namespace)
		}
	default:
		return nil
	}
	changed := []string{o.Namespace}
	if before != (len(h.controllers) > 0) {
		for ns := range h.instances {
			changed = append(changed, ns)
		}
	}
	return changed
}

// fluxHome reports whether an object shows that Flux itself lives in its
// namespace: the instance, or a controller's or the operator's Deployment.
func fluxHome(o *Object) bool {
	switch o.Kind {
	case FluxInstance:
		return true
	case Deployment:
		return isController(o) || isOperator(o)
	}
	return false
}
