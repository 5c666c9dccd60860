// Command tenantry is a terminal dashboard for Flux tenancy.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tenantry/kube"
	"tenantry/themes"
	"tenantry/ui"
	"tenantry/ui/config"
	"tenantry/ui/exitcode"
)

// version is set by the linker.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	os.Exit(exitcode.Report(os.Stderr, err))
}

// settings are the flags every command has, and the configuration file.
type settings struct {
	file     *config.Config
	kube     kube.Flags
	readOnly bool
	ascii    bool
	calm     bool
	noMouse  bool
	theme    string
	logFile  string
	timeout  time.Duration
}

func command() *cobra.Command {
	s := &settings{}
	root := &cobra.Command{
		Use:   "tenantry",
		Short: "A terminal dashboard for Flux tenancy",
		Long: "tenantry shows every tenant of a Flux cluster live: its access, source, sync and workloads\n" +
			"as one chain, worst first, and in a plain sentence what is broken.",
		Version:       version,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		PreRunE:       s.configure,
		RunE:          func(cmd *cobra.Command, _ []string) error { return s.dashboard(cmd.Context(), false) },
	}
	flags := root.PersistentFlags()
	s.kube.Bind(flags)
	flags.BoolVar(&s.readOnly, "read-only", false, "refuse every action that would write")
	flags.BoolVar(&s.ascii, "ascii", false, "draw with plain characters only")
	flags.BoolVar(&s.calm, "calm", false, "nothing turns or flashes")
	flags.BoolVar(&s.noMouse, "no-mouse", false, "leave the mouse to the terminal, for selecting text")
	flags.StringVar(&s.theme, "theme", "", "colours: "+strings.Join(themes.Names(), ", "))
	flags.StringVar(&s.logFile, "log-file", "", "write what would disturb the screen to this file")
	flags.DurationVar(&s.timeout, "timeout", 30*time.Second, "how long a one-shot command may take")
	root.AddCommand(s.statusCommand(), s.doctorCommand(), s.waitCommand(), s.exportCommand(), s.restoreCommand(), s.setupCommand(), s.demoCommand(), versionCommand())
	return root
}

// configure reads the configuration file. Flags beat it.
func (s *settings) configure(cmd *cobra.Command, _ []string) (err error) {
	if s.file, err = config.Load(config.Path(os.Getenv)); err != nil {
		return exitcode.With(exitcode.Usage, err)
	}
	s.file.Under(cmd.Flags().Changed, config.Flags{Theme: &s.theme, ASCII: &s.ascii, Calm: &s.calm, NoMouse: &s.noMouse, ReadOnly: s.readOnly})
	if s.theme != "" {
		_, err = themes.Load(s.theme)
	}
	return err
}

// rules are how carefully a context is to be handled.
func (s *settings) rules(context string) ui.Rules {
	return ui.Rules{ReadOnly: s.file.IsReadOnly(context), Protected: s.file.IsProtected(context), Events: s.file.EventOnAction}
}

// open starts reading the cluster. Login helpers write to stderr.
func (s *settings) open(ctx context.Context, target *kube.Target, log *slog.Logger, stderr *os.File) (*kube.Session, error) {
	session, err := kube.Open(ctx, target.Config, kube.Options{
		Context: target.Context, Namespaces: s.kube.Scope(), AllNamespaces: s.kube.AllNamespaces,
		DefaultNamespace: target.DefaultNamespace, RequestTimeout: target.RequestTimeout, Log: log, Stderr: stderr,
		ReadOnly: s.rules(target.Context).ReadOnly, Reload: target.Reload,
	})
	return session, exitcode.With(exitcode.Usage, err)
}

// load names the cluster the flags mean.
func (s *settings) load() (*kube.Target, error) {
	target, err := s.kube.Load(version)
	return target, exitcode.With(exitcode.Usage, err)
}
