package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenantry/kube"
	"tenantry/kube/sops"
	"tenantry/ui"
	"tenantry/ui/exitcode"
	"tenantry/ui/journal"
	"tenantry/ui/state"
)

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
			"missing with how to make it, and follows all of it. Nothing is deleted. Cut off, the same command goes on.\n\n" +
			"Exit codes: 0 all is as in the folder and runs; 1 refused, left to others, missing a Secret or failed;\n" +
			"2 it could not be told; 3 usage, or a folder that can't be taken; 4 not within --timeout; 130 interrupted.",
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
