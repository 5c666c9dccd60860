package ui

import (
	"tenantry/model"
)

// listID is the identity of a row: an object, or something else that is said of
// one or of a tenant.
type listID struct {
	what   string    // tells apart what is said of the same one
	tenant string    // its row's key, where it is no object
	key    model.Key // the object
}

// widths are how wide the cells of a row would like to be. They are kept, since
// the widest of ten thousand rows is looked for with every picture.
type widths struct{ tenant, namespace, whose, kind, name int }

// listRow is one row of a flat page. Which of the details it has is up to the
// page.
type listRow struct {
	id     listID
	choice listID        // what is folded with it, where that is not the id
	tenant string        // the key of the tenant's row
	object *model.Object // nil when it is no object's row
	objectFacts
	mixed  bool // one of several of its tenant
	looked bool // all facts are there, not only how it is
	rank   int
	marks  marks
	widths widths

	// under are the rows this one stands for; they are shown when it is
	// unfolded, which open says as long as nobody chose.
	under []*listRow
	grow  func() []*listRow // makes them when they are to be shown
	open  bool
	head  *listRow // the row this one is under
	// tenants is how many there are under a head.
	tenants int

	denied     []model.ScopeStatus // a row for what is not readable
	suspension *model.Suspension   // of Suspended
	finding    *model.Finding      // of Findings
	known      string              // of Findings: that it is known, with its note
	repo       *model.Head         // of Rollouts
	line       *model.Line         // of Rollouts, a tenant's part in a commit
	way        *wayRow             // of Rollouts, under a repository
	event      *model.EventDetail  // of Events
	regarding  model.Key           // the object of the event
}

// folds reports whether the row stands for others.
func (r *listRow) folds() bool { return len(r.under) > 0 || r.grow != nil }

// foldID is what a person folds or unfolds with the row.
func (r *listRow) foldID() listID {
	if r.choice != (listID{}) {
		return r.choice
	}
	return r.id
}

// depth is how far a row is indented.
func (r *listRow) depth() int {
	if r.head != nil {
		return 1
	}
	return 0
}

func (r *listRow) headOrSelf() *listRow {
	if r.head != nil {
		return r.head
	}
	return r
}

// look fills in all that is to be said of an object's row, once: most rows are
// never seen.
func (l *list) look(r *listRow) *listRow {
	if r.object != nil && (!r.looked || r.verdict.Suspended) { // whose until may have passed
		l.describe(&r.objectFacts, r.object)
		r.looked = true
	}
	return r
}

// measure notes how wide the cells of a row would like to be.
func (l *list) measure(r *listRow) {
	w := &r.widths
	w.tenant, w.namespace = nameWidth(l.tenantName(r.tenant)), nameWidth(r.about().Namespace)
	w.kind, w.name = nameWidth(r.kindName())+1, nameWidth(r.about().Name)
	if w.whose = w.tenant; l.namespaceOf(r) != "" {
		w.whose += 1 + w.namespace
	}
}

// namespaceOf is the namespace of a row where its tenant is called otherwise.
func (l *list) namespaceOf(r *listRow) string {
	if ns := r.about().Namespace; ns != l.tenantName(r.tenant) {
		return ns
	}
	return ""
}

// fine reports whether nobody has to look at the row.
func (r *listRow) fine() bool {
	return r.rank == 0 || r.rank == 2*model.Ready.Severity()
}
