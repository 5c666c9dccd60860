package gitremote

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"tenantry/model/credential"
)

// maxMoves is how often a host may send on to another address.
const maxMoves = 3

func (c *Client) tryHTTP(ctx context.Context, u *url.URL, d *credential.Draft) (*credential.Answer, error) {
	at := *u
	for range maxMoves {
		answer, moved, err := c.askHTTP(ctx, &at, d)
		switch {
		case err != nil:
			return nil, err
		case moved == nil:
			return answer, nil
		case moved.Host != u.Host || moved.Scheme != u.Scheme:
			// A login is for one host; another one must not see it.
			return nil, failed(credential.TryNoRepo, "%s sends on to %s://%s; put that address into the source", u.Host, moved.Scheme, moved.Host)
		}
		at = *moved
		at.Path = strings.TrimSuffix(at.Path, "/info/refs")
	}
	return nil, failed(credential.TryNoRepo, "%s sends on and on", u.Host)
}

// askHTTP sends one request, written by hand into one piece of memory so that
// the login in it can be made zeros.
func (c *Client) askHTTP(ctx context.Context, u *url.URL, d *credential.Draft) (*credential.Answer, *url.URL, error) {
	conn, err := c.dial(ctx, credential.Endpoint(u))
	if err != nil {
		return nil, nil, err
	}
	defer watch(ctx, conn)()
	if u.Scheme == "https" {
		config, problem := c.tlsConfig(u, d)
		if problem != nil {
			return nil, nil, problem
		}
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, nil, tlsRefusal(u, err)
		}
		conn = secure
	}
	request := httpRequest(u, d)
	_, err = conn.Write(request)
	clear(request)
	if err != nil {
		return nil, nil, unreachable(credential.Endpoint(u), err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, 64<<20)), nil)
	if err != nil {
		return nil, nil, unreachable(credential.Endpoint(u), err)
	}
	defer func() { _ = resp.Body.Close() }()
	switch code := resp.StatusCode; {
	case code == http.StatusOK:
	case code >= 300 && code < 400 && resp.Header.Get("Location") != "":
		to, err := u.Parse(resp.Header.Get("Location"))
		if err != nil {
			return nil, nil, failed(credential.TryNoRepo, "%s sends on to nowhere", u.Host)
		}
		return nil, to, nil
	case code == http.StatusUnauthorized:
		return nil, nil, failed(credential.TryRefused, "%s does not know this login (401)", u.Host)
	case code == http.StatusForbidden:
		return nil, nil, failed(credential.TryRefused, "%s knows this login and does not let it read here (403)", u.Host)
	case code == http.StatusNotFound:
		return nil, nil, failed(credential.TryNoRepo, "%s has no repository %s, or hides it from this login (404)", u.Host, u.Path)
	default:
		return nil, nil, failed(credential.TryUnreachable, "%s answers %s", u.Host, resp.Status)
	}
	answer, err := readRefs(resp.Body, true)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, unreachable(credential.Endpoint(u), ctx.Err())
		}
		return nil, nil, failed(credential.TryNoRepo, "%s%s: %v", u.Host, u.Path, err)
	}
	return answer, nil, nil
}

func httpRequest(u *url.URL, d *credential.Draft) []byte {
	head := fmt.Sprintf("GET %s/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: %s\r\nUser-Agent: git/tenantry\r\nAccept: */*\r\nConnection: close\r\n",
		strings.TrimSuffix(u.EscapedPath(), "/"), u.Host)
	b := make([]byte, 0, len(head)+len(d.Token)+2*(len(d.Username)+len(d.Password))+64)
	b = append(b, head...)
	switch {
	case d.Method == credential.Bearer:
		b = append(append(b, "Authorization: Bearer "...), d.Token...)
		b = append(b, "\r\n"...)
	case d.Method == credential.Basic && d.Username != "":
		login := append(append(make([]byte, 0, len(d.Username)+1+len(d.Password)), d.Username+":"...), d.Password...)
		b = append(b, "Authorization: Basic "...)
		b = base64.StdEncoding.AppendEncode(b, login)
		b = append(b, "\r\n"...)
		clear(login)
	}
	return append(b, "\r\n"...)
}

func (c *Client) tlsConfig(u *url.URL, d *credential.Draft) (*tls.Config, *credential.TryError) {
	config := &tls.Config{ServerName: u.Hostname(), RootCAs: c.Roots, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	if len(d.CA) > 0 { // source-controller trusts this one alone then
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(d.CA) {
			return nil, failed(credential.TryUnable, "the CA holds no certificate")
		}
	}
	if len(d.ClientCert) > 0 {
		pair, err := tls.X509KeyPair(d.ClientCert, d.ClientKey)
		if err != nil {
			return nil, failed(credential.TryUnable, "client certificate and key do not belong together")
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

func tlsRefusal(u *url.URL, err error) *credential.TryError {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return failed(credential.TryHostKey, "%s shows a certificate of an authority nobody here trusts; its CA can be given above", u.Host)
	case errors.As(err, &name):
		return failed(credential.TryHostKey, "%s shows a certificate for another name", u.Host)
	case errors.As(err, &verify):
		return failed(credential.TryHostKey, "%s shows a certificate that is not accepted: %v", u.Host, verify.Err)
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" {
		return failed(credential.TryRefused, "%s does not accept the client certificate, or wants one: %v", u.Host, op.Err)
	}
	return unreachable(credential.Endpoint(u), err)
}
