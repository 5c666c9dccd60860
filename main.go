// Command tenantry is a terminal dashboard for Flux tenancy.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tenantry/kube"
	"tenantry/kube/demo"
	"tenantry/kube/gitcommit"
	"tenantry/kube/gitremote"
	"tenantry/kube/program"
	"tenantry/kube/sops"
	"tenantry/themes"
	"tenantry/ui"
	"tenantry/ui/config"
	"tenantry/ui/exitcode"
	"tenantry/ui/journal"
	"tenantry/ui/state"
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

// The commands that open the dashboard, and what it is opened on.

func (s *settings) demoCommand() *cobra.Command {
	var o demo.CompanyOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The dashboard on a small made-up company, inside this program",
		Long: "Opens the dashboard on a cluster that exists only inside this program: tenants with pushes\n" +
			"arriving, and every kind of trouble. Nothing is installed, connected to or written.",
		Args:    cobra.NoArgs,
		PreRunE: s.configure,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Speed <= 0 {
				return fmt.Errorf("--speed %v: want more than 0; 2 is twice as fast", o.Speed)
			}
			return s.demo(cmd.Context(), o)
		},
	}
	cmd.Flags().Float64Var(&o.Speed, "speed", 1, "how fast things happen")
	cmd.Flags().Int64Var(&o.Seed, "seed", 1, "the same seed tells the same story")
	cmd.Flags().BoolVar(&o.Empty, "empty", false, "a cluster before Flux")
	return cmd
}

func (s *settings) demo(ctx context.Context, o demo.CompanyOptions) error {
	o.OperatorAfter = 30 * time.Second // in an empty cluster, where nobody can install it
	company := demo.NewCompany(o)
	defer company.Close()
	return s.show(ctx, &kube.Target{Config: company.Config(), Context: "demo"}, func(o *ui.Options, log *slog.Logger, stderr *os.File) {
		o.Connect = func(ctx context.Context, to ui.Target) (ui.Cluster, error) {
			other, target := *s, &kube.Target{Config: company.Config(), Context: "demo"}
			if to.Namespaces != nil {
				other.kube.Namespaces, other.kube.AllNamespaces = to.Namespaces, false
			}
			target.Config.Impersonate.UserName = to.As
			session, err := other.open(context.WithoutCancel(ctx), target, log, stderr)
			if err != nil {
				return nil, err // no session in it: a nil one would look like one
			}
			return session, nil
		}
		o.Again = o.Connect
		o.Badges, o.Demo, o.Remote = []string{"DEMO"}, company, remote{&gitremote.Client{Dial: company.Git.Dial, Roots: company.Git.Roots()}}
	})
}

func (s *settings) setupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "setup",
		Short: "Set Flux up, from an empty cluster to the first tenant",
		Long: "Opens the dashboard on its setup: permissions, operator, FluxInstance, credential, sync, tenants,\n" +
			"until the first of them is green, and how to keep it in Git. Every step is read from the cluster:\n" +
			"leave it at any time, and go on where it was, also on a cluster somebody else began with.\n" +
			"Nothing is sent before a dialog has shown it; all of it can be printed instead.",
		Args:    cobra.NoArgs,
		PreRunE: s.configure,
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.dashboard(cmd.Context(), true) },
	}
}

// programs are the person's own tools, as the dashboard starts them.
type programs struct{ program.Runner }

func (p programs) Start(path string, args []string) (ui.ProgramRun, error) {
	run, err := p.Runner.Start(path, args)
	if err != nil {
		return nil, err // no run in it: a nil one would look like one
	}
	return run, nil
}

func (s *settings) dashboard(ctx context.Context, setup bool) error {
	target, err := s.load()
	if err != nil {
		return err
	}
	return s.show(ctx, target, func(o *ui.Options, log *slog.Logger, stderr *os.File) {
		if dir, err := state.Dir(os.Getenv); err == nil { // else it remembers nothing
			o.State, o.NoHistory, o.Journal = dir, s.file.NoHistory, journal.Open(dir, time.Now)
		}
		o.Contexts, o.Setup, o.Kubeconfig = s.contexts, setup, s.kube.Kubeconfig
		if flag := s.kube.Elsewhere(); flag != "" {
			o.NoPrograms = "with " + flag + " a program would work on another cluster, or as another user, than tenantry does"
		} else {
			o.Programs = programs{}
		}
		o.Connect = func(ctx context.Context, to ui.Target) (ui.Cluster, error) {
			return s.connect(context.WithoutCancel(ctx), target.Context, to, log, stderr)
		}
		o.Again = o.Connect
	})
}

