package ui

import (
	"errors"
	"os/exec"
	"runtime"

	tea "charm.land/bubbletea/v2"
)

// openLink opens the page of the commit or the repository that belongs to the
// row under the cursor; where no browser can be started, it shows and copies
// the link.
func (a *App) openLink() tea.Cmd {
	s := a.page().subject()
	link := orNone(s.link, a.linkOf(a.looked(s.spot)))
	if link == "" {
		a.notice = "no page belongs to this: its source is no Git repository over https or ssh"
		return nil
	}
	program := a.browser()
	if program == "" {
		a.notice = "copied, as no browser can be started here: " + link
		return tea.SetClipboard(link)
	}
	a.notice = "opened " + link
	return browse(program, link)
}

// browserOf is the program that opens links, "" where there is none: a Linux
// without a display would show the page in this very terminal.
func browserOf(environ []string) string {
	if environ == nil {
		return ""
	}
	program := "xdg-open"
	if runtime.GOOS == "darwin" {
		program = "open"
	} else if getenv(environ, "DISPLAY") == "" && getenv(environ, "WAYLAND_DISPLAY") == "" {
		return ""
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return ""
	}
	return path
}

// browse starts the browser, with the link as its only argument and no shell
// between. It may live on: nobody waits for it but to clear it away.
func browse(program, link string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		cmd := exec.Command(program, link)
		if err := cmd.Start(); err != nil {
			return browsedMsg{link: link, err: err}
		}
		go func() { _ = cmd.Wait() }()
		return browsedMsg{link: link}
	}
}

// browsed says when the browser did not start; the link is then there to copy.
func (a *App) browsed(msg browsedMsg) tea.Cmd {
	if msg.err == nil {
		return nil
	}
	why := msg.err
	if inner := errors.Unwrap(why); inner != nil {
		why = inner
	}
	a.notice, a.dirty = "copied, as the browser did not start ("+why.Error()+"): "+msg.link, true
	return tea.SetClipboard(msg.link)
}
