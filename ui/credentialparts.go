package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/credential"
	"tenantry/themes"
)

// optional stands in fields that may stay empty.
const optional = "optional"

// parts are what the dialog shows, from above.
func (f *credentialForm) parts() []part {
	if f.deed != nil {
		return f.progress()
	}
	p := formParts{f: f, problems: f.problems()}
	f.about(&p)
	p.choose("FROM", f.wayNames(), &f.way)
	switch f.chosen() {
	case wayNewKey:
		p.choose("KIND", credential.Algorithms, &f.algorithm)
		f.keyParts(&p)
	case wayKeyFile:
		p.field("KEY FILE", &f.keyFile, "the private key, e.g. ~/.ssh/deploy_key", credential.FieldKey)
		if f.wantsPassphrase() {
			p.masked("PASSPHRASE", &f.passphrase, "of the encrypted key; it goes into the Secret too", credential.FieldPassphrase)
		}
		f.keyParts(&p)
	case wayBasic:
		p.field("USER", &f.username, "git, or what the host wants", credential.FieldUsername)
		p.masked("PASSWORD", &f.password, "or an access token", credential.FieldPassword)
	case wayBearer:
		p.masked("TOKEN", &f.token, "GitHub's and GitLab's access tokens are passwords, not bearer tokens", credential.FieldToken)
	case wayApp:
		p.field("APP ID", &f.appID, "a number", credential.FieldAppID)
		p.field("OWNER", &f.appOwner, "the organisation it is installed in", credential.FieldAppOwner)
		p.field("OR INST.", &f.appInstall, "the installation's ID instead", credential.FieldAppInstallation)
		p.field("KEY FILE", &f.appPE, "the .pem file GitHub gave", credential.FieldAppKey)
		p.field("API", &f.appURL, optional, credential.FieldAppBaseURL)
	}
	if f.takesCertificates() {
		p.field("CA FILE", &f.caFile, optional, credential.FieldCA)
		p.field("CERT", &f.certFile, optional, credential.FieldClientCert)
		p.field("CERT KEY", &f.certKeyFile, optional, credential.FieldClientKey)
	}
	if f.asksHost() {
		f.hostParts(&p)
	}
	f.tryParts(&p)
	f.effects(&p)
	return p.parts
}

// about says what the credential is for.
func (f *credentialForm) about(p *formParts) {
	t := &f.target
	if t.Name == "" {
		p.field("SECRET", &f.name, "a name", credential.FieldName)
	}
	if f.asksAddress() {
		p.field("URL", &f.address, "ssh://git@host/path or https://host/path", credential.FieldURL)
	} else {
		p.say("URL", t.URL, themes.Text)
		p.problem(credential.FieldURL)
	}
	if f.chosen() != wayStored {
		p.problem(credential.FieldMethod)
	}
	if f.plain() {
		p.say("", "over http:// the login can be read by everyone on the way: https:// where the host has it", themes.Caution)
	}
	var users []string
	for _, k := range t.Sources {
		users = append(users, k.String())
	}
	if t.Instance != (model.Key{}) {
		users = append(users, t.Instance.String())
	}
	if len(users) > 0 {
		p.say("USED BY", strings.Join(users, ", "), themes.Text)
	}
	if t.Name == "" && len(t.Sources) > 0 {
		p.say("", t.Sources[0].String()+" names no Secret: it needs spec.secretRef.name as well, in Git if it is from there", themes.Caution)
	}
	if f.chosen() == wayApp && t.Provider != "github" && len(t.Sources) > 0 {
		p.say("", t.Sources[0].String()+" needs spec.provider github as well, or it does not use a GitHub App's keys", themes.Caution)
	}
	if why := f.ownerWords(); why != "" {
		p.say("OWNED", why, themes.Caution)
	}
	if why := f.mayNot(); why != "" {
		p.say("DENIED", why+"; ctrl+y shows the Role that would allow it", themes.Caution)
	}
}

// keyParts are the key's public half.
func (f *credentialForm) keyParts(p *formParts) {
	switch {
	case f.making:
		p.say("KEY", "being made", themes.Muted)
	case f.pair != nil && f.pairOf == f.pairWanted() && f.pair.Public != "":
		p.say("KEY", f.pair.Public, themes.Text)
		words := f.pair.Fingerprint()
		if f.chosen() == wayNewKey {
			words += ": to be added to the repository as a deploy key that may only read"
		}
		p.say("", words, themes.Muted)
	case f.pairWhy != "":
		p.say("", f.pairWhy, themes.Bad)
	}
}

