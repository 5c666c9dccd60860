package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Unfinished returns the actions on a cluster that were begun by a dashboard
// that is gone and of which no end was noted, the oldest first. A line that
// makes no sense, as a kill may leave one, is passed over.
func (l *Log) Unfinished(context, server string) ([]Record, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	held, err := lock(l.Path() + ".lock")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil // no folder, no log
	case err == nil:
		defer func() { _ = held.Close() }()
	}
	// Where nothing can be locked, nothing can be written by others either.
	all, err := l.unfinished()
	if err != nil {
		return nil, err
	}
	alive := map[string]bool{l.run.name: l.run.file != nil}
	var out []Record
	for _, r := range all {
		if r.Context != context || r.Server != server {
			continue
		}
		if _, known := alive[r.run]; !known {
			alive[r.run] = runs(l.dir, r.run)
		}
		if !alive[r.run] {
			out = append(out, r.Record)
		}
	}
	return out, nil
}

// begunRecord is a record and who began it.
type begunRecord struct {
	Record
	run string
}

// unfinished are all actions, on whatever cluster and by whomever, of which no
// end was noted.
func (l *Log) unfinished() ([]begunRecord, error) {
	open := map[string]*begunRecord{}
	var order []string
	for _, path := range []string{l.Path() + ".1", l.Path()} {
		err := eachLine(path, func(data []byte) {
			var entry line
			if json.Unmarshal(data, &entry) != nil {
				return
			}
			switch r := open[entry.ID]; {
			case entry.Event == "begin" && entry.Record != nil:
				if r == nil {
					order = append(order, entry.ID)
				}
				// Begun anew where a file was set aside: the same once more.
				open[entry.ID] = &begunRecord{*entry.Record, entry.Run}
			case r == nil:
			case entry.Event == "steps":
				r.Steps = append(r.Steps, entry.Steps...)
			case entry.Event == "end":
				delete(open, entry.ID)
			case entry.Event == "note" && entry.Step >= 0 && entry.Step < len(r.Steps):
				r.Steps[entry.Step].Word, r.Steps[entry.Step].Detail = entry.Word, entry.Detail
			}
		})
		if err != nil {
			return nil, err
		}
	}
	var out []begunRecord
	for _, id := range order {
		if r := open[id]; r != nil {
			out = append(out, *r)
			delete(open, id) // an id that was ended and begun again is there twice
		}
	}
	return out, nil
}

// eachLine calls f with every line of a file; one that is too long to be ours
// is passed over.
func eachLine(path string, f func([]byte)) error {
	file, err := openFile(path, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	in := bufio.NewReaderSize(file, maxLine)
	for {
		data, err := in.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) {
			data = nil
			_, err = in.ReadSlice('\n')
		}
		if len(data) > 1 {
			f(data)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}
