package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

// maxRead is how many records are read, the newest.
const maxRead = 20_000

// sameWithin is how far apart two runs may take down the same thing, in
// seconds: their clocks follow the server's to a second, their watches may lag.
const sameWithin = 15

// Read returns what is kept of a cluster, the oldest first, at most the newest
// 20,000 records. What two runs saw alike is there once. A line that makes no
// sense, as a kill may leave one, is passed over.
func (f *Folder) Read(cluster string) ([]Record, error) {
	var out []Record
	limit := f.now().Add(-maxAge).Unix()
	for _, path := range []string{f.Path(cluster) + ".1", f.Path(cluster)} {
		err := eachLine(path, func(_ []byte, r *Record) bool {
			if r.At < limit {
				return true
			}
			if len(out) == 2*maxRead {
				out = append(out[:0], out[maxRead:]...)
			}
			out = append(out, *r)
			return true
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("the history can't be read: %w", err)
		}
	}
	slices.SortStableFunc(out, func(a, b Record) int { return int(min(max(a.At-b.At, -1), 1)) })
	out = once(out)
	return out[max(len(out)-maxRead, 0):], nil
}

// once leaves out what another run took down as well.
func once(records []Record) []Record {
	type seen struct {
		at  int64
		run string
	}
	last := map[Record]seen{}
	out := records[:0]
	for _, r := range records {
		what := r
		what.At, what.Run = 0, ""
		if was, had := last[what]; had && was.run != r.Run && r.At-was.at <= sameWithin {
			continue
		}
		last[what] = seen{r.At, r.Run}
		out = append(out, r)
	}
	return out
}

// eachLine calls do for every record of a file until it returns false.
func eachLine(path string, do func(line []byte, r *Record) bool) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	in := bufio.NewReaderSize(io.LimitReader(file, 4*maxFile), 16<<10) // whatever grew it
	for {
		line, err := in.ReadSlice('\n')
		whole := err == nil
		for errors.Is(err, bufio.ErrBufferFull) { // no line of ours is as long
			_, err = in.ReadSlice('\n')
		}
		if whole {
			var r Record
			line = bytes.TrimRight(line, "\n")
			if len(line) > 0 && json.Unmarshal(line, &r) == nil && r.At > 0 && r.What != "" && !do(line, &r) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
