package git

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"strings"

	"golang.org/x/crypto/ssh"
)

// DeployKey returns the SSH key that belongs to a name, the same at every
// start: its private half as it goes into a Secret, and its public line. It
// opens nothing outside this process.
func DeployKey(name string) (private, public string) {
	key := keyOf("deploy key " + name)
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		panic(err) // an ed25519 key can always be written
	}
	signer, _ := ssh.NewSignerFromKey(key)
	return string(pem.EncodeToMemory(block)), publicLine(signer.PublicKey())
}

func keyOf(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("tenantry demo " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func hostSigner(host string) ssh.Signer {
	signer, err := ssh.NewSignerFromKey(keyOf("host " + host))
	if err != nil {
		panic(err)
	}
	return signer
}

// HostKey is the key a host shows over SSH, as known_hosts lists it behind the
// name.
func HostKey(host string) string { return publicLine(hostSigner(host).PublicKey()) }

func publicLine(key ssh.PublicKey) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}

// publicOf is the public line of a private key in a Secret.
func publicOf(identity, passphrase string) (string, error) {
	signer, err := ssh.ParsePrivateKey([]byte(identity))
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) && passphrase != "" {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(identity), []byte(passphrase))
	}
	if err != nil {
		return "", err
	}
	return publicLine(signer.PublicKey()), nil
}
