package kube

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
)

// Who wrote only labels, annotations or the status made no generation, however
// their keys are called; of whom no fields are told, nothing is known.
func TestWritersAsideFromTheSpec(t *testing.T) {
	for fields, aside := range map[string]bool{
		`{"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:replicas":{}}}`:                                 false,
		`{"f:spec":{"f:template":{"f:spec":{"k:{\"name\":\"a}\"}":{}}}}}`:                                          false,
		`{"f:metadata":{"f:annotations":{"f:f:spec":{},"f:spec":{},"f:x\"f:spec":{}}}}`:                            true,
		`{"f:metadata":{"f:annotations":{"f:deployment.kubernetes.io/revision":{}}},"f:status":{"f:replicas":{}}}`: true,
		`{}`:         true,
		`{"f:spec`:   true,
		`{"f:spec\"`: true,
		"":           false,
	} {
		in := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "web", ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl-label"}}}}
		if fields != "" {
			in.ManagedFields[0].FieldsV1 = metav1.NewFieldsV1(fields)
		}
		if got := decodeDeployment(model.Deployment, in).Detail.(*model.Workload).Managers; len(got) != 1 || got[0].Aside != aside {
			t.Errorf("%s: %+v, want aside %v", fields, got, aside)
		}
	}
}
