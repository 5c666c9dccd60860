package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tenantry/kube"
	"tenantry/kube/demo"
	"tenantry/kube/gitcommit"
	"tenantry/kube/gitremote"
	"tenantry/kube/program"
	"tenantry/kube/sops"
	"tenantry/ui"
	"tenantry/ui/exitcode"
	"tenantry/ui/journal"
	"tenantry/ui/state"
)

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
