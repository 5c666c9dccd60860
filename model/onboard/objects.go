package onboard

import (
	"encoding/json"

	"tenantry/model"
)

// Object is one object of a tenant, decided in full.
type Object struct {
	Ref model.ObjectRef
	// Body is the object as it is applied, as JSON: only what is meant to be
	// ours, so that server-side apply leaves other people's labels alone.
	Body []byte
	// Why says in a few words what it is for.
	Why string
	// Resource is its plural name, for access reviews.
	Resource string
}

// manifest is the part of a manifest that all kinds have.
type manifest map[string]any

// Objects are a tenant's objects in the order they are applied in: namespaces,
// accounts, roles and bounds before the source that needs the credential, and
// the syncs last, so that nothing runs before what bounds it exists. The
// credential is no part of it: it is made by its own dialog, before the source.
func (s Spec) Objects() []Object {
	s = s.withDefaults()
	if s.Set != "" {
		return []Object{s.set()}
	}
	var access, sources, syncs []Object
	for _, sp := range s.Spaces {
		access = append(access, s.namespace(sp), s.account(sp), s.binding(sp))
		if !s.Quota.empty() {
			access = append(access, s.quota(sp))
		}
		if s.Isolate {
			access = append(access, s.policy(sp))
		}
		sources = append(sources, s.source(sp))
		syncs = append(syncs, s.sync(sp))
	}
	return append(append(access, sources...), syncs...)
}

// made writes an object: kind, name and the tenant's label are the same for
// all of them.
func (s Spec) made(apiVersion, group, kind, resource, namespace, name, why string, rest manifest) Object {
	meta := manifest{"name": name, "labels": manifest{model.LabelTenant: s.Name}}
	if namespace != "" {
		meta["namespace"] = namespace
	}
	body := manifest{"apiVersion": apiVersion, "kind": kind, "metadata": meta}
	for k, v := range rest {
		body[k] = v
	}
	text, _ := json.Marshal(body) // maps of plain values: cannot fail
	return Object{Ref: model.ObjectRef{Group: group, Kind: kind, Namespace: namespace, Name: name}, Body: text, Why: why, Resource: resource}
}

func (s Spec) namespace(sp Space) Object {
	return s.made("v1", "", "Namespace", "namespaces", "", sp.Namespace, "where it lives", nil)
}

func (s Spec) account(sp Space) Object {
	return s.made("v1", "", "ServiceAccount", "serviceaccounts", sp.Namespace, s.Account, "who its syncs run as", nil)
}

// binding is named as flux create tenant names it, so that both see one tenant.
func (s Spec) binding(sp Space) Object {
	const group = "rbac.authorization.k8s.io"
	return s.made(group+"/v1", group, "RoleBinding", "rolebindings", sp.Namespace, bindingName(s.Name), "what they may do: "+s.Role.String(), manifest{
		"roleRef":  manifest{"apiGroup": group, "kind": "ClusterRole", "name": s.Role.String()},
		"subjects": []manifest{{"kind": "ServiceAccount", "name": s.Account, "namespace": sp.Namespace}},
	})
}

func bindingName(tenant string) string { return tenant + "-reconciler" }

func (s Spec) quota(sp Space) Object {
	hard := manifest{}
	for k, v := range map[string]string{"requests.cpu": s.Quota.CPU, "requests.memory": s.Quota.Memory, "pods": s.Quota.Pods} {
		if v != "" {
			hard[k] = v
		}
	}
	return s.made("v1", "", "ResourceQuota", "resourcequotas", sp.Namespace, s.Name, "how much it may use", manifest{"spec": manifest{"hard": hard}})
}

func (s Spec) policy(sp Space) Object {
	const group = "networking.k8s.io"
	all := manifest{}
	return s.made(group+"/v1", group, "NetworkPolicy", "networkpolicies", sp.Namespace, s.Name, "who reaches its pods: only its own namespace", manifest{
		"spec": manifest{"podSelector": all, "policyTypes": []string{"Ingress"},
			"ingress": []manifest{{"from": []manifest{{"podSelector": all}}}}},
	})
}

func (s Spec) source(sp Space) Object {
	const group = "source.toolkit.fluxcd.io"
	spec := manifest{"url": s.Source.URL, "interval": s.Source.Interval, "ref": manifest{"branch": s.Source.Branch}}
	if s.Source.Secret != "" {
		spec["secretRef"] = manifest{"name": s.Source.Secret}
	}
	return s.made(group+"/v1", group, "GitRepository", "gitrepositories", sp.Namespace, s.Source.Name, "where it comes from", manifest{"spec": spec})
}

func (s Spec) sync(sp Space) Object {
	const group = "kustomize.toolkit.fluxcd.io"
	spec := manifest{
		"serviceAccountName": s.Account, "path": sp.Path, "prune": !s.Sync.NoPrune, "wait": !s.Sync.NoWait,
		"interval": s.Sync.Interval, "timeout": s.Sync.Timeout,
		"sourceRef": manifest{"kind": "GitRepository", "name": s.Source.Name},
	}
	if s.Sync.Inside {
		spec["targetNamespace"] = sp.Namespace
	}
	return s.made(group+"/v1", group, "Kustomization", "kustomizations", sp.Namespace, s.Source.Name, "what applies it: "+sp.Path, manifest{"spec": spec})
}
