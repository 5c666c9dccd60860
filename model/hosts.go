package model

import "strings"

// hosts counts, by host, the sources that fetch well: it is what tells a host
// that is down from a way out that is closed, without a look at every source.
type hosts struct {
	fine map[string]int
	all  int
}

func newHosts() hosts { return hosts{fine: map[string]int{}} }

// update takes in one object's change.
func (h *hosts) update(old, new *Object) {
	was, is := fetchesFrom(old), fetchesFrom(new)
	if was == is {
		return
	}
	if was != "" {
		h.all--
		if h.fine[was]--; h.fine[was] == 0 {
			delete(h.fine, was)
		}
	}
	if is != "" {
		h.fine[is]++
		h.all++
	}
}

// fetchesFrom is the host a source fetches well from; "" for all else.
func fetchesFrom(o *Object) string {
	if o == nil || o.Role() != RoleSource {
		return ""
	}
	d, ok := o.Detail.(*Source)
	if !ok || d.URL == "" || d.Revision == "" || d.Suspend {
		return ""
	}
	if r := o.Condition("Ready"); r == nil || r.Status != "True" {
		return ""
	}
	return HostOf(d.URL)
}

// FetchingFrom returns how many sources fetch well from a host, and how many
// from all others.
func (s *Store) FetchingFrom(host string) (here, elsewhere int) {
	here = s.hosts.fine[host]
	return here, s.hosts.all - here
}

// HostOf is the host, with its port, that a URL names: https://h/x,
// ssh://u@h/x, oci://h/x, u@h:x. "" when it names none.
func HostOf(url string) string {
	rest := url
	if _, after, ok := strings.Cut(url, "://"); ok {
		rest = after
	} else if user, after, ok := strings.Cut(url, "@"); ok && !strings.Contains(user, "/") {
		host, _, _ := strings.Cut(after, ":")
		return host
	}
	host, _, _ := strings.Cut(rest, "/")
	return host[strings.LastIndexByte(host, '@')+1:]
}
