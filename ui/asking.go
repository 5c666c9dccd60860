package ui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/charmbracelet/x/term"
)

// Ask asks a person and returns the line that was answered.
type Ask func(ctx context.Context, question string) (string, error)

// AskOn asks on a terminal, a line at a time; nil when there is none to ask on.
// A question that was given up leaves somebody reading: the next one is answered
// by the same line.
func AskOn(in, out *os.File) Ask {
	if !term.IsTerminal(in.Fd()) || !term.IsTerminal(out.Fd()) {
		return nil
	}
	type answer struct {
		line string
		err  error
	}
	lines := bufio.NewReaderSize(in, 4096)
	var got chan answer
	return func(ctx context.Context, question string) (string, error) {
		fmt.Fprint(out, question)
		if got == nil {
			next := make(chan answer, 1)
			got = next
			go func() { // it can't be called back: the program's end ends it
				line, err := lines.ReadString('\n')
				next <- answer{line, err}
			}()
		}
		select {
		case <-ctx.Done():
			fmt.Fprintln(out)
			return "", ctx.Err()
		case a := <-got:
			got = nil
			if a.err != nil {
				fmt.Fprintln(out)
				return "", errors.New("nothing was answered")
			}
			return a.line, nil
		}
	}
}
