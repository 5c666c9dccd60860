package gitserve

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
)

// sshServer lets whoever holds an authorized key fetch, and nobody write.
type sshServer struct {
	repos      string
	authorized string // read again at each login, as a host does when a deploy key is added
	host       ssh.Signer
}

func (s *sshServer) serve(l net.Listener) error {
	config := &ssh.ServerConfig{PublicKeyCallback: s.login}
	config.AddHostKey(s.host)
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go s.session(conn, config)
	}
}

func (s *sshServer) login(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	rest, err := os.ReadFile(s.authorized)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for len(rest) > 0 {
		known, _, _, next, err := ssh.ParseAuthorizedKey(rest)
		if err != nil {
			break
		}
		if bytes.Equal(known.Marshal(), key.Marshal()) {
			return nil, nil
		}
		rest = next
	}
	return nil, fmt.Errorf("key %s is not authorized", ssh.FingerprintSHA256(key))
}

func (s *sshServer) session(conn net.Conn, config *ssh.ServerConfig) {
	defer conn.Close()
	server, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		log.Printf("ssh login from %s: %v", conn.RemoteAddr(), err)
		return
	}
	defer server.Close()
	go ssh.DiscardRequests(requests)
	for offer := range channels {
		if offer.ChannelType() != "session" {
			offer.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		channel, requests, err := offer.Accept()
		if err != nil {
			return
		}
		go s.channel(channel, requests)
	}
}

func (s *sshServer) channel(channel ssh.Channel, requests <-chan *ssh.Request) {
	defer channel.Close()
	for req := range requests {
		if req.Type != "exec" {
			req.Reply(req.Type == "env", nil)
			continue
		}
		var payload struct{ Command string }
		if err := ssh.Unmarshal(req.Payload, &payload); err != nil {
			req.Reply(false, nil)
			return
		}
		req.Reply(true, nil)
		status := struct{ Status uint32 }{s.run(payload.Command, channel)}
		channel.SendRequest("exit-status", false, ssh.Marshal(&status))
		return
	}
}

// run answers git-upload-pack 'PATH' and nothing else.
func (s *sshServer) run(command string, channel ssh.Channel) uint32 {
	program, path, _ := strings.Cut(command, " ")
	path = strings.Trim(path, "'")
	dir := filepath.Join(s.repos, filepath.Clean("/"+path))
	if program != "git-upload-pack" {
		fmt.Fprintf(channel.Stderr(), "%s is not allowed here\n", program)
		return 1
	}
	if _, err := os.Stat(filepath.Join(dir, "HEAD")); err != nil {
		fmt.Fprintf(channel.Stderr(), "ERROR: Repository not found.\n")
		return 1
	}
	cmd := exec.Command("git", "upload-pack", dir)
	cmd.Env = backendEnv(s.repos)
	cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
	in, err := cmd.StdinPipe()
	if err != nil {
		return 1
	}
	if err := cmd.Start(); err != nil {
		log.Printf("git upload-pack: %v", err)
		return 1
	}
	go func() {
		buf := make([]byte, 32<<10)
		for {
			n, err := channel.Read(buf)
			if n > 0 {
				if _, werr := in.Write(buf[:n]); werr != nil {
					return
				}
			}
			if err != nil {
				in.Close()
				return
			}
		}
	}()
	if err := cmd.Wait(); err != nil {
		return 1
	}
	return 0
}

// hostKey reads the server's key and makes one the first time.
func hostKey(path string) (ssh.Signer, error) {
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		var pair KeyPair
		if pair, err = NewKeyPair(""); err != nil {
			return nil, err
		}
		body = pair.Private
		err = os.WriteFile(path, body, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("the SSH server's key: %w", err)
	}
	return ssh.ParsePrivateKey(body)
}

// A KeyPair as it goes into a Secret and into authorized_keys.
type KeyPair struct{ Private, Public []byte }

// NewKeyPair makes an ed25519 pair, encrypted if there is a passphrase.
func NewKeyPair(passphrase string) (KeyPair, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return KeyPair{}, err
	}
	var block *pem.Block
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(private, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	}
	if err != nil {
		return KeyPair{}, err
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		return KeyPair{}, err
	}
	return KeyPair{Private: pem.EncodeToMemory(block), Public: ssh.MarshalAuthorizedKey(key)}, nil
}

// KnownHosts is the line that vouches for a server on 127.0.0.1.
func KnownHosts(port int, public []byte) string {
	return fmt.Sprintf("[127.0.0.1]:%d %s", port, public)
}

// HostPublic is the public half of the SSH server's key.
func HostPublic(path string) ([]byte, error) {
	signer, err := hostKey(path)
	if err != nil {
		return nil, err
	}
	return ssh.MarshalAuthorizedKey(signer.PublicKey()), nil
}
