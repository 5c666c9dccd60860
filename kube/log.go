package kube

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
)

// OpenLog opens a log file, or with "" a log that is thrown away, and sends
// there what client-go would print to the terminal. The file is the caller's
// to close.
func OpenLog(path string) (*slog.Logger, *os.File, error) {
	mode := os.O_CREATE | os.O_APPEND | os.O_WRONLY
	if path == "" {
		path, mode = os.DevNull, os.O_WRONLY
	}
	f, err := os.OpenFile(path, mode, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("--log-file: %w", err)
	}
	Quiet(f)
	return slog.New(slog.NewTextHandler(f, nil)), f, nil
}

// Quiet sends what client-go would print to the terminal to w instead: klog's
// lines and API warnings.
func Quiet(w io.Writer) {
	klog.SetSlogLogger(slog.New(slog.NewTextHandler(w, nil)))
	rest.SetDefaultWarningHandler(rest.NewWarningWriter(w, rest.WarningWriterOptions{Deduplicate: true}))
}
