package ui

import (
	"context"
	"errors"

	"sigs.k8s.io/yaml"

	"tenantry/model"
)

// readMarks reads the labels and annotations of one object.
func readMarks(ctx context.Context, cluster Cluster, ref model.ObjectRef) (model.Marks, error) {
	d, err := cluster.Document(ctx, ref)
	var refusal *model.RequestError
	if errors.As(err, &refusal) && refusal.Reason == model.RequestNotFound {
		return model.Marks{Gone: true}, nil
	}
	if err != nil {
		return model.Marks{}, err
	}
	var object struct {
		Metadata struct{ Labels, Annotations map[string]string }
	}
	if err := yaml.Unmarshal([]byte(d.YAML), &object); err != nil {
		return model.Marks{}, err
	}
	return model.Marks{Labels: pairs(object.Metadata.Labels), Annotations: pairs(object.Metadata.Annotations)}, nil
}

func pairs(m map[string]string) model.Pairs {
	out := make(model.Pairs, 0, len(m))
	for name, value := range m {
		out = append(out, model.Pair{Name: name, Value: value})
	}
	return out
}
