package gitremote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"tenantry/model/credential"
)

// hostKeyTypes is the order in which a host is asked for a key. One is enough:
// source-controller then asks for that kind.
var hostKeyTypes = []string{ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
	ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}

// HostKeys asks a host for the key it proves itself with. Nothing vouches for
// the answer: whoever sits between here and there can give it. A person has to
// compare it with what the host publishes.
func (c *Client) HostKeys(ctx context.Context, address string) ([]credential.HostKey, error) {
	u, problem := credential.Parse(address)
	if problem != "" {
		return nil, failed(credential.TryUnable, "%s", problem)
	}
	if u.Scheme != "ssh" {
		return nil, failed(credential.TryUnable, "only ssh:// has host keys")
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := c.dial(ctx, credential.Endpoint(u))
	if err != nil {
		return nil, err
	}
	defer watch(ctx, conn)()
	var found []credential.HostKey
	enough := errors.New("enough")
	_, _, _, err = ssh.NewClientConn(conn, credential.Endpoint(u), &ssh.ClientConfig{
		User: credential.User(u), HostKeyAlgorithms: hostKeyTypes,
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			found = append(found, credential.HostKey{Host: credential.HostName(u), Type: key.Type(), Blob: key.Marshal()})
			return enough
		},
	})
	if len(found) == 0 {
		if ctx.Err() != nil {
			return nil, unreachable(credential.Endpoint(u), ctx.Err())
		}
		return nil, failed(credential.TryUnreachable, "%s shows no host key: %s", credential.Endpoint(u), handshake(err))
	}
	return found, nil
}

// watch closes a connection when its time is over; the returned function ends
// that and closes it too.
func watch(ctx context.Context, conn net.Conn) func() {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	return func() { stop(); _ = conn.Close() }
}

// handshake takes the library's own words away from the front.
func handshake(err error) string {
	if err == nil {
		return "it closed the connection"
	}
	s := strings.TrimPrefix(err.Error(), "ssh: handshake failed: ")
	if errors.Is(err, io.EOF) {
		return "it closed the connection"
	}
	return strings.TrimPrefix(s, "ssh: ")
}

func (c *Client) trySSH(ctx context.Context, u *url.URL, d *credential.Draft) (*credential.Answer, error) {
	if d.Pair == nil || len(d.Pair.Private) == 0 {
		return nil, failed(credential.TryUnable, "there is no key to try yet")
	}
	var signer ssh.Signer
	var err error
	if signer, err = ssh.ParsePrivateKey(d.Pair.Private); err != nil {
		if len(d.Passphrase) == 0 {
			return nil, failed(credential.TryUnable, "the key is encrypted, and there is no passphrase")
		}
		if signer, err = ssh.ParsePrivateKeyWithPassphrase(d.Pair.Private, d.Passphrase); err != nil {
			return nil, failed(credential.TryUnable, "%v", ErrPassphrase)
		}
	}
	known, problem := credential.ParseKnownHosts(string(d.Hosts))
	if problem != "" {
		return nil, failed(credential.TryUnable, "%s", problem)
	}
	host := &hostCheck{known: known, host: credential.HostName(u)}
	conn, err := c.dial(ctx, credential.Endpoint(u))
	if err != nil {
		return nil, err
	}
	defer watch(ctx, conn)()
	session, channels, requests, err := ssh.NewClientConn(conn, credential.Endpoint(u), &ssh.ClientConfig{
		User: credential.User(u), Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyAlgorithms: host.algorithms(), HostKeyCallback: host.check,
	})
	if err != nil {
		return nil, host.refusal(ctx, u, err)
	}
	client := ssh.NewClient(session, channels, requests)
	defer func() { _ = client.Close() }()
	return listRefs(ctx, client, u)
}

