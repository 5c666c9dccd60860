package credential

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// NamesHost reports whether a name in known_hosts, maybe hashed, is a host's.
func NamesHost(name, host string) bool {
	rest, hashed := strings.CutPrefix(name, "|1|")
	if !hashed {
		return strings.EqualFold(name, host)
	}
	salt, sum, _ := strings.Cut(rest, "|")
	key, err1 := base64.StdEncoding.DecodeString(salt)
	want, err2 := base64.StdEncoding.DecodeString(sum)
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(host))
	return err1 == nil && err2 == nil && hmac.Equal(mac.Sum(nil), want)
}

// isFor reports whether a line of known_hosts is a key of a host. One that
// begins with a marker is none: such a line is left to whoever wrote it.
func isFor(line, host string) bool {
	fields := strings.Fields(line)
	return len(fields) > 0 && slices.ContainsFunc(strings.Split(fields[0], ","), func(name string) bool { return NamesHost(name, host) })
}

// KeysOf are the keys known_hosts has of the host of an address; lines that
// can't be read are passed over.
func KeysOf(known []byte, u *url.URL) []HostKey {
	var out []HostKey
	for line := range strings.Lines(string(known)) {
		if !isFor(line, HostName(u)) {
			continue
		}
		keys, _ := ParseKnownHosts(line)
		out = append(out, keys...)
	}
	return out
}

// ReplaceHost is known_hosts with other lines for the host of an address. All
// others stay: a Secret may serve several hosts.
func ReplaceHost(known []byte, u *url.URL, lines []byte) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(string(known)) {
		if strings.TrimSpace(line) != "" && !isFor(line, HostName(u)) {
			b.WriteString(strings.TrimRight(line, "\r\n") + "\n")
		}
	}
	b.Write(lines)
	return b.Bytes()
}
