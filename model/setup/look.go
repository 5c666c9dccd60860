package setup

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

// Look is what the cluster shows, and what of it the user was told.
type Look struct {
	Store *model.Store
	// Permissions are the server's answers to AllNeeds; Asked: they are there.
	Permissions []model.Permission
	Asked       bool
	AskWhy      string // why they could not be had
	Who         string
	// Secrets are those of Flux's namespace, nil where they can't be listed, for
	// which SecretsWhy says why. Both empty: not listed yet.
	Secrets    *model.SecretList
	SecretsWhy string
	// PullSecret is the one the next sync is to name; "" = the usual.
	PullSecret string
}

// Found is one step as the cluster shows it.
type Found struct {
	Step  Step
	State State
	// Lines are what was found.
	Lines []Line
	// Next says what to do about it.
	Next string
	// Settles: it was done before, and is only on its way to be so again.
	Settles bool
}

// Line is one thing that was found.
type Line struct {
	Label  string
	Text   string
	Health model.Health // with Judged
	Judged bool
	Denied bool
}

func (f *Found) say(label, text string) {
	if text != "" {
		f.Lines = append(f.Lines, Line{Label: label, Text: text})
	}
}

func (f *Found) judge(label string, h model.Health, text string) {
	f.Lines = append(f.Lines, Line{Label: label, Text: text, Health: h, Judged: true})
}

// end ends a step's judgment.
func (f Found) end(s State, next string) Found {
	f.State, f.Next = s, next
	return f
}

// All are the eight steps.
func (l Look) All() [Count]Found {
	var out [Count]Found
	for step, judge := range [Count]func() Found{l.permissions, l.operator, l.instance, l.credential, l.sync, l.tenants, l.green, l.keep} {
		f := judge()
		f.Step = Step(step)
		out[step] = f
	}
	return out
}

// First is the step to go on with: the first that was not done, or what you
// may, where you may not do that.
func (l Look) First(all [Count]Found) Step {
	for step := Operator; step < Count; step++ {
		if s := all[step].State; s == Done || s == Foreign || all[step].Settles {
			continue
		}
		if all[Permissions].State == Refused && l.MayNot(step) != "" {
			return Permissions
		}
		return step
	}
	return Green
}

// Namespace is where Flux is, or will be.
func (l Look) Namespace() string {
	p := l.Store.Platform()
	switch {
	case p.Operator != nil:
		return p.Operator.Key.Namespace
	case p.Instance != nil:
		return p.Instance.Namespace
	case len(p.Controllers) > 0:
		return p.Controllers[0].Key.Namespace
	}
	return DefaultNamespace
}

// reading: not everything that decides was read.
func (l Look) reading(kinds ...model.Kind) bool {
	if !l.Store.Complete() {
		return true
	}
	for _, k := range kinds {
		if l.Store.KindStatus(k).State == model.ScopeSyncing {
			return true
		}
	}
	return false
}

const stillReading = "The cluster is being read."

func (l Look) permissions() Found {
	var f Found
	conn := l.Store.Connection()
	switch {
	case conn.State == model.ConnLost:
		f.say("cluster", "no answer from "+conn.Server+": "+conn.Err)
		return f.end(Trouble, "It is tried again by itself.")
	case conn.State != model.ConnLive:
		return f.end(Unknown, stillReading)
	}
	f.say("cluster", strings.TrimSpace(conn.Server+" "+conn.Version))
	f.say("you are", l.Who)
	switch {
	case !l.Asked:
		return f.end(Busy, "The server is being asked what you may do.")
	case l.AskWhy != "":
		f.say("unknown", l.AskWhy)
		return f.end(Unknown, "Each step says it when it is refused.")
	}
	for step := range Count {
		if len(Needs(step, "")) == 0 {
			continue
		}
		line := Line{Label: step.String(), Text: "you may"}
		if why := l.MayNot(step); why != "" {
			line.Text, line.Denied = why, true
			f.State = Refused
			if l.past(step) {
				line.Text += "; it is done already"
			}
		} else {
			line.Health, line.Judged = model.Ready, true
		}
		f.Lines = append(f.Lines, line)
	}
	if f.State == Refused && !l.hindered() {
		f.State = Partly
	}
	if f.State == Unknown {
		return f.end(Done, "You may do every step.")
	}
	return f.end(f.State, "What you may not do somebody else can: every step can be printed.")
}

// past: the step is done, whoever did it.
func (l Look) past(step Step) bool {
	p := l.Store.Platform()
	switch step {
	case Operator:
		return l.served()
	case Instance:
		return p.Instance != nil
	case Sync:
		return p.Instance != nil && fluxsync.LiveOf(p.Instance).Sync != nil
	case Tenants:
		return l.anyTenant()
	}
	return false
}

// hindered: something you may not do is still to be done.
func (l Look) hindered() bool {
	for step := range Count {
		if l.MayNot(step) != "" && !l.past(step) {
			return true
		}
	}
	return false
}

// served: the kind FluxInstance is. Refused is no answer: a server refuses before
// it says whether there is such a kind.
func (l Look) served() bool {
	state := l.Store.KindStatus(model.FluxInstance).State
	return l.Store.Complete() && (state == model.ScopeSynced || state == model.ScopeStale)
}

// unseen: whether the kind is served the user may not see.
func (l Look) unseen() bool { return l.Store.KindStatus(model.FluxInstance).State == model.ScopeDenied }

func (l Look) anyTenant() bool {
	for _, t := range l.Store.Tenants() {
		if !t.IsPlatform && !t.Denied {
			return true
		}
	}
	return false
}

// Bundled reports whether Flux runs as one Deployment that a platform made
// (flux-aio, as Cozystack's management cluster has it): it has no instance, and
// must not get a second Flux beside it.
func (l Look) Bundled() bool {
	p := l.Store.Platform()
	return p.Operator == nil && p.Instance == nil && len(p.Controllers) > 1 && p.Controllers[0].Key.Name != p.Controllers[0].Name
}

// Bootstrapped reports whether Flux runs as its own CLI installs it: without
// operator and instance.
func (l Look) Bootstrapped() bool {
	p := l.Store.Platform()
	return p.Instance == nil && len(p.Controllers) > 0 && !l.Bundled()
}

func orWord(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// count writes a number of things.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
