package model

// Manager is the field manager of everything tenantry writes (domain rule: a
// manager must not begin with kubectl nor be called flux, helm, helm-controller,
// kustomize-controller or flux-operator, or Flux's controllers take its fields
// over and drop them).
const FieldManager = "tenantry"

// WriteOp says how a Write is done.
type WriteOp uint8

// The ways to write.
const (
	WriteMerge  WriteOp = iota // JSON merge patch of an object that exists
	WriteApply                 // server-side apply
	WriteCreate                // create what must not exist
	WriteDelete                // delete
)

// Write is one change to one object. It is decided in full before it is sent:
// what is sent is what was shown, and nothing else is touched.
type Write struct {
	Ref ObjectRef
	Op  WriteOp
	// UID is that of the object it was decided for: another one of the same
	// name is left alone. Empty for what need not exist.
	UID string
	// Generation is that of the spec it was decided on; a write to a spec that
	// has changed since is refused. 0 = whatever the spec is now.
	Generation int64
	// Version is the resourceVersion it was decided on; a write to any other
	// state of the object is refused. "" = whatever state it is in now. It is for
	// what has no generation: Secrets, and role bindings that are deleted.
	Version string
	// Was are annotations it relies on, as they were; an empty value means that
	// there was none.
	Was Pairs
	// Body is the patch or the object, as JSON. Empty for a deletion. That of a
	// Secret is made zeros once it was sent.
	Body []byte
	// Force takes fields over from other managers (WriteApply only).
	Force bool
	// DryRun asks the server what would happen; nothing is stored.
	DryRun bool
}

// Written is what the server says after a write.
type Written struct {
	UID             string
	ResourceVersion string
	Generation      int64
	At              Unix // by the server's clock
	// Object is the object as it is now, or with DryRun would be, as JSON
	// without managedFields; empty after a deletion and for Secrets.
	Object []byte
	// Gone: there was nothing to delete any more.
	Gone bool
}

// WriteError says in words why a write was not done, or what is not known of
// it.
type WriteError struct {
	Reason WriteReason
	Text   string
	// Conflicts are the fields others own (WriteApply without Force).
	Conflicts []FieldConflict
}

// Error returns the words.
func (e *WriteError) Error() string { return e.Text }

// FieldConflict is a field another manager owns with another value.
type FieldConflict struct{ Manager, Field string }

// WriteReason tells apart why a write failed.
type WriteReason uint8

// The reasons. After each but WriteNoAnswer nothing was written.
const (
	WriteRefused     WriteReason = iota // the server does not accept it; Text says why
	WriteReadOnly                       // the session must not write
	WriteChanged                        // the object is not what it was any more
	WriteGone                           // the object does not exist
	WriteForbidden                      // the user may not
	WriteConflict                       // others own the fields
	WriteUnreachable                    // it was never sent
	WriteNoAnswer                       // it was sent and nothing was heard: it may have happened
)
