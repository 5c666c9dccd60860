// Command recording runs the program in a terminal and prints its screen second
// by second, so that something that happens can be watched from beginning to
// end, and read.
//
//	go run ./testdata/recording [-size 120x40] [-keys 2] [-from '1 rolling out'] [-for 30s] [-every 1s] -- bin/tenantry demo
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
	keys := flag.String("keys", "2", `keys to type once the screen is there, e.g. 'jj\r'; \e is escape`)
	until := flag.String("until", "● live", "text the first screen has when it is there")
	from := flag.String("from", "", "text the recording begins with; at once without")
	patience := flag.Duration("patience", 2*time.Minute, "how long to wait for it")
	long := flag.Duration("for", 30*time.Second, "how long to record")
	every := flag.Duration("every", time.Second, "how long between two frames")
	flag.Parse()
	if err := run(*size, *keys, *until, *from, *patience, *long, *every, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "recording:", err)
		os.Exit(1)
	}
}

func run(size, keys, until, from string, patience, long, every time.Duration, args []string) error {
	w, h, ok := strings.Cut(size, "x")
	width, werr := strconv.Atoi(w)
	height, herr := strconv.Atoi(h)
	switch {
	case len(args) == 0:
		return fmt.Errorf("no program to run: give it after --")
	case !ok || werr != nil || herr != nil || width < 1 || height < 1:
		return fmt.Errorf("-size %s: want columns x rows, as in 120x40", size)
	case every <= 0:
		return fmt.Errorf("-every %s: want more than nothing", every)
	}
	typed, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(keys, `"`, `\"`), `\e`, `\x1b`) + `"`)
	if err != nil {
		return fmt.Errorf("-keys %s: %w", keys, err)
	}
	s, err := terminal.Start(width, height, []string{"COLORTERM=truecolor"}, args[0], args[1:]...)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.WaitText(30*time.Second, until); err != nil {
		return err
	}
	for _, k := range typed {
		if err := s.Type(string(k)); err != nil {
			return err
		}
		<-time.After(60 * time.Millisecond) // a person's pace: an escape and a letter are not one key
	}
	if from != "" {
		if _, err := s.WaitText(patience, from); err != nil {
			return err
		}
	}
	frames := time.NewTicker(every)
	defer frames.Stop()
	for began := time.Now(); ; <-frames.C {
		at := time.Since(began)
		if at > long {
			return nil
		}
		fmt.Printf("\n%s %4.0fs\n%s\n", strings.Repeat("=", width-6), at.Seconds(), strings.TrimRight(s.Screen(), "\n "))
	}
}
