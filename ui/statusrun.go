package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/exitcode"
)

// StatusRun says how the one-shot status is run.
type StatusRun struct {
	Format  string
	Limit   time.Duration // how long everything may take
	Judge   bool          // what is unhealthy is an error: ErrUnhealthy
	Options StatusOptions
	// Findings prints what was found instead; Judge is then about findings of
	// severity high and above that are not known, which the folder StateDir
	// tells; "" = none is.
	Findings bool
	StateDir string
	Version  string
}

// ErrUnhealthy: something is Stalled, Failed, Stuck, Unobserved or Blocked.
// The report has said it.
var ErrUnhealthy error = &exitcode.Error{Code: exitcode.Unhealthy}

// Status reads the cluster once and prints it; notes go to talk. Besides
// ErrUnhealthy and a cancelled context, every error means that it could not be
// told, wholly or in part.
func Status(ctx context.Context, c Cluster, w, talk io.Writer, run StatusRun) error {
	store := model.NewStore(time.Now)
	collected := Collect(ctx, c, store, run.Limit)
	if collected != nil && !errors.Is(collected, ErrIncomplete) {
		return collected
	}
	report := model.Report(store)
	unhealthy, err := false, error(nil)
	if run.Findings {
		unhealthy, err = printFindings(store, w, talk, run)
	} else {
		unhealthy, err = run.Judge && model.Unhealthy(store), PrintStatusWith(w, report, run.Format, run.Options)
	}
	if err != nil {
		return err
	}
	if run.Format != "json" && run.Format != "sarif" {
		for _, note := range StatusNotes(report) {
			fmt.Fprintln(talk, note)
		}
	}
	gone := model.MissingNamespaces(store)
	switch refused := model.Refused(store); {
	case len(gone) > 0:
		return fmt.Errorf("no such namespace: %s", strings.Join(gone, ", "))
	case run.Judge && unhealthy:
		return ErrUnhealthy
	case collected != nil:
		return collected
	case len(refused) == 1:
		return errors.New("not everything could be read: " + refused[0])
	case len(refused) > 1:
		return fmt.Errorf("not everything could be read: %s, and %d more refusals", refused[0], len(refused)-1)
	}
	return nil
}

// StatusOptionsFor are those of the terminal behind w; none for a pipe or a
// file.
func StatusOptionsFor(w io.Writer, ascii bool, theme string) StatusOptions {
	o := StatusOptions{ASCII: ascii}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return o
	}
	if width, _, err := term.GetSize(f.Fd()); err == nil {
		o.Width = width
	}
	if theme == "" && os.Getenv("NO_COLOR") != "" {
		theme = "mono"
	}
	if t, err := themes.Load(theme); err == nil {
		o.Theme = t
	}
	return o
}
