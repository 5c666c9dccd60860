package ui

import (
	"context"

	"tenantry/model/credential"
)

// Remote makes keys and asks Git hosts, from where the person sits. What it
// says is no verdict: source-controller may reach what it can't, and the other
// way round.
type Remote interface {
	// NewKey makes an SSH key of one of credential.Algorithms.
	NewKey(ctx context.Context, algorithm string) (*credential.Pair, error)
	// ReadKey reads a private key; an encrypted one without its passphrase comes
	// back locked. ReadFile reads a certificate or another key.
	ReadKey(path string, passphrase []byte) (*credential.Pair, error)
	ReadFile(path string) ([]byte, error)
	// HostKeys asks an SSH host for its key, and Try a repository for its refs.
	// They do not wait longer than fifteen seconds; an error is a
	// *credential.TryError.
	HostKeys(ctx context.Context, address string) ([]credential.HostKey, error)
	Try(ctx context.Context, d *credential.Draft) (*credential.Answer, error)
	// Seal encrypts a Secret's manifest for Git: with the sops program where it
	// is installed, else for age recipients, of which there must be one then.
	Seal(ctx context.Context, manifest []byte, recipients []string) ([]byte, error)
}
