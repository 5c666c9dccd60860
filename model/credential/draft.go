package credential

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Draft is a credential on its way into a Secret. What is secret in it are
// slices of bytes: Wipe makes them zeros.
type Draft struct {
	Namespace, Name string // of the Secret
	URL, Provider   string // of the source
	Method          Method

	Pair       *Pair  // SSH: the key
	Passphrase []byte // SSH: of a key that was encrypted by whoever made it
	Hosts      []byte // SSH: lines of known_hosts
	HostsOnly  bool   // SSH: nothing else is written, the key that is there stays

	Username string
	Password []byte
	Token    []byte

	CA, ClientCert, ClientKey []byte // PEM; over https beside each of the others

	AppID, AppOwner, AppInstallation, AppBaseURL string
	AppKey                                       []byte // PEM
}

// Algorithms are the kinds of key that are made here, the usual one first: it
// is that of `flux create secret git`.
var Algorithms = []string{"ecdsa-p384", "ed25519", "rsa-4096"}

// Pair is an SSH key. Private is PEM as it goes into the Secret.
type Pair struct {
	Private []byte
	Public  string // the line for the host's list of deploy keys, no line end
	Type    string // ssh-ed25519, …
	Locked  bool   // Private is encrypted
}

// Fingerprint is the public half's.
func (p *Pair) Fingerprint() string { return PublicFingerprint(p.Public) }

// Field names a field of a Draft that a person fills in.
type Field uint8

// The fields.
const (
	FieldName Field = iota + 1
	FieldURL
	FieldMethod
	FieldKey
	FieldPassphrase
	FieldHosts
	FieldUsername
	FieldPassword
	FieldToken
	FieldCA
	FieldClientCert
	FieldClientKey
	FieldAppID
	FieldAppOwner
	FieldAppInstallation
	FieldAppKey
	FieldAppBaseURL
)

// Problem is what is wrong with one field, in a sentence.
type Problem struct {
	Field Field
	Text  string
}

var nameForm = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)

// NameProblem says what is wrong with the name of a Secret, "" when nothing is
// (a DNS subdomain, as Kubernetes asks for).
func NameProblem(name string) string {
	switch {
	case name == "":
		return "the Secret needs a name"
	case len(name) > 253:
		return "a name has at most 253 letters"
	case !nameForm.MatchString(name) || strings.Contains(name, ".."):
		return "a Secret's name is made of a-z, 0-9, - and ., and begins and ends with a letter or digit"
	}
	return ""
}

// Problems returns what is wrong, in the order of the form.
func (d *Draft) Problems() []Problem {
	var out []Problem
	add := func(f Field, text string) {
		if text != "" {
			out = append(out, Problem{f, text})
		}
	}
	add(FieldName, NameProblem(d.Name))
	u, problem := Parse(d.URL)
	add(FieldURL, problem)
	add(FieldMethod, Mismatch(d.Method, d.URL, d.Provider))
	switch d.Method {
	case SSH:
		d.sshProblems(u, add)
	case Basic:
		add(FieldUsername, oneLine("user name", d.Username))
		if d.Username == "" {
			add(FieldUsername, "a user name is needed; most hosts take any, e.g. git, with an access token as the password")
		}
		add(FieldPassword, secretLine("password", d.Password))
	case Bearer:
		add(FieldToken, secretLine("token", d.Token))
		if u != nil && u.User.Username() != "" {
			add(FieldToken, "the address names a user, and source-controller refuses that beside a bearer token")
		}
	case GitHubApp:
		d.appProblems(add)
	case TLS:
		if len(d.CA) == 0 && len(d.ClientCert) == 0 && len(d.ClientKey) == 0 {
			add(FieldCA, "a CA or a client certificate is needed")
		}
	}
	if d.Method != SSH {
		d.tlsProblems(add)
	}
	return out
}

