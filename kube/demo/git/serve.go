package git

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// Dial connects to a host's SSH or HTTPS port, as net.Dialer.DialContext does
// on a network: what answers speaks the real protocols.
func (h *Host) Dial(_ context.Context, _, at string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	known := h.knowsHost(host)
	h.mu.Unlock()
	if !known {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	client, server := pipe(at)
	switch port {
	case "22":
		go h.serveSSH(server, host)
	case "443":
		go h.serveHTTP(tls.Server(server, &tls.Config{Certificates: []tls.Certificate{h.certificate(host)}}), host)
	default:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused")}
	}
	return client, nil
}

// OnStranger calls f with the public line of every SSH key that is shown and
// nobody knows.
func (h *Host) OnStranger(f func(public string)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stranger = f
}

func (h *Host) serveSSH(conn net.Conn, host string) {
	defer func() { _ = conn.Close() }()
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		line := publicLine(key)
		h.mu.Lock()
		known, stranger := h.admits(line), h.stranger
		h.mu.Unlock()
		if !known {
			if stranger != nil {
				stranger(line)
			}
			return nil, errors.New("nobody here knows this key")
		}
		return &ssh.Permissions{Extensions: map[string]string{"key": line}}, nil
	}}
	config.AddHostKey(hostSigner(host))
	session, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	defer func() { _ = session.Close() }()
	go ssh.DiscardRequests(requests)
	for offer := range channels {
		if offer.ChannelType() != "session" {
			_ = offer.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		channel, requests, err := offer.Accept()
		if err != nil {
			return
		}
		go h.session(channel, requests, host, session.Permissions.Extensions["key"])
	}
}

// admits reports whether any repository knows a key.
func (h *Host) admits(line string) bool {
	for _, r := range h.repos {
		if r.keys[line] {
			return true
		}
	}
	return false
}

func (h *Host) session(channel ssh.Channel, requests <-chan *ssh.Request, host, key string) {
	defer func() { _ = channel.Close() }()
	for req := range requests {
		if req.Type != "exec" {
			_ = req.Reply(req.Type == "env", nil)
			continue
		}
		var payload struct{ Command string }
		if ssh.Unmarshal(req.Payload, &payload) != nil {
			_ = req.Reply(false, nil)
			return
		}
		_ = req.Reply(true, nil)
		program, path, _ := strings.Cut(payload.Command, " ")
		status := uint32(1)
		h.mu.Lock()
		r := h.repos[normal("ssh://"+host+strings.Trim(path, "'"))]
		seen := program == "git-upload-pack" && r != nil && (!r.access.Key || r.keys[key])
		var refs string
		if seen {
			refs, status = r.advertise(), 0
		}
		h.mu.Unlock()
		if seen {
			_, _ = io.WriteString(channel, refs)
			_, _ = io.ReadFull(channel, make([]byte, 4)) // what is wanted: nothing
		} else {
			_, _ = fmt.Fprintln(channel.Stderr(), "ERROR: Repository not found.")
		}
		_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(&struct{ Status uint32 }{status}))
		return
	}
}

// advertise is the list of refs as git-upload-pack begins with it.
func (r *Repo) advertise() string {
	type ref struct{ name, sha string }
	var refs []ref
	for name := range r.heads {
		refs = append(refs, ref{"refs/heads/" + name, r.head(name).SHA})
	}
	for name, c := range r.tags {
		refs = append(refs, ref{"refs/tags/" + name, c.SHA})
	}
	slices.SortFunc(refs, func(a, b ref) int { return strings.Compare(a.name, b.name) })
	if main := r.head("main"); main != nil {
		refs = append([]ref{{"HEAD", main.SHA}}, refs...)
	}
	var b strings.Builder
	for i, ref := range refs {
		text := ref.sha + " " + ref.name
		if i == 0 {
			text += "\x00multi_ack symref=HEAD:refs/heads/main agent=git/demo"
		}
		fmt.Fprintf(&b, "%04x%s\n", len(text)+5, text)
	}
	return b.String() + "0000"
}

func (h *Host) serveHTTP(conn net.Conn, host string) {
	once := &single{conn: conn, ended: make(chan struct{})}
	server := &http.Server{Handler: h.handler(host), ReadHeaderTimeout: time.Minute,
		ConnState: func(_ net.Conn, s http.ConnState) {
			if s == http.StateClosed {
				once.end()
			}
		}}
	_ = server.Serve(once) // it ends with the connection
}

func (h *Host) handler(host string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		path, ok := strings.CutSuffix(req.URL.Path, "/info/refs")
		if !ok || req.URL.Query().Get("service") != "git-upload-pack" {
			http.NotFound(w, req)
			return
		}
		user, password, _ := req.BasicAuth()
		h.mu.Lock()
		r := h.repos[normal("https://"+host+path)]
		var refs string
		status := http.StatusOK
		switch {
		case r == nil:
			status = http.StatusNotFound
		case r.access.Password != "" && (user != r.access.Username || password != r.access.Password):
			status = http.StatusUnauthorized
		default:
			refs = r.advertise()
		}
		h.mu.Unlock()
		if status != http.StatusOK {
			http.Error(w, http.StatusText(status), status)
			return
		}
		w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
		_, _ = io.WriteString(w, "001e# service=git-upload-pack\n0000"+refs)
	})
}

// single is a listener for one connection that is there already.
type single struct {
	mu    sync.Mutex
	conn  net.Conn
	once  sync.Once
	ended chan struct{}
}

func (s *single) Accept() (net.Conn, error) {
	s.mu.Lock()
	conn := s.conn
	s.conn = nil
	s.mu.Unlock()
	if conn != nil {
		return conn, nil
	}
	<-s.ended
	return nil, net.ErrClosed
}

func (s *single) end()           { s.once.Do(func() { close(s.ended) }) }
func (s *single) Close() error   { s.end(); return nil }
func (s *single) Addr() net.Addr { return address("demo") }

// authority signs what the hosts of this process show.
type authority struct {
	once sync.Once
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	made map[string]tls.Certificate
	mu   sync.Mutex
}

// Roots are the authorities to trust for the hosts here.
func (h *Host) Roots() *x509.CertPool {
	h.ca.make()
	pool := x509.NewCertPool()
	pool.AddCert(h.ca.cert)
	return pool
}

func (a *authority) make() {
	a.once.Do(func() {
		a.made = map[string]tls.Certificate{}
		a.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tenantry demo"}, IsCA: true,
			BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().AddDate(1, 0, 0)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
		if err == nil {
			a.cert, err = x509.ParseCertificate(der)
		}
		if err != nil {
			panic(err) // the template is ours
		}
	})
}

func (h *Host) certificate(host string) tls.Certificate {
	a := &h.ca
	a.make()
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.made[host]; ok {
		return c
	}
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{SerialNumber: big.NewInt(int64(len(a.made) + 2)), Subject: pkix.Name{CommonName: host},
		DNSNames: []string{host}, KeyUsage: x509.KeyUsageDigitalSignature, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		panic(err)
	}
	c := tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key}
	a.made[host] = c
	return c
}

// DialSilent connects to something that takes what it is sent and never
// answers, as a dropped route does.
func (h *Host) DialSilent(_ context.Context, _, at string) (net.Conn, error) {
	client, _ := pipe(at)
	return client, nil
}