// remote is what the dashboard asks Git hosts with.
type remote struct{ *gitremote.Client }

// Seal encrypts a Secret for Git.
func (remote) Seal(ctx context.Context, manifest []byte, recipients []string) ([]byte, error) {
	return sops.Seal(ctx, manifest, recipients)
}

func (s *settings) contexts() ([]ui.Context, error) {
	list, err := s.kube.ListContexts()
	out := make([]ui.Context, len(list))
	for i, c := range list {
		out[i] = ui.Context(c)
	}
	return out, err
}

// connect opens another cluster, or the one of the flags (here) anew.
func (s *settings) connect(ctx context.Context, here string, to ui.Target, log *slog.Logger, stderr *os.File) (ui.Cluster, error) {
	other := *s
	if to.Context != here {
		other.kube = *s.kube.For(to.Context)
	}
	if to.Namespaces != nil {
		other.kube.Namespaces, other.kube.AllNamespaces = to.Namespaces, false
	}
	if to.As != "" {
		other.kube = *other.kube.As(to.As)
	}
	target, err := other.kube.Load(version)
	if err != nil {
		return nil, err
	}
	session, err := other.open(ctx, target, log, stderr)
	if err != nil {
		return nil, err // no session in it: a nil one would look like one
	}
	return session, nil
}

// show runs the dashboard on a cluster until the person quits.
func (s *settings) show(ctx context.Context, target *kube.Target, extend func(*ui.Options, *slog.Logger, *os.File)) error {
	if err := ui.CheckTerminal(); err != nil {
		return exitcode.With(exitcode.Usage, err)
	}
	log, file, err := kube.OpenLog(s.logFile)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	session, err := s.open(context.WithoutCancel(ctx), target, log, file)
	if err != nil {
		return err
	}
	defer session.Close()
	// The screen has its own way out on a signal, which restores the terminal;
	// a context that ends at the same moment would only race with it.
	o := ui.Options{Cluster: session, Theme: s.theme, ASCII: s.ascii, Calm: s.calm, NoMouse: s.noMouse, NoBell: s.file.NoBell, Rules: s.rules,
		Keys: s.file.Keys, Log: log, Remote: remote{&gitremote.Client{}}}
	if s.file.CommitAuthors {
		o.Authors = gitcommit.Reader{}.Read
	}
	extend(&o, log, file)
	err = ui.Run(context.WithoutCancel(ctx), o)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return exitcode.With(exitcode.Unknown, err)
}

// The commands that print and end.

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "tenantry "+version)
			return err
		},
	}
}

func (s *settings) statusCommand() *cobra.Command {
	format, exitCode, findings := "table", false, false
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Print every tenant's state once",
		Long: "Prints the platform and every tenant once and ends.\n\n" +
			"Exit codes: 0 done; 1 something is unhealthy (only with --exit-code); 2 it could not be told\n" +
			"(unreachable, refused, or not read within --timeout); 3 usage or configuration.\n\n" +
			"With --findings it prints what should be known of tenants and platform although nothing may be\n" +
			"broken; --exit-code then returns 1 for a finding of severity high or critical that was not marked\n" +
			"as known in the dashboard (m).",
		Args:    cobra.NoArgs,
		PreRunE: s.configure,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !ui.KnownFormat(format, findings) {
				known := ui.Formats()
				if findings {
					known = ui.FindingFormats()
				}
				return fmt.Errorf("unknown format %q for -o: there are %s", format, strings.Join(known, ", "))
			}
			w := cmd.OutOrStdout()
			dir, _ := state.Dir(os.Getenv) // without one nothing is known
			return s.once(cmd.Context(), func(session *kube.Session) error {
				return ui.Status(cmd.Context(), session, w, os.Stderr, ui.StatusRun{Format: format, Limit: s.timeout, Judge: exitCode,
					Options: ui.StatusOptionsFor(w, s.ascii, s.theme), Findings: findings, StateDir: dir, Version: version})
			})
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", format, "how to print: "+strings.Join(ui.Formats(), ", "))
	cmd.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 1 when something is unhealthy, or with --findings grave")
	cmd.Flags().BoolVar(&findings, "findings", false, "print what was found instead: "+strings.Join(ui.FindingFormats(), ", "))
	return cmd
}

