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

// What is kept of a text in a field for addresses, in one for names, and in any
// other.
func TestKept(t *testing.T) {
	type of struct {
		URL, Name string
		More      []string
		On        bool
	}
	for in, want := range map[string][3]string{
		"https://git.example.com/a/b.git":                      {"https://git.example.com/a/b.git", Mark, "https://git.example.com/a/b.git"},
		"https://ann:sesame@git.example.com/a/b":               {Mark, Mark, Mark},
		"https://ann:p@ss.w/ord":                               {Mark, Mark, Mark}, // @git.example.com/a is typed next
		"https://ghp_0123456789abcdef0123@git.example.com/a/b": {Mark, Mark, Mark},
		"https://jane:73519462":                                {Mark, Mark, Mark},
		"https://jane:73519462/":                               {Mark, Mark, Mark},
		"https://jane.doe:73519462":                            {Mark, Mark, Mark},
		"https://s3cr3tpassw0rd":                               {Mark, Mark, Mark},
		"https://s3cr3tpassw0rd/":                              {Mark, Mark, Mark},
		"https://s3cr3t.passw0rd":                              {Mark, Mark, Mark},
		"https://git.example.com:8443/a":                       {"https://git.example.com:8443/a", Mark, "https://git.example.com:8443/a"},
		"http://localhost:3000/a":                              {"http://localhost:3000/a", Mark, "http://localhost:3000/a"},
		"http://[::1]:3000/a":                                  {"http://[::1]:3000/a", Mark, "http://[::1]:3000/a"},
		"http://10.0.0.1/a":                                    {"http://10.0.0.1/a", Mark, "http://10.0.0.1/a"},
		"ssh://git@git.example.com:2222/a/b":                   {"ssh://git@git.example.com:2222/a/b", Mark, "ssh://git@git.example.com:2222/a/b"},
		"ssh://git:sesame@git.example.com/a/b":                 {Mark, Mark, Mark},
		"https://git.example.com/a?access_token=sesame":        {"https://git.example.com/a?[redacted]", Mark, "https://git.example.com/a?[redacted]"},
		"https://h.example/x#glpat-abc":                        {"https://h.example/x#[redacted]", Mark, "https://h.example/x#[redacted]"},
		"https://%zz:sesame@host":                              {Mark, Mark, Mark},
		"https://user:1234/5secret@host/x":                     {Mark, Mark, Mark},
		"git:S3cretPw@host:org/repo":                           {Mark, Mark, Mark},
		"https:/u:pw@h":                                        {Mark, Mark, Mark},
		"//u:pw@h/x":                                           {Mark, Mark, Mark},
		"//sesame":                                             {Mark, Mark, Mark},
		"jane:73519462":                                        {Mark, Mark, Mark},
		"sesame@git.example.com":                               {Mark, Mark, Mark},
		"sesame@git.example.com/a/b":                           {Mark, Mark, Mark},
		"git@git.example.com:a/b":                              {"git@git.example.com:a/b", Mark, "git@git.example.com:a/b"},
		"see https://ann:sesame@git.example.com/a/b":           {Mark, Mark, Mark},
		"ghp_0123456789abcdef0123":                             {Mark, Mark, Mark},
		"https://git.example.com/ghp_0123456789abcdef0123/a":   {Mark, Mark, Mark},
		"":                                  {"", "", ""},
		"2.x":                               {Mark, "2.x", "2.x"},
		"sesame":                            {Mark, "sesame", "sesame"},
		"./apps/@acme/web@1.2/deploy":       {Mark, Mark, "./apps/@acme/web@1.2/deploy"},
		"release@1.2":                       {Mark, Mark, Mark},
		"minio.example.com:9000":            {Mark, Mark, Mark},
		"registry.example.com:5000/flux":    {"registry.example.com:5000/flux", Mark, "registry.example.com:5000/flux"},
		"ghcr.io/fluxcd":                    {"ghcr.io/fluxcd", Mark, "ghcr.io/fluxcd"},
		"https://git.example.com/%40acme/x": {"https://git.example.com/%40acme/x", Mark, "https://git.example.com/%40acme/x"},
		"refs/heads/main":                   {Mark, Mark, "refs/heads/main"},
		"team-alpha-production.shop":        {Mark, "team-alpha-production.shop", "team-alpha-production.shop"},
		"shop-":                             {Mark, "shop-", "shop-"},
		"Shop":                              {Mark, Mark, "Shop"},
		"teamalphaproductionshops":          {Mark, Mark, "teamalphaproductionshops"},
		"a-name-that-is-longer-than-most-are-by-far":             {Mark, Mark, "a-name-that-is-longer-than-most-are-by-far"},
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OP": {Mark, Mark, Mark},
	} {
		got := string(Kept(of{URL: in, Name: in, More: []string{in}, On: true}))
		if got != `{"More":[`+quoted(want[2])+`],"Name":`+quoted(want[1])+`,"On":true,"URL":`+quoted(want[0])+`}` {
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
		"e96eb3d6-d277-461a-b1c9-8358a89ae779",
		"clusters/productionenvironment2/quarterlyreports2024",
	} {
		if got := keptText("path", s); got != s {
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
				if keptText("path", s) == s {
					missed++
				}
			}
		}
		if missed > 3*atMost {
			t.Errorf("%d of 3000 keys of %d bytes are kept", missed, bytes)
		}
	}
}

// So are tokens of one case: hexadecimal, as Gitea's, and base32, as those of
// Azure DevOps, and none passes for a name.
func TestKeptTakesTokensOfOneCase(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		of     string
		length int
	}{{"0123456789abcdef", 40}, {"0123456789abcdef", 32}, {"abcdefghijklmnopqrstuvwxyz234567", 52}, {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32}} {
		missed := 0
		for range 1000 {
			token := make([]byte, c.length)
			for i := range token {
				token[i] = c.of[source.IntN(len(c.of))]
			}
			for _, s := range []string{string(token), "./apps/" + string(token), "https://git.example.com/a/" + string(token)} {
				if keptText("path", s) == s {
					missed++
				}
			}
			if keptText("secret", string(token)) == string(token) {
				t.Errorf("%s passes for a name", token)
			}
		}
		if missed > 10 { // the rare one without a digit
			t.Errorf("%d of 3000 tokens of %d in %s are kept", missed, c.length, c.of)
		}
	}
}
