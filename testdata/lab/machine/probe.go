package machine

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Probes are many and short; keeping connections would tie a probe to a server
// that is just shutting down.
var probeClient = &http.Client{
	Timeout: 2 * time.Second,
	Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
	},
}

// apiServerReady also makes sure that it is this lab's server that answers:
// only it knows the token.
func apiServerReady(l *Lab) error {
	req, err := http.NewRequest(http.MethodGet, l.Server()+"/readyz", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+l.Config.AdminToken)
	resp, err := probeClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz answered %s: %s", resp.Status, strings.TrimSpace(string(body)))
	}
	return nil
}

func portOpen(port string) func(*Lab) error {
	return func(l *Lab) error {
		c, err := net.DialTimeout("tcp", l.local(port), time.Second)
		if err != nil {
			return err
		}
		return c.Close()
	}
}