func (s *settings) exportCommand() *cobra.Command {
	var run ui.ExportRun
	cmd := &cobra.Command{
		Use:   "export [TENANT...] -d DIR",
		Short: "Write the platform and its tenants as files for Git",
		Long: "Writes what the platform and its tenants are made of as clean YAML, in the order it is applied in.\n" +
			"What Flux or its operator makes is left to them; Secrets are listed by name and not read, unless --secrets encrypted.",
		PreRunE: s.configure,
		RunE: func(cmd *cobra.Command, tenants []string) error {
			run.Tenants, run.Limit, run.Seal = tenants, s.timeout, sops.Seal
			return s.once(cmd.Context(), func(session *kube.Session) error {
				return ui.Export(cmd.Context(), session, cmd.ErrOrStderr(), run)
			})
		},
	}
	cmd.Flags().StringVarP(&run.Dir, "directory", "d", "", "the folder to write to")
	cmd.Flags().BoolVar(&run.System, "system", false, "the platform too, though tenants are named")
	cmd.Flags().BoolVar(&run.Watch, "watch", false, "keep the folder as the cluster is, until interrupted")
	cmd.Flags().BoolVar(&run.Commit, "commit", false, "commit what changed with your own git; nothing is pushed")
	cmd.Flags().StringVar(&run.Secrets, "secrets", ui.SecretsByName, ui.SecretsByName+", or "+ui.SecretsEncrypted+": their contents are read and encrypted for Git (sops)")
	cmd.Flags().StringSliceVar(&run.Recipients, "age", nil, "with --secrets encrypted: an age recipient (age1…), repeatable; else the sops program and its rules")
	_ = cmd.MarkFlagRequired("directory")
	return cmd
}

func (s *settings) restoreCommand() *cobra.Command {
	var run ui.RestoreRun
	cmd := &cobra.Command{
		Use:   "restore DIR",
		Short: "Apply what was exported, and follow it until it runs",
		Long: "Compares a folder that tenantry export wrote with the cluster, object by object, and says what is new, the\n" +
			"same, different or somebody else's, with what the server says to a dry run. Then it asks, applies in order\n" +
			"(namespaces, access, Flux, sources, syncs) as field manager tenantry without force, names each Secret that is\n" +
			"missing with how to make it, and follows all of it. An object is left as it is, and named, where Flux would\n" +
			"delete something by the change (a FluxInstance that loses its sync, another path under prune); with\n" +
			"--allow-prune it is applied, too. All else deletes nothing. Cut off, the same command goes on.\n\n" +
			"Exit codes: 0 all is as in the folder and runs; 1 refused, left to others or because Flux would delete by it,\n" +
			"missing a Secret, failed, or as broken as before; 2 it could not be told; 3 usage, or a folder that can't be\n" +
			"taken; 4 not within --timeout; 130 interrupted.",
		Example: "  tenantry restore cluster --dry-run\n  tenantry restore cluster --yes --timeout 20m",
		Args:    cobra.ExactArgs(1),
		PreRunE: s.configure,
		RunE: func(cmd *cobra.Command, args []string) error {
			if run.Limit <= 0 {
				return fmt.Errorf("--timeout %s: want more than 0", run.Limit)
			}
			run.Dir, run.Rules, run.Ask, run.Talk = args[0], s.rules, ui.AskOn(os.Stdin, os.Stderr), ui.TalkOptionsFor(os.Stderr, s.ascii)
			if dir, err := state.Dir(os.Getenv); err == nil { // else nothing is kept of it
				log := journal.Open(dir, time.Now)
				defer log.Close()
				run.Journal = log
			}
			return s.once(cmd.Context(), func(session *kube.Session) error {
				return ui.Restore(cmd.Context(), session, cmd.OutOrStdout(), os.Stderr, run)
			})
		},
	}
	cmd.Flags().BoolVar(&run.DryRun, "dry-run", false, "only say what would be done")
	cmd.Flags().BoolVarP(&run.Yes, "yes", "y", false, "do not ask; needed where there is no terminal")
	cmd.Flags().BoolVar(&run.AllowPrune, "allow-prune", false, "apply, too, what Flux would delete something by; it is named first")
	cmd.Flags().DurationVar(&run.Limit, "timeout", 10*time.Minute, "how long all of it may take")
	return cmd
}

