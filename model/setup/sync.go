package setup

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

// UsualSecret is what Flux's own CLI calls the cluster's credential.
const UsualSecret = "flux-system"

// SecretName is what the next sync's credential is called.
func (l Look) SecretName() string {
	was, _ := l.SyncStart()
	return orWord(l.PullSecret, was.PullSecret, UsualSecret)
}

// HasSecret reports whether the Secret of that name is in Flux's namespace, as
// far as its Secrets may be listed.
func (l Look) HasSecret(name string) (model.SecretInfo, bool) {
	if l.Secrets == nil {
		return model.SecretInfo{}, false
	}
	i := slices.IndexFunc(l.Secrets.Secrets, func(s model.SecretInfo) bool { return s.Name == name })
	if i < 0 {
		return model.SecretInfo{}, false
	}
	return l.Secrets.Secrets[i], true
}

// set is the sync that is set, and the objects it is made of.
func (l Look) set() (sync *fluxsync.Spec, source, apply *model.Object) {
	p := l.Store.Platform()
	if p.Instance == nil {
		return nil, nil, nil
	}
	live := fluxsync.LiveOf(p.Instance)
	if live.Sync == nil {
		return nil, nil, nil
	}
	from, by := live.Sync.Made(live.Key.Namespace)
	return live.Sync, l.Store.Get(from), l.Store.Get(by)
}

func (l Look) credential() Found {
	var f Found
	if l.reading(model.FluxInstance) {
		return f.end(Unknown, stillReading)
	}
	if l.Bundled() {
		f.say("credential", "none is needed: the platform's own Flux has no sync of its own")
		return f.end(Foreign, "")
	}
	if sync, source, _ := l.set(); sync != nil {
		return l.credentialOf(f, sync, source)
	}
	if !l.served() && !l.unseen() {
		return f.end(Open, operatorFirst)
	}
	name, ns := l.SecretName(), l.Namespace()
	f.say("sync", "none yet: it will name the Secret")
	info, there := l.HasSecret(name)
	switch {
	case there:
		f.judge("Secret", model.Ready, fmt.Sprintf("%s/%s is there (%s, %s)", ns, name, orWord(info.Type, "Opaque"), count(info.Count, "key")))
		return f.end(Done, "Step 5 names it.")
	case l.Secrets == nil && l.SecretsWhy != "":
		f.say("Secret", "whether there is one is not known: "+l.SecretsWhy)
	case l.Secrets == nil:
		f.say("Secret", "being looked for")
	default:
		f.say("Secret", "no "+name+" in "+ns)
	}
	if why := l.MayNot(Credential); why != "" {
		f.Lines = append(f.Lines, Line{Label: "you", Text: why, Denied: true})
	}
	return f.end(Open, "")
}

// credentialOf judges the credential of a sync that is set, by what its source
// says.
func (l Look) credentialOf(f Found, sync *fluxsync.Spec, source *model.Object) Found {
	f.say("sync", sync.URL)
	var v model.Verdict
	if source != nil {
		v = l.Store.Verdict(source.Key)
	}
	about := v.Cause != nil && v.Cause.Kind == model.Secret.String() || v.Reason == "AuthenticationFailed" || strings.Contains(v.Message, "authenti") || strings.Contains(v.Message, "authoriz")
	broken := source != nil && (v.Health == model.Failed || v.Health == model.Stalled) && about
	switch {
	case broken:
		f.judge("source", v.Health, model.Sentence(source, v))
		return f.end(Trouble, "")
	case sync.PullSecret == "":
		f.say("Secret", "the sync names none: the repository is read without a credential")
		return f.end(Done, "")
	case v.Health == model.Ready:
		f.judge("Secret", model.Ready, sync.PullSecret+": the source fetches with it")
		return f.end(Done, "")
	}
	settles := source == nil || onTheWay(v.Health) // what comes after it is set already
	if l.Secrets == nil && l.SecretsWhy == "" {
		f.say("Secret", sync.PullSecret)
		f.Settles = settles
		return f.end(Busy, "The source has not fetched yet.")
	}
	state, words := fluxsync.Secret(*sync, l.Secrets, l.SecretsWhy)
	switch state {
	case fluxsync.SecretMissing, fluxsync.SecretWrong:
		f.judge("Secret", model.Failed, words)
		return f.end(Trouble, "")
	case fluxsync.SecretThere:
		f.judge("Secret", model.Ready, words)
		return f.end(Done, "")
	}
	f.say("Secret", words)
	f.Settles = settles
	return f.end(Partly, "")
}

func (l Look) sync() Found {
	var f Found
	if l.reading(model.FluxInstance, model.Kustomization) {
		return f.end(Unknown, stillReading)
	}
	if l.Bundled() {
		f.say("sync", "none: a sync is a part of a FluxInstance, and the platform's Flux has none")
		return f.end(Foreign, "")
	}
	p := l.Store.Platform()
	switch {
	case l.unseen():
		f.Lines = append(f.Lines, Line{Label: "sync", Text: "you may not list FluxInstances, of which a sync is a part", Denied: true})
		return f.end(Refused, "")
	case !l.served():
		return f.end(Open, operatorFirst)
	case p.Instance == nil:
		return f.end(Open, instanceFirst)
	}
	if why := fluxsync.Refuse(l.Store, p.Instance); why != "" {
		f.say("instance", why)
		return f.end(Trouble, instanceFirst)
	}
	sync, source, by := l.set()
	if sync == nil {
		f.say("sync", "none")
		if ks := l.bootstrapSync(); ks != nil {
			f.say("there is", ks.Key.String()+", by which flux bootstrap syncs the cluster: the form begins with what it syncs, under its name, and the operator takes it over")
			f.say("then", thenOutOfGit)
		}
		if made := l.Owned(); made != "" {
			f.say("kept by", made+"; its sync is left to you: setup sets that alone, puts guards on, and says where the lasting change belongs")
		}
		if why := l.MayNot(Sync); why != "" {
			f.Lines = append(f.Lines, Line{Label: "you", Text: why, Denied: true})
		}
		return f.end(Open, "")
	}
	f.say("sync", strings.Join(strings.Fields(sync.Kind+" "+sync.URL+" "+sync.Ref+" "+sync.Path), " "))
	worst := Done
	for _, part := range []struct {
		label string
		o     *model.Object
	}{{"source", source}, {"apply", by}} {
		if part.o == nil {
			f.judge(part.label, model.Pending, "not made by the operator yet")
			if worst != Trouble {
				worst = Busy
			}
			continue
		}
		v := l.Store.Verdict(part.o.Key)
		words := part.o.Key.String()
		if said := part.o.Arrived(); said != model.JustReady {
			words += ": " + said
		}
		switch v.Health {
		case model.Ready:
		case model.Reconciling, model.Pending, model.Outdated:
			if worst != Trouble {
				worst = Busy
			}
		default:
			worst = Trouble
			words = model.Sentence(part.o, v)
		}
		f.judge(part.label, v.Health, words)
	}
	if made := l.Owned(); made != "" {
		f.say("kept by", made)
	}
	if worst == Busy {
		f.Settles = hasApplied(by)
		return f.end(worst, "It is being fetched and applied.")
	}
	return f.end(worst, "")
}
