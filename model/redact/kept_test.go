package redact

import (
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

func quoted(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

func TestKept(t *testing.T) {
	type of struct {
		URL  string
		More []string
		On   bool
	}
	for in, want := range map[string]string{
		"https://git.example.com/a/b.git":                      "https://git.example.com/a/b.git",
		"https://ann:sesame@git.example.com/a/b":               "https://git.example.com/a/b",
		"https://ghp_0123456789abcdef0123@git.example.com/a/b": "https://git.example.com/a/b",
		"ssh://git@git.example.com:2222/a/b":                   "ssh://git@git.example.com:2222/a/b",
		"ssh://git:sesame@git.example.com/a/b":                 "ssh://git@git.example.com/a/b",
		"https://git.example.com/a?access_token=sesame":        "https://git.example.com/a?[redacted]",
		"https://h/x?sas=1&pat=hunter2":                        "https://h/x?[redacted]",
		"https://host/x#glpat-abc":                             "https://host/x#[redacted]",
		"https://%zz:sesame@host":                              Mark,
		"https://user:1234/5secret@host/x":                     Mark,
		"git:S3cretPw@host:org/repo":                           Mark,
		"https:/u:pw@h":                                        Mark,
		"//u:pw@h/x":                                           Mark,
		"//sesame@h/x":                                         Mark,
		"sesame@git.example.com/a/b":                           Mark,
		"git@git.example.com:a/b":                              "git@git.example.com:a/b",
		"see https://ann:sesame@git.example.com/a/b":           Mark,
		"ghp_0123456789abcdef0123":                             Mark,
		"https://git.example.com/ghp_0123456789abcdef0123/a":   Mark,
		"":                                  "",
		"2.x":                               "2.x",
		"./apps/@acme/web@1.2/deploy":       "./apps/@acme/web@1.2/deploy",
		"release@1.2":                       "release@1.2",
		"minio.example.com:9000":            "minio.example.com:9000",
		"https://git.example.com/%40acme/x": "https://git.example.com/%40acme/x",
		"refs/heads/main":                   "refs/heads/main",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OP": Mark,
	} {
		got := string(Kept(of{URL: in, More: []string{in}, On: true}))
		if text := quoted(want); got != `{"More":[`+text+`],"On":true,"URL":`+text+`}` {
			t.Errorf("%q is kept as %s", in, got)
		}
	}
	if got := Kept(func() {}); got != nil {
		t.Errorf("what is no JSON is kept as %s", got)
	}
}

// Long names of folders and repositories are no keys, whatever capitals and
// digits they have.
func TestKeptLeavesOrdinaryNames(t *testing.T) {
	for _, s := range []string{
		"clusters/Prod-EU1/tenants/team-alpha/overlays/production-west",
		"https://github.com/AcmeCorp1-PlatformEngineering/fleet-infrastructure-config-repo",
		"https://github.com/MyOrg/k8s-GitOps2024",
		"ssh://git@ssh.dev.azure.com/v3/AcmeCorp2/Platform%20Team/FleetInfrastructure2024",
		"./deploy/AWS-EU1-K8s-Prod2-Cluster1A/teams/Payments2/base",
		"K8sClusters/ProdEU1West/Team2Alpha",
		"environments/EMEA/Kubernetes-1.31/AcmeCorp1PlatformEngineeringGitOps2024",
		"refs/heads/feature/JIRA-1234-Add-Payments-To-Prod-EU1-And-Write-It-Down",
		"oci://ghcr.io/acme/flux-manifests:latest@sha256:0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c",
		"e96eb3d6-d277-461a-b1c9-8358a89ae779", "41aaea2377872176849e91c97af0e08ed8ffd3c3",
	} {
		if got := keptText(s); got != s {
			t.Errorf("%s is kept as %s", s, got)
		}
	}
}

// A key in base64 is told from a name, also as a part of a path and with
// slashes in it.
func TestKeptTakesKeys(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	for bytes, atMost := range map[int]int{24: 40, 30: 10, 48: 1, 256: 0} { // of a thousand
		missed := 0
		for range 1000 {
			data := make([]byte, bytes)
			for i := range data {
				data[i] = byte(source.Uint32())
			}
			key := base64.StdEncoding.EncodeToString(data)
			for _, s := range []string{key, "./clusters/production/" + strings.ReplaceAll(key, "/", "_"), "https://git.example.com/a/" + strings.ReplaceAll(key, "/", "-")} {
				if keptText(s) == s {
					missed++
				}
			}
		}
		if missed > 3*atMost {
			t.Errorf("%d of 3000 keys of %d bytes are kept", missed, bytes)
		}
	}
}