// listRefs runs git-upload-pack on the host, reads the first list and leaves.
func listRefs(ctx context.Context, client *ssh.Client, u *url.URL) (*credential.Answer, error) {
	run, err := client.NewSession()
	if err != nil {
		return nil, failed(credential.TryNoRepo, "%s lets this key in and opens no session: %s", u.Hostname(), handshake(err))
	}
	defer func() { _ = run.Close() }()
	said := &bounded{}
	run.Stderr = said
	out, err := run.StdoutPipe()
	if err != nil {
		return nil, failed(credential.TryUnable, "%v", err)
	}
	in, err := run.StdinPipe()
	if err != nil {
		return nil, failed(credential.TryUnable, "%v", err)
	}
	if err := run.Start("git-upload-pack '" + strings.ReplaceAll(u.Path, "'", `'\''`) + "'"); err != nil {
		return nil, failed(credential.TryNoRepo, "%s lets this key in and does not serve Git: %s", u.Hostname(), handshake(err))
	}
	answer, err := readRefs(out, false)
	if err == nil {
		_, _ = io.WriteString(in, "0000") // nothing is wanted
		return answer, nil
	}
	_ = in.Close()
	_ = run.Wait() // so that all it says has been said
	var hidden errHidden
	words := strings.TrimSpace(said.String())
	if ctx.Err() != nil && words == "" { // one that said why and hangs was reached all the same
		return nil, unreachable(u.Host, ctx.Err())
	}
	if errors.As(err, &hidden) {
		words = string(hidden)
	}
	if words == "" {
		words = handshake(err)
	}
	return nil, failed(credential.TryNoRepo, "%s lets this key in and shows no repository %s: %s", u.Hostname(), u.Path, words)
}

// bounded keeps the beginning of what a host says.
type bounded struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *bounded) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if room := 500 - b.buf.Len(); room > 0 {
		b.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (b *bounded) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// hostCheck holds a host to the keys it is known by.
type hostCheck struct {
	known   []credential.HostKey
	host    string
	met     ssh.PublicKey // what it showed
	matched bool
}

// mine are the keys that vouch for the host.
func (h *hostCheck) mine() []credential.HostKey {
	var out []credential.HostKey
	for _, k := range h.known {
		if slices.ContainsFunc(strings.Split(k.Host, ","), func(name string) bool { return credential.NamesHost(name, h.host) }) {
			out = append(out, k)
		}
	}
	return out
}

// algorithms are those of the known keys: source-controller asks for no others.
func (h *hostCheck) algorithms() []string {
	var out []string
	for _, k := range h.mine() {
		if k.Type == ssh.KeyAlgoRSA {
			out = append(out, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		}
		out = append(out, k.Type)
	}
	if out == nil {
		return hostKeyTypes
	}
	return out
}

var errHostKey = errors.New("the host's key is not the known one")

func (h *hostCheck) check(_ string, _ net.Addr, key ssh.PublicKey) error {
	h.met = key
	for _, k := range h.mine() {
		if bytes.Equal(k.Blob, key.Marshal()) {
			h.matched = true
			return nil
		}
	}
	return errHostKey
}

func (h *hostCheck) refusal(ctx context.Context, u *url.URL, err error) *credential.TryError {
	shown := ""
	if h.met != nil {
		shown = ssh.FingerprintSHA256(h.met)
	}
	var agree *ssh.AlgorithmNegotiationError
	switch {
	case h.met != nil && !h.matched && len(h.mine()) == 0:
		return failed(credential.TryHostKey, "known_hosts has no key for %s; it shows %s", h.host, shown)
	case h.met != nil && !h.matched:
		return failed(credential.TryHostKey, "the host key of %s is not the one in known_hosts: it shows %s. It was changed, or somebody sits in between", h.host, shown)
	case errors.As(err, &agree) && len(h.mine()) > 0:
		return failed(credential.TryHostKey, "%s has no host key of the kind that is in known_hosts", h.host)
	case ctx.Err() != nil:
		return unreachable(credential.Endpoint(u), ctx.Err())
	case strings.Contains(err.Error(), "unable to authenticate"):
		return failed(credential.TryRefused, "%s does not let this key in", u.Hostname())
	}
	return failed(credential.TryUnreachable, "%s: %s", credential.Endpoint(u), handshake(err))
}
