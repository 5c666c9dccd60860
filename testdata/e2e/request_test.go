package e2e

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"tenantry/kube"
	"tenantry/model"
)

// What a push does is told by Flux's events: those of one namespace are read
// while they are wanted, with the pods the push makes.
func TestEventsOfAPush(t *testing.T) {
	const ns = "fluxdemo-dev"
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	w.session.Want([]model.Want{{Kind: model.Event, Namespace: ns}, {Kind: model.Pod, Namespace: ns}})
	w.wait(t, 5*time.Second, "events and pods are read", func(s *model.Store) bool {
		return s.KindStatus(model.Event).State == model.ScopeSynced && s.KindStatus(model.Pod).State == model.ScopeSynced
	})
	pushed := model.Unix(time.Now().Unix())
	subject := fmt.Sprintf("Say %d", pushed)
	out := inLab(t, "push", "dev", "--env", "CONTENT="+subject, "--message", subject, "--reconcile")
	sha := regexp.MustCompile(`[0-9a-f]{40}`).FindString(out)
	// An equal event of before is counted up and keeps its revision.
	told := func(k model.Key, message string) func(*model.Store) bool {
		return func(s *model.Store) bool {
			for _, o := range s.EventsOf(k) {
				d, ok := o.Detail.(*model.EventDetail)
				if ok && strings.Contains(d.Message, message) && d.Last >= pushed && (d.Count > 1 || d.Revision == "main@sha1:"+sha) {
					return true
				}
			}
			return false
		}
	}
	w.wait(t, 60*time.Second, "the fetch is told", told(model.Key{Kind: model.GitRepository, Namespace: ns, Name: "git-demo-dev"}, subject))
	w.wait(t, 60*time.Second, "the apply is told", told(model.Key{Kind: model.Kustomization, Namespace: ns, Name: "git-dev"}, "Deployment/"+ns+"/kcheck configured"))
	w.wait(t, 60*time.Second, "the end is told", told(model.Key{Kind: model.Kustomization, Namespace: ns, Name: "git-dev"}, "Reconciliation finished"))
	eventually(t, 30*time.Second, func() error {
		want := strings.Fields(kubectl(t, "-n", ns, "get", "pods", "-l", "app=kcheck", "-o", "name", "--sort-by", ".metadata.name"))
		var got []string
		w.look(func(s *model.Store) {
			for _, o := range s.PodsOf(model.Key{Kind: model.Deployment, Namespace: ns, Name: "kcheck"}) {
				got = append(got, "pod/"+o.Name)
			}
		})
		if len(want) == 0 || strings.Join(got, " ") != strings.Join(want, " ") {
			return fmt.Errorf("pods %v, kubectl has %v", got, want)
		}
		return nil
	})
	w.look(func(s *model.Store) {
		for _, o := range s.Events("") {
			if o.Namespace != ns || o.Undecodable != "" {
				t.Errorf("%s: %s", o.Key, o.Undecodable)
			}
		}
	})
	w.session.Want(nil)
	w.wait(t, 5*time.Second, "what is no longer wanted leaves", func(s *model.Store) bool {
		return len(s.Wanted()) == 0 && len(s.Events("")) == 0 && len(s.Objects(model.Pod)) == 0
	})
}

// A document reads as kubectl prints it.
func TestDocumentsReadAsKubectlPrintsThem(t *testing.T) {
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	for _, ref := range []model.ObjectRef{
		{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "fluxdemo-dev", Name: "git-dev"},
		{Group: "apps", Kind: "Deployment", Namespace: "fluxdemo-dev", Name: "kcheck"},
		{Kind: "ConfigMap", Namespace: "fluxdemo-dev", Name: "kube-root-ca.crt"},
		{Kind: "Namespace", Name: "fluxdemo-dev"},
		{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "cluster-admin"},
		{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition", Name: "kustomizations.kustomize.toolkit.fluxcd.io"},
	} {
		eventually(t, 10*time.Second, func() error { // controllers may write in between
			d, err := w.session.Document(t.Context(), ref)
			if err != nil {
				return err
			}
			kind := strings.TrimSuffix(ref.Kind+"."+d.Version+"."+ref.Group, ".")
			if ref.Group == "" {
				kind = ref.Kind
			}
			args := []string{"get", kind, ref.Name, "-o", "yaml"}
			if ref.Namespace != "" {
				args = append(args, "-n", ref.Namespace)
			}
			got := regexp.MustCompile(`^#.*\n`).ReplaceAllString(d.YAML, "")
			if want := kubectl(t, args...); got != want {
				return fmt.Errorf("%s:\n%s\nkubectl:\n%s", ref, got, want)
			}
			if len(d.Owners) == 0 && ref.Name != "cluster-admin" {
				return fmt.Errorf("%s: nobody owns a field", ref)
			}
			return nil
		})
	}
}

// The tenant's user reads on request what RBAC grants, and is told the rest.
func TestTenantUserAsks(t *testing.T) {
	w := watch(t, lab.TenantKubeconfig, kube.Options{Namespaces: []string{"fluxdemo-dev", "fluxdemo-stage"}}, nil)
	w.session.Want([]model.Want{{Kind: model.Event}})
	w.wait(t, 10*time.Second, "each namespace has its answer", func(s *model.Store) bool {
		own, ok := s.WantedScope(model.Event, "fluxdemo-dev")
		other, there := s.WantedScope(model.Event, "fluxdemo-stage")
		return ok && there && own.State == model.ScopeSynced && other.State == model.ScopeDenied
	})
	_, err := w.session.Document(t.Context(), model.ObjectRef{Group: "apps", Kind: "Deployment", Namespace: "fluxdemo-stage", Name: "kcheck"})
	var refused *model.RequestError
	if !errors.As(err, &refused) || refused.Reason != model.RequestForbidden || !strings.Contains(err.Error(), "cannot get resource") {
		t.Errorf("another tenant's Deployment: %v", err)
	}
	if _, err := w.session.Document(t.Context(), model.Key{Kind: model.Deployment, Namespace: "fluxdemo-dev", Name: "kcheck"}.ObjectRef()); err != nil {
		t.Errorf("its own: %v", err)
	}
	get := func(ns string) model.Access {
		return model.Access{Verb: "get", Group: "apps", Resource: "deployments", Namespace: ns}
	}
	can, err := w.session.Can(t.Context(), []model.Access{get("fluxdemo-dev"), get("fluxdemo-stage")})
	if err != nil || can[0].State != model.PermissionAllowed || can[1].State != model.PermissionDenied {
		t.Errorf("%v %+v", err, can)
	}
}
