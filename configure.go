package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"

	"tenantry/themes"
	"tenantry/ui"
	"tenantry/ui/config"
	"tenantry/ui/journal"
	"tenantry/ui/state"
)

// configure reads the configuration file. Flags beat it.
func (s *settings) configure(cmd *cobra.Command, _ []string) (err error) {
	if s.file, err = config.Load(config.Path(os.Getenv)); err != nil {
		return &exit{exitUsage, err}
	}
	given := cmd.Flags().Changed
	if !given("theme") {
		s.theme = s.file.Theme
	}
	for name, flag := range map[string]struct{ to, from *bool }{
		"ascii": {&s.ascii, &s.file.ASCII}, "calm": {&s.calm, &s.file.Calm}, "no-mouse": {&s.noMouse, &s.file.NoMouse},
	} {
		if !given(name) {
			*flag.to = *flag.from
		}
	}
	if given("read-only") { // --read-only=false is for once, whatever the file says
		s.file.ReadOnly, s.file.ReadOnlyContexts = s.readOnly, nil
	}
	if s.theme != "" {
		if _, err := themes.Load(s.theme); err != nil {
			return err
		}
	}
	return nil
}

// rules are how carefully a context is to be handled.
func (s *settings) rules(context string) ui.Rules {
	return ui.Rules{ReadOnly: s.file.IsReadOnly(context), Protected: s.file.IsProtected(context)}
}

// stateDir is where the dashboard remembers things between runs; "" when there
// is no such place, and then it does without.
func stateDir() string {
	dir, err := state.Dir(os.Getenv)
	if err != nil {
		return ""
	}
	return dir
}

// actionLog is where the dashboard writes down what it does; nil when there is
// no such place.
func actionLog() ui.Journal {
	dir := stateDir()
	if dir == "" {
		return nil
	}
	return journal.Open(dir, time.Now)
}
