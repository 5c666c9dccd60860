package action

import (
	"time"

	"tenantry/model"
	"tenantry/model/credential"
)

// SaveCredentialPlan writes a Secret, asks every source that fetches with it to
// fetch again, and then the FluxInstance whose sync one of them is: without
// that it stays failed until its own next round, up to an hour. source-controller
// does not look at Secrets by itself. The write is the caller's, decided on what
// was seen of the Secret.
func SaveCredentialPlan(s *model.Store, w Wish, secret model.Write, t *credential.Target) Plan {
	w.Verb = SaveCredential
	key := t.Secret()
	p := &planner{store: s, plan: Plan{Wish: w, Title: "save credential " + key.Namespace + "/" + key.Name, Asks: true}, seen: map[model.Key]bool{}}
	verb, name := "create", ""
	if secret.Op == model.WriteMerge {
		verb, name = "patch", key.Name
	}
	p.plan.Steps = append(p.plan.Steps, Step{
		Key: key, Write: secret, Words: verb + " " + key.String(), Wait: true,
		Needs: model.Access{Verb: verb, Resource: model.Secret.Resource(), Namespace: key.Namespace, Name: name},
		// Nothing watches Secrets: that it was sent and not refused is all there is
		// to see. Whether it is right, the source's own fetch tells.
		Judge: func(*model.Store, time.Time, time.Time) Progress {
			return Progress{Done, "Secret " + key.Name + " written"}
		},
	})
	for _, k := range t.Sources {
		p.ask(k, t.Instance != (model.Key{}))
	}
	if t.Instance != (model.Key{}) {
		p.ask(t.Instance, false)
	}
	return p.plan
}

// ask adds a request to look again, unless it would be swallowed.
func (p *planner) ask(k model.Key, wait bool) {
	o := p.store.Get(k)
	if o == nil {
		return
	}
	if why, _ := p.refusal(o); why != "" {
		p.refuse(k, why)
		return
	}
	p.step(o, wait)
}
