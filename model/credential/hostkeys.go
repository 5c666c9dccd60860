package credential

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"strings"
)

// HostKey is a key a host shows to prove that it is itself. It is no secret.
type HostKey struct {
	Host string // as known_hosts names it: "github.com", "[git.acme.io]:2222"
	Type string // ssh-ed25519, ecdsa-sha2-nistp256, …
	Blob []byte // the public key, as it goes over the wire
}

// Fingerprint is what a person compares: SHA256 of the key.
func (k HostKey) Fingerprint() string { return fingerprint(k.Blob) }

// Line is the key as a line of known_hosts.
func (k HostKey) Line() string {
	return k.Host + " " + k.Type + " " + base64.StdEncoding.EncodeToString(k.Blob)
}

func fingerprint(blob []byte) string {
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// PublicFingerprint is that of a line as it stands in authorized_keys; "" for
// what is none.
func PublicFingerprint(line string) string {
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return ""
	}
	if blob, ok := keyBlob(fields[0], fields[1]); ok {
		return fingerprint(blob)
	}
	return ""
}

// keyBlob decodes a public key and checks that it is whole and of the type that
// stands in front of it: it is a row of parts, each behind its length.
func keyBlob(typ, text string) ([]byte, bool) {
	blob, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	rest := blob
	for i := 0; len(rest) > 0; i++ {
		if len(rest) < 4 || uint64(binary.BigEndian.Uint32(rest)) > uint64(len(rest)-4) {
			return nil, false
		}
		n := 4 + binary.BigEndian.Uint32(rest)
		if i == 0 && string(rest[4:n]) != typ {
			return nil, false
		}
		rest = rest[n:]
	}
	return blob, len(blob) > 4+len(typ)
}

// HostName is how known_hosts names the host of an address: with its port only
// where that is not 22.
func HostName(u *url.URL) string {
	host := u.Hostname()
	if port := u.Port(); port != "" && port != "22" {
		return "[" + host + "]:" + port
	}
	return host
}

// ParseKnownHosts reads lines as they stand in known_hosts, or says what is
// wrong with them. Hashed names are taken as they are.
func ParseKnownHosts(text string) ([]HostKey, string) {
	var out []HostKey
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if fields[0] == "@cert-authority" || fields[0] == "@revoked" {
			return nil, "known_hosts: a line that begins with " + fields[0] + " is for ssh alone; a host's own key is wanted"
		}
		if len(fields) < 3 {
			return nil, "known_hosts: a line is host, type and key, e.g. github.com ssh-ed25519 AAAA…"
		}
		blob, ok := keyBlob(fields[1], fields[2])
		if !ok {
			return nil, "known_hosts: the key of " + fields[0] + " is not a whole " + fields[1] + " key"
		}
		out = append(out, HostKey{fields[0], fields[1], blob})
	}
	if len(out) == 0 {
		return nil, "known_hosts: there is no key in it"
	}
	return out, ""
}

// Vouches reports whether one of the keys is for the host of an address. A
// hashed name can't be told, so it may be.
func Vouches(keys []HostKey, u *url.URL) bool {
	for _, k := range keys {
		for name := range strings.SplitSeq(k.Host, ",") {
			if strings.HasPrefix(name, "|") || strings.EqualFold(name, HostName(u)) {
				return true
			}
		}
	}
	return false
}

// KnownHostsText is the lines of several keys.
func KnownHostsText(keys []HostKey) []byte {
	var b bytes.Buffer
	for _, k := range keys {
		b.WriteString(k.Line())
		b.WriteByte('\n')
	}
	return b.Bytes()
}
