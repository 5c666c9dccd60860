package said

import "strings"

// fetching are the words of a failed fetch: source-controller's, go-git's,
// x/crypto/ssh's and Go's own network library's (domain.md §3.2).
var fetching = []rule{
	on(`(?:^|: )secrets? "([^"]+)" not found`, secretMissing),
	on(`'(identity|known_hosts)' is required`, func(m []string) Saying {
		return Saying{Fault: SecretKeys, Key: m[1], Words: "its secret lacks the key " + m[1]}
	}),
	on(`'password' requires 'username' to be set`, func([]string) Saying {
		return Saying{Fault: SecretKeys, Key: "username", Words: "its secret has a password and no username"}
	}),
	on(`basic auth and bearer token cannot be set at the same time`, words(SecretKeys,
		"its secret has a bearer token, and the URL names a user: only one of both can be used")),
	on(`invalid 'https?' auth option: (.+)$`, func(m []string) Saying { return Saying{Fault: SecretKeys, Words: "its secret does not fit: " + m[1]} }),
	on(`SSH identity key is encrypted but no 'password'`, words(KeyEncrypted, "its SSH key is encrypted and the secret has no password")),
	on(`has github app data but provider is not set to github`, words(ProviderUnset,
		"its secret holds a GitHub App's keys, and spec.provider is not github")),
	on(`knownhosts: key mismatch`, words(HostKeyChanged, "the Git host's key changed: it is not the one in known_hosts")),
	on(`knownhosts: key is unknown`, words(HostKeyUnknown, "the Git host's key is not in known_hosts")),
	on(`knownhosts: key is revoked`, words(HostKeyRevoked, "the Git host's key is marked as revoked in known_hosts")),
	on(`no common algorithm for host key`, words(HostKeyType, "known_hosts lists no type of key that the Git host offers")),
	on(`unable to authenticate, attempted methods`, words(DeployKeyRefused, "the Git host refused the key: is it added as a deploy key?")),
	on(`(?i)proxyconnect tcp: .*?lookup ([^\s:]+)`, proxy),
	on(`(?i)proxyconnect tcp: dial tcp ([^\s]+?): `, proxy),
	on(`(?i)(?:proxyconnect|socks connect|Proxy Authentication Required|status code:? 407)`, words(ProxyFault, "the proxy on the way does not let it through")),
	onFetch(`UNAUTHORIZED: `, words(LoginRefused, "the server wants a login (401)")),
	onFetch(`authentication required`, words(LoginRefused, "the Git host wants a login (401)")),
	onFetch(`authorization failed`, words(AccessRefused, "the Git host refused the login (403)")),
	onFetch(`(?i)UNAUTHORIZED: |status code:? 401|401 Unauthorized|401 \(Unauthorized\)|InvalidAccessKeyId|SignatureDoesNotMatch`, words(LoginRefused, "the server wants a login (401)")),
	onFetch(`(?i)DENIED: |status code:? 403|403 Forbidden|AccessDenied: |: Access Denied`, words(AccessRefused, "the server refused the login (403)")),
	on(`repository not found:`, words(RepositoryMissing, "the repository is missing, or not for this credential to see")),
	on(`(?i)MANIFEST_UNKNOWN|manifest unknown|manifest for \S+ not found`, words(RefMissing, "there is no such tag in the registry")),
	on(`(?i)NAME_UNKNOWN|repository name not known`, words(RepositoryMissing, "there is no such repository in the registry, or not for this credential to see")),
	on(`(?i)bucket '?([^\s']+)'? (?:does not exist|not found)|NoSuchBucket`, words(RepositoryMissing, "there is no such bucket")),
	on(`couldn't find remote ref "(refs/tags/)?(?:refs/heads/)?([^"]+)"`, func(m []string) Saying {
		what := "branch"
		if m[1] != "" {
			what = "tag"
		}
		return Saying{Fault: RefMissing, Name: m[2], Words: "there is no " + what + " " + m[2] + " in the repository"}
	}),
	on(`unable to resolve ref '([^']+)'`, func(m []string) Saying {
		return Saying{Fault: RefMissing, Name: m[1], Words: "there is no ref " + m[1] + " in the repository"}
	}),
	on(`no match found for semver: (.+)$`, func(m []string) Saying {
		return Saying{Fault: RefMissing, Name: m[1], Words: "no tag fits the version " + m[1]}
	}),
	on(`^git repository is empty`, words(RepositoryEmpty, "the repository has no commit")),
	on(`(?i)signature verification (?:of .*)?failed|invalid .*signature|unable to verify .*commit|no matching signatures`, words(SignatureInvalid, "its signature can't be verified")),
	onFetch(`lookup ([^\s:]+).*no such host`, func(m []string) Saying {
		return Saying{Fault: HostUnresolved, Host: m[1], Words: "the host " + m[1] + " has no address"}
	}),
	onFetch(`lookup ([^\s:]+)(?: on [^\s]+)?: .*(?:server misbehaving|Temporary failure|i/o timeout|connection refused)`, func(m []string) Saying {
		return Saying{Fault: LookupUnanswered, Host: m[1], Words: "nobody answers what the address of " + m[1] + " is: name lookup fails in the cluster"}
	}),
	onFetch(`dial tcp ([^\s]+): connect: connection refused`, func(m []string) Saying {
		return Saying{Fault: ConnectionRefused, Host: m[1], Words: m[1] + " refuses connections"}
	}),
	onFetch(`dial tcp ([^\s]+): connect: (no route to host|network is unreachable)`, func(m []string) Saying {
		return Saying{Fault: NoAnswer, Host: m[1], Words: m[1] + " can't be reached: " + m[2]}
	}),
	onFetch(`x509: (.+)$`, func(m []string) Saying {
		return Saying{Fault: CertificateUnknown, Words: "the server's certificate is not trusted: " + m[1]}
	}),
	onFetch(`tls: first record does not look like a TLS handshake|server gave HTTP response to HTTPS client`, words(TLSFault, "the server does not speak TLS there: http was meant, or another port")),
	onFetch(`(?:remote error: )?tls: (.+)$`, func(m []string) Saying { return Saying{Fault: TLSFault, Words: "no TLS connection: " + m[1]} }),
	onFetch(`failed to (?:fetch Helm repository index|fetch index|index Helm repository).*404 Not Found`, words(RepositoryMissing, "there is no index of a Helm repository at its address (404)")),
	on(`failed to (?:fetch Helm repository index|index Helm repository|load index).*(?:yaml: |error converting|unmarshal|no API version)`, words(IndexInvalid, "what the server hands out is no Helm repository's index")),
	onFetch(`dial tcp ([^\s]+): .*i/o timeout`, func(m []string) Saying { return Saying{Fault: NoAnswer, Host: m[1], Words: "no answer in time"} }),
	onFetch(`i/o timeout|context deadline exceeded|Client\.Timeout exceeded`, words(NoAnswer, "no answer in time")),
}

func secretMissing(m []string) Saying {
	name := m[1]
	return Saying{Fault: SecretMissing, Kind: "Secret", Name: name, Words: "secret " + name + " is missing"}
}

func proxy(m []string) Saying {
	host := strings.TrimSuffix(m[1], ":")
	return Saying{Fault: ProxyFault, Host: host, Words: "the proxy " + host + " does not let it through"}
}
