package program

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/api"
	"tenantry/kube/demo/flux"
)

// needles are what a secret is looked for by: itself, or a line of its middle,
// and the base64 it is sent in.
func needles(secret string) []string {
	plain := secret
	if lines := strings.Split(secret, "\n"); len(lines) > 3 {
		plain = lines[len(lines)/2][8:40]
	}
	in64 := base64.StdEncoding.EncodeToString([]byte(secret))
	return []string{plain, in64[len(in64)/2-4 : min(len(in64)/2+24, len(in64)-4)]}
}

// wide is a text as a field holds it while it is typed: four bytes a letter.
func wide(text string) string {
	var out []byte
	for _, r := range text {
		out = append(out, byte(r), byte(r>>8), byte(r>>16), byte(r>>24))
	}
	return string(out)
}

// places are all where a secret must not be, but the memory.
func (d *desk) places() map[string][]byte {
	d.Helper()
	cmdline, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", d.Pid()))
	environ, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", d.Pid()))
	copied := bytes.Buffer{}
	for _, m := range regexp.MustCompile(`\x1b\]52;c;([A-Za-z0-9+/=]*)`).FindAllSubmatch(d.Raw(), -1) {
		text, err := base64.StdEncoding.DecodeString(string(m[1]))
		if err != nil {
			d.Error(err)
		}
		copied.Write(text)
	}
	return map[string][]byte{"arguments": cmdline, "environment": environ, "logs and other files": readAll(d.T, d.state), "screen": d.Raw(),
		"clipboard": copied.Bytes(), "URLs": []byte(strings.Join(d.seenRequests(), "\n"))}
}

// nowhere fails where one of the needles is in one of the places.
func (d *desk) nowhere(needles []string) {
	d.Helper()
	for where, b := range d.places() {
		for _, n := range needles {
			if bytes.Contains(b, []byte(n)) {
				d.Errorf("%q is in the %s", n, where)
			}
		}
	}
}

// over types as much as the library that reads the terminal keeps of what was
// typed, in a buffer nobody can reach.
func (d *desk) over() {
	d.Helper()
	for range 8 {
		d.keys(strings.Repeat("jk", 512))
	}
	d.keys("3")
	d.wait("▸ Findings")
}

func pemText(t *testing.T, kind string, der []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// clientPair is a certificate of one's own and its key.
func clientPair(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	cert = pemText(t, "CERTIFICATE", der, err)
	der, err = x509.MarshalPKCS8PrivateKey(private)
	return cert, pemText(t, "PRIVATE KEY", der, err)
}

// typeIn types into a field as a person does; what is masked is waited for by
// its asterisks.
func (d *desk) typeIn(label, text string, masked bool) {
	d.Helper()
	j := d.jobs()
	j.To(label)
	for i, r := range []rune(text) {
		d.keys(string(r))
		if masked {
			d.wait("│ " + label + strings.Repeat(" ", max(1, 10-len(label))) + strings.Repeat("*", i+1) + " ")
		}
	}
	if !masked {
		there := regexp.MustCompile(`│ ` + label + ` .*` + regexp.QuoteMeta(text[max(0, len(text)-20):])) // in its own line: the same may stand elsewhere
		d.eventually(label+" "+text, func() bool { return there.MatchString(d.Screen()) })
	}
	j.Tab()
}

// Every kind of secret there is a field for is in the Secret afterwards, and
// nowhere else: not in arguments, environment, files, logs, on the screen or
// the clipboard, in URLs, and not in memory once the dialog is closed; nor in
// what a crash leaves while it is open.
func TestEverySecretFieldIsACanary(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	app := pemText(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey), nil)
	cert, certKey := clientPair(t)
	appFile, certFile, certKeyFile := write(t, "app.pem", app), write(t, "tls.crt", cert), write(t, "tls.key", certKey)
	for _, c := range []struct {
		name, provider, way string
		key, secret         string // of the Secret, and the canary
		fill                func(d *desk)
	}{
		{"password", "", "user and password", "password", "kanariegroen82", func(d *desk) {
			d.typeIn("USER", "git", false)
			d.typeIn("PASSWORD", "kanariegroen82", true)
		}},
		{"bearer token", "", "bearer token", "bearerToken", "kanarieblauw93", func(d *desk) { d.typeIn("TOKEN", "kanarieblauw93", true) }},
		{"the key of a GitHub App", "github", "GitHub App", "githubAppPrivateKey", app, func(d *desk) {
			d.typeIn("APP ID", "4711", false)
			d.typeIn("OWNER", "acme", false)
			d.typeIn("KEY FILE", appFile, false)
		}},
		{"the key of a client's certificate", "", "certificates only", "tls.key", certKey, func(d *desk) {
			d.typeIn("CERT", certFile, false)
			d.typeIn("CERT KEY", certKeyFile, false)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, demo.AdminToken)
			_, err := d.company.Cluster.Client("x").Edit(flux.GitRepository, "billing", "billing", func(o api.Object) error {
				spec := o["spec"].(map[string]any)
				spec["url"] = "https://git.example.com/teams/billing"
				if c.provider != "" {
					spec["provider"] = c.provider
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			d.start("--log-file", filepath.Join(d.state, "log"))
			open := func() {
				t.Helper()
				d.tenant("billing")
				d.keys("K")
				d.wait("git credential: Secret billing/deploy-key on prod")
				for range 8 {
					if strings.Contains(d.Screen(), "< "+c.way+" >") {
						break
					}
					d.jobs().To("FROM")
					d.keys("\x1b[C")
					_, _ = d.WaitFor(time.Second, func(s string) bool { return strings.Contains(s, "< "+c.way+" >") })
				}
				d.wait("< " + c.way + " >")
				c.fill(d)
			}
			open()
			d.button("Save untested")
			d.eventually("the Secret is there", func() bool { return d.exists(secretKind, "billing", "deploy-key") })
			data, _ := d.object(secretKind, "billing", "deploy-key").Object["data"].(map[string]any)
			if data[c.key] != base64.StdEncoding.EncodeToString([]byte(c.secret)) {
				t.Fatalf("%s of the Secret is another one", c.key)
			}
			d.button("Close")
			d.over()
			all := needles(c.secret)
			d.nowhere(all)
			for _, n := range append(slices.Clone(all), wide(all[0])) {
				if times := memoryHolds(t, d.Pid(), []byte(n)); times > 0 {
					t.Errorf("%q is %d times in memory", n, times)
				}
			}
			if memoryHolds(t, d.Pid(), []byte("fluxdemo-stage")) == 0 {
				t.Error("nothing is found in memory, so nothing was proved")
			}
			// Once more, and crashed in the middle of it.
			open()
			d.eventually("the secret is in memory, where it was searched for", func() bool {
				return memoryHolds(t, d.Pid(), []byte(all[0])) > 0 || memoryHolds(t, d.Pid(), []byte(wide(all[0]))) > 0
			})
			if err := d.Signal(syscall.SIGQUIT); err != nil {
				t.Fatal(err)
			}
			if code, err := d.Wait(10 * time.Second); err != nil || code == 0 {
				t.Fatalf("it did not crash: exit %d, %v", code, err)
			}
			if !bytes.Contains(d.Raw(), []byte("goroutine ")) {
				t.Error("the crash said nothing, so nothing was proved")
			}
			d.nowhere(all)
		})
	}
}
