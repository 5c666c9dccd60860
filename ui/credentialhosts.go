package ui

import (
	"slices"

	"tenantry/model/credential"
	"tenantry/themes"
)

// The key it has, with new known_hosts: nothing is wrong with the deploy key,
// only the host shows another one than the Secret holds.

// readsStored reports whether the way goes on from what is in the Secret.
func (f *credentialForm) readsStored() bool { return f.chosen() == wayHosts || f.chosen() == wayStored }

// hostKeysThere are the host's keys as the Secret has them, and those that
// would take their place.
func (f *credentialForm) hostKeysThere(known, lines []byte) (old, now []credential.HostKey) {
	u, bad := credential.Parse(f.address.String())
	if bad != "" {
		return nil, nil
	}
	return credential.KeysOf(known, u), credential.KeysOf(lines, u)
}

// compareParts show what the Secret has of the host, below what the host shows.
func (f *credentialForm) compareParts(p *formParts) {
	if f.stored == nil || f.stored.why != "" {
		p.say("IN SECRET", "its host key is read when it is tested or saved", themes.Muted)
		return
	}
	lines := f.hostLines()
	if lines == nil {
		lines = credential.KnownHostsText(f.found)
	}
	old, now := f.hostKeysThere([]byte(f.stored.hosts), lines)
	if len(old) == 0 {
		p.say("IN SECRET", "its known_hosts has no key of this host", themes.Caution)
		return
	}
	for i, k := range old {
		p.say(first(i, "IN SECRET"), k.Type+" "+k.Fingerprint(), themes.Text)
	}
	switch {
	case len(now) == 0:
	case sameHostKeys(old, now):
		p.say("", "they are the same: the host's key is not what is wrong", themes.Muted)
	default:
		p.say("", "they DIFFER: take the new one only if the host publishes it, for somebody may sit in between", themes.Caution)
	}
}

// sameHostKeys reports whether there is nothing to replace.
func sameHostKeys(old, now []credential.HostKey) bool {
	has := func(in []credential.HostKey, k credential.HostKey) bool {
		return slices.ContainsFunc(in, func(o credential.HostKey) bool { return string(o.Blob) == string(k.Blob) })
	}
	return !slices.ContainsFunc(old, func(k credential.HostKey) bool { return !has(now, k) }) &&
		!slices.ContainsFunc(now, func(k credential.HostKey) bool { return !has(old, k) })
}

// notCompared says why known_hosts is not replaced yet, "" when it may be: what
// is there has to be shown beside the new one before.
func (f *credentialForm) notCompared(stored *credential.Stored, d *credential.Draft) string {
	shown := f.stored != nil && f.stored.why == "" && f.stored.hosts == string(stored.Values[credential.KnownHosts])
	words := wordsOf(stored)
	f.stored = &words
	old, now := f.hostKeysThere([]byte(words.hosts), d.Hosts)
	switch {
	case len(stored.Values[credential.Identity]) == 0:
		return "the Secret holds no SSH key that could stay: make a new one, or take one from a file"
	case sameHostKeys(old, now):
		return "the Secret has this host key already: there is nothing to write"
	case !shown && len(old) > 0:
		return "the host's key DIFFERS from the one in the Secret: compare both with what the host publishes. Pressed again, it is saved"
	}
	return ""
}