// hostParts are the host's key, to be accepted or pasted.
func (f *credentialForm) hostParts(p *formParts) {
	switch {
	case f.scanning:
		p.say("HOST KEY", "asking the host", themes.Muted)
	case len(f.found) > 0:
		for i, k := range f.found {
			words := k.Type + " " + k.Fingerprint()
			if i > 0 {
				p.say("", words, themes.Text)
				continue
			}
			said := "nothing vouches for it: compare it with what " + k.Host + " publishes"
			if credential.Published(k) {
				said = "it is the one " + k.Host + " publishes"
			}
			p.parts = append(p.parts, part{label: "HOST KEY", text: "accept " + words + "; " + said, tick: &f.accepted, gap: true})
		}
	case f.scanWhy != "":
		p.say("HOST KEY", f.scanWhy, themes.Caution)
	}
	hint := "or paste known_hosts"
	if f.accepted {
		hint = optional
	}
	p.field("PASTED", &f.hosts, hint, credential.FieldHosts)
	if f.chosen() == wayHosts {
		f.compareParts(p)
	}
}

// tryParts say what the repository answers from here.
func (f *credentialForm) tryParts(p *formParts) {
	t := &f.try
	state := mark{}
	role := themes.Text
	words := t.words
	switch {
	case f.chosen() == wayStored && f.stored == nil && !t.running:
		words = "reads the Secret's values, asks the repository with them from here, and forgets them"
	case f.chosen() == wayHosts && t.answer == nil && t.err == nil && !t.running && (f.stored == nil || f.stored.why == ""):
		words, role = "Read and test asks the repository from here with the key that is in the Secret", themes.Muted
	case f.readsStored() && f.stored != nil && f.stored.why != "":
		words, role = f.stored.why, themes.Bad
	case t.answer != nil:
		state = f.a.glyphs.Of(model.Ready)
		words = fmt.Sprintf("%d %s visible from here", t.answer.Refs, refsWord(t.answer.Refs))
		if t.answer.Head != "" {
			words += ", HEAD is " + strings.TrimPrefix(t.answer.Head, "refs/heads/")
		}
	case t.err != nil && t.err.Kind == credential.TryRefused && f.chosen() == wayNewKey:
		state = f.a.glyphs.Of(model.Reconciling)
		words = "waiting for access: " + t.err.Text + " yet; asked again every few seconds"
	case t.err != nil:
		state, role = f.a.glyphs.Of(model.Unknown), themes.Caution
		words = t.err.Text + ". That is what this machine sees; the cluster may see otherwise"
		if f.chosen() != wayStored {
			words += ", so saving is not barred"
		}
	case t.running:
		words = "asking the repository"
	case words == "":
		words = f.whyNoTry()
		role = themes.Muted
	}
	p.parts = append(p.parts, part{label: "ACCESS", text: words, state: state, role: role, gap: true})
	if f.stored != nil && f.stored.why == "" && f.readsStored() {
		p.say("STORED", fmt.Sprintf("%s, type %s", strings.Join(f.stored.keys, ", "), f.stored.typ), themes.Text)
		if f.stored.fingerprint != "" {
			p.say("", "deploy key "+f.stored.fingerprint, themes.Muted)
		}
	}
}

func refsWord(n int) string {
	if n == 1 {
		return "ref"
	}
	return "refs"
}

// effects say what saving does.
func (f *credentialForm) effects(p *formParts) {
	if f.chosen() == wayStored {
		return
	}
	d := f.draft()
	defer d.Wipe()
	if f.chosen() == wayHosts {
		p.say("SAVING", "writes known_hosts of Secret "+d.Namespace+"/"+d.Name+" and nothing else: the key and the lines of other hosts stay"+f.asksSources(), themes.Text)
		return
	}
	verb := "writes"
	if f.target.Missing {
		verb = "makes"
	}
	words := verb + " Secret " + d.Namespace + "/" + d.Name
	if keys := d.Keys(); len(keys) > 0 {
		words += " with " + strings.Join(keys, ", ")
	}
	if !f.target.Missing && f.target.Name != "" {
		words += "; its type and all other keys stay, the old login is gone"
	}
	p.say("SAVING", words+f.asksSources(), themes.Text)
}

// asksSources says who is asked once the Secret is written.
func (f *credentialForm) asksSources() string {
	n := len(f.target.Sources)
	if n == 0 {
		return ""
	}
	words := "; then " + sourcesAre(n) + " asked to fetch"
	if f.target.Instance != (model.Key{}) {
		words += ", and the FluxInstance to look again"
	}
	return words + ". Their own fetch is the verdict"
}

func sourcesAre(n int) string {
	if n == 1 {
		return "its source is"
	}
	return fmt.Sprintf("its %d sources are", n)
}
