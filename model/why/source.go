package why

import (
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// source explains a source that can't fetch.
func (w *walk) source(o *model.Object, v model.Verdict) []Fault {
	if !v.Health.Unhealthy() || v.Health == model.Unobserved || v.Suspended {
		return nil
	}
	d, ok := o.Detail.(*model.Source)
	if !ok {
		return []Fault{w.spoken(o, v)}
	}
	if o.Kind == model.HelmChart && d.SourceRef.Kind != "" {
		if found := w.follow(d.SourceRef, "the repository of its chart"); len(found) > 0 {
			return found
		}
	}
	f := w.spoken(o, v)
	s, _ := said.Read(v.Message)
	switch f.Kind {
	case said.SecretMissing:
		r := model.Ref{Kind: "Secret", Namespace: o.Namespace, Name: s.Name}
		f.Chain = []Link{missing(r, secretField(d.Secrets, s.Name))}
		f.Words = lower(r) + " does not exist"
	case said.SecretKeys, said.KeyEncrypted, said.ProviderUnset:
		if name := secretOf(d.Secrets, "secretRef"); name != "" {
			f.Chain = []Link{{Ref: model.Ref{Kind: "Secret", Namespace: o.Namespace, Name: name}, Health: model.Failed, Word: "Does not fit", Note: f.Words}}
			if rest, ok := strings.CutPrefix(f.Words, "its secret "); ok {
				f.Words = "secret " + o.Namespace + "/" + name + " " + rest
			} else {
				f.Words = "secret " + o.Namespace + "/" + name + ": " + f.Words
			}
			if f.Kind == said.SecretKeys && s.Key != "" {
				f.Words = "secret " + o.Namespace + "/" + name + " lacks the key " + s.Key
			}
		} else if f.Kind == said.SecretKeys {
			f.Words = "it names no secret, and its URL needs one: " + f.Words
		}
	case said.DeployKeyRefused, said.LoginRefused, said.AccessRefused, said.HostKeyChanged, said.HostKeyUnknown, said.HostKeyRevoked, said.HostKeyType:
		// The host and the Secret disagree; which of both is wrong can't be told
		// from here.
		if host := model.HostOf(d.URL); host != "" {
			f.Words = atHost(f.Words, host)
		}
	case said.RepositoryMissing:
		f.Words = strings.Replace(f.Words, "the repository is missing", "the repository "+plainURL(d.URL)+" is missing", 1)
	case said.RefMissing:
		f.Words += " (" + plainURL(d.URL) + ")"
	case said.NoAnswer:
		host := s.Host
		if host == "" {
			host = model.HostOf(d.URL)
		}
		if host != "" && !strings.Contains(f.Words, host) {
			f.Words = host + ": " + f.Words
		}
	case said.CertificateUnknown, said.TLSFault:
		if host := model.HostOf(d.URL); host != "" {
			f.Words = host + ": " + f.Words
		}
	}
	return []Fault{f}
}

// atHost names the host in a sentence about "the Git host".
func atHost(words, host string) string {
	for _, the := range []string{"the Git host's", "the Git host", "the server"} {
		if i := strings.Index(words, the); i >= 0 {
			end := i + len("the Git host")
			if the == "the server" {
				end = i + len(the)
			}
			return words[:end-len(lastWord(words[:end]))] + lastWord(words[:end]) + " " + host + words[end:]
		}
	}
	return words + " (" + host + ")"
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// secretField says which field of a source names a Secret.
func secretField(secrets []model.Pair, name string) string {
	for _, p := range secrets {
		if p.Value == name {
			return "spec." + p.Name + " names it"
		}
	}
	return "its controller looks for it"
}

func secretOf(secrets []model.Pair, field string) string {
	for _, p := range secrets {
		if p.Name == field {
			return p.Value
		}
	}
	return ""
}

// plainURL is a URL without the user and password it may carry.
func plainURL(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	host, path, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	return scheme + "://" + host + "/" + path
}
