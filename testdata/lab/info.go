package main

import (
	"context"
	"fmt"
	"strings"

	"tenantry/lab/machine"
	"tenantry/lab/scenes"
)

func printExport(l *machine.Lab) error {
	fmt.Printf("export KUBECONFIG=%s\n", l.Kubeconfig())
	return nil
}

// environment is what lab env -o json prints; keys are only ever added.
type environment struct {
	StateDir         string            `json:"stateDir"`
	Mode             string            `json:"mode"`
	FluxNamespace    string            `json:"fluxNamespace"`
	LeaderElection   bool              `json:"leaderElection"`
	Server           string            `json:"server"`
	Kubeconfig       string            `json:"kubeconfig"`
	TenantKubeconfig string            `json:"tenantKubeconfig"`
	Kubectl          string            `json:"kubectl"`
	Lab              string            `json:"lab"`
	GitURL           string            `json:"gitURL"`
	GitTLSURL        string            `json:"gitTLSURL"`
	GitSSHURL        string            `json:"gitSSHURL"`
	GitRepos         string            `json:"gitRepos"`
	AuditLog         string            `json:"auditLog"`
	Pids             map[string]int    `json:"pids"` // of the parts that run
	Logs             map[string]string `json:"logs"`
	Parts            []string          `json:"parts"` // that should run
	Ports            map[string]int    `json:"ports"`
}

func describe(l *machine.Lab) environment {
	e := environment{
		StateDir: l.Dir, Mode: l.Config.Mode, FluxNamespace: l.Config.FluxNamespace, LeaderElection: l.Config.ElectLeaders,
		Server: l.Server(), Kubeconfig: l.Kubeconfig(), TenantKubeconfig: l.TenantKubeconfig(),
		Kubectl: l.Config.Bin + "/kubectl", Lab: l.Self(),
		GitURL: l.GitURL(), GitTLSURL: l.GitTLSURL(), GitSSHURL: l.GitSSHURL(), GitRepos: l.Repos(), AuditLog: l.AuditLog(),
		Pids: map[string]int{}, Logs: map[string]string{}, Parts: l.Expected(), Ports: l.Config.Ports,
	}
	for _, name := range machine.Names() {
		if r, ok := l.Record(name); ok && r.Process.Alive() {
			e.Pids[name] = r.Process.PID
		}
		e.Logs[name] = l.LogFile(name)
	}
	return e
}

func runEnv(_ context.Context, l *machine.Lab, args []string) error {
	f := flags("env")
	format := f.String("o", "", "")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if !l.Exists() {
		return fmt.Errorf("no lab exists in %s: run lab up", l.Dir)
	}
	e := describe(l)
	switch *format {
	case "json":
		return printJSON(e)
	case "":
		for _, kv := range [][2]string{
			{"KUBECONFIG", e.Kubeconfig}, {"TENANTRY_LAB_TENANT_KUBECONFIG", e.TenantKubeconfig},
			{"TENANTRY_LAB_GIT_URL", e.GitURL}, {"TENANTRY_LAB_GIT_REPOS", e.GitRepos},
			{"TENANTRY_LAB_AUDIT_LOG", e.AuditLog}, {"TENANTRY_LAB_KUBECTL", e.Kubectl}, {machine.DirVariable, e.StateDir},
		} {
			fmt.Printf("export %s=%q\n", kv[0], kv[1])
		}
		return nil
	}
	return usagef("lab env -o %s: only json is known", *format)
}

func runStatus(_ context.Context, l *machine.Lab, _ []string) error {
	if !l.Exists() {
		fmt.Printf("no lab in %s\n", l.Dir)
		return nil
	}
	fmt.Printf("mode %s in %s\n", l.Config.Mode, l.Dir)
	for _, name := range l.Expected() {
		r, ok := l.Record(name)
		switch {
		case !ok:
			fmt.Printf("%-24s never started\n", name)
		case !r.Process.Alive():
			e, _ := l.LastExit(name)
			fmt.Printf("%-24s down: %s\n", name, e.How)
		case r.Process.Stopped():
			fmt.Printf("%-24s paused, pid %d\n", name, r.Process.PID)
		default:
			fmt.Printf("%-24s runs, pid %d, since %s\n", name, r.Process.PID, r.Since.Format("15:04:05"))
		}
	}
	return nil
}

func runLogs(_ context.Context, l *machine.Lab, args []string) error {
	f := flags("logs")
	n := f.Int("n", 50, "")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("lab logs needs one part: %s", strings.Join(machine.Names(), " "))
	}
	text, err := l.Tail(rest[0], *n)
	if err == nil {
		fmt.Println(text)
	}
	return err
}

func runDemo(ctx context.Context, l *machine.Lab, _ []string) error {
	if err := runningFlux(l); err != nil {
		return err
	}
	return scenes.New(l, talk()).Demo(ctx)
}

// list is a flag that may be repeated.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

func runPush(ctx context.Context, l *machine.Lab, args []string) error {
	var c scenes.Change
	f := flags("push")
	f.IntVar(&c.Replicas, "replicas", -1, "")
	f.StringVar(&c.Image, "image", "", "")
	f.StringVar(&c.Message, "message", "", "")
	f.Var((*list)(&c.Env), "env", "")
	f.Var((*list)(&c.Labels), "label", "")
	f.BoolVar(&c.RemovePath, "path-remove", false, "")
	f.BoolVar(&c.Break, "break", false, "")
	f.BoolVar(&c.Reconcile, "reconcile", false, "")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("lab push needs one tenant: dev, stage or prod")
	}
	t, err := scenes.FindTenant(rest[0])
	if err != nil {
		return usagef("%v", err)
	}
	if err := running(l); err != nil {
		return err
	}
	sha, err := scenes.New(l, talk()).Push(ctx, t, c)
	if err == nil {
		fmt.Println(sha)
	}
	return err
}
