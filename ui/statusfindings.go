package ui

import (
	"fmt"
	"io"
	"time"

	"tenantry/model"
	"tenantry/ui/posture"
	"tenantry/ui/state"
)

// printFindings writes what was found instead of how things are. What was
// marked as known on this machine is said to be accepted; a state that can't be
// read accepts nothing, and says so.
func printFindings(s *model.Store, w, talk io.Writer, run StatusRun) (grave bool, err error) {
	var known []state.Known
	if run.StateDir != "" {
		conn := s.Connection()
		contents, err := state.Open(run.StateDir).Read(state.Cluster{Context: conn.Context, Server: conn.Server})
		switch {
		case err != nil:
			fmt.Fprintln(talk, "what was marked as known can't be read: "+err.Error())
		case contents != nil:
			known = contents.Known
		}
	}
	r := posture.New(s, s.Now().UTC().Format(time.RFC3339), func(f *model.Finding) (string, bool) { return accepts(known, f) })
	return r.Grave(), r.Print(w, run.Format, run.Version)
}
