package ui

import (
	"slices"

	"tenantry/model/credential"
)

// keptCredential is what of a form outlives it: nothing of it is secret.
type keptCredential struct {
	way                                                        way
	chosen                                                     bool // and not the one the address led to
	algorithm                                                  int
	name, address, keyFile, hosts, username, ca, cert, certKey string
	appID, appOwner, appInstall, appPE, appURL                 string
	found                                                      []credential.HostKey
	accepted                                                   bool
}

func keep(f *credentialForm) keptCredential {
	return keptCredential{way: f.chosen(), chosen: f.way != f.led, algorithm: f.algorithm, name: f.name.String(), address: f.address.String(), keyFile: f.keyFile.String(),
		hosts: f.hosts.String(), username: f.username.String(), ca: f.caFile.String(), cert: f.certFile.String(), certKey: f.certKeyFile.String(),
		appID: f.appID.String(), appOwner: f.appOwner.String(), appInstall: f.appInstall.String(), appPE: f.appPE.String(), appURL: f.appURL.String(),
		found: f.found, accepted: f.accepted}
}

func (k keptCredential) into(f *credentialForm) {
	if i := slices.Index(f.ways, k.way); i >= 0 {
		f.way = i
		if !k.chosen {
			f.led = i
		}
	}
	f.algorithm = k.algorithm
	for l, s := range map[*editLine]string{&f.keyFile: k.keyFile, &f.hosts: k.hosts, &f.username: k.username, &f.caFile: k.ca, &f.certFile: k.cert,
		&f.certKeyFile: k.certKey, &f.appID: k.appID, &f.appOwner: k.appOwner, &f.appInstall: k.appInstall, &f.appPE: k.appPE, &f.appURL: k.appURL} {
		l.insert(s)
	}
	if f.target.Name == "" {
		f.name = editLine{}
		f.name.insert(k.name)
	}
	if f.asksAddress() && k.address != "" {
		f.address = editLine{room: f.address.room}
		f.address.insert(k.address)
	}
	if k.accepted {
		f.vouched = k.found
	}
}

// scannedHost takes what the host shows. What was accepted before stays so only
// while the host still shows it.
func (f *credentialForm) scannedHost(m hostKeysMsg) {
	if m.of != f.scanned {
		return // of the host that was typed before
	}
	f.scanning, f.scanWhy = false, ""
	if m.err != nil {
		f.scanWhy = m.err.Error() + "; paste the host's lines instead"
	}
	same := func(a, b credential.HostKey) bool { return a.Line() == b.Line() }
	f.found, f.accepted = m.keys, len(m.keys) > 0 && slices.EqualFunc(m.keys, f.vouched, same)
	if !f.accepted {
		f.focusHost()
	}
}
