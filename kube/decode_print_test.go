package kube

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	quantity "k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"tenantry/model"
)

func webDeployment() *appsv1.Deployment {
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: "stage", Name: "web"},
		Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}, Annotations: map[string]string{"team": "a"}},
			Spec: corev1.PodSpec{
				ServiceAccountName: "web",
				Volumes:            []corev1.Volume{{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
				Containers: []corev1.Container{{
					Name: "web", Image: "ghcr.io/example/web:1.0.2", Args: []string{"--port=8080"},
					Env: []corev1.EnvVar{{Name: "COLOUR", Value: "Teal"}, {Name: "TOKEN", ValueFrom: &corev1.EnvVarSource{
						SecretKeyRef: &corev1.SecretKeySelector{Key: "token"}}}},
					Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"memory": quantity.MustParse("64Mi"), "cpu": quantity.MustParse("100m")}},
					ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/ready",
						Port: intstr.FromInt32(8080)}}},
					VolumeMounts: []corev1.VolumeMount{{Name: "tmp", MountPath: "/tmp"}},
				}, {Name: "proxy", Image: "proxy:1", Env: []corev1.EnvVar{{Name: "COLOUR", Value: "Teal"}}}},
			}}}}
}

// Each edit of a spec is seen in exactly the aspect it is one of.
func TestPrintTellsAspectsApart(t *testing.T) {
	type prints struct{ resources, probes, command, volumes, strategy, restarted, elsewhere, env bool }
	two := int32(2)
	for name, c := range map[string]struct {
		edit func(*appsv1.Deployment)
		want prints
	}{
		"nothing":   {func(*appsv1.Deployment) {}, prints{}},
		"replicas":  {func(d *appsv1.Deployment) { d.Spec.Replicas = &two }, prints{}},
		"image":     {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].Image = "x" }, prints{}},
		"env value": {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].Env[0].Value = "Plum" }, prints{env: true}},
		"env key":   {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].Env[1].ValueFrom.SecretKeyRef.Key = "x" }, prints{env: true}},
		"other env": {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[1].Env[0].Value = "Plum" }, prints{env: true}},
		"memory": {func(d *appsv1.Deployment) {
			d.Spec.Template.Spec.Containers[0].Resources.Limits["memory"] = quantity.MustParse("128Mi")
		}, prints{resources: true}},
		"probe": {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].ReadinessProbe.PeriodSeconds = 3 }, prints{probes: true}},
		"probe kind": {func(d *appsv1.Deployment) {
			c := &d.Spec.Template.Spec.Containers[0]
			c.LivenessProbe, c.ReadinessProbe = c.ReadinessProbe, nil
		}, prints{probes: true}},
		"args": {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].Args[0] = "--port=80" }, prints{command: true}},
		"args to command": {func(d *appsv1.Deployment) {
			c := &d.Spec.Template.Spec.Containers[0]
			c.Command, c.Args = c.Args, nil
		}, prints{command: true}},
		"mount":    {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].VolumeMounts[0].ReadOnly = true }, prints{volumes: true}},
		"volume":   {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Volumes = nil }, prints{volumes: true}},
		"strategy": {func(d *appsv1.Deployment) { d.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType }, prints{strategy: true}},
		"ready":    {func(d *appsv1.Deployment) { d.Spec.MinReadySeconds = 9 }, prints{strategy: true}},
		"restart":  {func(d *appsv1.Deployment) { d.Spec.Template.Annotations[restartedAt] = "2026-11-22T12:00:00Z" }, prints{restarted: true}},
		"label":    {func(d *appsv1.Deployment) { d.Spec.Template.Labels["v"] = "2" }, prints{elsewhere: true}},
		"account":  {func(d *appsv1.Deployment) { d.Spec.Template.Spec.ServiceAccountName = "x" }, prints{elsewhere: true}},
		"user":     {func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].WorkingDir = "/x" }, prints{elsewhere: true}},
	} {
		t.Run(name, func(t *testing.T) {
			base := decodeDeployment(model.Deployment, webDeployment()).Detail.(*model.Workload).Print
			edited := webDeployment()
			c.edit(edited)
			next := decodeDeployment(model.Deployment, edited).Detail.(*model.Workload).Print
			got := prints{base.Resources != next.Resources, base.Probes != next.Probes, base.Command != next.Command, base.Volumes != next.Volumes,
				base.Strategy != next.Strategy, base.Restarted != next.Restarted, base.Elsewhere != next.Elsewhere, base.Env != next.Env}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func BenchmarkPrint(b *testing.B) {
	d := webDeployment()
	b.ReportAllocs()
	for b.Loop() {
		templatePrint(&d.Spec.Template)
	}
}
