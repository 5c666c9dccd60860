package sops

import (
	"bytes"
	"encoding/base64"
	"strings"

	"sigs.k8s.io/yaml"
)

// unsealed says what of a program's output is not as sops encrypts a manifest,
// "" when all is: the program and its rules may be anybody's, and what it wrote
// goes into Git. No value is repeated.
func unsealed(manifest, out []byte) string {
	var was, is map[string]any
	if yaml.Unmarshal(manifest, &was) != nil {
		return "the manifest can't be read"
	}
	for line := range bytes.Lines(out) {
		switch {
		case bytes.HasPrefix(line, []byte("---")), bytes.HasPrefix(line, []byte("...")):
			return "it is more than one document"
		case bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")):
			return "it holds comments"
		}
	}
	if yaml.UnmarshalStrict(out, &is) != nil {
		return "it can't be read as YAML"
	}
	seal, _ := is["sops"].(map[string]any)
	if mac, _ := seal["mac"].(string); mac == "" {
		return "it is not signed (sops.mac is missing)"
	}
	for field, v := range is {
		before, had := was[field]
		switch {
		case field == "sops":
			continue
		case !had:
			return "it has fields the manifest has not"
		case field != "data" && field != "stringData":
			continue
		}
		values, ok := v.(map[string]any)
		keys, _ := before.(map[string]any)
		if !ok || len(values) != len(keys) {
			return field + " has another form than in the manifest"
		}
		for key, v := range values {
			s, text := v.(string)
			if _, had := keys[key]; !had || !text || s != "" && !(strings.HasPrefix(s, "ENC[") && strings.HasSuffix(s, "]")) {
				return "a value of " + field + " is in clear"
			}
		}
	}
	for _, field := range []string{"data", "stringData"} {
		if _, had := was[field]; had && is[field] == nil {
			return field + " is missing"
		}
	}
	return ""
}

// window is how much of a value gives it away.
const window = 8

// repeats reports whether words hold a part of a value of a manifest, as it
// stands there or decoded.
func repeats(words string, manifest []byte) bool {
	var is map[string]any
	if yaml.Unmarshal(manifest, &is) != nil {
		return true
	}
	said := tight(words)
	for _, field := range []string{"data", "stringData"} {
		values, _ := is[field].(map[string]any)
		for _, v := range values {
			s, text := v.(string)
			if !text {
				return true
			}
			all := []string{s}
			if clear, err := base64.StdEncoding.DecodeString(s); err == nil {
				all = append(all, string(clear))
			}
			for _, value := range all {
				value = tight(value)
				if value != "" && len(value) < window && strings.Contains(said, value) {
					return true
				}
				for i := 0; len(value) >= window && i+window <= len(said); i++ {
					if strings.Contains(value, said[i:i+window]) {
						return true
					}
				}
			}
		}
	}
	return false
}

// tight is a text without its blanks: lines may be broken anew.
func tight(s string) string { return strings.Join(strings.Fields(s), "") }
