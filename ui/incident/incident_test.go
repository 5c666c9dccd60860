package incident

import (
	"strings"
	"testing"
	"time"
)

// Whatever a cluster says, it is quoted: it ends no fence, makes no heading,
// link or table cell, and hands on no secret.
func TestHostileWords(t *testing.T) {
	evil := "x ``` \n# owned\n````\n| a | b |\n<script>alert(1)</script> [click](http://evil) \x1b[31m\u202e https://ann:hunter2hunter2@git.acme.io/r"
	r := Report{Subject: evil, Context: evil, Server: evil, Flux: evil, Kubernetes: evil, Connection: evil, At: time.Unix(0, 0), Explanation: evil,
		Objects:  []Object{{Name: evil, State: evil, Revision: evil, Message: evil, Conditions: []string{evil}}},
		Findings: []string{evil}, Timeline: []string{evil}, Events: []string{evil, "-----BEGIN RSA PRIVATE KEY-----", "hunter2hunter2", "-----END RSA PRIVATE KEY-----"}, Logs: []string{evil}, NotRead: []string{evil}}
	out := r.Markdown()
	if strings.Contains(out, "hunter2") {
		t.Errorf("a secret is handed on:\n%s", out)
	}
	fence := ""
	for _, l := range strings.Split(out, "\n") {
		switch {
		case fence == "" && strings.HasPrefix(l, "```"):
			fence = strings.TrimRight(l, "tex")
		case fence != "" && strings.TrimSpace(l) == fence:
			fence = ""
		case fence != "":
		case strings.HasPrefix(l, "# owned"), strings.Contains(strings.ReplaceAll(l, `\<`, ""), "<script"), strings.Contains(strings.ReplaceAll(l, `\[`, ""), "[click"):
			t.Errorf("outside a fence: %q", l)
		case strings.HasPrefix(l, "| x") && strings.Count(strings.ReplaceAll(l, `\|`, ""), "|") != 6:
			t.Errorf("cells: %q", l)
		}
		if strings.ContainsAny(l, "\x1b\u202e\r") {
			t.Errorf("uncleaned: %q", l)
		}
	}
	if fence != "" {
		t.Error("a fence is left open")
	}
}
