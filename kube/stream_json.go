package kube

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxItem bounds one object's bytes. etcd refuses requests above 1.5 MiB and
// the API server above 3 MiB; anything near this is not an object.
const maxItem = 64 << 20

// jsonStream cuts JSON values out of a byte stream without building them: one
// object of a list at a time is in memory, never the list.
type jsonStream struct {
	r    io.Reader
	buf  []byte
	pos  int // next unread byte
	end  int // end of what was read
	size int64
}

func newJSONStream(r io.Reader) *jsonStream {
	return &jsonStream{r: r, buf: make([]byte, 32<<10)}
}

// fill reads more bytes behind the unread ones, which start at from.
func (s *jsonStream) fill(from int) (shift int, err error) {
	if from > 0 && s.end == len(s.buf) {
		copy(s.buf, s.buf[from:s.end])
		s.end -= from
		s.pos -= from
		shift = from
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxItem {
			return shift, fmt.Errorf("an object of more than %d MiB", maxItem>>20)
		}
		grown := make([]byte, 2*len(s.buf))
		copy(grown, s.buf[:s.end])
		s.buf = grown
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.size += int64(n)
		if n > 0 {
			return shift, nil
		}
		if err != nil {
			return shift, err
		}
	}
	return shift, io.ErrNoProgress
}

// peek returns the next byte that is not white space, without consuming it.
func (s *jsonStream) peek() (byte, error) {
	for {
		for s.pos < s.end {
			switch c := s.buf[s.pos]; c {
			case ' ', '\n', '\t', '\r':
				s.pos++
			default:
				return c, nil
			}
		}
		s.pos, s.end = 0, 0
		if _, err := s.fill(0); err != nil {
			return 0, err
		}
	}
}

// expect consumes one structural byte.
func (s *jsonStream) expect(want byte) error {
	c, err := s.peek()
	if err != nil {
		return unexpected(err)
	}
	if c != want {
		return fmt.Errorf("malformed JSON: %q instead of %q", c, want)
	}
	s.pos++
	return nil
}

// value returns the next JSON value's bytes, valid until the next call. It is
// balanced but not otherwise checked: the decoder of the value does that.
func (s *jsonStream) value() ([]byte, error) {
	first, err := s.peek()
	if err != nil {
		return nil, err
	}
	start, i := s.pos, s.pos
	more := func() error {
		shift, err := s.fill(start)
		start -= shift
		i -= shift
		return unexpected(err)
	}
	depth, inString := 0, false
	for {
		if i == s.end {
			if err := more(); err != nil {
				return nil, err
			}
		}
		if inString {
			quote := bytes.IndexByte(s.buf[i:s.end], '"')
			if quote < 0 {
				i = s.end
				continue
			}
			i += quote + 1
			if escaped(s.buf[start : i-1]) {
				continue
			}
			inString = false
			if depth == 0 {
				return s.take(start, i), nil
			}
			continue
		}
		switch s.buf[i] {
		case '"':
			inString = true
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // the end of a scalar's surroundings
				return s.take(start, i), nil
			}
			depth--
			if depth == 0 {
				return s.take(start, i+1), nil
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 && first != '{' && first != '[' && first != '"' {
				return s.take(start, i), nil
			}
		}
		i++
	}
}

func (s *jsonStream) take(start, end int) []byte {
	s.pos = end
	return s.buf[start:end]
}

// escaped reports whether the quote behind text is escaped: an odd number of
// backslashes stands before it.
func escaped(text []byte) bool {
	n := 0
	for n < len(text) && text[len(text)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// unexpected turns an end in the middle of a value into ErrUnexpectedEOF.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// members calls f before every member of the object or list between open and
// end that comes next; f must consume the member.
func (s *jsonStream) members(open, end byte, f func() error) error {
	if err := s.expect(open); err != nil {
		return err
	}
	for {
		c, err := s.peek()
		switch {
		case err != nil:
			return unexpected(err)
		case c == end:
			s.pos++
			return nil
		case c == ',':
			s.pos++
			continue
		}
		if err := f(); err != nil {
			return unexpected(err)
		}
	}
}

// object calls f for every member of the object that comes next; f must
// consume the member's value.
func (s *jsonStream) object(f func(key string) error) error {
	return s.members('{', '}', func() error {
		if c, err := s.peek(); err != nil || c != '"' {
			return cmp.Or(err, fmt.Errorf("malformed JSON: %q instead of a member", c))
		}
		raw, err := s.value()
		if err != nil {
			return err
		}
		key := string(raw[1 : len(raw)-1])
		if err := s.expect(':'); err != nil {
			return err
		}
		return f(key)
	})
}

// listMeta is what is read of a list's metadata.
type listMeta struct {
	ResourceVersion string `json:"resourceVersion"`
	Continue        string `json:"continue"`
}

// readJSONList calls each for every item of a Kubernetes list. raw is valid
// during the call only.
func readJSONList(r io.Reader, each func(raw []byte)) (listMeta, error) {
	var meta listMeta
	items := false
	s := newJSONStream(r)
	err := s.object(func(key string) error {
		if key == "items" {
			items = true
			if c, err := s.peek(); err != nil || c != '[' {
				_, err := s.value() // null
				return unexpected(err)
			}
			return s.members('[', ']', func() error {
				raw, err := s.value()
				if err == nil {
					each(raw)
				}
				return err
			})
		}
		raw, err := s.value()
		if err != nil {
			return unexpected(err)
		}
		if key == "metadata" {
			return json.Unmarshal(raw, &meta)
		}
		return nil
	})
	clear(s.buf)
	if err == nil && (!items || meta.ResourceVersion == "") {
		// A proxy's page of JSON is not a list of nothing.
		err = errors.New("the answer is no Kubernetes list: something on the way answered instead of the API server")
	}
	return meta, err
}

// jsonEvent cuts one watch event into its type and its object's bytes.
func jsonEvent(doc []byte) (typ string, object []byte, err error) {
	s := &jsonStream{r: bytes.NewReader(nil), buf: doc, end: len(doc)}
	err = s.object(func(key string) error {
		raw, err := s.value()
		if err != nil {
			return unexpected(err)
		}
		switch key {
		case "type":
			return json.Unmarshal(raw, &typ)
		case "object":
			object = raw
		}
		return nil
	})
	return typ, object, err
}
