package credential

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func sshDraft() *Draft {
	return &Draft{Namespace: "shop", Name: "deploy-key", URL: "ssh://git@github.com/acme/shop", Method: SSH,
		Pair: &Pair{Private: []byte("-----KANARIE-----"), Public: ed25519Line}, Hosts: []byte("github.com " + ed25519Line + "\n")}
}

func basicDraft() *Draft {
	return &Draft{Namespace: "shop", Name: "login", URL: "https://git.acme.io/shop", Method: Basic, Username: "git", Password: []byte("KANARIE")}
}

func TestProblems(t *testing.T) {
	if p := append(sshDraft().Problems(), basicDraft().Problems()...); len(p) > 0 {
		t.Fatalf("a whole draft has problems: %v", p)
	}
	app := func(change func(*Draft)) *Draft {
		d := &Draft{Namespace: "n", Name: "app", URL: "https://github.com/acme/x", Provider: "github", Method: GitHubApp, AppID: "12", AppOwner: "acme", AppKey: []byte("no pem")}
		change(d)
		return d
	}
	for name, c := range map[string]struct {
		draft *Draft
		field Field
		text  string
	}{
		"no name":              {with(sshDraft(), func(d *Draft) { d.Name = "" }), FieldName, "needs a name"},
		"bad name":             {with(sshDraft(), func(d *Draft) { d.Name = "Deploy_Key" }), FieldName, "made of a-z"},
		"scp":                  {with(sshDraft(), func(d *Draft) { d.URL = "git@github.com:acme/x" }), FieldURL, "write ssh://git@github.com/acme/x"},
		"method":               {with(basicDraft(), func(d *Draft) { d.URL = "ssh://git@github.com/acme/x" }), FieldMethod, "user and password are for https:// addresses, and this one is ssh://: choose an SSH key"},
		"no key":               {with(sshDraft(), func(d *Draft) { d.Pair = nil }), FieldKey, "no key yet"},
		"locked":               {with(sshDraft(), func(d *Draft) { d.Pair.Locked = true }), FieldPassphrase, "passphrase is needed"},
		"no hosts":             {with(sshDraft(), func(d *Draft) { d.Hosts = nil }), FieldHosts, "accept the host's key"},
		"other host":           {with(sshDraft(), func(d *Draft) { d.URL = "ssh://git@gitlab.com/acme/x" }), FieldHosts, "none of these lines is for gitlab.com"},
		"no user":              {with(basicDraft(), func(d *Draft) { d.Username = "" }), FieldUsername, "user name is needed"},
		"no password":          {with(basicDraft(), func(d *Draft) { d.Password = nil }), FieldPassword, "password is needed"},
		"line end in password": {with(basicDraft(), func(d *Draft) { d.Password = []byte("KANARIE\n") }), FieldPassword, "can't be typed"},
		"blank":                {with(basicDraft(), func(d *Draft) { d.Password = []byte("KANARIE ") }), FieldPassword, "blank"},
		"no CA":                {with(basicDraft(), func(d *Draft) { d.CA = []byte("KANARIE") }), FieldCA, "no certificate"},
		"key without cert":     {with(basicDraft(), func(d *Draft) { d.ClientKey = []byte("KANARIE") }), FieldClientCert, "needs its certificate"},
		"both broken":          {with(basicDraft(), func(d *Draft) { d.ClientKey, d.ClientCert = []byte("KANARIE"), []byte("y") }), FieldClientKey, "do not belong together"},
		"token":                {&Draft{Name: "x", URL: "https://me@git.acme.io/x", Method: Bearer, Token: []byte("KANARIE")}, FieldToken, "names a user"},
		"app id":               {app(func(d *Draft) { d.AppID = "acme" }), FieldAppID, "is a number"},
		"app both":             {app(func(d *Draft) { d.AppInstallation = "7" }), FieldAppInstallation, "not both"},
		"app neither":          {app(func(d *Draft) { d.AppOwner = "" }), FieldAppOwner, "organisation"},
		"app key":              {app(func(*Draft) {}), FieldAppKey, "no PEM"},
		"app url":              {app(func(d *Draft) { d.AppBaseURL = "github.acme.io" }), FieldAppBaseURL, "Enterprise"},
		"app over ssh":         {app(func(d *Draft) { d.URL = "ssh://git@github.com/a/b" }), FieldMethod, "a GitHub App is for https:// addresses, and this one is ssh://"},
	} {
		problems := c.draft.Problems()
		i := slices.IndexFunc(problems, func(p Problem) bool { return p.Field == c.field })
		if i < 0 || !strings.Contains(problems[i].Text, c.text) {
			t.Errorf("%s: %v, want %q at field %d", name, problems, c.text, c.field)
		}
		for _, p := range problems {
			if strings.Contains(p.Text, "KANARIE") {
				t.Errorf("%s: a secret is in %q", name, p.Text)
			}
		}
	}
}

