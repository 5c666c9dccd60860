package redact

import (
	"bytes"
	"encoding/base64"
)

// shortest is how long a value has to be to be looked for: shorter ones are
// parts of words.
const shortest = 4

// Values returns text without values that are known: their lines in clear, also
// as they are quoted, and in base64. What it makes of them is wiped.
func Values(text string, values ...[]byte) string {
	out := []byte(text)
	take := func(what []byte) {
		if len(what) >= shortest {
			out = bytes.ReplaceAll(out, what, []byte(Mark))
		}
	}
	for _, v := range values {
		whole := base64.StdEncoding.AppendEncode(nil, v)
		take(whole)
		clear(whole)
		for line := range bytes.Lines(v) {
			line = bytes.TrimSpace(line)
			take(line)
			coded := base64.StdEncoding.AppendEncode(nil, line)
			take(coded)
			clear(coded)
			quoted := make([]byte, 0, 2*len(line))
			for _, c := range line {
				if c == '"' || c == '\\' {
					quoted = append(quoted, '\\')
				}
				quoted = append(quoted, c)
			}
			take(quoted)
			clear(quoted)
		}
	}
	return string(out)
}
