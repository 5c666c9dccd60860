package kube

import (
	"context"
	"encoding/json"
	"strings"
)

// whoPath is where everyone authenticated may ask who the server takes them
// for (SelfSubjectReview, Kubernetes 1.28 and later).
const whoPath = "/apis/authentication.k8s.io/v1/selfsubjectreviews"

// Who returns the name the server knows the user by, the impersonated one
// where somebody is; "" when it can't be told.
func (s *Session) Who(ctx context.Context) string {
	s.mu.Lock()
	known := s.who
	s.mu.Unlock()
	if known != "" {
		return known
	}
	if user := s.conn.current().User; user != "" {
		return user
	}
	ctx, cancel := s.personal(ctx)
	defer cancel()
	if s.reachable(ctx) != nil {
		return ""
	}
	raw, err := s.client.Post().AbsPath(whoPath).SetHeader("Accept", acceptJSON).SetHeader("Content-Type", acceptJSON).
		Body([]byte(`{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}`)).MaxRetries(0).DoRaw(ctx)
	if err != nil {
		return "" // an older server; a name is a courtesy
	}
	var answer struct {
		Status struct {
			UserInfo struct {
				Username string `json:"username"`
			} `json:"userInfo"`
		} `json:"status"`
	}
	if json.Unmarshal(raw, &answer) != nil {
		return ""
	}
	who := strings.TrimSpace(answer.Status.UserInfo.Username)
	s.mu.Lock()
	s.who = who
	s.mu.Unlock()
	return who
}
