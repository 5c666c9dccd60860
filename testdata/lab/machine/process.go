package machine

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Process is identified by pid, start time and boot: a recycled pid has
// another start time, and after a reboot both could repeat.
type Process struct {
	PID   int    `json:"pid"`
	Start uint64 `json:"start"` // clock ticks after boot, from /proc/PID/stat
	Boot  string `json:"boot"`
}

// identify reads who has this pid now.
func identify(pid int) (Process, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Process{}, err
	}
	start, _, err := parseStat(stat)
	if err != nil {
		return Process{}, fmt.Errorf("/proc/%d/stat: %w", pid, err)
	}
	return Process{PID: pid, Start: start, Boot: bootID()}, nil
}

// parseStat returns the start time and the state letter. The command name
// stands in parentheses and may itself hold spaces and parentheses.
func parseStat(stat []byte) (start uint64, state byte, err error) {
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 {
		return 0, 0, fmt.Errorf("no command name")
	}
	fields := strings.Fields(string(stat[end+1:]))
	if len(fields) < 20 || len(fields[0]) != 1 {
		return 0, 0, fmt.Errorf("only %d fields", len(fields))
	}
	start, err = strconv.ParseUint(fields[19], 10, 64)
	return start, fields[0][0], err
}

func bootID() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// Alive says whether this very process still runs; a zombie does not.
func (p Process) Alive() bool {
	state, ok := p.state()
	return ok && state != 'Z' && state != 'X'
}

// Stopped says whether the process is frozen by SIGSTOP.
func (p Process) Stopped() bool {
	state, ok := p.state()
	return ok && state == 'T'
}

func (p Process) state() (byte, bool) {
	if p.PID <= 1 || p.Boot != bootID() {
		return 0, false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.PID))
	if err != nil {
		return 0, false
	}
	start, state, err := parseStat(stat)
	return state, err == nil && start == p.Start
}

// Signal sends a signal to this very process and to no other that may have
// got its pid since. A process that is gone is no error.
func (p Process) Signal(sig syscall.Signal) error {
	if !p.Alive() {
		return nil
	}
	err := syscall.Kill(p.PID, sig)
	if err == syscall.ESRCH {
		return nil
	}
	return err
}

// waitGone waits until the process has ended and says whether it has.
func (p Process) waitGone(limit time.Duration) bool {
	deadline := time.Now().Add(limit)
	for p.Alive() {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
	return true
}
