// Package redact takes out of a text what must not be handed on: passwords in
// URLs, tokens, keys. It knows secrets by their form, so it is a net under what
// never was to hold one, not a licence to write anything down.
package redact

import (
	"regexp"
	"strings"
)

// Mark stands for what was taken out.
const Mark = "[redacted]"

var (
	// A private key, on many lines or with its line breaks written out.
	block = regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|$)`)
	// The user of a URL; that of ssh is no secret, its password would be.
	userinfo = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)([^\s/@'"<>]+)@`)
	// A parameter of a URL, or a line of a file, whose name says what it is.
	named = regexp.MustCompile(`(?i)((?:password|passwd|passphrase|token|api[_-]?key|access[_-]?key|secret[_-]?key|client[_-]?secret|private[_-]?key|signature|x-amz-[a-z-]+|\bsig)\\*["']?\s?[=:]\s?)(\\+"[^"\\]*\\+"|"[^"]*"|'[^']*'|[^\s&,;"'}\]]+)`)
	// What a header says of who somebody is.
	header = regexp.MustCompile(`(?i)\b(bearer|basic|authorization:?\s+\w+)\s+([A-Za-z0-9+/=._~-]{8,})`)
	// Tokens with a form of their own: GitHub, GitLab, Slack, AWS, Google, npm,
	// JSON web tokens, age keys, Azure DevOps-like and OpenAI-like keys.
	token = regexp.MustCompile(`\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}|gl[a-z]{2,4}-[A-Za-z0-9_-]{16,}|xox[a-z]-[A-Za-z0-9-]{10,}|A[KS]IA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}|npm_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?|AGE-SECRET-KEY-1[0-9A-Z]{20,})`)
	// A long run of base64 is a key or a certificate. A digest is not: it is
	// hexadecimal.
	blob   = regexp.MustCompile(`[A-Za-z0-9+/_-]{48,}={0,2}`)
	digest = regexp.MustCompile(`^[0-9a-f]+$`)
)

// Text returns s without what looks like a secret.
func Text(s string) string {
	return blob.ReplaceAllStringFunc(shaped(s), func(m string) string {
		if digest.MatchString(m) || !mixed(m) {
			return m
		}
		return Mark
	})
}

// shaped returns s without the secrets that have a form of their own, or stand
// where one does.
func shaped(s string) string {
	s = block.ReplaceAllString(s, Mark)
	s = userinfo.ReplaceAllStringFunc(s, func(m string) string {
		scheme, user, _ := strings.Cut(strings.TrimSuffix(m, "@"), "://")
		name, _, hasPassword := strings.Cut(user, ":")
		switch {
		case strings.Contains(scheme, "ssh") && !hasPassword:
			return m
		case strings.Contains(scheme, "ssh"):
			return scheme + "://" + name + ":" + Mark + "@"
		}
		return scheme + "://" + Mark + "@" // over https a name alone is often a token
	})
	s = token.ReplaceAllString(s, Mark)
	s = header.ReplaceAllString(s, "${1} "+Mark)
	s = named.ReplaceAllStringFunc(s, func(m string) string {
		parts := named.FindStringSubmatch(m)
		if strings.Trim(parts[2], `"'\`) == "" || strings.Contains(parts[2], Mark) {
			return m
		}
		return parts[1] + Mark
	})
	return s
}

// Addresses returns s with the passwords in its URLs as xxxxx, and of users
// those that are tokens; what is left still tells who and where.
func Addresses(s string) string {
	if !strings.Contains(s, "://") || !strings.Contains(s, "@") {
		return s
	}
	return userinfo.ReplaceAllStringFunc(s, func(m string) string {
		scheme, user, _ := strings.Cut(strings.TrimSuffix(m, "@"), "://")
		name, _, hasPassword := strings.Cut(user, ":")
		if token.MatchString(name) || blob.MatchString(name) {
			name = "xxxxx"
		}
		if hasPassword {
			name += ":xxxxx"
		}
		return scheme + "://" + name + "@"
	})
}

// mixed reports whether a run has letters of both cases and digits, as keys do
// and long names don't.
func mixed(s string) bool {
	const upper, lower, number = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"
	return strings.ContainsAny(s, upper) && strings.ContainsAny(s, lower) && strings.ContainsAny(s, number)
}
