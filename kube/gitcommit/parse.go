package gitcommit

import (
	"errors"
	"strconv"
	"strings"

	"tenantry/model"
)

// maxName bounds an author's name, in bytes.
const maxName = 100

// parse reads a commit object: headers, an empty line, the message.
func parse(object string) (model.Authorship, error) {
	var out model.Authorship
	headers, message, _ := strings.Cut(object, "\n\n")
	for line := range strings.SplitSeq(headers, "\n") {
		if rest, ok := strings.CutPrefix(line, "author "); ok {
			out.Author, out.At = person(rest)
			break
		}
	}
	if out.Author == "" && out.At == 0 {
		return out, errors.New("git shows no author")
	}
	subject, _, _ := strings.Cut(strings.TrimLeft(message, "\n"), "\n")
	out.Subject = cut(strings.ToValidUTF8(subject, "?"), 4*maxName)
	return out, nil
}

// person reads "Ana Ruiz <ana@example.com> 1764422551 +0100". The address is
// left out: a name is enough for a screen.
func person(text string) (string, model.Unix) {
	name, rest, _ := strings.Cut(text, "<")
	name = strings.TrimSpace(strings.ToValidUTF8(name, "?"))
	address, when, _ := strings.Cut(rest, ">")
	if name == "" {
		name, _, _ = strings.Cut(strings.ToValidUTF8(address, "?"), "@")
	}
	at := int64(0)
	if fields := strings.Fields(when); len(fields) > 0 {
		at, _ = strconv.ParseInt(fields[0], 10, 64)
	}
	return cut(name, maxName), model.Unix(at)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
