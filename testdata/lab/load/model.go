package load

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"tenantry/lab/cluster"
)

// A model is a tenant made through the API server, as etcd has it.
type model struct {
	tenant tenant
	refs   []cluster.Ref
	values []string
	uids   []string
}

// sort says in what a tenant differs from healthy ones.
func (t tenant) sort() string {
	return fmt.Sprint(t.sourceFails(), t.applyFails(), t.rolloutFails(), t.suspended(), t.full)
}

func newModel(ctx context.Context, api *cluster.Client, etcd *store, t tenant) (*model, error) {
	m := &model{tenant: t}
	deployments := map[string]string{} // name → uid, for the ReplicaSets' owner
	for _, it := range t.items() {
		r := it.object.Ref()
		if r.Kind == "ReplicaSet" {
			it.own(deployments)
		}
		uid, err := it.create(ctx, api, t.full)
		if err != nil {
			return nil, err
		}
		if r.Kind == "Deployment" {
			deployments[r.Name] = uid
		}
		value, err := etcd.get(ctx, r)
		if err != nil {
			return nil, err
		}
		m.refs, m.values, m.uids = append(m.refs, r), append(m.values, string(value)), append(m.uids, uid)
	}
	return m, nil
}

// own names the Deployment above a ReplicaSet.
func (it item) own(deployments map[string]string) {
	meta := it.object["metadata"].(map[string]any)
	app := it.object.Str("metadata", "labels", "app")
	meta["ownerReferences"] = []any{map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "name": app, "uid": deployments[app], "controller": true, "blockOwnerDeletion": true,
	}}
}

// copy writes the model again as another tenant. Built-in kinds are stored as
// protobuf, where texts carry their length: each text is replaced by one just
// as long.
func (m *model) copy(ctx context.Context, etcd *store, t tenant) error {
	replace := m.replacer(t)
	for i, r := range m.refs {
		if r.Namespace != "" {
			r.Namespace = t.ns
		}
		r.Name = strings.ReplaceAll(r.Name, m.tenant.ns, t.ns)
		if err := etcd.put(ctx, r, []byte(replace.Replace(m.values[i]))); err != nil {
			return err
		}
	}
	return nil
}

func (m *model) replacer(t tenant) *strings.Replacer {
	pairs := []string{m.tenant.ns, t.ns}
	for i := range 3 {
		pairs = append(pairs, sha(m.tenant.n+i), sha(t.n+i))
	}
	pairs = append(pairs, m.tenant.since().UTC().Format(time.RFC3339), t.since().UTC().Format(time.RFC3339))
	for _, uid := range m.uids {
		pairs = append(pairs, uid, newUID())
	}
	return strings.NewReplacer(pairs...)
}

func sha(n int) string { return strings.TrimPrefix(revision(n), "main@sha1:") }

func newUID() string {
	b := make([]byte, 16)
	rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
