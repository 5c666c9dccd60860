package uitest

import (
	"context"
	"slices"

	"tenantry/model"
	"tenantry/model/credential"
)

// secrets is what a Session knows of Secrets.
type secrets struct {
	stored map[string]func() *credential.Stored // by namespace/name
	lists  map[string]*model.SecretList
	closed error // why none is readable
	reads  []string
}

// SetSecret makes Secret answer with what make returns, each time anew: what
// was read is wiped.
func (s *Session) SetSecret(namespace, name string, make func() *credential.Stored) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stored == nil {
		s.stored = map[string]func() *credential.Stored{}
	}
	s.stored[namespace+"/"+name] = make
}

// SetSecrets makes Secrets answer with a list.
func (s *Session) SetSecrets(l *model.SecretList) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lists == nil {
		s.lists = map[string]*model.SecretList{}
	}
	s.lists[l.Namespace] = l
}

// CloseSecrets makes every question about Secrets fail.
func (s *Session) CloseSecrets(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = err
}

// SecretReads are the Secrets whose values were asked for, in order.
func (s *Session) SecretReads() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.reads)
}

// Secret answers as SetSecret says; everything else does not exist.
func (s *Session) Secret(_ context.Context, namespace, name string) (*credential.Stored, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads = append(s.reads, namespace+"/"+name)
	if s.closed != nil {
		return nil, s.closed
	}
	if make := s.stored[namespace+"/"+name]; make != nil {
		return make(), nil
	}
	return nil, nil
}

// Secrets answers as SetSecrets says; everywhere else there are none.
func (s *Session) Secrets(_ context.Context, namespace string) (*model.SecretList, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		return nil, s.closed
	}
	if l := s.lists[namespace]; l != nil {
		return l, nil
	}
	return &model.SecretList{Namespace: namespace}, nil
}
