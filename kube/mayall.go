package kube

import (
	"context"
	"encoding/json"

	"tenantry/model"
)

// Rules asks the server what the user may do in a namespace. It waits no longer
// than ten seconds. Every error is a *model.RequestError.
func (s *Session) Rules(ctx context.Context, namespace string) (*model.AccessRules, error) {
	ctx, cancel := s.personal(ctx)
	defer cancel()
	failed := func(err error) (*model.AccessRules, error) {
		return nil, s.requestError(ctx, "asking what you may do in "+namespace, err)
	}
	if err := s.reachable(ctx); err != nil {
		return failed(err)
	}
	raw, err := s.reviewRules(ctx, namespace)
	if err != nil {
		return failed(err)
	}
	var review struct {
		Status struct {
			Incomplete    bool `json:"incomplete"`
			ResourceRules []struct {
				Verbs         []string `json:"verbs"`
				APIGroups     []string `json:"apiGroups"`
				Resources     []string `json:"resources"`
				ResourceNames []string `json:"resourceNames"`
			} `json:"resourceRules"`
		} `json:"status"`
	}
	if err := json.Unmarshal(raw, &review); err != nil {
		return failed(err)
	}
	out := &model.AccessRules{Namespace: namespace, Incomplete: review.Status.Incomplete}
	for _, r := range review.Status.ResourceRules {
		out.Rules = append(out.Rules, model.AccessRule{Verbs: r.Verbs, Groups: r.APIGroups, Resources: r.Resources, Names: r.ResourceNames})
	}
	return out, nil
}

// reviewRules is one SelfSubjectRulesReview.
func (s *Session) reviewRules(ctx context.Context, namespace string) ([]byte, error) {
	body, err := json.Marshal(map[string]any{
		"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
		"spec": map[string]string{"namespace": namespace}})
	if err != nil {
		return nil, err
	}
	return s.client.Post().AbsPath(rulesPath).SetHeader("Content-Type", acceptJSON).
		SetHeader("Accept", acceptJSON).MaxRetries(0).Body(body).DoRaw(ctx)
}
