package program

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/kube/demo/git"
)

const billingURL = "ssh://git@git.example.com/teams/billing"

var secretKind = schema.GroupKind{Kind: "Secret"}

// From a wiped Secret to green in one dialog, on the home screen of the demo:
// the key is made, a colleague adds it, the source fetches.
func TestCredentialInTheDemo(t *testing.T) {
	t.Parallel()
	s := demoIn(t, 120, 40, "--speed", "4")
	keysOf(t, s, "/billing\r", "secret deploy-key is missing",
		"K", "Restore git credential: Secret billing/deploy-key on demo")
	if _, err := s.WaitText(15*time.Second, "accept ssh-ed25519 SHA256:"); err != nil {
		t.Fatal(err)
	}
	keysOf(t, s, " ", "[x] accept", "", "waiting for access", "", "visible from here",
		"\x1b[Z", "[x]") // shift+tab: whatever has the focus
	d := &desk{T: t, Session: s}
	d.button("Save")
	d.wait("the sources fetch with it")
	d.button("Close")
	d.wait("billing      ✓ Ready")
	quit(t, s)
}

// canaryKey writes an encrypted SSH key to a file.
func canaryKey(t *testing.T, passphrase string) (path, text, public string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	signer, _ := ssh.NewSignerFromKey(private)
	text = string(pem.EncodeToMemory(block))
	return write(t, "deploy", text), text, strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
}

// fillIn chooses the key file, its passphrase and pasted host keys on billing.
func (d *desk) fillIn(path, passphrase string) {
	d.Helper()
	d.tenant("billing")
	d.keys("K")
	d.wait("git credential: Secret billing/deploy-key on prod")
	for !strings.Contains(d.Screen(), "< SSH key from a file >") {
		d.keys("\x1b[Z")
		if strings.Contains(d.Screen(), "< new SSH key >") {
			d.keys("\x1b[C")
		}
		<-time.After(50 * time.Millisecond)
	}
	d.wait("KEY FILE")
	d.typeIn("KEY FILE", path, false) // it is read once its fields are left
	d.typeIn("PASTED", "git.example.com "+git.HostKey("git.example.com"), false)
	d.wait("PASSPHRASE")
	d.typeIn("PASSPHRASE", passphrase, true)
	d.wait("SHA256:")
}

// What a person types as a secret is nowhere afterwards: not in arguments,
// environment, files, on the screen or in URLs, and not in memory once the
// dialog is closed.
func TestCredentialCanaries(t *testing.T) {
	t.Parallel()
	const passphrase = "kanariegeel71"
	path, text, public := canaryKey(t, passphrase)
	d := newDesk(t, demo.AdminToken)
	d.company.Git.Repo(billingURL).Authorize(public)
	d.start("--log-file", filepath.Join(d.state, "log"))
	d.fillIn(path, passphrase)
	d.button("Save untested")
	d.wait("the sources fetch with it")
	o := d.object(secretKind, "billing", "deploy-key")
	data, _ := o.Object["data"].(map[string]any)
	if data["identity"] != base64.StdEncoding.EncodeToString([]byte(text)) || data["password"] != base64.StdEncoding.EncodeToString([]byte(passphrase)) {
		t.Fatalf("written: %v", data)
	}
	d.button("Close")
	d.wait("billing      ✓ Ready")
	// The library that reads the terminal keeps what was typed in a buffer nobody
	// can reach, until as much again was typed.
	for range 8 {
		d.keys(strings.Repeat("jk", 512))
	}
	d.keys("3")
	d.wait("▸ Findings")
	middle := strings.Split(text, "\n")[2]
	needles := map[string]string{"passphrase": passphrase, "key": middle[8:40]}
	for _, s := range []string{passphrase, text} {
		needles["base64 of "+s[:6]] = base64.StdEncoding.EncodeToString([]byte(s))[8:16]
	}
	needles["the passphrase as it is typed"] = wide(passphrase)
	needles["base64 of -----B"] = base64.StdEncoding.EncodeToString([]byte(text))[120:160]
	cmdline, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", d.Pid()))
	environ, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", d.Pid()))
	files := readAll(t, d.state)
	urls := strings.Join(d.seenRequests(), "\n")
	for what, n := range needles {
		for where, b := range map[string][]byte{"arguments": cmdline, "environment": environ, "files": files, "screen": d.Raw(), "URLs": []byte(urls)} {
			if bytes.Contains(b, []byte(n)) {
				t.Errorf("%s is in the %s", what, where)
			}
		}
		if n := memoryHolds(t, d.Pid(), []byte(n)); n > 0 {
			t.Errorf("%s is %d times in memory", what, n)
		}
	}
	if memoryHolds(t, d.Pid(), []byte("fluxdemo-stage")) == 0 {
		t.Error("nothing is found in memory, so nothing was proved")
	}
	quit2(t, d)
}

