package e2e

import (
	"bytes"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// A key is rotated, and the dashboard killed at each step of it: whatever is in
// the Secret then, the source fetches with it.
func TestRotationKilledOnTheLab(t *testing.T) {
	const ns = "e2e-rotate"
	keepAuthorized(t)
	cloned(t, ns, lab.GitSSHURL+"/"+ns+".git")
	host, err := os.ReadFile(gitServer("host_key"))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(host)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.TrimPrefix(lab.GitSSHURL, "ssh://git@")
	known = "[" + strings.Replace(known, ":", "]:", 1) + " " + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	path, public := keyFile(t, "")
	authorize(t, public)
	kubectl(t, "create", "secret", "generic", "-n", ns, "deploy-key", "--from-file=identity="+path, "--from-literal=known_hosts="+known)
	requestNow(t, repo, ns, "app")
	for _, at := range []struct {
		name, method, resource string
		arrives                bool
		words                  string // of the next start; "" = nothing was begun
	}{
		{"while the Secret is looked at", http.MethodGet, "secrets", false, ""},
		{"before the Secret's patch arrives", http.MethodPatch, "secrets", false, "on its way, and may have been written"},
		{"after the Secret's patch arrived", http.MethodPatch, "secrets", true, "on its way, and may have been written"},
		{"before the source is asked", http.MethodPatch, "gitrepositories", false, "Secret/" + ns + "/deploy-key: was written"},
	} {
		t.Run(at.name, func(t *testing.T) {
			before := get(t, "secret", ns, "deploy-key")
			path, public := keyFile(t, "")
			authorize(t, public)
			fresh, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r := record(t)
			state := t.TempDir()
			config := r.kubeconfig(t)
			d := desk(t, config, state)
			credential(d, "Replace", ns)
			fromFile(d, path, "")
			accept(d)
			says(d, "visible from here")
			killed := make(chan struct{})
			kill := func(req *http.Request) {
				if req.Method != at.method || !strings.Contains(req.URL.Path, "/"+ns+"/"+at.resource+"/") {
					return
				}
				r.hold(nil)
				r.holdAnswer(nil)
				if err := d.Signal(syscall.SIGKILL); err != nil {
					t.Error(err)
				}
				_, _ = d.Session.Wait(10 * time.Second)
				close(killed)
			}
			if at.arrives {
				r.holdAnswer(func(answer *http.Response) { kill(answer.Request) })
			} else {
				r.hold(func(req *http.Request) {
					kill(req)
					select {
					case <-killed: // nobody is there any more: what was on its way is lost
						panic(http.ErrAbortHandler)
					default:
					}
				})
			}
			d.Button("Save")
			select {
			case <-killed:
			case <-time.After(d.Patience):
				t.Fatalf("no such request\n%s", d.Screen())
			}
			now := get(t, "secret", ns, "deploy-key")
			was, is := bytes.Equal(now.secret("identity"), before.secret("identity")), bytes.Equal(now.secret("identity"), fresh)
			if !was && !is || is != (at.arrives || at.resource == "gitrepositories") || len(now.secret("known_hosts")) == 0 {
				t.Errorf("the Secret has the old key: %v, the new one: %v, keys %v", was, is, len(now.Data))
			}
			requestNow(t, repo, ns, "app") // it fetches, with whichever it is
			d = desk(t, config, state)
			if at.words == "" {
				d.Wait(ns)
				if strings.Contains(d.Screen(), "Unfinished") {
					t.Errorf("something is unfinished:\n%s", d.Screen())
				}
			} else {
				d.Wait("Unfinished: save credential")
				d.Wait(at.words)
				d.Button("Finish (1)")
				d.Wait("✓ ─")
			}
			d.Leave()
			requestNow(t, repo, ns, "app")
		})
	}
}
