// Command bench measures the program from outside, on the lab under a load:
// time to the first complete screen, peak memory, CPU while nothing changes,
// and keys while much does. It prints a table against the targets.
//
//	go run ./testdata/bench [-n 1000] [-profiles plain,full] [-modes default,streamed,paged] [-runs 3] [-updates 60s] [-embedded]
//
// With -embedded the cluster is the one inside this program, behind a listener:
// good for what does not depend on the server, such as keys and frames.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

type options struct {
	tenants  int
	profiles []string
	runs     int
	idle     time.Duration
	updates  time.Duration
	modes    []string
	embedded bool
	keep     bool
}

func main() {
	var o options
	profiles := flag.String("profiles", "plain,full", "load profiles, comma-separated")
	flag.IntVar(&o.tenants, "n", 1000, "tenants")
	flag.IntVar(&o.runs, "runs", 3, "runs per profile and list mode")
	flag.DurationVar(&o.idle, "idle", 30*time.Second, "how long to measure CPU while nothing changes; 0 = not")
	flag.DurationVar(&o.updates, "updates", 0, "how long to measure under 500 updates a second; 0 = not")
	modes := flag.String("modes", "default,streamed,paged", "how the lists are read, comma-separated")
	flag.BoolVar(&o.embedded, "embedded", false, "measure on the embedded cluster instead of the lab")
	flag.BoolVar(&o.keep, "keep", false, "leave the loaded lab running")
	flag.Parse()
	o.profiles, o.modes = strings.Split(*profiles, ","), strings.Split(*modes, ",")
	if err := bench(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// environment is what the lab says of itself.
type environment struct {
	Server     string `json:"server"`
	Kubeconfig string `json:"kubeconfig"`
}

type labProgram struct{ bin string }

func (l labProgram) run(args ...string) error {
	cmd := exec.Command(l.bin, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("lab %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

func (l labProgram) environment() (environment, error) {
	var e environment
	out, err := exec.Command(l.bin, "env", "-o", "json").Output()
	if err != nil {
		return e, fmt.Errorf("lab env: %w", err)
	}
	return e, json.Unmarshal(out, &e)
}

func bench(o options) error {
	binary, err := filepath.Abs("bin/tenantry")
	if err != nil {
		return err
	}
	if _, err := os.Stat(binary); err != nil {
		return fmt.Errorf("no program to measure (%w): run make build", err)
	}
	tmp, err := os.MkdirTemp("", "tenantry-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if o.embedded {
		if err := os.Chdir(tmp); err != nil { // pages are written here
			return err
		}
		e, env, end, err := embed(o.tenants, tmp)
		if err != nil {
			return err
		}
		defer end()
		rows, err := benchCluster(o, e.updates, env, binary, "embedded")
		printTable(os.Stdout, o, rows)
		return err
	}
	lab := labProgram{bin: filepath.Join(tmp, "lab")}
	build := exec.Command("go", "build", "-o", lab.bin, ".")
	build.Dir = "testdata/lab"
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the lab: %w\n%s", err, out)
	}
	if err := os.Chdir(tmp); err != nil { // pages are written here
		return err
	}
	if os.Getenv("TENANTRY_LAB_DIR") == "" {
		os.Setenv("TENANTRY_LAB_DIR", filepath.Join(tmp, "lab-state"))
		if !o.keep {
			defer func() { _ = lab.run("down") }()
		}
	}
	var rows []row
	for _, profile := range o.profiles {
		got, err := benchProfile(o, lab, binary, profile)
		rows = append(rows, got...)
		if err != nil {
			printTable(os.Stdout, o, rows)
			return err
		}
	}
	printTable(os.Stdout, o, rows)
	return nil
}

func benchProfile(o options, lab labProgram, binary, profile string) ([]row, error) {
	if err := lab.run("up"); err != nil {
		return nil, err
	}
	if err := lab.run("reset"); err != nil {
		return nil, err
	}
	if err := lab.run("load", fmt.Sprint(o.tenants), "--profile", profile); err != nil {
		return nil, err
	}
	env, err := lab.environment()
	if err != nil {
		return nil, err
	}
	return benchCluster(o, lab.updates, env, binary, profile)
}

func benchCluster(o options, change updates, env environment, binary, profile string) ([]row, error) {
	if err := warm(env); err != nil {
		return nil, err
	}
	var rows []row
	for _, mode := range o.modes {
		for i := 0; i < o.runs; i++ {
			r, err := measure(o, env, binary, profile, mode, i == 0)
			if err != nil {
				return rows, fmt.Errorf("%s %s run %d: %w", profile, mode, i+1, err)
			}
			rows = append(rows, r)
		}
	}
	if o.updates > 0 {
		r, err := measureUpdates(o, change, env, binary, profile)
		if err != nil {
			return rows, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}
