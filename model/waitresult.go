package model

import (
	"cmp"
	"fmt"
	"time"
)

// WaitResult is `tenantry wait -o json`: schemaVersion 1, keys are only ever
// added. Times are RFC 3339 UTC, null where nothing tells them.
type WaitResult struct {
	SchemaVersion int    `json:"schemaVersion"`
	AsOf          string `json:"asOf"`
	Context       string `json:"context"`
	Server        string `json:"server"`
	// Outcome is done, failed, overtaken, unknown or timedOut.
	Outcome string `json:"outcome"`
	For     string `json:"for"`    // "revision" or "ready"
	Wanted  string `json:"wanted"` // as it was asked for; "" for ready
	// Revision is what it turned out to be, "" while nobody has it.
	Revision string     `json:"revision"`
	Live     int        `json:"live"` // of Of targets, or tenants for ready
	Of       int        `json:"of"`
	Cause    string     `json:"cause"` // why it is not done, "" when it is
	Tenant   string     `json:"tenant"`
	Object   *RefReport `json:"object"` // at fault, null when nothing names one
	// TookSeconds is from the beginning of the waiting.
	TookSeconds float64            `json:"tookSeconds"`
	Targets     []WaitTargetReport `json:"targets"` // by tenant, namespace, name
	Tenants     []WaitTenantReport `json:"tenants"` // for ready
}

// WaitTargetReport is one sync that should come to run the commit.
type WaitTargetReport struct {
	Tenant      string     `json:"tenant"`
	Kind        string     `json:"kind"`
	Namespace   string     `json:"namespace"`
	Name        string     `json:"name"`
	Source      *RefReport `json:"source"`
	Revision    string     `json:"revision"`
	Live        bool       `json:"live"`
	Outcome     string     `json:"outcome"`
	Reason      string     `json:"reason"`
	Cause       string     `json:"cause"`
	OvertakenBy string     `json:"overtakenBy"`
	// BusyWith is the commit its sync still works on while this one waits for it;
	// "" for none. Progress is what is printed of it without -o json.
	BusyWith  string           `json:"busyWith"`
	Progress  string           `json:"progress"`
	Fetched   *string          `json:"fetched"`
	Attempted *string          `json:"attempted"`
	Applied   *string          `json:"applied"`
	Concluded *string          `json:"concluded"`
	LiveAt    *string          `json:"liveAt"`
	Workloads []WaitMoveReport `json:"workloads"` // those the commit moved
}

// WaitMoveReport is one workload on its way to the generation the commit made.
type WaitMoveReport struct {
	Kind              string  `json:"kind"`
	Namespace         string  `json:"namespace"`
	Name              string  `json:"name"`
	FromGeneration    int64   `json:"fromGeneration"`
	Generation        int64   `json:"generation"`
	DesiredReplicas   int     `json:"desiredReplicas"`
	UpdatedReplicas   int     `json:"updatedReplicas"`
	AvailableReplicas int     `json:"availableReplicas"`
	RolledOut         *string `json:"rolledOut"`
	// AtOrBefore: the generation is of this commit or of one before it.
	AtOrBefore bool `json:"atOrBefore"`
}

// WaitTenantReport is one tenant that should be ready.
type WaitTenantReport struct {
	Name    string  `json:"name"`
	Health  Health  `json:"health"`
	Message string  `json:"message"`
	Since   *string `json:"since"`
}

// Word is the state as WaitResult has it. Running means that the time is over.
func (s WaitState) Word() string {
	return [...]string{"timedOut", "done", "failed", "overtaken", "unknown"}[s]
}

// Result tells how the waiting stands after a step, for programs.
func (w *Waiting) Result(s *Store, r *WaitReport, took time.Duration) *WaitResult {
	out := &WaitResult{
		SchemaVersion: 1, AsOf: s.Now().UTC().Format(time.RFC3339), Context: s.conn.Context, Server: s.conn.Server,
		Outcome: r.State.Word(), For: "revision", Wanted: w.want.Revision, Revision: r.Revision, Live: r.Live, Of: r.Of,
		Cause: r.Cause, Tenant: rowWord(r.Tenant), Object: refReport(r.At), TookSeconds: took.Round(100 * time.Millisecond).Seconds(),
		Targets: make([]WaitTargetReport, 0, len(r.Targets)), Tenants: []WaitTenantReport{},
	}
	switch {
	case w.want.Ready:
		out.For = "ready"
		for _, t := range w.rows(s) {
			out.Tenants = append(out.Tenants, WaitTenantReport{rowWord(t.Name), t.Health, t.Message, rfc3339(t.Since)})
		}
	case w.want.Newest:
		out.Wanted = "newest"
	}
	for i := range r.Targets {
		out.Targets = append(out.Targets, r.Targets[i].report())
	}
	return out
}

func (t *WaitTarget) report() WaitTargetReport {
	out := WaitTargetReport{
		Tenant: rowWord(t.Tenant), Kind: t.Sync.Kind.String(), Namespace: t.Sync.Namespace, Name: t.Sync.Name, Source: refReport(t.Source),
		Revision: t.Revision, Live: t.Reached, Outcome: t.Outcome.String(), Reason: t.Reason, Cause: t.Cause, OvertakenBy: t.OvertakenBy,
		BusyWith: t.Busy, Progress: t.progress(),
		Fetched: rfc3339(t.Fetched.At), Attempted: rfc3339(t.Attempted.At), Applied: rfc3339(t.Applied.At),
		Concluded: rfc3339(t.Concluded.At), LiveAt: rfc3339(t.LiveAt.At), Workloads: make([]WaitMoveReport, 0, len(t.Moves)),
	}
	for i := range t.Moves {
		m := &t.Moves[i]
		out.Workloads = append(out.Workloads, WaitMoveReport{m.Workload.Kind.String(), m.Workload.Namespace, m.Workload.Name,
			m.From, m.To, m.Desired, m.Updated, m.Available, rfc3339(m.RolledOut.At), m.AtOrBefore != ""})
	}
	return out
}

func refReport(k Key) *RefReport {
	if k == (Key{}) {
		return nil
	}
	return &RefReport{Kind: k.Kind.String(), Namespace: k.Namespace, Name: k.Name}
}

// Sentence says how it stands in one line: why it ended, or what it waits for.
func (w *Waiting) Sentence(r *WaitReport) string {
	switch {
	case r.Cause != "":
		return r.Cause
	case r.Of == 0 && w.said[""] != "":
		return w.said[""]
	}
	out := fmt.Sprintf("%d of %d ready", r.Live, r.Of)
	if !w.want.Ready {
		out = fmt.Sprintf("%s live in %d of %d", cmp.Or(ShortRevision(r.Revision), "the newest commit"), r.Live, r.Of)
	}
	if r.State == WaitDone {
		return out + tookWords(*r)
	}
	if len(r.Open) > 0 {
		out += "; " + r.Open[0]
	}
	if n := len(r.Open) - 1; n > 0 {
		out += fmt.Sprintf("; and %d more", n)
	}
	return out
}