// A kill at any step leaves a Secret the source can fetch with, and the next
// start says what happened.
func TestCredentialKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, at := range []struct {
		verb, resource string
		words          string // of the next start; "" = nothing was begun
	}{
		{"get", "secrets", ""},
		{"patch", "secrets", "on its way, and may have been written"},
		{"patch", "gitrepositories", "Secret/billing/deploy-key: was written"},
	} {
		t.Run(at.verb+" "+at.resource, func(t *testing.T) {
			const passphrase = "sesam"
			path, _, public := canaryKey(t, passphrase)
			d := newDesk(t, demo.AdminToken)
			identity, old := git.DeployKey("billing")
			repo := d.company.Git.Repo(billingURL)
			repo.Authorize(old)
			repo.Authorize(public)
			if _, err := d.company.Cluster.Client("x").Create(map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "deploy-key", "namespace": "billing"},
				"stringData": map[string]any{"identity": identity, "known_hosts": "git.example.com " + git.HostKey("git.example.com"), "notes": "mine"}}); err != nil {
				t.Fatal(err)
			}
			d.start()
			d.fillIn(path, passphrase)
			d.company.Faults.Add(fault.Rule{Verb: at.verb, Resource: at.resource, Do: fault.Hang, Count: 1})
			before := len(d.seenRequests())
			d.button("Save untested")
			d.eventually("the request is on its way", func() bool {
				want := map[string]string{"get": "GET", "patch": "PATCH"}[at.verb] + " "
				for _, s := range d.seenRequests()[before:] {
					if strings.HasPrefix(s, want) && strings.Contains(s, "/"+at.resource+"/") && strings.Contains(s, "/billing/") {
						return true
					}
				}
				return false
			})
			if err := d.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			_, _ = d.Wait(10 * time.Second)
			o := d.object(secretKind, "billing", "deploy-key")
			data, _ := o.Object["data"].(map[string]any)
			was := data["identity"] == base64.StdEncoding.EncodeToString([]byte(identity)) && data["password"] == nil
			is := data["password"] == base64.StdEncoding.EncodeToString([]byte(passphrase)) && data["identity.pub"] != nil
			if !was && !is || data["notes"] == nil {
				t.Errorf("half a Secret: %v", data)
			}
			d.company.Faults.Clear()
			d.start()
			if at.words == "" {
				d.wait("billing")
				if strings.Contains(d.Screen(), "Unfinished") {
					t.Errorf("something is unfinished:\n%s", d.Screen())
				}
				quit2(t, d)
				return
			}
			d.wait("Unfinished: save credential")
			d.wait(at.words)
			d.button("Finish (1)")
			d.wait("✓ ─")
			quit2(t, d)
		})
	}
}

// readAll is the content of every file in a folder.
func readAll(t *testing.T, dir string) []byte {
	t.Helper()
	var out []byte
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out = append(append(out, b...), '\n')
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// memoryHolds counts a needle in a process's writable memory.
func memoryHolds(t *testing.T, pid int, needle []byte) int {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatalf("read the program's memory: %v", err)
	}
	defer func() { _ = mem.Close() }()
	n := 0
	for l := range strings.Lines(string(maps)) {
		var from, to uint64
		var perm string
		if n, _ := fmt.Sscanf(l, "%x-%x %s", &from, &to, &perm); n != 3 || !strings.HasPrefix(perm, "rw") {
			continue
		}
		buf := make([]byte, to-from)
		got, _ := mem.ReadAt(buf, int64(from)) // pages never touched can't be read
		n += bytes.Count(buf[:got], needle)
	}
	return n
}
