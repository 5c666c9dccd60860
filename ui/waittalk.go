package ui

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/charmbracelet/x/term"

	"tenantry/ui/text"
)

// TalkOptions say how progress is told. The zero value prints a line for each
// step, as for a log.
type TalkOptions struct {
	Width int // columns of a terminal whose last line may be rewritten; 0 = it is none
	ASCII bool
}

// TalkOptionsFor are those of the terminal behind f; none for a pipe or a file.
func TalkOptionsFor(f *os.File, ascii bool) TalkOptions {
	o := TalkOptions{ASCII: ascii}
	if !term.IsTerminal(f.Fd()) || os.Getenv("TERM") == "dumb" {
		return o
	}
	if width, _, err := term.GetSize(f.Fd()); err == nil {
		o.Width = width
	}
	return o
}

// teller tells how far something is: in a terminal in one line that is written
// over again, else in a line for each thing that happened.
type teller struct {
	w io.Writer
	TalkOptions
	shown string // the line in the terminal
	said  string // the last words
}

func newTeller(w io.Writer, o TalkOptions) *teller { return &teller{w: w, TalkOptions: o} }

// say tells that something happened; the same again is no news.
func (t *teller) say(after time.Duration, words string) {
	if t.Width > 0 {
		t.show(after, words)
		return
	}
	if words == t.said {
		return
	}
	t.said = words
	fmt.Fprintf(t.w, "%5s  %s\n", elapsedWords(after), t.clean(words))
}

// now tells how it stands; only a terminal shows it.
func (t *teller) now(after time.Duration, words string) {
	if t.Width > 0 {
		t.show(after, words)
	}
}

func (t *teller) show(after time.Duration, words string) {
	line := fmt.Sprintf("%5s  %s", elapsedWords(after), t.clean(words))
	tail := "…"
	if t.ASCII {
		tail = "..."
	}
	if line = text.Cut(line, t.Width-1, tail); line == t.shown {
		return
	}
	t.shown = line
	fmt.Fprint(t.w, "\r\x1b[K"+line)
}

// end takes the line away, so that the result stands in its place.
func (t *teller) end() {
	if t.shown != "" {
		fmt.Fprint(t.w, "\r\x1b[K")
		t.shown = ""
	}
}

func (t *teller) clean(words string) string {
	words = text.Clean(words)
	if t.ASCII {
		words = text.ASCII(words)
	}
	return words
}

// elapsedWords is how long something takes so far, in whole seconds.
func elapsedWords(d time.Duration) string { return d.Truncate(time.Second).String() }
