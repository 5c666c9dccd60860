package why

import (
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// fixes say what helps against a fault, the nearest first, and what right each
// takes.
func (w *walk) fixes(f *Fault) {
	w.remedy(f)
	w.again(f)
}

// remedy mends the cause itself.
func (w *walk) remedy(f *Fault) {
	source := w.inChain(f, model.RoleSource)
	sync := w.inChain(f, model.RoleSync)
	workload := w.inChain(f, model.RoleWorkload)
	git := func(o *model.Object, words string) {
		f.Fixes = append(f.Fixes, Fix{Words: words + w.where(o)})
	}
	add := func(x Fix) { f.Fixes = append(f.Fixes, x) }
	root := f.Root()
	switch f.Kind {
	case said.SecretMissing, said.SecretKeys, said.KeyEncrypted:
		if source != nil {
			add(Fix{Do: DoCredential, At: source.Key, Words: "restore the secret: a new key, a key you have, or SOPS", Needs: secretRights(root.Ref)})
			add(Fix{Words: "so that it lasts: keep it in Git, encrypted"})
			return
		}
		add(Fix{Words: "create " + lower(root.Ref) + " with the keys it needs", Needs: secretRights(root.Ref)})
	case said.DeployKeyRefused, said.LoginRefused, said.AccessRefused:
		words := "at the Git host: see whether the login is right, and may read the repository"
		if f.Kind == said.DeployKeyRefused {
			words = "at the Git host: add the public key as a deploy key, or see whether the account still has access"
		}
		add(Fix{Words: words})
		if source != nil && secretRef(source).Name == "" {
			add(Fix{Words: "it names no secret: if the repository is private, make one and name it in spec.secretRef" + w.where(source)})
		} else if source != nil {
			add(Fix{Do: DoCredential, At: source.Key, Words: "put another credential into its secret", Needs: secretRights(secretRef(source))})
		}
	case said.HostKeyChanged, said.HostKeyUnknown, said.HostKeyRevoked, said.HostKeyType:
		if source != nil {
			add(Fix{Do: DoCredential, At: source.Key, Words: "compare the host's fingerprint with the one it publishes, then take the new known_hosts", Needs: secretRights(secretRef(source))})
		}
		add(Fix{Words: "a changed key nobody announced may be somebody in between: ask the Git host before you accept it"})
	case said.ProviderUnset:
		git(source, "set spec.provider: github")
	case said.RepositoryMissing, said.RefMissing, said.RepositoryEmpty:
		if source != nil {
			git(source, "correct its URL or ref, or push what it names")
		}
	case said.SourceMissing, said.CrossNamespace:
		if f.AsItShould {
			git(sync, "give it a source in its own namespace; the refusal itself is right")
			break
		}
		git(sync, "correct spec.sourceRef, or create the source")
	case said.HostUnresolved, said.LookupUnanswered:
		add(Fix{Words: "see whether the name is spelt right, and whether the cluster's DNS knows it"})
	case said.NoAnswer, said.ConnectionRefused, said.ProxyFault, said.TLSFault:
		add(Fix{Words: "see whether the host is up, and whether a firewall, network policy or proxy lets source-controller out"})
	case said.CertificateUnknown:
		add(Fix{Words: "put the server's CA into the secret as ca.crt, or mend the certificate"})
	case said.SignatureInvalid:
		add(Fix{Words: "sign the commit with a key the source trusts, or add that key to spec.verify"})
	case said.PathMissing:
		git(sync, "correct spec.path, or push the path")
	case said.ManifestInvalid, said.BuildFailed, said.RemoteBase, said.SubstituteFailed, said.Invalid, said.Immutable, said.ValuesInvalid:
		add(Fix{Words: "mend it in " + w.commitPlace(sync) + " and push"})
		if f.Kind == said.Immutable {
			add(Fix{Words: "or delete the object, so that it is made anew: what runs of it stops meanwhile"})
		}
	case said.SubstituteMissing, said.ValuesMissing:
		add(Fix{Words: "create " + lower(root.Ref) + ", or mark it optional"})
	case said.DecryptionUnset:
		git(sync, "set spec.decryption, with a secret that holds the key")
	case said.DecryptionFailed:
		add(Fix{Words: "put the right key into its decryption secret, or encrypt for the key that is there"})
	case said.ForbiddenInside, said.ForbiddenCluster:
		if f.AsItShould {
			add(Fix{Words: "take it out of " + w.commitPlace(sync) + ", or let the platform apply it; giving the account the right would end the isolation"})
			break
		}
		add(Fix{Words: "bind a role that allows it to the account", Needs: []model.Access{bindingRight(root.Ref.Namespace)}})
	case said.KindMissing:
		add(Fix{Words: "install the CRD, or use a version that is served"})
	case said.NamespaceMissing:
		add(Fix{Words: "create the namespace, or correct the one in Git"})
	case said.Refused, said.QuotaExceeded:
		add(Fix{Words: "mend it in " + w.commitPlace(sync) + " so that the policy allows it, or ask whoever sets the policy"})
	case said.WebhookFault:
		add(Fix{Words: "see whether the webhook's own Deployment runs: while it does not answer, nothing it checks can be applied"})
	case said.Conflict:
		add(Fix{Words: "let one of both managers own the field"})
	case said.ExpressionInvalid, said.FeatureOff:
		git(sync, "correct its spec: no retry helps")
	case said.DependencyMissing:
		git(sync, "correct spec.dependsOn, or create what it names")
	case said.VersionMissing, said.DowngradeRefused:
		add(Fix{Words: "set spec.distribution.version to one there is"})
	case said.TemplateInvalid, said.InputsMissing:
		git(sync, "correct its template or inputs")
	case said.RetriesExceeded:
		git(sync, "mend what made it fail, then reset its count of failures (under a), or change its spec")
	case said.ChartMissing:
		git(sync, "correct spec.chart, or publish the version")
	}
	w.remedyOurs(f, sync, workload)
}

func (w *walk) remedyOurs(f *Fault, sync, workload *model.Object) {
	add := func(x Fix) { f.Fixes = append(f.Fixes, x) }
	root := f.Root()
	k, _ := root.Key()
	switch f.Ours {
	case ControllerDown, NoController:
		cmd := ""
		if k.Name != "" {
			cmd = "kubectl rollout restart deployment " + k.Name + " -n " + k.Namespace
			if strings.Contains(f.Words, "scaled to 0") {
				cmd = "kubectl scale deployment " + k.Name + " -n " + k.Namespace + " --replicas 1"
			}
		}
		if f.Ours == NoController {
			cmd = ""
			if w.s.Platform().Instance != nil {
				add(Fix{Words: "add it to the FluxInstance's spec.components"})
				break
			}
			add(Fix{Words: "install it with the rest of Flux: nothing else answers for this kind"})
			break
		}
		add(Fix{Do: DoLogs, At: k, Words: "see in its logs why it stopped"})
		add(Fix{Do: DoCommand, At: k, Words: "start it again", Command: cmd, Needs: []model.Access{{Verb: "patch", Group: "apps", Resource: "deployments", Namespace: k.Namespace, Name: k.Name}}})
	case NoShard:
		add(Fix{Words: "correct the label, or start a controller for the shard"})
	case WrongNamespace:
		add(Fix{Words: "delete it, and set the instance flux in the operator's namespace"})
	case SuspendedThere:
		add(Fix{Do: DoResume, At: k, Words: "resume it, once the reason is gone", Needs: patchRights(k)})
	case HeldByFinalizer:
		w.remedyHeld(f)
	case AccountMissing:
		add(Fix{Do: DoApply, Words: "create the account and bind it to a role, or name another one", Manifest: accountManifest(root.Ref),
			Needs: []model.Access{{Verb: "create", Resource: "serviceaccounts", Namespace: root.Ref.Namespace}}})
	case NoRights:
		add(Fix{Do: DoApply, Words: "bind the account to a role in its namespace", Manifest: bindingManifest(root.Ref), Needs: []model.Access{bindingRight(root.Ref.Namespace)}})
	case PodsRefused:
		add(Fix{Words: "ask for less in Git, or for a larger quota"})
	case NoNodeTakesIt:
		add(Fix{Words: "mend selectors, tolerations or requests in Git, or add a node that fits"})
	case NodeDown:
		add(Fix{Words: "look at the node: its pods come back elsewhere after five minutes, those of a StatefulSet only once it is gone"})
	case ImageMissing:
		add(Fix{Words: "correct the image in Git, push it to the registry, or give the account a pull secret"})
	case ContainerSetup:
		add(Fix{Words: "create what it names, or correct the name in Git"})
	case Crashing, ProbeFails:
		if workload != nil {
			add(Fix{Do: DoLogs, At: workload.Key, Words: "read what it said before it ended"})
		}
		add(Fix{Words: "push a fix, or revert the commit that changed it"})
	case RolloutStuck:
		if workload != nil {
			add(Fix{Do: DoLogs, At: workload.Key, Words: "look at its pods and logs"})
		}
	case WorkloadGone:
		if sync != nil {
			add(Fix{Do: DoReconcile, At: sync.Key, Words: "reconcile: what Git asks for is made again", Needs: patchRights(sync.Key)})
		}
	case PausedRollout:
		add(Fix{Do: DoCommand, At: k, Words: "resume the rollout", Command: "kubectl rollout resume deployment " + k.Name + " -n " + k.Namespace,
			Needs: []model.Access{{Verb: "patch", Group: "apps", Resource: "deployments", Namespace: k.Namespace, Name: k.Name}}})
	case Unanswered, StuckRunning, ArtifactBehind, DependencyBehind:
		if o := w.s.Get(k); f.Ours == Unanswered && o != nil {
			if c := w.s.ServedBy(o).View; c != nil {
				add(Fix{Do: DoLogs, At: c.Key, Words: "see in the logs of " + c.Name + " whether it works at all"})
			}
		}
		if k != (model.Key{}) && k.Kind.Role() == model.RoleSync {
			add(Fix{Do: DoReconcile, At: k, Words: "reconcile it", Needs: patchRights(k)})
		}
	case DependsOnItself:
		add(Fix{Words: "take one spec.dependsOn out of the circle"})
	}
}

// again asks for another try once the cause is mended: a source is not told
// when its secret changes, and a failing sync waits for its retry.
func (w *walk) again(f *Fault) {
	switch f.Kind {
	case said.ExpressionInvalid, said.FeatureOff, said.TemplateInvalid, said.VersionMissing, said.DowngradeRefused, said.RetriesExceeded:
		return // stalled: a change of its spec starts the next try, and nothing else
	}
	if f.Ours == ControllerDown || f.Ours == NoController || f.Ours == WrongNamespace || f.Ours == NoShard || f.AsItShould || f.Ours == SuspendedThere || f.Ours == HeldByFinalizer {
		return
	}
	if slices.ContainsFunc(f.Fixes, func(x Fix) bool { return x.Do == DoReconcile }) {
		return
	}
	source, sync := w.inChain(f, model.RoleSource), w.inChain(f, model.RoleSync)
	switch {
	case source != nil:
		words := "then fetch again"
		if f.Kind == said.SecretMissing || f.Kind == said.SecretKeys {
			words += ": source-controller does not watch secrets"
		}
		if f.Chain[0].Ref.Kind == "FluxInstance" {
			words += "; the instance too, or it stays failed for up to an hour"
		}
		f.Fixes = append(f.Fixes, Fix{Do: DoFetch, At: source.Key, Words: words, Needs: patchRights(source.Key)})
	case sync != nil && f.Ours != NodeDown:
		f.Fixes = append(f.Fixes, Fix{Do: DoFetch, At: sync.Key, Words: "then fetch and apply again", Needs: patchRights(sync.Key)})
	}
}

// inChain is the last object of a role in a chain: the one nearest the fault.
func (w *walk) inChain(f *Fault, role model.Role) *model.Object {
	for i := len(f.Chain) - 1; i >= 0; i-- {
		if k, ok := f.Chain[i].Key(); ok && k.Kind.Role() == role {
			if o := w.s.Get(k); o != nil {
				return o
			}
		}
	}
	return nil
}

// where says where an object's spec is kept: Git, where something applies it.
func (w *walk) where(o *model.Object) string {
	if o == nil {
		return ""
	}
	if owner, ok := w.s.Owner(o); ok {
		if owner.Kind == model.Kustomization || owner.Kind == model.HelmRelease {
			return ", in Git: " + lower(refOf(owner)) + " applies it"
		}
		return ", in " + lower(refOf(owner)) + ", which makes it"
	}
	return ""
}

// commitPlace names the repository a sync reads from.
func (w *walk) commitPlace(sync *model.Object) string {
	if sync == nil {
		return "Git"
	}
	if d, ok := sync.Detail.(*model.Sync); ok {
		if r := w.repository(d); r != "the repository" {
			return r
		}
	}
	return "Git"
}

func secretRef(source *model.Object) model.Ref {
	r := model.Ref{Kind: "Secret", Namespace: source.Namespace}
	if d, ok := source.Detail.(*model.Source); ok {
		r.Name = secretOf(d.Secrets, "secretRef")
	}
	return r
}

func secretRights(r model.Ref) []model.Access {
	return []model.Access{{Verb: "create", Resource: "secrets", Namespace: r.Namespace}}
}

func bindingRight(namespace string) model.Access {
	return model.Access{Verb: "create", Group: "rbac.authorization.k8s.io", Resource: "rolebindings", Namespace: namespace}
}

func patchRights(k model.Key) []model.Access {
	return []model.Access{{Verb: "patch", Group: k.Kind.Group(), Resource: k.Kind.Resource(), Namespace: k.Namespace, Name: k.Name}}
}

// isName reports whether a name is one an object can have: a field of a tenant's
// may hold anything, and what is made of it is meant to be applied.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

func accountManifest(r model.Ref) string {
	if !isName(r.Name) || !isName(r.Namespace) {
		return ""
	}
	return "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: " + r.Name + "\n  namespace: " + r.Namespace + "\n---\n" + bindingManifest(r)
}

func bindingManifest(r model.Ref) string {
	if !isName(r.Name) || !isName(r.Namespace) {
		return ""
	}
	return "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: " + r.Name + "-reconciler\n  namespace: " + r.Namespace +
		"\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: admin\nsubjects:\n- kind: ServiceAccount\n  name: " + r.Name + "\n  namespace: " + r.Namespace + "\n"
}