func (s *settings) waitCommand() *cobra.Command {
	run := ui.WaitRun{Format: ui.WaitFormats()[0]}
	what := "ready"
	cmd := &cobra.Command{
		Use:   "wait [TENANT...]",
		Short: "Wait until a commit is live, or tenants are ready",
		Long: "Waits until exactly that commit is live in the tenants named, or in all that follow a repository that has it:\n" +
			"applied, and every workload rolled out. Without --revision it waits until the tenants are Ready.\n" +
			"It ends at once when that can't come any more, and says why.\n\n" +
			"Exit codes: 0 done; 1 failed, refused, suspended or overtaken by another commit; 2 it could not be told;\n" +
			"3 usage or configuration; 4 not within --timeout; 130 interrupted.",
		Example: "  tenantry wait --revision $(git rev-parse HEAD)\n" +
			"  tenantry wait shop-eu shop-us --revision 7e01c2d --timeout 10m\n" +
			"  tenantry wait shop-eu --revision newest -o json",
		PreRunE: s.configure,
		RunE: func(cmd *cobra.Command, tenants []string) error {
			if what != "ready" {
				return fmt.Errorf("--for %s: there is only ready; a commit is waited for with --revision", what)
			}
			if cmd.Flags().Changed("revision") && run.Revision == "" {
				return errors.New(`--revision "" names no commit: was it to come from a command that failed?`)
			}
			run.Tenants, run.Rules, run.Options, run.Talk = tenants, s.rules, ui.StatusOptionsFor(cmd.OutOrStdout(), s.ascii, s.theme), ui.TalkOptionsFor(os.Stderr, s.ascii)
			if err := run.Check(); err != nil {
				return err
			}
			return s.once(cmd.Context(), func(session *kube.Session) error {
				return ui.Wait(cmd.Context(), session, cmd.OutOrStdout(), os.Stderr, run)
			})
		},
	}
	cmd.Flags().StringVar(&run.Revision, "revision", "", "the commit: a digest or its beginning, a tag, a chart version, or newest (the sources are asked to fetch)")
	cmd.Flags().StringVar(&what, "for", what, "without --revision: ready")
	cmd.Flags().StringVarP(&run.Format, "output", "o", run.Format, "how to print: "+strings.Join(ui.WaitFormats(), ", "))
	cmd.Flags().DurationVar(&run.Limit, "timeout", 5*time.Minute, "how long to wait")
	cmd.MarkFlagsMutuallyExclusive("revision", "for")
	return cmd
}

func (s *settings) doctorCommand() *cobra.Command {
	format := ui.DoctorFormats()[0]
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine the whole cluster once: what is broken, by what, and what to do",
		Long: "Examines the platform and every tenant once: its checks, what is broken and where that starts,\n" +
			"worst first, what to do about it, and what should be known although nothing is broken yet.\n\n" +
			"Exit codes: 0 healthy; 1 something is unhealthy; 2 it could not be told (unreachable, refused, or\n" +
			"not read within --timeout); 3 usage or configuration.",
		Args:    cobra.NoArgs,
		PreRunE: s.configure,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(ui.DoctorFormats(), format) {
				return fmt.Errorf("unknown format %q for -o: there are %s", format, strings.Join(ui.DoctorFormats(), ", "))
			}
			w := cmd.OutOrStdout()
			return s.once(cmd.Context(), func(session *kube.Session) error {
				return ui.Doctor(cmd.Context(), session, w, ui.StatusRun{Format: format, Limit: s.timeout, Options: ui.StatusOptionsFor(w, s.ascii, s.theme)})
			})
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", format, "how to print: "+strings.Join(ui.DoctorFormats(), ", "))
	return cmd
}

// once opens the cluster for a one-shot command and closes it afterwards.
func (s *settings) once(ctx context.Context, do func(*kube.Session) error) error {
	target, err := s.load()
	if err != nil {
		return err
	}
	log, file, err := kube.OpenLog(s.logFile)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	session, err := s.open(ctx, target, log, os.Stderr)
	if err != nil {
		return err
	}
	defer session.Close()
	return exitcode.With(exitcode.Unknown, do(session))
}
