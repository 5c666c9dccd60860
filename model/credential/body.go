package credential

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// entry is one key of a Secret with its value.
type entry struct {
	name  string
	value []byte
}

// entries are what the Secret is to hold.
func (d *Draft) entries() []entry {
	var out []entry
	add := func(name string, value []byte) {
		if len(value) > 0 {
			out = append(out, entry{name, value})
		}
	}
	switch d.Method {
	case SSH:
		if d.HostsOnly {
			add(KnownHosts, d.Hosts)
			break
		}
		if d.Pair != nil {
			add(Identity, d.Pair.Private)
			add(IdentityPub, []byte(d.Pair.Public+"\n"))
		}
		add(KnownHosts, d.Hosts)
		add(Password, d.Passphrase)
	case Basic:
		add(Username, []byte(d.Username))
		add(Password, d.Password)
	case Bearer:
		add(BearerToken, d.Token)
	case GitHubApp:
		add(AppID, []byte(d.AppID))
		add(AppOwner, []byte(d.AppOwner))
		add(AppInstall, []byte(d.AppInstallation))
		add(AppKey, d.AppKey)
		add(AppBaseURL, []byte(d.AppBaseURL))
	}
	if d.Method != SSH {
		add(CACert, d.CA)
		add(ClientCert, d.ClientCert)
		add(ClientKey, d.ClientKey)
	}
	return out
}

// Keys are the names of what the Secret is to hold.
func (d *Draft) Keys() []string {
	var out []string
	for _, e := range d.entries() {
		out = append(out, e.name)
	}
	return out
}

// Dropped are the keys of a Secret that would come before the new ones, or
// belong to what the new ones replace, and so have to go: source-controller
// takes a bearer token before a password, and a passphrase belongs to one key.
// All others stay as they are.
func (d *Draft) Dropped(keys []string) []string {
	if d.HostsOnly {
		return nil
	}
	stale := map[Method][]string{
		SSH:       {IdentityPub},
		Basic:     {BearerToken},
		GitHubApp: {AppOwner, AppInstall, AppBaseURL},
	}[d.Method]
	if d.Method == SSH && slices.Contains(keys, Identity) && !slices.Contains(keys, Username) {
		stale = append(stale, Password)
	}
	now := d.Keys()
	var out []string
	for _, k := range stale {
		if slices.Contains(keys, k) && !slices.Contains(now, k) {
			out = append(out, k)
		}
	}
	return out
}

// Ref is the Secret's.
func (d *Draft) Ref() model.ObjectRef {
	return model.ObjectRef{Version: "v1", Kind: model.Secret.String(), Namespace: d.Namespace, Name: d.Name}
}

// Create is the write that makes the Secret. Its type is Opaque, as flux makes
// it. The body holds secrets; whoever sends it wipes it.
func (d *Draft) Create() model.Write {
	var b bytes.Buffer
	meta, _ := json.Marshal(map[string]string{"name": d.Name, "namespace": d.Namespace}) // strings: cannot fail
	fmt.Fprintf(&b, `{"apiVersion":"v1","kind":"Secret","type":"Opaque","metadata":%s,"data":`, meta)
	return model.Write{Ref: d.Ref(), Op: model.WriteCreate, Body: closeObject(d.data(b.Bytes(), nil))}
}

// Update is the write that puts the new keys into the Secret that is there, and
// only if it is still the same one in the same state. Its type, its labels and
// the keys that have nothing to do with this stay.
func (d *Draft) Update(now *Stored) model.Write {
	body := closeObject(d.data([]byte(`{"data":`), d.Dropped(now.Keys)))
	return model.Write{Ref: d.Ref(), Op: model.WriteMerge, UID: now.UID, Version: now.Version, Body: body}
}

func closeObject(b []byte) []byte { return append(b, '}') }

// data appends the entries as a JSON object of base64, in one piece of memory:
// a buffer that grows leaves copies behind.
func (d *Draft) data(head []byte, drop []string) []byte {
	entries := d.entries()
	size := len(head) + 3
	for _, e := range entries {
		size += len(e.name) + base64.StdEncoding.EncodedLen(len(e.value)) + 8
	}
	for _, k := range drop {
		size += len(k) + 8
	}
	b := append(make([]byte, 0, size), head...)
	sep := byte('{')
	for _, e := range entries {
		b = append(append(append(b, sep, '"'), e.name...), `":"`...)
		b = base64.StdEncoding.AppendEncode(b, e.value)
		b = append(b, '"')
		sep = ','
	}
	for _, k := range drop {
		b = append(append(append(b, sep, '"'), k...), `":null`...)
		sep = ','
	}
	return append(b, '}')
}

// scalar writes a text as YAML that reads back to the very same.
func scalar(s string) string {
	if whole, cut := strings.CutSuffix(s, "\n"); cut && !strings.HasSuffix(whole, "\n") && strings.TrimSpace(whole) != "" && !strings.HasPrefix(whole, " ") {
		return "|\n    " + strings.ReplaceAll(whole, "\n", "\n    ")
	}
	quoted, _ := json.Marshal(s) // a JSON string is a YAML one
	return string(quoted)
}

// Shown is the manifest with sizes in the place of what is secret.
func (d *Draft) Shown(drop []string) string {
	var b strings.Builder
	d.head(&b)
	for _, e := range d.entries() {
		switch e.name {
		case IdentityPub, KnownHosts, Username, AppID, AppOwner, AppInstall, AppBaseURL:
			fmt.Fprintf(&b, "  %s: %s\n", e.name, scalar(string(e.value)))
		default:
			fmt.Fprintf(&b, "  %s: # %d bytes, not shown\n", e.name, len(e.value))
		}
	}
	for _, k := range drop {
		fmt.Fprintf(&b, "  %s: null # taken away\n", k)
	}
	return b.String()
}

func (d *Draft) head(b *strings.Builder) {
	fmt.Fprintf(b, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: %s\ntype: Opaque\nstringData:\n", d.Name, d.Namespace)
}

// Manifest is the whole Secret as YAML, in clear, for encrypting or for who
// asked twice. Values are base64, so that no text needs quoting.
func (d *Draft) Manifest() []byte {
	head := fmt.Sprintf("apiVersion: v1\nkind: Secret\nmetadata:\n  name: %q\n  namespace: %q\ntype: Opaque\ndata:\n", d.Name, d.Namespace)
	size := len(head)
	for _, e := range d.entries() {
		size += len(e.name) + base64.StdEncoding.EncodedLen(len(e.value)) + 8
	}
	b := append(make([]byte, 0, size), head...)
	for _, e := range d.entries() {
		b = append(append(append(b, "  "...), e.name...), ": "...)
		b = append(base64.StdEncoding.AppendEncode(b, e.value), '\n')
	}
	return b
}
