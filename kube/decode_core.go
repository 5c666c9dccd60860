package kube

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
)

func decodeNamespace(kind model.Kind, in *corev1.Namespace) *model.Object {
	m := metaOf(&in.ObjectMeta)
	o := newObject(kind, &m)
	for i := range in.Status.Conditions {
		c := &in.Status.Conditions[i]
		o.Conditions = append(o.Conditions, model.Condition{Type: intern(string(c.Type)), Status: intern(string(c.Status)),
			Reason: intern(c.Reason), Message: clip(c.Message), LastTransition: unixOf(&c.LastTransitionTime)})
	}
	o.Detail = namespacePhase(string(in.Status.Phase))
	return o
}

// All Namespaces but a few are Active: they share one detail.
var namespaceActive = &model.NamespaceDetail{Phase: string(corev1.NamespaceActive)}

func namespacePhase(phase string) *model.NamespaceDetail {
	if phase == namespaceActive.Phase {
		return namespaceActive
	}
	return &model.NamespaceDetail{Phase: intern(phase)}
}

var accountPlain = &model.Account{}

func decodeAccount(kind model.Kind, in *corev1.ServiceAccount) *model.Object {
	m := metaOf(&in.ObjectMeta)
	o := newObject(kind, &m)
	if len(in.ImagePullSecrets) == 0 {
		o.Detail = accountPlain
		return o
	}
	d := &model.Account{}
	for i := range in.ImagePullSecrets {
		d.ImagePullSecrets = append(d.ImagePullSecrets, intern(in.ImagePullSecrets[i].Name))
	}
	o.Detail = d
	return o
}

func decodeRoleBinding(kind model.Kind, in *rbacv1.RoleBinding) *model.Object {
	return decodeBinding(kind, &in.ObjectMeta, in.RoleRef, in.Subjects)
}

func decodeClusterRoleBinding(kind model.Kind, in *rbacv1.ClusterRoleBinding) *model.Object {
	return decodeBinding(kind, &in.ObjectMeta, in.RoleRef, in.Subjects)
}

func decodeBinding(kind model.Kind, om *metav1.ObjectMeta, role rbacv1.RoleRef, subjects []rbacv1.Subject) *model.Object {
	m := metaOf(om)
	o := newObject(kind, &m)
	d := &model.Binding{RoleKind: intern(role.Kind), RoleName: intern(role.Name)}
	if len(subjects) > 0 {
		d.Subjects = make([]model.Subject, len(subjects))
		for i := range subjects {
			s := &subjects[i]
			d.Subjects[i] = model.Subject{Kind: intern(s.Kind), Namespace: intern(s.Namespace), Name: intern(s.Name)}
		}
	}
	o.Detail = d
	return o
}

func decodeLease(kind model.Kind, in *coordinationv1.Lease) *model.Object {
	m := metaOf(&in.ObjectMeta)
	o := newObject(kind, &m)
	d := &model.LeaseDetail{}
	if in.Spec.HolderIdentity != nil {
		d.Holder = clip(*in.Spec.HolderIdentity)
	}
	if in.Spec.LeaseDurationSeconds != nil {
		d.DurationSeconds = *in.Spec.LeaseDurationSeconds
	}
	if t := in.Spec.RenewTime; t != nil && !t.IsZero() {
		d.RenewedMS = t.UnixMilli()
	}
	if t := in.Spec.AcquireTime; t != nil && !t.IsZero() {
		d.AcquiredMS = t.UnixMilli()
	}
	o.Detail = d
	return o
}

func decodeReplicaSet(kind model.Kind, in *appsv1.ReplicaSet) *model.Object {
	m := metaOf(&in.ObjectMeta)
	o := newObject(kind, &m)
	d := &model.Replica{
		Revision:     revisionOf(in.Annotations),
		Desired:      valueOr(in.Spec.Replicas, 1),
		Ready:        in.Status.ReadyReplicas,
		Avail:        in.Status.AvailableReplicas,
		TemplateHash: intern(in.Labels["pod-template-hash"]),
		ChangeNote:   clip(in.Annotations["kubernetes.io/change-cause"]),
	}
	for i := range in.OwnerReferences {
		if r := &in.OwnerReferences[i]; r.Controller != nil && *r.Controller {
			d.Owner, d.OwnerUID = intern(r.Name), intern(string(r.UID))
		}
	}
	containers := in.Spec.Template.Spec.Containers
	if len(containers) > 0 {
		d.Images = make([]string, len(containers))
		for i := range containers {
			d.Images[i] = intern(containers[i].Image)
		}
	}
	o.ObservedGeneration = in.Status.ObservedGeneration
	o.Detail = d
	return o
}

// revisionOf reads the annotation both Deployments and their ReplicaSets
// carry; 0 = none.
func revisionOf(annotations map[string]string) int64 {
	n, err := strconv.ParseInt(annotations["deployment.kubernetes.io/revision"], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func valueOr(p *int32, otherwise int32) int32 {
	if p == nil {
		return otherwise
	}
	return *p
}

// decodeSecret reads a Secret's metadata. Its annotations are dropped before
// anything else looks at them: last-applied-configuration holds the data.
func decodeSecret(kind model.Kind, secret *secretJSON) *model.Object {
	in := &secret.Metadata
	m := metaFields{
		Name: in.Name, Namespace: in.Namespace, UID: in.UID, ResourceVersion: in.ResourceVersion,
		Generation: in.Generation, CreationTimestamp: in.CreationTimestamp, DeletionTimestamp: in.DeletionTimestamp,
		Finalizers: in.Finalizers, Labels: in.Labels,
	}
	o := newObject(kind, &m)
	o.Detail = &model.SecretDetail{Keys: in.keys()}
	return o
}

// secretMeta is a Secret's metadata without a place for annotations, so that
// they are skipped in the bytes and never become a string.
type secretMeta struct {
	Name              string            `json:"name"`
	Namespace         string            `json:"namespace"`
	UID               string            `json:"uid"`
	ResourceVersion   string            `json:"resourceVersion"`
	Generation        int64             `json:"generation"`
	CreationTimestamp stamp             `json:"creationTimestamp"`
	DeletionTimestamp stamp             `json:"deletionTimestamp"`
	Finalizers        []string          `json:"finalizers"`
	Labels            map[string]string `json:"labels"`
	ManagedFields     []secretFields    `json:"managedFields"`
}

// secretFields is the part of a managedFields entry that names a Secret's keys.
type secretFields struct {
	FieldsV1 struct {
		Data map[string]json.RawMessage `json:"f:data"`
	} `json:"fieldsV1"`
}

// keys returns the names of the Secret's keys as managedFields tell them: the
// "f:" entries below f:data (fieldsV1 of structured-merge-diff). nil = unknown.
func (m *secretMeta) keys() []string {
	var out []string
	for i := range m.ManagedFields {
		for name := range m.ManagedFields[i].FieldsV1.Data {
			if key, ok := strings.CutPrefix(name, "f:"); ok {
				out = append(out, intern(key))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

type secretJSON struct {
	Metadata secretMeta `json:"metadata"`
}
