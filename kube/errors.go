package kube

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// isTimeout reports whether a request ended because nobody answered in time.
func isTimeout(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return true
	}
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// explain says in one line why a server can't be used and what to try.
func explain(err error, server string) string {
	var dns *net.DNSError
	var unknownCA x509.UnknownAuthorityError
	var badHost x509.HostnameError
	var expired x509.CertificateInvalidError
	switch {
	case apierrors.IsUnauthorized(err):
		return server + " refuses your credentials (401 Unauthorized): the token or certificate has expired or is wrong; log in again, then press ctrl+r"
	case errors.Is(err, syscall.ECONNREFUSED):
		return server + " refuses connections: is the API server running, and is this the right address?"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return server + " closed the connection: the API server or a proxy on the way is restarting"
	case errors.As(err, &dns):
		return "the name " + dns.Name + " can't be resolved: check the server address in the kubeconfig, the network or the VPN"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return server + " can't be reached from here: check the network or the VPN"
	case errors.As(err, &unknownCA):
		return "the certificate of " + server + " is signed by an authority this kubeconfig does not know: check certificate-authority"
	case errors.As(err, &badHost):
		return "the certificate of " + server + " is not for that name: check the address or tls-server-name"
	case errors.As(err, &expired):
		return "the certificate of " + server + " is not valid now: " + lastPart(err)
	case isTimeout(err):
		return server + " does not answer: check the network or the VPN, or wait for the API server"
	case apierrors.IsServiceUnavailable(err), apierrors.IsInternalError(err):
		return server + " is up but not ready: wait for it, or look at its /readyz?verbose"
	}
	return server + ": " + lastPart(err)
}

// lastPart returns the words behind the URL that net/http puts before an error.
func lastPart(err error) string {
	text := oneLine(err.Error())
	if i := strings.LastIndex(text, `": `); i >= 0 {
		return text[i+3:]
	}
	return text
}

// plainError returns an error's words on one line: the server's own, or a
// transport's without the URL around them.
func plainError(err error) string {
	var status apierrors.APIStatus
	if errors.As(err, &status) && status.Status().Message != "" {
		return oneLine(status.Status().Message)
	}
	return lastPart(err)
}

func oneLine(text string) string { return clip(strings.Join(strings.Fields(text), " ")) }
