package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"time"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/ui/archive"
	"tenantry/ui/exitcode"
)

// Archive is a cluster whose objects can be listed as they are.
type Archive interface {
	Cluster
	// List reads the live objects of a kind, in the reference's namespace or
	// everywhere, and hands each on. Secrets are never asked for.
	List(context.Context, model.ObjectRef, func(map[string]any) error) error
}

// Ways Secrets are exported.
const (
	SecretsByName    = "references"
	SecretsEncrypted = "encrypted"
)

// ExportRun says what is exported and where to.
type ExportRun struct {
	Dir     string
	Tenants []string // empty = all, and the platform
	System  bool     // the platform too, though tenants are named
	Limit   time.Duration
	// Watch keeps the folder as the cluster is, until it is interrupted; Commit
	// commits each change with the person's git.
	Watch, Commit bool
	// Secrets is SecretsByName ("" means the same) or SecretsEncrypted; then
	// Seal encrypts a manifest for Recipients.
	Secrets    string
	Recipients []string
	Seal       func(ctx context.Context, manifest []byte, recipients []string) ([]byte, error)
	Clock      func() time.Time // this machine's; nil = the usual one
}

// Check says what is wrong with how it is asked, before anything is read.
func (r *ExportRun) Check() error {
	switch {
	case r.Secrets != "" && r.Secrets != SecretsByName && r.Secrets != SecretsEncrypted:
		return fmt.Errorf("--secrets %s: there are %s and %s", r.Secrets, SecretsByName, SecretsEncrypted)
	case r.Secrets != SecretsEncrypted && len(r.Recipients) > 0:
		return errors.New("--age is for --secrets " + SecretsEncrypted)
	}
	return nil
}

// exporting is one export, or one that goes on.
type exporting struct {
	ExportRun
	c     Archive
	store *model.Store
	talk  io.Writer
	// holes are what could not be read the first time: the export has them, and
	// more of them would be a loss.
	holes []string
	going []string // what was being deleted the last time, and said to be
	began bool
	left  leaving
}

// Export reads the cluster and writes what it is made of into a folder. What
// could not be read is said, and is an error at the end: an export with a hole
// must not pass for a whole one.
func Export(ctx context.Context, c Archive, talk io.Writer, run ExportRun) error {
	if err := run.Check(); err != nil {
		return exitcode.With(exitcode.Usage, err)
	}
	if run.Clock == nil {
		run.Clock = time.Now
	}
	e := &exporting{ExportRun: run, c: c, store: model.NewStore(run.Clock), talk: talk}
	if err := Collect(ctx, c, e.store, run.Limit); err != nil {
		return err
	}
	release, err := archive.Hold(run.Dir)
	if err != nil {
		return exitcode.With(exitcode.Usage, err)
	}
	defer release()
	if err := e.once(ctx); err != nil {
		return err
	}
	if run.Watch {
		return e.watch(ctx)
	}
	if len(e.holes) > 0 {
		return errors.New("the export has holes: not everything could be read")
	}
	return nil
}

// once reads what there is now and writes what of it changed.
func (e *exporting) once(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, e.Limit)
	defer cancel()
	x := &exporter{store: e.store, run: e.ExportRun, spaces: map[string]string{}}
	if err := x.choose(); err != nil {
		return err
	}
	objects, holes, err := readAll(ctx, e.c, x.refs())
	if err != nil {
		return err
	}
	set := x.arrange(objects)
	x.holes = append(x.holes, holes...)
	before, err := archive.Peek(e.Dir)
	if err != nil && e.Watch {
		return err
	}
	if e.Secrets == SecretsEncrypted {
		if err := e.encrypt(ctx, x, &set, before); err != nil {
			return err
		}
	}
	if e.Watch {
		if why := e.lost(x, &set, before); why != "" {
			return &notWritten{why}
		}
	}
	news := exportChanges(before, &set)
	result, err := archive.Write(e.Dir, set, e.announce)
	var notOurs *archive.NotOurs
	switch {
	case errors.As(err, &notOurs):
		return exitcode.With(exitcode.Usage, err)
	case err != nil:
		return err
	}
	e.tell(x, &set, &result)
	e.holes, e.began = x.holes, true
	if !e.Commit {
		return nil
	}
	done, err := archive.Commit(ctx, e.Dir, result, commitMessage(&result, news))
	if err == nil && done {
		fmt.Fprintln(e.talk, "committed: "+commitSubject(&result))
	}
	return err
}

// manyFiles is how many files are named before they are written.
const manyFiles = 200

// announce names what is going to be written and removed.
func (e *exporting) announce(r *archive.Result) {
	for _, l := range []struct {
		verb  string
		names []string
	}{{"writes", r.Written}, {"removes", r.Removed}} {
		for i, name := range l.names {
			if i == manyFiles {
				fmt.Fprintf(e.talk, "%s %d more; export.yaml lists them\n", l.verb, len(l.names)-i)
				break
			}
			fmt.Fprintln(e.talk, clean(l.verb+" "+path.Join(e.Dir, name)))
		}
	}
}

// leftOut says why what is on its way out is not in an export.
func leftOut(what string) string { return what + " is left out: it is being deleted" }

// tell says what was written and what is not in it.
func (e *exporting) tell(x *exporter, set *export.Set, result *archive.Result) {
	if n := len(result.Written) + len(result.Removed); n > 0 || !e.began {
		fmt.Fprintf(e.talk, "%s: %d written, %d removed, %d as they were\n", clean(e.Dir), len(result.Written), len(result.Removed), len(result.Same))
	}
	if !e.began {
		if n := len(set.Secrets) - len(set.Encrypted); n > 0 {
			fmt.Fprintf(e.talk, "%s referred to and not exported; export.yaml lists them\n", countWords(n, "Secret"))
		}
	}
	for _, what := range x.going {
		if !slices.Contains(e.going, what) {
			fmt.Fprintln(e.talk, clean(leftOut(what)))
		}
	}
	e.going = x.going
	for _, hole := range x.holes {
		if !slices.Contains(e.holes, hole) {
			fmt.Fprintln(e.talk, clean(hole))
		}
	}
}
