package model

import (
	"slices"
	"strconv"
	"strings"
)

// SpecPrint tells two states of a workload's spec apart without keeping them:
// one hash per aspect. Hashes are of one process, so that nothing kept gives a
// value away. Equal prints of one process mean equal specs.
type SpecPrint struct {
	// Env has an entry per environment variable of the containers: its name, a
	// zero byte and four bytes of hash. A variable of a second or later
	// container has "container/" before its name.
	Env                                                                 string
	Resources, Probes, Command, Volumes, Strategy, Restarted, Elsewhere uint32
}

// AddEnv appends one variable to an Env.
func AddEnv(env []byte, name string, hash uint32) []byte {
	env = append(env, name...)
	return append(env, 0, byte(hash>>24), byte(hash>>16), byte(hash>>8), byte(hash))
}

// eachEnv calls f for each variable until it returns false.
func eachEnv(env string, f func(name, hash string) bool) {
	for env != "" {
		name, rest, ok := strings.Cut(env, "\x00")
		if !ok || len(rest) < 4 || !f(name, rest[:4]) {
			return
		}
		env = rest[4:]
	}
}

// maxEnvNames is how many changed variables are named one by one.
const maxEnvNames = 6

// specChanges tells what differs between two generations of a workload, in the
// order of the aspects; something always does when the generation moved.
func specChanges(old, new *Object) []SpecChange {
	a, ok := old.Detail.(*Workload)
	b, both := new.Detail.(*Workload)
	if !ok || !both {
		return nil
	}
	var out []SpecChange
	// How many a DaemonSet wants is the cluster's doing, not its spec's.
	if new.Kind != DaemonSet && a.Desired != b.Desired {
		out = append(out, SpecChange{Aspect: AspectReplicas, From: strconv.Itoa(int(a.Desired)), To: strconv.Itoa(int(b.Desired))})
	}
	out = appendImages(out, a.Containers, b.Containers)
	out = appendEnv(out, a.Print.Env, b.Print.Env)
	for _, h := range [...]struct {
		aspect   Aspect
		old, new uint32
	}{
		{AspectResources, a.Print.Resources, b.Print.Resources}, {AspectProbes, a.Print.Probes, b.Print.Probes},
		{AspectCommand, a.Print.Command, b.Print.Command}, {AspectVolumes, a.Print.Volumes, b.Print.Volumes},
		{AspectStrategy, a.Print.Strategy, b.Print.Strategy}, {AspectRestart, a.Print.Restarted, b.Print.Restarted},
		{AspectTemplate, a.Print.Elsewhere, b.Print.Elsewhere},
	} {
		if h.old != h.new {
			out = append(out, SpecChange{Aspect: h.aspect})
		}
	}
	if a.Paused != b.Paused {
		out = append(out, SpecChange{Aspect: AspectPaused, From: strconv.FormatBool(a.Paused), To: strconv.FormatBool(b.Paused)})
	}
	if len(out) == 0 {
		out = append(out, SpecChange{Aspect: AspectOther})
	}
	return out
}

func appendImages(out []SpecChange, a, b []Container) []SpecChange {
	for i := range b {
		was := ""
		if j := slices.IndexFunc(a, func(c Container) bool { return c.Name == b[i].Name }); j >= 0 {
			was = a[j].Image
		}
		if was != b[i].Image {
			out = append(out, SpecChange{Aspect: AspectImage, Name: b[i].Name, From: was, To: b[i].Image})
		}
	}
	for i := range a {
		if !slices.ContainsFunc(b, func(c Container) bool { return c.Name == a[i].Name }) {
			out = append(out, SpecChange{Aspect: AspectImage, Name: a[i].Name, From: a[i].Image})
		}
	}
	return out
}

func appendEnv(out []SpecChange, a, b string) []SpecChange {
	if a == b {
		return out
	}
	was := map[string]string{}
	eachEnv(a, func(name, hash string) bool { was[name] = hash; return true })
	var names []string
	eachEnv(b, func(name, hash string) bool {
		if old, had := was[name]; !had || old != hash {
			names = append(names, name)
		}
		delete(was, name)
		return true
	})
	for name := range was {
		names = append(names, name)
	}
	if len(names) == 0 || len(names) > maxEnvNames { // only their order, or too many to name
		return append(out, SpecChange{Aspect: AspectEnv})
	}
	slices.Sort(names)
	for _, name := range names {
		out = append(out, SpecChange{Aspect: AspectEnv, Name: strings.Clone(name)})
	}
	return out
}

// ofTemplate reports whether a change is one of the pod template, which makes
// new pods.
func (c SpecChange) ofTemplate() bool {
	switch c.Aspect {
	case AspectReplicas, AspectStrategy, AspectPaused, AspectOther:
		return false
	}
	return true
}

// ChangedWords joins changes for one line; "–" where nothing tells.
func ChangedWords(changes []SpecChange) string {
	if len(changes) == 0 {
		return "–"
	}
	words := make([]string, len(changes))
	for i := range changes {
		words[i] = changes[i].String()
	}
	return strings.Join(words, ", ")
}
