package redact

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// An address is read while it is typed, and a login comes first in it: of
// https://jane:73519462@git.example.com/shop nothing before the @ tells that
// 73519462 is no port, or a token no host. So an address is kept from where it
// can't be a login any more.

var (
	hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]*)(\.[A-Za-z0-9_-]+)+\.?$`)
	// Git's short form; who fetches by ssh is git.
	shortForm = regexp.MustCompile(`^git@[A-Za-z0-9.-]*(:[^@:]*)?$`)
)

// addressed reports whether a text is an address, or may become one: a login is
// typed in none else.
func addressed(s string) bool {
	first, _, _ := strings.Cut(s, "/")
	return strings.Contains(s, "://") || strings.HasPrefix(s, "//") || strings.ContainsAny(first, ":@")
}

// keptAddress is an address, and what was behind it: a query and a fragment may
// hold anything. It is "" for what may have a login in it, whole or begun.
func keptAddress(s string) (address, rest string) {
	if shortForm.MatchString(s) {
		return s, ""
	}
	whole := s
	if !strings.Contains(s, "://") {
		whole = "none://" + strings.TrimPrefix(s, "//") // without its scheme, host and path are still told apart
	}
	u, err := url.Parse(whole)
	if err != nil || u.Opaque != "" || !strings.HasPrefix(u.Path, "/") || !public(u.Hostname()) || strings.HasSuffix(u.Host, ":") {
		return "", ""
	}
	if u.User != nil { // who fetches by ssh is no secret, and the address means nothing without it
		if _, password := u.User.Password(); password || !strings.Contains(u.Scheme, "ssh") {
			return "", ""
		}
	}
	_, behind, _ := strings.Cut(pinned.ReplaceAllString(whole, ""), "://")
	if strings.Count(behind, "@") > 1 || strings.Contains(behind, "@") && u.User == nil {
		return "", ""
	}
	at := strings.IndexAny(s, "?#")
	if at < 0 {
		return s, ""
	}
	return s[:at], s[at:at+1] + Mark
}

// public reports whether a host is one that others reach by this name: a word
// alone may be somebody's name, or a token.
func public(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost" || hostName.MatchString(host)
}
