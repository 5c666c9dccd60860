package ui

import (
	"context"
	"errors"
	"io"
	"time"

	"tenantry/model"
	"tenantry/model/doctor"
	"tenantry/ui/draw"
	"tenantry/ui/glyph"
)

// DoctorFormats are what Doctor knows, the usual one first.
func DoctorFormats() []string { return []string{"text", "json"} }

// doctorWidth is how wide a report is where there is no terminal to ask.
const doctorWidth = 100

// Doctor reads the cluster once, examines all of it and prints what it found,
// the worst first. Something unhealthy is ErrUnhealthy; besides that and a
// cancelled context, every error means that it could not be told, wholly or in
// part.
func Doctor(ctx context.Context, c Cluster, w io.Writer, run StatusRun) error {
	store := model.NewStore(time.Now)
	collected := Collect(ctx, c, store, run.Limit)
	if collected != nil && !errors.Is(collected, ErrIncomplete) {
		return collected
	}
	r, err := examineClosely(ctx, c, store)
	if err != nil {
		return err
	}
	if collected != nil {
		r.NotRead = append([]string{collected.Error()}, r.NotRead...)
	}
	if err := PrintDoctor(w, r, run.Format, run.Options); err != nil {
		return err
	}
	switch {
	case r.Verdict == doctor.Unhealthy:
		return ErrUnhealthy
	case collected != nil:
		return collected
	case len(r.NotRead) > 0:
		return errors.New("not everything could be read: " + r.NotRead[0])
	}
	return nil
}

// PrintDoctor writes a report as text or as JSON.
func PrintDoctor(w io.Writer, r *doctor.Report, format string, o StatusOptions) error {
	if format == "json" {
		return printJSON(w, r)
	}
	p := &doctorPrinter{r: r, theme: o.Theme, width: o.Width, kit: draw.Kit{Glyph: glyph.Unicode}}
	if p.width <= 0 {
		p.width = doctorWidth
	}
	if o.ASCII {
		p.kit.Glyph = glyph.Plain
	}
	p.report()
	_, err := w.Write(p.b.Bytes())
	return err
}
