// Package gitremote makes SSH keys, asks a Git host for its host key, and asks
// a repository for its refs with a credential that is in no Secret yet: what a
// person wants to know before a source is made to use it. It runs where the
// person sits, so its word is no verdict: source-controller may reach what it
// can't, and the other way round.
//
// It speaks Git's first exchange itself, on golang.org/x/crypto/ssh and
// crypto/tls. Two things decided against go-git and net/http: go-git costs 7 MB
// in every start of the program for one list of refs, and both turn a password
// into strings that stay in memory. Here a secret is in slices that are made
// zeros.
package gitremote

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"tenantry/model/credential"
)

// Client reaches Git hosts. The zero value uses the network.
type Client struct {
	// Dial replaces the network; nil = the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots replace the authorities this machine trusts; nil = those.
	Roots *x509.CertPool
}

// limit is how long one question to a host may take.
const limit = 15 * time.Second

// Try asks a repository for its refs. An error is a *credential.TryError.
func (c *Client) Try(ctx context.Context, d *credential.Draft) (*credential.Answer, error) {
	u, problem := credential.Parse(d.URL)
	if problem != "" {
		return nil, &credential.TryError{Kind: credential.TryUnable, Text: problem}
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if u.Scheme == "ssh" {
		return c.trySSH(ctx, u, d)
	}
	if d.Method == credential.GitHubApp {
		return nil, &credential.TryError{Kind: credential.TryUnable, Text: "a GitHub App is not tried from here: the source's own fetch tells"}
	}
	return c.tryHTTP(ctx, u, d)
}

func (c *Client) dial(ctx context.Context, address string) (net.Conn, error) {
	dial := c.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, unreachable(address, err)
	}
	if at, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(at) // a pipe has none: its other end is in this process
	}
	return conn, nil
}

func unreachable(address string, err error) *credential.TryError {
	var lookup *net.DNSError
	why := err.Error()
	var op *net.OpError
	switch {
	case errors.As(err, &lookup) && lookup.IsNotFound:
		why = "no such host"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		why = "no answer in " + limit.String()
	case errors.As(err, &op):
		why = op.Err.Error()
	}
	return &credential.TryError{Kind: credential.TryUnreachable, Text: address + " is not reached from here: " + why}
}

func failed(kind credential.TryKind, format string, args ...any) *credential.TryError {
	return &credential.TryError{Kind: kind, Text: fmt.Sprintf(format, args...)}
}
