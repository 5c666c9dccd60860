package model

import (
	"fmt"
	"testing"
)

// Every reference of domain.md counts, in the referrer's namespace alone; what
// is missing is read off Flux's words.
func TestSecretUses(t *testing.T) {
	f := newWorld(t).synced()
	source := func(ns, name, secret, message string) *Object {
		o := &Object{Key: Key{GitRepository, ns, name}, UID: ns + name, Generation: 1, ObservedGeneration: 1,
			Detail: &Source{URL: "ssh://git@git.acme.io/x", Secrets: []Pair{{"secretRef", secret}}}}
		o.Conditions = []Condition{{Type: "Ready", Status: "True", Reason: "Succeeded", ObservedGeneration: 1}}
		if message != "" {
			o.Conditions = []Condition{{Type: "Ready", Status: "False", Reason: "AuthenticationFailed", Message: message, ObservedGeneration: 1}}
		}
		return o
	}
	f.put(
		source("prod", "app", "key", `failed to get secret 'prod/key': secrets "key" not found`),
		source("stage", "app", "key", ""),
		source("stage", "other", "half", "invalid 'ssh' auth option: 'known_hosts' is required"),
		&Object{Key: Key{Kustomization, "stage", "app"}, Detail: &Sync{Secrets: []Pair{{"decryption.secretRef", "sops"}, {"kubeConfig.secretRef", "key"}}}},
		&Object{Key: Key{ServiceAccount, "stage", "stage"}, Detail: &Account{ImagePullSecrets: []string{"pull"}}},
		&Object{Key: Key{FluxInstance, "prod", "flux"}, Detail: &Instance{ImagePullSecret: "pull", ArtifactPullSecret: "art", Sync: &InstanceSync{PullSecret: "key"}}},
	)
	said := map[string]string{}
	for _, ns := range []string{"prod", "stage", "nowhere"} {
		for _, u := range f.SecretUses(ns) {
			s := ""
			for _, user := range u.Users {
				s += user.Key.Kind.String() + " " + user.Field + ", "
			}
			said[u.Namespace+"/"+u.Name] = fmt.Sprint(s, u.Missing, " ", u.Lacks)
		}
	}
	for name, want := range map[string]string{
		"prod/key":   "FluxInstance sync.pullSecret, GitRepository secretRef, true ",
		"prod/pull":  "FluxInstance distribution.imagePullSecret, false ",
		"prod/art":   "FluxInstance distribution.artifactPullSecret, false ",
		"stage/key":  "GitRepository secretRef, Kustomization kubeConfig.secretRef, false ",
		"stage/half": "GitRepository secretRef, false known_hosts",
		"stage/sops": "Kustomization decryption.secretRef, false ",
		"stage/pull": "ServiceAccount imagePullSecrets, false ",
	} {
		if said[name] != want {
			t.Errorf("%s: %q, want %q", name, said[name], want)
		}
		delete(said, name)
	}
	for name, s := range said {
		t.Errorf("unexpected %s: %s", name, s)
	}
}
