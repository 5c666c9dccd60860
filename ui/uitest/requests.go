package uitest

import (
	"context"
	"slices"

	"tenantry/model"
	"tenantry/model/logs"
)

// requests is what the dashboard asked a Session for, and what it is told.
type requests struct {
	wants     []model.Want
	documents map[model.ObjectRef]*model.Document
	failures  map[model.ObjectRef]error
	denied    map[model.Access]string
	rules     map[string][]model.AccessRule
	writes    []model.Write
	answer    func(model.Write) (*model.Written, error)
	logWants  []logs.Want
}

// Logs remembers whose logs are wanted. What is in them is fed to the dashboard
// by the test.
func (s *Session) Logs(_ context.Context, w logs.Want) (logs.Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logWants = append(s.logWants, w)
	return silence{}, nil
}

// LogWants returns whose logs were wanted, in their order.
func (s *Session) LogWants() []logs.Want {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logWants)
}

// silence is a stream on which nothing comes.
type silence struct{}

func (silence) Next(ctx context.Context) (logs.Batch, error) {
	<-ctx.Done()
	return logs.Batch{}, ctx.Err()
}

func (silence) Close() {}

// Do remembers a write and answers as OnWrite says, else that it was done.
func (s *Session) Do(_ context.Context, w model.Write) (*model.Written, error) {
	s.mu.Lock()
	kept := w
	kept.Body = slices.Clone(w.Body) // that of a Secret is made zeros by who sends it
	s.writes = append(s.writes, kept)
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		return answer(w)
	}
	return &model.Written{UID: w.UID}, nil
}

// OnWrite says how writes are answered.
func (s *Session) OnWrite(answer func(model.Write) (*model.Written, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// Writes returns what was to be written, in its order.
func (s *Session) Writes() []model.Write {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.writes)
}

// Rules are those of Allow.
func (s *Session) Rules(_ context.Context, namespace string) (*model.AccessRules, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &model.AccessRules{Namespace: namespace, Rules: s.rules[namespace]}, nil
}

// Allow says what Rules answers for a namespace.
func (s *Session) Allow(namespace string, rules ...model.AccessRule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rules == nil {
		s.rules = map[string][]model.AccessRule{}
	}
	s.rules[namespace] = rules
}

// Who is always ann.
func (s *Session) Who(context.Context) string { return "ann" }

// Want remembers what is wanted.
func (s *Session) Want(wants []model.Want) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wants = slices.Clone(wants)
}

// Wanted returns what is wanted.
func (s *Session) Wanted() []model.Want {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.wants)
}

// SetDocument makes Document answer with d, or fail with err.
func (s *Session) SetDocument(ref model.ObjectRef, d *model.Document, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.documents == nil {
		s.documents, s.failures = map[model.ObjectRef]*model.Document{}, map[model.ObjectRef]error{}
	}
	s.documents[ref], s.failures[ref] = d, err
}

// Document returns what was set; everything else is not found.
func (s *Session) Document(_ context.Context, ref model.ObjectRef) (*model.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failures[ref]; err != nil {
		return nil, err
	}
	if d := s.documents[ref]; d != nil {
		return d, nil
	}
	return nil, &model.RequestError{Reason: model.RequestNotFound, Text: ref.String() + " does not exist"}
}

// Deny makes Can answer that something is not allowed, and why.
func (s *Session) Deny(reason string, what ...model.Access) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.denied == nil {
		s.denied = map[model.Access]string{}
	}
	for _, a := range what {
		s.denied[a] = reason
	}
}

// Can allows all that was not denied.
func (s *Session) Can(_ context.Context, what []model.Access) ([]model.Permission, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]model.Permission, len(what))
	for i, a := range what {
		out[i] = model.Permission{Access: a, State: model.PermissionAllowed}
		if reason, no := s.denied[a]; no {
			out[i].State, out[i].Reason = model.PermissionDenied, reason
		}
	}
	return out, nil
}
