package why

import (
	"slices"

	"tenantry/model/said"
)

// stage is one thing a fetch or an apply has to get through, in the order it
// meets them: what lies before a fault was seen to work, what lies behind it
// was not tried.
type stage struct {
	words  string
	faults []said.Fault
}

// The things a fault may also lie in, besides the stage it is met at.
const (
	theSecret = "its secret"
	theLookup = "name lookup"
	theLogin  = "login"
)

// fetchStages are those of a Git fetch; the ones for ssh or https alone say so
// in front.
var fetchStages = []stage{
	{theSecret, []said.Fault{said.SecretMissing, said.SecretKeys, said.KeyEncrypted, said.ProviderUnset}},
	{theLookup, []said.Fault{said.HostUnresolved, said.LookupUnanswered}},
	{"network", []said.Fault{said.ProxyFault, said.ConnectionRefused, said.NoAnswer}},
	{"https:certificate", []said.Fault{said.CertificateUnknown, said.TLSFault}},
	{"ssh:host key", []said.Fault{said.HostKeyChanged, said.HostKeyUnknown, said.HostKeyRevoked, said.HostKeyType}},
	{theLogin, []said.Fault{said.DeployKeyRefused, said.LoginRefused, said.AccessRefused}},
	{"the repository", []said.Fault{said.RepositoryMissing}},
	{"branch", []said.Fault{said.RefMissing, said.RepositoryEmpty}},
	{"signature", []said.Fault{said.SignatureInvalid}},
}

// blames are earlier stages a fault may lie in as well, although the fetch got
// past them: known_hosts, a CA and the key are in the secret, a host may hide a
// repository from who may not see it, and a proxy does the lookup itself.
var blames = map[said.Fault][]string{
	said.HostKeyChanged: {theSecret}, said.HostKeyUnknown: {theSecret}, said.HostKeyRevoked: {theSecret}, said.HostKeyType: {theSecret},
	said.CertificateUnknown: {theSecret}, said.TLSFault: {theSecret},
	said.DeployKeyRefused: {theSecret}, said.LoginRefused: {theSecret}, said.AccessRefused: {theSecret},
	said.RepositoryMissing: {theSecret, theLogin},
	said.ProxyFault:        {theSecret, theLookup},
	said.SignatureInvalid:  {theSecret},
}

// applyStages are those of a Kustomization's run.
var applyStages = []stage{
	{"its source", []said.Fault{said.SourceMissing, said.CrossNamespace, said.SourceNotReady}},
	{"what it depends on", []said.Fault{said.DependencyMissing, said.DependencyNotReady}},
	{"the artifact's download", []said.Fault{said.ArtifactServer}},
	{"its path in Git", []said.Fault{said.PathMissing}},
	{"kustomize's build", []said.Fault{said.ManifestInvalid, said.BuildFailed, said.RemoteBase}},
	{"variables", []said.Fault{said.SubstituteMissing, said.SubstituteFailed}},
	{"decryption", []said.Fault{said.DecryptionFailed}},
	{"rights", []said.Fault{said.ForbiddenInside, said.ForbiddenCluster, said.DecryptionUnset}},
	{"the API server's checks", []said.Fault{said.KindMissing, said.NamespaceMissing, said.Refused, said.WebhookFault, said.QuotaExceeded, said.Immutable, said.Invalid, said.Conflict}},
	{"health checks", []said.Fault{said.HealthFailed, said.HealthTimeout}},
	{"pruning", []said.Fault{said.PruneFailed}},
}

// through says of every stage how a fault of that kind left it; nothing where
// it is in none of them. applies words a stage, false where there is none here.
func through(stages []stage, kind said.Fault, applies func(string) (string, bool)) []check {
	at := slices.IndexFunc(stages, func(st stage) bool { return slices.Contains(st.faults, kind) })
	if at < 0 {
		return nil
	}
	var out []check
	for i, st := range stages {
		words, ok := applies(st.words)
		if !ok {
			continue
		}
		c := check{topic: words, words: words}
		switch {
		case i == at, slices.Contains(blames[kind], st.words):
			c.outcome = failed
		case i < at:
			c.outcome = passed
		}
		out = append(out, c)
	}
	return out
}
