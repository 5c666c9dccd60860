package config

// Flags are where the command line's settings are kept, and what it says of
// writing.
type Flags struct {
	Theme                *string
	ASCII, Calm, NoMouse *bool
	ReadOnly             bool
}

// Under fills in what no flag was given for. --read-only is for once, whatever
// the file says, and so is --read-only=false.
func (c *Config) Under(given func(flag string) bool, f Flags) {
	if !given("theme") {
		*f.Theme = c.Theme
	}
	for name, flag := range map[string]struct{ to, from *bool }{
		"ascii": {f.ASCII, &c.ASCII}, "calm": {f.Calm, &c.Calm}, "no-mouse": {f.NoMouse, &c.NoMouse},
	} {
		if !given(name) {
			*flag.to = *flag.from
		}
	}
	if given("read-only") {
		c.ReadOnly, c.ReadOnlyContexts = f.ReadOnly, nil
	}
}
