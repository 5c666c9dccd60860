package gitremote

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"

	"tenantry/model/credential"
)

// NewKey makes an SSH key, in the form flux makes it: PKCS#8 in PEM.
func (c *Client) NewKey(_ context.Context, algorithm string) (*credential.Pair, error) {
	var private crypto.Signer
	var err error
	switch algorithm {
	case "ecdsa-p384":
		private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ed25519":
		_, private, err = ed25519.GenerateKey(rand.Reader)
	case "rsa-4096":
		private, err = rsa.GenerateKey(rand.Reader, 4096)
	default:
		return nil, fmt.Errorf("no key of the kind %q is made here", algorithm)
	}
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	defer clear(der)
	return pair(privatePEM(der), private.Public())
}

// privatePEM is pem.EncodeToMemory in one piece of memory: a buffer that grows
// leaves parts of the key behind.
func privatePEM(der []byte) []byte {
	const begin, end, line = "-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----\n", 48 // bytes that make 64 letters
	n := base64.StdEncoding.EncodedLen(len(der))
	out := append(make([]byte, 0, len(begin)+n+n/64+1+len(end)), begin...)
	for len(der) > 0 {
		part := der[:min(line, len(der))]
		out = append(base64.StdEncoding.AppendEncode(out, part), '\n')
		der = der[len(part):]
	}
	return append(out, end...)
}

func pair(private []byte, public crypto.PublicKey) (*credential.Pair, error) {
	key, ok := public.(ssh.PublicKey)
	if !ok {
		var err error
		if key, err = ssh.NewPublicKey(public); err != nil {
			return nil, err
		}
	}
	return &credential.Pair{Private: private, Type: key.Type(), Public: strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))}, nil
}

// maxKeyFile is more than any private key takes.
const maxKeyFile = 64 << 10

// ReadFile reads a file that holds a key or a certificate; ~ is the home.
func (c *Client) ReadFile(path string) ([]byte, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, plainFile(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, plainFile(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file")
	case info.Size() > maxKeyFile:
		return nil, errors.New("it is too long for a key")
	}
	out := make([]byte, info.Size())
	n, err := io.ReadFull(f, out)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, plainFile(err)
	}
	return out[:n], nil
}

// plainFile leaves the path out: it stands in the field.
func plainFile(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// ReadKey reads a private key. It stays as it is in the file: source-controller
// decrypts it with the passphrase. An encrypted key without one comes back
// Locked, with its public half where the file tells it.
func (c *Client) ReadKey(path string, passphrase []byte) (*credential.Pair, error) {
	text, err := c.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p, err := parseKey(text, passphrase)
	if err != nil {
		clear(text)
	}
	return p, err
}

func parseKey(text, passphrase []byte) (*credential.Pair, error) {
	raw, err := ssh.ParseRawPrivateKey(text)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		if len(passphrase) == 0 {
			p := &credential.Pair{Private: text, Locked: true}
			if locked.PublicKey != nil {
				known, err := pair(text, locked.PublicKey)
				if err == nil {
					known.Locked, p = true, known
				}
			}
			return p, nil
		}
		if raw, err = ssh.ParseRawPrivateKeyWithPassphrase(text, passphrase); err != nil {
			return nil, ErrPassphrase
		}
		p, err := publicOf(text, raw)
		if err == nil {
			p.Locked = true
		}
		return p, err
	}
	if err != nil {
		if _, _, _, _, isPublic := ssh.ParseAuthorizedKey(text); isPublic == nil {
			return nil, errors.New("this is the public half; the private one is the file without .pub")
		}
		return nil, errors.New("there is no private SSH key in it")
	}
	return publicOf(text, raw)
}

// ErrPassphrase: the key is there, and the passphrase does not open it.
var ErrPassphrase = errors.New("this passphrase does not open the key")

func publicOf(text []byte, raw any) (*credential.Pair, error) {
	if p, ok := raw.(*ed25519.PrivateKey); ok {
		raw = *p
	}
	signer, ok := raw.(crypto.Signer)
	if !ok {
		return nil, errors.New("keys of this kind can't be used")
	}
	return pair(text, signer.Public())
}
