package ui

import (
	"slices"

	"tenantry/model/credential"
)

// way is how the person wants to come by a credential.
type way uint8

const (
	wayNewKey way = iota
	wayKeyFile
	wayBasic
	wayBearer
	wayApp
	wayTLS
	wayHosts  // the key that is in the cluster, with other lines of known_hosts
	wayStored // the one that is in the cluster, to be tried
)

var wayWords = [...]string{"new SSH key", "SSH key from a file", "user and password", "bearer token", "GitHub App", "certificates only", "the key it has, with new known_hosts", "test the one in the cluster"}

func (w way) method() credential.Method {
	return [...]credential.Method{credential.SSH, credential.SSH, credential.Basic, credential.Bearer, credential.GitHubApp, credential.TLS, credential.SSH, credential.SSH}[w]
}

func waysFor(t *credential.Target) []way {
	methods := credential.MethodsFor(t.URL, t.Provider)
	if methods == nil || t.Guess { // the address is typed, and may become any
		methods = []credential.Method{credential.SSH, credential.Basic, credential.Bearer, credential.GitHubApp, credential.TLS}
	}
	var out []way
	for _, m := range methods {
		switch m {
		case credential.SSH:
			out = append(out, wayNewKey, wayKeyFile)
		case credential.Basic:
			out = append(out, wayBasic)
		case credential.Bearer:
			out = append(out, wayBearer)
		case credential.GitHubApp:
			out = append(out, wayApp)
		case credential.TLS:
			out = append(out, wayTLS)
		}
	}
	if t.Name == "" || t.Missing {
		return out
	}
	switch {
	case sshHost(t.URL) == "" || t.Guess:
	case t.HostKey:
		out = slices.Insert(out, 0, wayHosts)
	default:
		out = append(out, wayHosts)
	}
	return append(out, wayStored)
}

// asksHost reports whether the host is asked for its key: the way goes over SSH
// and writes known_hosts.
func (f *credentialForm) asksHost() bool {
	w := f.chosen()
	return w == wayNewKey || w == wayKeyFile || w == wayHosts
}

func (f *credentialForm) chosen() way { return f.ways[f.way] }

// asksAddress reports whether the address is typed here: no source has one yet.
func (f *credentialForm) asksAddress() bool { return f.target.URL == "" || f.target.Guess }

// plain reports whether a login goes over the network as it is.
func (f *credentialForm) plain() bool {
	w := f.chosen()
	return (w == wayBasic || w == wayBearer) && credential.Scheme(f.address.String()) == "http"
}

// takesCertificates reports whether there are fields for them: http:// has
// none. What was typed into them for another way goes nowhere.
func (f *credentialForm) takesCertificates() bool {
	w := f.chosen()
	return w == wayTLS || (w == wayBasic || w == wayBearer) && credential.Scheme(f.address.String()) != "http"
}

// follow lets the way follow the address that is being typed, for as long as
// nobody chose another.
func (f *credentialForm) follow() {
	if !f.asksAddress() || f.way != f.led {
		return
	}
	fits := credential.MethodsOver(credential.Scheme(f.address.String()), f.target.Provider)
	if len(fits) == 0 || slices.Contains(fits, f.chosen().method()) {
		return
	}
	f.way = slices.IndexFunc(f.ways, func(w way) bool { return w.method() == fits[0] })
	f.led = f.way
}

// wayNames are the ways as they are chosen among.
func (f *credentialForm) wayNames() []string {
	out := make([]string, len(f.ways))
	for i, w := range f.ways {
		out[i] = wayWords[w]
	}
	return out
}
