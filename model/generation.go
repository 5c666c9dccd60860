package model

import "strings"

// Actor is what kind of writer changed a workload's spec.
type Actor uint8

// The actors, told by the name they write under (field manager).
const (
	ActorUnknown    Actor = iota
	ActorFlux             // kustomize-controller, helm-controller, flux-operator
	ActorPerson           // kubectl and other hand tools
	ActorAutoscaler       // an autoscaler, writing the scale subresource
	ActorOther            // any other program
)

// Aspect is a part of a workload's spec whose change can be told.
type Aspect uint8

// The aspects.
const (
	AspectReplicas Aspect = iota
	AspectImage
	AspectEnv
	AspectResources
	AspectProbes
	AspectCommand
	AspectVolumes
	AspectStrategy
	AspectPaused
	AspectRestart  // kubectl rollout restart
	AspectTemplate // something else of the pod template
	AspectOther    // something else of the spec
)

// String returns the aspect's word.
func (a Aspect) String() string {
	return [...]string{"replicas", "image", "env", "resources", "probes", "command", "volumes", "strategy",
		"paused", "restarted", "pod template", "other settings"}[a]
}

// SpecChange is one thing a generation changed. From and To are set for
// replicas, images and paused; Name is the container of an image, or the name
// of an environment variable, whose values are never kept.
type SpecChange struct {
	Aspect         Aspect
	Name, From, To string
}

// String returns the change in words, e.g. "replicas 1→3", "image
// kcheck:1.0.2→1.0.3", "env COLOUR".
func (c SpecChange) String() string {
	word := c.Aspect.String()
	switch {
	case c.From != "" || c.To != "":
		from, to := c.From, c.To
		if c.Aspect == AspectImage {
			from, to = shortImages(from, to)
		}
		return word + " " + from + "→" + to
	case c.Name != "":
		return word + " " + c.Name
	}
	return word
}

// shortImages leaves out of two image names what they share and what a line
// has no room for: the registry and path, and the name of the second.
func shortImages(from, to string) (string, string) {
	base := func(image string) string { return image[strings.LastIndexByte(image, '/')+1:] }
	a, b := base(from), base(to)
	an, at, aok := cutTag(a)
	bn, bt, bok := cutTag(b)
	if from != "" && to != "" && aok && bok && an == bn && strings.TrimSuffix(from, a) == strings.TrimSuffix(to, b) {
		return at, bt
	}
	return a, b
}

// cutTag separates an image's tag or digest from its name.
func cutTag(image string) (name, tag string, ok bool) {
	if i := strings.IndexByte(image, '@'); i >= 0 {
		sum := RevisionSum(image[i+1:])
		return image[:i], sum[:min(7, len(sum))], sum != ""
	}
	return strings.Cut(image, ":")
}

// Generation is one generation of a Deployment, StatefulSet or DaemonSet: what
// it was, who made it and which commit it came from.
type Generation struct {
	// Number is metadata.generation; 0 for one before this session that only a
	// ReplicaSet tells of. From is the one seen before it, which may be more
	// than one less.
	Number, From int64
	At           Moment
	Observed     Moment // its controller has seen it
	RolledOut    Moment
	Took         int32 // seconds from At to RolledOut; UnknownTook
	// Revision is the ReplicaSet's (deployment.kubernetes.io/revision); 0 = none.
	Revision int64
	// Commit is the revision its sync was applying when it changed; "" when it
	// is not from Git or nothing tells.
	Commit string
	// AtOrBefore: Commit or an earlier one.
	AtOrBefore bool
	Sync       Key
	Changed    []SpecChange
	By         string // field manager; "" unknown
	Actor      Actor
	// Drift: not from the tenant's Git, and no autoscaler's.
	Drift bool
	// UndidDrift: Flux put the same commit's state back.
	UndidDrift bool
	// Rollback: a HelmRelease failed and was rolled back to Commit.
	Rollback bool
	// Current: the newest one. Pods and State are as they are now, else as they
	// were when the next one came.
	Current                          bool
	Desired, Updated, Available, Old int
	State                            RolloutState
	Stuck                            string
	Reconstructed                    bool
	base                             string // what its sync had applied when drift came
	version, after                   uint64 // resource versions: the first that was seen of it, and the last of the one before; 0 unknown
	seen                             Unix   // when that was, by the server's clock
	serial                           uint64 // and after what else
	likely                           bool   // Commit is as good as sure
	open                             bool   // and may yet be told otherwise
	// before is who had written the generation before the first one seen.
	before *Manager
}

// FromGit reports whether Flux made it of a commit.
func (g *Generation) FromGit() bool { return g.Actor == ActorFlux }

// actorOf tells the kind of writer by its field manager and the subresource it
// wrote. The names are those Kubernetes' and Flux's clients set.
func actorOf(manager, subresource string) Actor {
	switch manager {
	case "":
		return ActorUnknown
	case "kustomize-controller", "helm-controller", "flux-operator", "gotk-kustomize-controller":
		return ActorFlux
	case "flux", "flux-client-side-apply", "tenantry", "k9s", "lens", "OpenLens", "headlamp", "Mozilla", "node-fetch":
		return ActorPerson
	}
	lower := strings.ToLower(manager)
	switch {
	case manager == "kube-controller-manager" && subresource == "scale",
		strings.Contains(lower, "autoscaler"), strings.HasPrefix(lower, "keda"), strings.HasPrefix(lower, "vpa"):
		return ActorAutoscaler
	case strings.HasPrefix(lower, "kubectl"), strings.HasPrefix(lower, "flux-operator-"):
		return ActorPerson
	}
	return ActorOther
}
