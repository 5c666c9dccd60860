package credential

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Stored is a Secret as it is in the cluster, read for an action a person
// confirmed. Values are secret: Wipe makes them zeros.
type Stored struct {
	UID, Version string // of the object, for a write that is bound to it
	Type         string
	Keys         []string // sorted
	Values       map[string][]byte
	// Owner is who writes it again by itself and would undo a change: the
	// Kustomization or other applier its labels name; "" for none.
	Owner string
	// Encrypted: what applies it holds it encrypted in Git (sops).
	Encrypted bool
	Immutable bool
}

// Wipe makes zeros of the values.
func (s *Stored) Wipe() {
	if s == nil {
		return
	}
	for _, v := range s.Values {
		clear(v)
	}
	s.Values = nil
}

// Draft is the credential a Secret holds, for trying it against a repository.
// It shares the values: wiping one wipes the other.
func (s *Stored) Draft(namespace, name, address, provider string) *Draft {
	d := &Draft{Namespace: namespace, Name: name, URL: address, Provider: provider}
	v := func(k string) []byte { return s.Values[k] }
	d.Method = SSH
	if u, problem := Parse(address); problem == "" && u.Scheme != "ssh" {
		keys := slices.DeleteFunc(slices.Clone(s.Keys), func(k string) bool { return k == Identity })
		d.Method = Basic
		if m, ok := MethodOf(keys); ok {
			d.Method = m
		}
	}
	if len(v(Identity)) > 0 {
		d.Pair = &Pair{Private: v(Identity), Public: strings.TrimSpace(string(v(IdentityPub)))}
	}
	d.Passphrase, d.Hosts = v(Password), v(KnownHosts)
	d.Username, d.Password, d.Token = string(v(Username)), v(Password), v(BearerToken)
	d.CA, d.ClientCert, d.ClientKey = v(CACert), v(ClientCert), v(ClientKey)
	if len(d.CA) == 0 {
		d.CA = v(CAFile)
	}
	d.AppID, d.AppOwner, d.AppInstallation, d.AppBaseURL = string(v(AppID)), string(v(AppOwner)), string(v(AppInstall)), string(v(AppBaseURL))
	d.AppKey = v(AppKey)
	return d
}

// Fingerprint is that of the deploy key a Secret holds, by its public half; ""
// where it holds none.
func (s *Stored) Fingerprint() string {
	return PublicFingerprint(strings.TrimSpace(string(s.Values[IdentityPub])))
}

// plainKey is a key that stands in YAML without quotes and means itself.
var plainKey = regexp.MustCompile(`^[A-Za-z._][-A-Za-z0-9._]*$`)

// Manifest is the Secret as YAML, in clear, for encrypting: in the form
// Draft.Manifest has, which is in one piece of memory. Labels and annotations
// are not in it: the latter may repeat the values.
func (s *Stored) Manifest(namespace, name string) ([]byte, error) {
	head := fmt.Sprintf("apiVersion: v1\nkind: Secret\nmetadata:\n  name: %q\n  namespace: %q\ntype: %q\ndata:\n", name, namespace, s.Type)
	size := len(head)
	for _, k := range s.Keys {
		switch strings.ToLower(k) {
		case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", ".inf", ".nan":
			return nil, fmt.Errorf("its key %q means something else in YAML", k)
		}
		if !plainKey.MatchString(k) {
			return nil, fmt.Errorf("its key %q can't be written", k)
		}
		size += len(k) + base64.StdEncoding.EncodedLen(len(s.Values[k])) + 8
	}
	if len(s.Keys) == 0 {
		return nil, fmt.Errorf("there is nothing in it")
	}
	b := append(make([]byte, 0, size), head...)
	for _, k := range s.Keys {
		b = append(append(append(b, "  "...), k...), ": "...)
		if len(s.Values[k]) == 0 {
			b = append(b, `""`...)
		}
		b = append(base64.StdEncoding.AppendEncode(b, s.Values[k]), '\n')
	}
	return b, nil
}
