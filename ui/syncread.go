package ui

import (
	"context"
	"errors"
	"time"

	"sigs.k8s.io/yaml"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

// Bounds of reading what is at stake: what was not read is named as something
// that goes.
const (
	stakesWithin = 8 * time.Second
	maxStakes    = 500
)

// readStakes reads what objects say of being pruned, the gravest first. Their
// own labels and annotations decide, at the very end, whether they go.
func readStakes(ctx context.Context, cluster Cluster, refs []model.ObjectRef) fluxsync.Seen {
	ctx, cancel := context.WithTimeout(ctx, stakesWithin)
	defer cancel()
	refs = refs[:min(len(refs), maxStakes)]
	found := make([]*fluxsync.Meta, len(refs))
	_ = atOnce(ctx, len(refs), func(ctx context.Context, i int) error {
		found[i] = metaOf(ctx, cluster, refs[i])
		return nil
	}, func() {})
	seen := fluxsync.Seen{}
	for i, m := range found {
		if m != nil {
			seen[refs[i]] = *m
		}
	}
	return seen
}

// metaOf is nil when an object can't be read. It survives what goes wrong on
// the way: it is a goroutine's.
func metaOf(ctx context.Context, cluster Cluster, ref model.ObjectRef) (m *fluxsync.Meta) {
	defer func() {
		if recover() != nil {
			m = nil
		}
	}()
	doc, err := cluster.Document(ctx, ref)
	var refusal *model.RequestError
	if errors.As(err, &refusal) && refusal.Reason == model.RequestNotFound {
		return &fluxsync.Meta{Gone: true}
	}
	if err != nil {
		return nil
	}
	object, err := yaml.YAMLToJSON([]byte(doc.YAML))
	if err != nil {
		return nil
	}
	meta, err := fluxsync.MetaOf(object)
	if err != nil {
		return nil
	}
	return &meta
}
