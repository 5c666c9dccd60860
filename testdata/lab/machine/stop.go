package machine

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// graceful is how long a part may take after SIGTERM. The API server waits for
// its watchers, so it is stopped after them.
const graceful = 15 * time.Second

// Stop ends one part with SIGTERM, and SIGKILL if it does not go, and waits
// until the process and its keeper are gone.
func (l *Lab) Stop(name string) error {
	if _, err := find(name); err != nil {
		return err
	}
	if err := l.switchOff(name); err != nil {
		return err
	}
	return l.end(name, syscall.SIGTERM)
}

// switchOff remembers that a person ended the part, so that nothing but a
// person's start, or lab up, starts it again.
func (l *Lab) switchOff(name string) error {
	if !l.Exists() {
		return fmt.Errorf("no lab exists in %s: run lab up", l.Dir)
	}
	return os.WriteFile(l.path("parts", name+".off"), nil, 0o644)
}

// Off says whether a person ended the part.
func (l *Lab) Off(name string) bool {
	_, err := os.Stat(l.path("parts", name+".off"))
	return err == nil
}

// Kill ends one part with SIGKILL and waits until it is gone.
func (l *Lab) Kill(name string) error {
	if _, err := find(name); err != nil {
		return err
	}
	if err := l.switchOff(name); err != nil {
		return err
	}
	return l.end(name, syscall.SIGKILL)
}

// Pause freezes a part, Resume lets it go on.
func (l *Lab) Pause(name string) error  { return l.signal(name, syscall.SIGSTOP) }
func (l *Lab) Resume(name string) error { return l.signal(name, syscall.SIGCONT) }

func (l *Lab) signal(name string, sig syscall.Signal) error {
	if _, err := find(name); err != nil {
		return err
	}
	r, ok := l.Record(name)
	if !ok || !r.Process.Alive() {
		return fmt.Errorf("%s does not run: start it with lab start %s", name, name)
	}
	return r.Process.Signal(sig)
}

func (l *Lab) end(name string, sig syscall.Signal) error {
	r, ok := l.Record(name)
	if !ok {
		return nil
	}
	if err := r.Process.Signal(sig); err != nil {
		return fmt.Errorf("stopping %s (pid %d): %w", name, r.Process.PID, err)
	}
	// A frozen process takes SIGTERM only when it goes on.
	if err := r.Process.Signal(syscall.SIGCONT); err != nil {
		return fmt.Errorf("waking %s (pid %d): %w", name, r.Process.PID, err)
	}
	if !r.Process.waitGone(graceful) {
		if err := r.Process.Signal(syscall.SIGKILL); err != nil {
			return fmt.Errorf("killing %s (pid %d): %w", name, r.Process.PID, err)
		}
		if !r.Process.waitGone(graceful) {
			return fmt.Errorf("%s (pid %d) does not end even after SIGKILL", name, r.Process.PID)
		}
	}
	if !r.Keeper.waitGone(5 * time.Second) {
		return fmt.Errorf("the keeper of %s (pid %d) does not end", name, r.Keeper.PID)
	}
	return nil
}

// StopAll stops every part: those that talk to the API server first and
// together, then the API server, then etcd. With hard they are killed, for a
// lab whose data is wiped anyway.
func (l *Lab) StopAll(hard bool) error {
	sig := syscall.SIGTERM
	if hard {
		sig = syscall.SIGKILL
	}
	var clients []string
	for _, p := range parts {
		if p.name != APIServer && p.name != Etcd {
			clients = append(clients, p.name)
		}
	}
	if err := l.endAll(clients, sig); err != nil {
		return err
	}
	if hard {
		return l.endAll([]string{APIServer, Etcd}, sig)
	}
	for _, name := range []string{APIServer, Etcd} {
		if err := l.end(name, sig); err != nil {
			return err
		}
	}
	return nil
}

// StopParts stops the named parts together.
func (l *Lab) StopParts(names []string) error { return l.endAll(names, syscall.SIGTERM) }

func (l *Lab) endAll(names []string, sig syscall.Signal) error {
	errs := make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs[i] = l.end(name, sig)
		}()
	}
	wg.Wait()
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

// Running lists the parts that run now.
func (l *Lab) Running() []string {
	var out []string
	for _, name := range Names() {
		if l.Alive(name) {
			out = append(out, name)
		}
	}
	return out
}
