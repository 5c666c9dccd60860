package machine

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// KeepCommand is the hidden command of a part's keeper.
const KeepCommand = "keep-part"

// Keep is a part's parent: it writes down who the part is, how it ended, and
// turns its output into a pod's log where asked. Without it the exit of a
// detached process would be lost.
func Keep(args []string) int {
	// A child is killed with its parent's thread, so this must stay the one.
	runtime.LockOSThread()
	flags := flag.NewFlagSet(KeepCommand, flag.ExitOnError)
	dir := flags.String("dir", "", "state folder")
	name := flags.String("name", "", "part")
	podLog := flags.Bool("pod-log", false, "also write the output in the kubelet's format")
	namespace := flags.String("pod-namespace", "", "show the part this namespace where a pod's service account has it")
	flags.Parse(args)
	if err := keep(&Lab{Dir: *dir}, *name, *podLog, *namespace, flags.Args()); err != nil {
		fmt.Fprintf(os.Stderr, "lab: keeping %s: %v\n", *name, err)
		return 1
	}
	return 0
}

func keep(l *Lab, name string, podLog bool, namespace string, args []string) error {
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT)
	if namespace != "" {
		if err := mountPodNamespace(l.path("mounts", name), namespace); err != nil {
			return fmt.Errorf("mounting the pod's namespace file: %w", err)
		}
	}
	log, err := os.OpenFile(l.LogFile(name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Dir = l.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if podLog {
		pod, err := l.startPodLog(name)
		if err != nil {
			return err
		}
		lines := &podLogWriter{raw: log, pod: pod}
		cmd.Stdout, cmd.Stderr = lines, lines
	}
	if err := cmd.Start(); err != nil {
		l.writeExit(name, err.Error())
		return err
	}
	self, err := identify(os.Getpid())
	if err != nil {
		return err
	}
	child, err := identify(cmd.Process.Pid)
	if err != nil {
		return err
	}
	record := Record{Name: name, Process: child, Keeper: self, Args: args, Since: time.Now()}
	if err := writeJSON(l.recordFile(name), record); err != nil {
		cmd.Process.Kill()
		return err
	}
	how := "exit status 0"
	if err := cmd.Wait(); err != nil {
		how = err.Error()
	}
	return l.writeExit(name, how)
}

func (l *Lab) writeExit(name, how string) error {
	return writeJSON(l.exitFile(name), Exit{How: how, At: time.Now()})
}

// startPodLog begins a new pod log and keeps the one before, as the kubelet
// keeps the log of the previous container.
func (l *Lab) startPodLog(name string) (*os.File, error) {
	path := l.PodLogFile(name)
	if _, err := os.Stat(path); err == nil {
		if err := os.Rename(path, path+".previous"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
}

// podLogWriter copies output to the raw log and, line by line with a time
// stamp, to the pod's log.
type podLogWriter struct {
	raw, pod io.Writer
	rest     string
}

func (w *podLogWriter) Write(p []byte) (int, error) {
	if _, err := w.raw.Write(p); err != nil {
		return 0, err
	}
	lines := bufio.NewReader(strings.NewReader(w.rest + string(p)))
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			w.rest = line
			return len(p), nil
		}
		if err := WritePodLine(w.pod, time.Now(), "stderr", line); err != nil {
			return 0, err
		}
	}
}

// WritePodLine writes one line the way container runtimes do.
func WritePodLine(w io.Writer, at time.Time, stream, line string) error {
	_, err := fmt.Fprintf(w, "%s %s F %s\n", at.UTC().Format("2006-01-02T15:04:05.000000000Z"), stream, strings.TrimRight(line, "\n"))
	return err
}
