package program

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/testdata/terminal"
)

const twoClusters = `apiVersion: v1
kind: Config
clusters: [{name: c1, cluster: {server: "%s", insecure-skip-tls-verify: true}}, {name: c2, cluster: {server: "%s", insecure-skip-tls-verify: true}}, {name: c3, cluster: {server: "https://%s"}}]
users: [{name: admin, user: {token: "%s"}}, {name: login, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "%s", interactiveMode: IfAvailable}}}]
contexts: [{name: here, context: {cluster: c1, user: admin}}, {name: nobody, context: {cluster: c3, user: admin}}, {name: there, context: {cluster: c2, user: login}}]
current-context: here
`

// loginScript is a login helper that talks on its stderr, as they do, then gives
// a token.
const loginScript = `#!/bin/sh
echo "PLEASE VISIT https://login.example AND ENTER A CODE" >&2
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}'
`

func serve(t *testing.T, o demo.CompanyOptions) (*demo.Company, string) {
	t.Helper()
	c := demo.NewCompany(o)
	server := httptest.NewTLSServer(c.Cluster.Handler())
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		c.Close()
	})
	return c, server.URL
}

func tenant(t *testing.T, c *demo.Company, name string) {
	t.Helper()
	if _, err := c.Cluster.Client("test").Create(demo.Object{"apiVersion": "v1", "kind": "Namespace",
		"metadata": demo.Object{"name": name, "labels": demo.Object{"toolkit.fluxcd.io/tenant": name}}}); err != nil {
		t.Fatal(err)
	}
}

// Two clusters with tenants of the same names: after the change nothing of the
// first is on the screen, whatever still happens there. The second logs in by a
// helper, which must not write on the screen.
func TestContextIsChanged(t *testing.T) {
	first, one := serve(t, demo.CompanyOptions{})
	second, two := serve(t, demo.CompanyOptions{Bare: true})
	tenant(t, second, "fluxdemo-prod")
	login := write(t, "login", fmt.Sprintf(loginScript, demo.AdminToken))
	if err := os.Chmod(login, 0o700); err != nil {
		t.Fatal(err)
	}
	config := write(t, "config", fmt.Sprintf(twoClusters, one, two, closedPort(t), demo.AdminToken, login))
	s, err := terminal.Start(110, 34, []string{"KUBECONFIG=" + config}, binary)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	wait := func(text string) {
		t.Helper()
		if _, err := s.WaitText(30*time.Second, text); err != nil {
			t.Fatal(err)
		}
	}
	keys := func(k string) {
		t.Helper()
		if err := s.Type(k); err != nil {
			t.Fatal(err)
		}
	}
	wait("● live")
	wait("fluxdemo-stage")

	// One that does not answer changes nothing and says why.
	keys("C")
	wait(one)
	keys("j\r")
	wait("still on here: nobody: ")
	wait("fluxdemo-stage")

	keys("C")
	wait(two)
	keys("jj")
	wait("AS    login, by login")
	keys("\r")
	wait("now on there")
	wait("1 tenant")
	wait("● live")
	if screen := s.Screen(); strings.Contains(screen, "fluxdemo-stage") || !strings.Contains(screen, "fluxdemo-prod") {
		t.Errorf("not the second cluster alone:\n%s", screen)
	}
	tenant(t, first, "ghost")
	tenant(t, second, "newcomer")
	wait("newcomer")
	if screen := s.Screen(); strings.Contains(screen, "ghost") {
		t.Errorf("the first cluster still shows:\n%s", screen)
	}
	if raw := string(s.Raw()); strings.Contains(raw, "PLEASE VISIT") {
		t.Error("the login helper wrote on the screen")
	}
	quit(t, s)
}
