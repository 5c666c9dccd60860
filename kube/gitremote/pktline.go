package gitremote

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tenantry/model/credential"
)

// maxRefs bounds what is read of a repository's list, and maxNames what is kept
// of it: some hosts show a ref for every change anybody ever proposed.
const (
	maxRefs  = 200_000
	maxNames = 500
)

// errHidden is what a host says instead of refs.
type errHidden string

func (e errHidden) Error() string { return string(e) }

// readRefs reads the first list of refs a repository shows (gitprotocol-pack):
// lines behind their length in four hexadecimal digits, up to an empty one.
func readRefs(r io.Reader, http bool) (*credential.Answer, error) {
	in := bufio.NewReader(r)
	out := &credential.Answer{}
	if http {
		line, err := readLine(in)
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(line, "# service=git-upload-pack") {
			return nil, errors.New("it does not speak Git's smart protocol")
		}
		if line, err = readLine(in); err != nil || line != "" {
			return nil, errors.New("it does not speak Git's smart protocol")
		}
	}
	for range maxRefs {
		line, err := readLine(in)
		switch {
		case err != nil:
			return nil, err
		case line == "":
			return out, nil
		}
		if said, ok := strings.CutPrefix(line, "ERR "); ok {
			return nil, errHidden(said)
		}
		ref, features, first := strings.Cut(line, "\x00")
		_, name, ok := strings.Cut(ref, " ")
		if !ok || len(ref) < 41 {
			if strings.HasPrefix(line, "version ") || strings.HasPrefix(line, "shallow ") {
				continue
			}
			return nil, errors.New("it answers with something that is no list of refs")
		}
		if first {
			for f := range strings.FieldsSeq(features) {
				if head, ok := strings.CutPrefix(f, "symref=HEAD:"); ok {
					out.Head = head
				}
			}
		}
		if name == "HEAD" || strings.HasSuffix(name, "^{}") {
			continue // said again by another name
		}
		out.Refs++
		if len(out.Names) < maxNames {
			out.Names = append(out.Names, name)
		}
	}
	return out, nil
}

// readLine reads one line; "" is the empty one that ends a list.
func readLine(in *bufio.Reader) (string, error) {
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return "", err
	}
	n, err := strconv.ParseUint(string(head[:]), 16, 16)
	if err != nil {
		return "", fmt.Errorf("it answers with something that is not Git's")
	}
	if n < 4 {
		return "", nil
	}
	body := make([]byte, n-4)
	if _, err := io.ReadFull(in, body); err != nil {
		return "", err
	}
	return strings.TrimSuffix(string(body), "\n"), nil
}
