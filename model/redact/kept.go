package redact

import (
	"encoding/json"
	"net/url"
	"strings"
)

// Kept is a value as JSON that may be kept on this machine: its texts without
// the users and passwords of addresses, and empty where they look like a secret
// all the same. It is nil for what can't be written as JSON.
func Kept(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var plain any
	if json.Unmarshal(data, &plain) != nil {
		return nil
	}
	data, _ = json.Marshal(kept(plain)) // it came from JSON
	return data
}

func kept(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, of := range v {
			v[name] = kept(of)
		}
	case []any:
		for i, of := range v {
			v[i] = kept(of)
		}
	case string:
		return keptText(v)
	}
	return v
}

// keptText is one text. Who fetches by ssh is no secret, and the address means
// nothing without it.
func keptText(s string) string {
	if strings.Contains(s, "://") {
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		if u.User != nil {
			name := u.User.Username()
			if u.User = nil; strings.Contains(u.Scheme, "ssh") && name != "" {
				u.User = url.User(name)
			}
			s = u.String()
		}
	}
	if Text(s) != s {
		return ""
	}
	return s
}
