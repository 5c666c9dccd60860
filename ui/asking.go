package ui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/charmbracelet/x/term"
)

// AskOn asks on a terminal, a line at a time; nil when there is none to ask on.
func AskOn(in, out *os.File) func(ctx context.Context, question string) (string, error) {
	if !term.IsTerminal(in.Fd()) || !term.IsTerminal(out.Fd()) {
		return nil
	}
	type answer struct {
		line string
		err  error
	}
	lines := bufio.NewReaderSize(in, 4096)
	return func(ctx context.Context, question string) (string, error) {
		fmt.Fprint(out, question)
		got := make(chan answer, 1)
		go func() { // it can't be called back: the program's end ends it
			line, err := lines.ReadString('\n')
			got <- answer{line, err}
		}()
		select {
		case <-ctx.Done():
			fmt.Fprintln(out)
			return "", ctx.Err()
		case a := <-got:
			if a.err != nil {
				fmt.Fprintln(out)
				return "", errors.New("nothing was answered")
			}
			return a.line, nil
		}
	}
}
