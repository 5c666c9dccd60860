package demo_test

import (
	"context"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"tenantry/kube/demo"
)

func coreClient(t *testing.T, cfg *rest.Config, gv schema.GroupVersion, contentType string) *rest.RESTClient {
	t.Helper()
	cfg = rest.CopyConfig(cfg)
	cfg.GroupVersion, cfg.APIPath = &gv, "/apis"
	if gv.Group == "" {
		cfg.APIPath = "/api"
	}
	cfg.ContentType = contentType
	cfg.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	c, err := rest.RESTClientFor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func TestReflectorSyncsInEveryEncoding(t *testing.T) {
	for _, ct := range []string{"application/json", "application/vnd.kubernetes.protobuf"} {
		t.Run(ct, func(t *testing.T) {
			cluster := demo.NewCluster(demo.Options{})
			client := coreClient(t, cluster.Config(), corev1.SchemeGroupVersion, ct)
			store := cache.NewStore(cache.MetaNamespaceKeyFunc)
			lw := cache.NewListWatchFromClient(client, "namespaces", "", fields.Everything())
			r := cache.NewReflector(lw, &corev1.Namespace{}, store, 0)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			go r.Run(ctx.Done())
			eventually(t, "the first list", func() bool { return len(store.List()) == 4 })
			ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "team-x", Labels: map[string]string{"a": "b"}}}
			if err := client.Post().Resource("namespaces").Body(ns).Do(ctx).Into(ns); err != nil {
				t.Fatal(err)
			}
			if ns.UID == "" || ns.Status.Phase != corev1.NamespaceActive {
				t.Fatalf("created as %+v", ns)
			}
			eventually(t, "the watch event", func() bool { return len(store.List()) == 5 })
		})
	}
}

func TestTypedAndMetadataAnswers(t *testing.T) {
	cluster := demo.NewCluster(demo.Options{Kinds: true})
	ctx := context.Background()
	apps := coreClient(t, cluster.Config(), appsv1.SchemeGroupVersion, "application/vnd.kubernetes.protobuf")
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "kcheck"}, Spec: appsv1.DeploymentSpec{
		Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "kcheck"}},
		Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "kcheck"}},
			Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "kcheck", Image: "kcheck:1", Ports: []corev1.ContainerPort{{ContainerPort: 80}}}}}},
	}}
	if err := apps.Post().Namespace("default").Resource("deployments").Body(d).Do(ctx).Into(d); err != nil {
		t.Fatal(err)
	}
	if d.Generation != 1 || *d.Spec.Replicas != 1 || *d.Spec.ProgressDeadlineSeconds != 600 || len(d.ManagedFields) != 1 {
		t.Fatalf("defaults are missing: %+v", d)
	}
	list := &metav1.PartialObjectMetadataList{}
	for _, accept := range []string{
		"application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
		"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
	} {
		if err := apps.Get().Namespace("default").Resource("deployments").SetHeader("Accept", accept).Do(ctx).Into(list); err != nil {
			t.Fatal(accept, err)
		}
		if len(list.Items) != 1 || list.Items[0].Name != "kcheck" {
			t.Fatalf("%s: %+v", accept, list)
		}
	}
}

func TestDiscovery(t *testing.T) {
	cluster := demo.NewCluster(demo.Options{Kinds: true})
	d, err := discovery.NewDiscoveryClientForConfig(cluster.Config())
	if err != nil {
		t.Fatal(err)
	}
	_, lists, err := d.ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, l := range lists {
		for _, r := range l.APIResources {
			found[l.GroupVersion+"/"+r.Name] = true
		}
	}
	for _, want := range []string{"v1/pods", "v1/pods/log", "apps/v1/deployments", "helm.toolkit.fluxcd.io/v2/helmreleases", "fluxcd.controlplane.io/v1/fluxinstances/status"} {
		if !found[want] {
			t.Errorf("%s is not discovered", want)
		}
	}
}

func TestApplyOwnsFieldsAndConflicts(t *testing.T) {
	cluster := demo.NewCluster(demo.Options{Kinds: true})
	ctx := context.Background()
	dyn, err := dynamic.NewForConfig(cluster.Config())
	if err != nil {
		t.Fatal(err)
	}
	repos := dyn.Resource(schema.GroupVersionResource{Group: "source.toolkit.fluxcd.io", Version: "v1", Resource: "gitrepositories"}).Namespace("default")
	repo := func(url string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": map[string]any{"name": "r", "namespace": "default"},
			"spec": map[string]any{"interval": "1m", "url": url}}}
	}
	got, err := repos.Apply(ctx, "r", repo("https://a"), metav1.ApplyOptions{FieldManager: "one"})
	if err != nil {
		t.Fatal(err)
	}
	if got.GetGeneration() != 1 || len(got.GetManagedFields()) != 1 || got.GetManagedFields()[0].Manager != "one" {
		t.Fatalf("applied as %v", got)
	}
	_, err = repos.Apply(ctx, "r", repo("https://b"), metav1.ApplyOptions{FieldManager: "two"})
	if err == nil {
		t.Fatal("want a conflict")
	}
	t.Log(err)
	again, err := repos.Apply(ctx, "r", repo("https://a"), metav1.ApplyOptions{FieldManager: "one"})
	if err != nil || again.GetResourceVersion() != got.GetResourceVersion() {
		t.Fatalf("an apply that changes nothing wrote: %v %v", err, again)
	}
	dry, err := repos.Apply(ctx, "r", repo("https://c"), metav1.ApplyOptions{FieldManager: "one", DryRun: []string{"All"}})
	if err != nil || dry.GetGeneration() != 2 {
		t.Fatalf("dry run: %v %v", err, dry)
	}
	if now, _ := repos.Get(ctx, "r", metav1.GetOptions{}); now.GetGeneration() != 1 {
		t.Fatal("the dry run wrote")
	}
}