func with(d *Draft, change func(*Draft)) *Draft { change(d); return d }

// What is sent: exactly the layout's keys; of a Secret that is there, nothing
// else is touched, and it has to be the one that was looked at.
func TestBodies(t *testing.T) {
	d := sshDraft()
	create := d.Create()
	var made struct {
		Type     string
		Metadata map[string]string
		Data     map[string][]byte
	}
	if err := json.Unmarshal(create.Body, &made); err != nil {
		t.Fatalf("%v: %s", err, create.Body)
	}
	if made.Type != "Opaque" || made.Metadata["name"] != "deploy-key" || made.Metadata["namespace"] != "shop" || len(made.Data) != 3 ||
		string(made.Data[Identity]) != "-----KANARIE-----" || string(made.Data[IdentityPub]) != ed25519Line+"\n" || !bytes.Equal(made.Data[KnownHosts], d.Hosts) {
		t.Errorf("created: %+v", made)
	}
	update := d.Update(&Stored{UID: "u", Version: "7", Type: "kubernetes.io/ssh-auth", Keys: []string{Identity, KnownHosts, Password, "notes", "ssh-privatekey"}})
	var patch map[string]map[string]*string
	if err := json.Unmarshal(update.Body, &patch); err != nil {
		t.Fatalf("%v: %s", err, update.Body)
	}
	if update.UID != "u" || update.Version != "7" || len(patch) != 1 || len(patch["data"]) != 4 || patch["data"][Password] != nil {
		t.Errorf("updated: %+v %v", update, patch)
	}
	if _, ok := patch["data"][Password]; !ok {
		t.Error("the old key's passphrase stays")
	}
}

func TestDropped(t *testing.T) {
	for name, c := range map[string]struct {
		draft *Draft
		keys  string
		want  string
	}{
		"a passphrase goes with its key":       {sshDraft(), "identity known_hosts password", "password"},
		"a password of a login stays":          {sshDraft(), "identity known_hosts username password", ""},
		"the same passphrase field is written": {with(sshDraft(), func(d *Draft) { d.Passphrase = []byte("x") }), "identity password", ""},
		"a bearer token would win":             {basicDraft(), "bearerToken username password notes", "bearerToken"},
		"foreign keys stay":                    {basicDraft(), "identity notes", ""},
	} {
		if got := strings.Join(c.draft.Dropped(strings.Fields(c.keys)), " "); got != c.want {
			t.Errorf("%s: dropped %q, want %q", name, got, c.want)
		}
	}
}

// What is shown of what is sent holds no secret, and after Wipe neither does
// the draft.
func TestNothingIsShownOrKept(t *testing.T) {
	canary := base64.StdEncoding.EncodeToString([]byte("KANARIE"))
	for _, d := range []*Draft{sshDraft(), basicDraft(),
		{Name: "x", Namespace: "n", Method: Bearer, Token: []byte("KANARIE")},
		{Name: "x", Namespace: "n", Method: GitHubApp, AppID: "1", AppKey: []byte("KANARIE")},
		{Name: "x", Namespace: "n", Method: TLS, ClientKey: []byte("KANARIE")}} {
		clear, kept := d.Manifest(), secretsOf(d)
		if !bytes.Contains(clear, []byte(canary[:8])) && !bytes.Contains(clear, []byte("LS0tLS1LQU5BUklF")) {
			t.Errorf("%s: the manifest lacks the secret:\n%s", d.Method, clear)
		}
		if s := d.Shown(nil); strings.Contains(s, "KANARIE") || strings.Contains(s, canary[:8]) {
			t.Errorf("%s: shown:\n%s", d.Method, s)
		}
		d.Wipe()
		for _, b := range kept {
			if bytes.Contains(b, []byte("KANARIE")) {
				t.Errorf("%s: a secret is left after Wipe", d.Method)
			}
		}
		if len(d.entries()) > 0 && bytes.Contains(d.Manifest(), []byte(canary[:8])) {
			t.Errorf("%s: the draft still holds it", d.Method)
		}
	}
}

func secretsOf(d *Draft) [][]byte {
	out := [][]byte{d.Passphrase, d.Password, d.Token, d.ClientKey, d.AppKey}
	if d.Pair != nil {
		out = append(out, d.Pair.Private)
	}
	return out
}
