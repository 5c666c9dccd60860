// Command picture runs the program in a terminal and draws its screen as SVG,
// colours included: for the README, and for looking at a design.
//
//	go run ./testdata/picture [-size 120x40] [-keys 'jj\r'] [-until '● live'] [-light] [-o out.svg] -- bin/tenantry demo
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"tenantry/testdata/terminal"
)

func main() {
	size := flag.String("size", "120x40", "columns x rows")
	keys := flag.String("keys", "", `keys to type once the screen is there, e.g. 'jj\r'; \e is escape`)
	until := flag.String("until", "● live", "text the first screen has when it is there")
	then := flag.String("then", "", "text to wait for after the keys")
	wait := flag.Duration("wait", 300*time.Millisecond, "how long to let the last screen settle")
	light := flag.Bool("light", false, "draw on a light background")
	out := flag.String("o", "screen.svg", "where to write")
	flag.Parse()
	if err := run(*size, *keys, *until, *then, *wait, *light, *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(size, keys, until, then string, wait time.Duration, light bool, out string, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no program to run: give it after --")
	}
	w, h, ok := strings.Cut(size, "x")
	width, werr := strconv.Atoi(w)
	height, herr := strconv.Atoi(h)
	if !ok || werr != nil || herr != nil || width < 1 || height < 1 {
		return fmt.Errorf("-size %s: want columns x rows, as in 120x40", size)
	}
	background := "COLORFGBG=15;0" // for who is not answered when asking the terminal
	if light {
		background = "COLORFGBG=0;15"
	}
	s, err := terminal.Start(width, height, []string{"COLORTERM=truecolor", background}, args[0], args[1:]...)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.WaitText(30*time.Second, until); err != nil {
		return err
	}
	typed, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(keys, `"`, `\"`), `\e`, `\x1b`) + `"`)
	if err != nil {
		return fmt.Errorf("-keys %s: %w", keys, err)
	}
	for _, k := range typed {
		if err := s.Type(string(k)); err != nil {
			return err
		}
		<-time.After(60 * time.Millisecond) // a person's pace: an escape and a letter are not one key
	}
	if then != "" {
		if _, err := s.WaitText(30*time.Second, then); err != nil {
			return err
		}
	}
	<-time.After(wait)
	return os.WriteFile(out, []byte(draw(s.Cells(), light)), 0o644)
}