func (d *Draft) sshProblems(u *url.URL, add func(Field, string)) {
	switch {
	case d.HostsOnly:
	case d.Pair == nil || len(d.Pair.Private) == 0:
		add(FieldKey, "there is no key yet")
	case d.Pair.Locked && len(d.Passphrase) == 0:
		add(FieldPassphrase, "this key is encrypted: its passphrase is needed")
	}
	if len(d.Hosts) == 0 {
		add(FieldHosts, "accept the host's key, or paste lines of known_hosts: source-controller trusts no host without")
		return
	}
	keys, problem := ParseKnownHosts(string(d.Hosts))
	add(FieldHosts, problem)
	if problem == "" && u != nil && !Vouches(keys, u) {
		add(FieldHosts, "none of these lines is for "+HostName(u))
	}
}

var digits = regexp.MustCompile(`^[0-9]+$`)

func (d *Draft) appProblems(add func(Field, string)) {
	if !digits.MatchString(d.AppID) {
		add(FieldAppID, "the app's ID is a number; it stands on the app's settings page")
	}
	switch {
	case d.AppOwner != "" && d.AppInstallation != "":
		add(FieldAppInstallation, "either the owner or the installation's ID, not both")
	case d.AppOwner == "" && d.AppInstallation == "":
		add(FieldAppOwner, "the organisation the app is installed in, or the installation's ID below")
	case d.AppInstallation != "" && !digits.MatchString(d.AppInstallation):
		add(FieldAppInstallation, "an installation's ID is a number")
	case strings.ContainsFunc(d.AppOwner, func(r rune) bool { return unicode.IsSpace(r) || r == '/' }):
		add(FieldAppOwner, "an owner is one word, e.g. acme")
	}
	add(FieldAppKey, rsaProblem(d.AppKey))
	if d.AppBaseURL != "" {
		if u, err := url.Parse(d.AppBaseURL); err != nil || u.Scheme != "https" || u.Host == "" {
			add(FieldAppBaseURL, "the API's address of an Enterprise server, e.g. https://github.acme.io/api/v3; empty for github.com")
		}
	}
}

// rsaProblem: GitHub gives its apps RSA keys in PEM.
func rsaProblem(text []byte) string {
	if len(text) == 0 {
		return "the app's private key is needed, the .pem file GitHub gave"
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return "this is no PEM: it begins with -----BEGIN RSA PRIVATE KEY-----"
	}
	defer clear(block.Bytes)
	if _, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return ""
	}
	if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		return ""
	}
	return "this PEM holds no private key that can be read"
}

func (d *Draft) tlsProblems(add func(Field, string)) {
	if len(d.CA) > 0 && !x509.NewCertPool().AppendCertsFromPEM(d.CA) {
		add(FieldCA, "there is no certificate in it (PEM, -----BEGIN CERTIFICATE-----)")
	}
	switch {
	case len(d.ClientCert) == 0 && len(d.ClientKey) == 0:
	case len(d.ClientCert) == 0:
		add(FieldClientCert, "a client's key needs its certificate")
	case len(d.ClientKey) == 0:
		add(FieldClientKey, "a client's certificate needs its key")
	default:
		if _, err := tls.X509KeyPair(d.ClientCert, d.ClientKey); err != nil {
			add(FieldClientKey, "certificate and key do not belong together, or are no PEM")
		}
	}
}

func oneLine(what, s string) string {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return "the " + what + " holds a character that can't be typed: was more copied than meant?"
	}
	if s != strings.TrimSpace(s) {
		return "the " + what + " begins or ends with a blank"
	}
	return ""
}

// secretLine looks at a secret without making a string of it.
func secretLine(what string, b []byte) string {
	if len(b) == 0 {
		return "a " + what + " is needed"
	}
	for _, c := range b {
		if c < ' ' || c == 0x7f {
			return "the " + what + " holds a character that can't be typed: was more copied than meant?"
		}
	}
	if b[0] == ' ' || b[len(b)-1] == ' ' {
		return "the " + what + " begins or ends with a blank"
	}
	return ""
}

// Wipe makes zeros of what is secret.
func (d *Draft) Wipe() {
	for _, b := range [][]byte{d.Passphrase, d.Password, d.Token, d.ClientKey, d.AppKey} {
		clear(b)
	}
	d.Passphrase, d.Password, d.Token, d.ClientKey, d.AppKey = nil, nil, nil, nil, nil
	d.Pair.Wipe()
}

// Wipe makes zeros of the private half.
func (p *Pair) Wipe() {
	if p != nil {
		clear(p.Private)
		p.Private = nil
	}
}
