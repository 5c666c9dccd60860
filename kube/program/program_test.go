package program

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func script(t *testing.T, name, body string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return path
}

func output(t *testing.T, r *Run) (lines []string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		more, err := r.Next(ctx)
		lines = append(lines, more...)
		if err != nil {
			return lines, err
		}
	}
}

func TestOutputComesAsItIsWritten(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "gate")
	path := script(t, "helm", `echo "args: $*"; echo oops >&2; until test -e `+gate+`; do sleep 0.05; done; printf '10%%\r20%%\r\nlast'`)
	if found, err := (Runner{}).Find("helm"); err != nil || found != path {
		t.Fatalf("found %s, %v", found, err)
	}
	r, err := Runner{}.Start(path, []string{"upgrade", "a b"})
	if err != nil {
		t.Fatal(err)
	}
	var first []string
	for len(first) < 2 { // before it has ended
		more, err := r.Next(t.Context())
		if err != nil {
			t.Fatalf("%q, %v", first, err)
		}
		first = append(first, more...)
	}
	if !slices.Equal(first, []string{"args: upgrade a b", "oops"}) {
		t.Errorf("%q", first)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	rest, err := output(t, r)
	if !errors.Is(err, io.EOF) || strings.Join(rest, "|") != "10%|20%|last" {
		t.Errorf("%q, %v", rest, err)
	}
}

func TestAProgramThatFailsOrIsNotThere(t *testing.T) {
	path := script(t, "helm", "echo no; exit 7")
	r, err := Runner{}.Start(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lines, err := output(t, r); len(lines) != 1 || err == nil || !strings.Contains(err.Error(), "exit status 7") {
		t.Errorf("%q, %v", lines, err)
	}
	if _, err := (Runner{}).Find("no-such-program-here"); err == nil || !strings.Contains(err.Error(), "on the PATH") {
		t.Errorf("%v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := (Runner{}).Find("helm"); err == nil {
		t.Error("found where nothing is")
	}
}

// The operator and its CLI have one name.
func TestOneIsNotTakenForAnother(t *testing.T) {
	cli := script(t, "flux-operator", `test "$1 $2" = "install --help" && echo "  --instance-cluster-multitenant"`)
	if ok, err := (Runner{}).Knows(t.Context(), cli, "install", "--instance-cluster-multitenant"); !ok || err != nil {
		t.Errorf("the CLI: %v, %v", ok, err)
	}
	operator := script(t, "flux-operator", `echo "Usage of flux-operator" >&2; exit 2`)
	if ok, err := (Runner{}).Knows(t.Context(), operator, "install", "--instance-cluster-multitenant"); ok || err != nil {
		t.Errorf("the operator: %v, %v", ok, err)
	}
}
