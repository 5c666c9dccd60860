package redact

import "testing"

func TestKept(t *testing.T) {
	type of struct {
		URL  string
		More []string
		On   bool
	}
	for in, want := range map[string]string{
		"https://git.example.com/a/b.git":                        "https://git.example.com/a/b.git",
		"https://ann:sesame@git.example.com/a/b":                 "https://git.example.com/a/b",
		"https://ghp_0123456789abcdef0123@git.example.com/a/b":   "https://git.example.com/a/b",
		"ssh://git@git.example.com:2222/a/b":                     "ssh://git@git.example.com:2222/a/b",
		"ssh://git:sesame@git.example.com/a/b":                   "ssh://git@git.example.com/a/b",
		"https://git.example.com/a?access_token=sesame":          "",
		"https://%zz:sesame@host":                                "",
		"ghp_0123456789abcdef0123":                               "",
		"refs/heads/main":                                        "refs/heads/main",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OP": "",
	} {
		got := string(Kept(of{URL: in, More: []string{in}, On: true}))
		if text := string(Kept(want)); got != `{"More":[`+text+`],"On":true,"URL":`+text+`}` {
			t.Errorf("%q is kept as %s", in, got)
		}
	}
	if got := Kept(func() {}); got != nil {
		t.Errorf("what is no JSON is kept as %s", got)
	}
}
