package model

import "strings"

// ShortRevision shortens a Flux revision for a list: "main@sha1:41aaea23…"
// becomes "41aaea2", a bare digest its first seven digits; anything without a
// digest (a chart version, a tag) is returned as it is.
func ShortRevision(rev string) string {
	sum := RevisionSum(rev)
	if sum == "" {
		return rev
	}
	if len(sum) > 7 {
		sum = sum[:7]
	}
	return sum
}

// RevisionSum returns the digest of a Flux revision without its algorithm: all
// after the last colon of "ref@algo:sum" or "algo:sum"; "" when there is none.
func RevisionSum(rev string) string {
	digest := rev
	if at := strings.LastIndexByte(rev, '@'); at >= 0 {
		digest = rev[at+1:]
	}
	colon := strings.LastIndexByte(digest, ':')
	if colon < 0 {
		return ""
	}
	switch digest[:colon] {
	case "sha1", "sha256", "sha384", "sha512", "blake3":
		return digest[colon+1:]
	}
	return ""
}

// RevisionRef returns the named part of a Flux revision: all before the last
// "@", shortened from a full ref ("refs/heads/main@sha1:…" → "main").
func RevisionRef(rev string) string {
	at := strings.LastIndexByte(rev, '@')
	if at < 0 {
		return ""
	}
	ref := rev[:at]
	for _, p := range []string{"refs/heads/", "refs/tags/"} {
		ref = strings.TrimPrefix(ref, p)
	}
	return ref
}

// SameRevision reports whether two revisions name the same content: equal as
// text, or equal in their digests (a sync may know the commit as
// "refs/heads/main@sha1:…" and its source as "main@sha1:…").
func SameRevision(a, b string) bool {
	if a == b {
		return true
	}
	sa, sb := RevisionSum(a), RevisionSum(b)
	return sa != "" && sa == sb
}
