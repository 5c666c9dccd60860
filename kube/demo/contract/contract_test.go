package contract_test

import (
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/contract"
	"tenantry/kube/demo/git"
)

// answers holds what a real cluster said; the end-to-end tests ask it again
// (TestContractOnTheLab) and can keep its answers.
const answers = "testdata/answers.json"

// TestEmbedded asks the embedded cluster and compares with a real one.
func TestEmbedded(t *testing.T) {
	want, err := contract.Read(answers)
	if err != nil {
		t.Fatal(err)
	}
	have := askEmbedded(t)
	for _, difference := range contract.Compare(want, have) {
		t.Error(difference)
	}
	for name := range want {
		if _, ok := have[name]; !ok {
			t.Errorf("%s was not asked", name)
		}
	}
}

func askEmbedded(t *testing.T) contract.Answers {
	c := demo.NewCompany(demo.CompanyOptions{Manual: true, Bare: true, Seed: 3, Log: func(s string) { t.Log(s) }})
	defer c.Close()
	repos := map[string]*git.Repo{}
	return contract.Run(t, contract.Target{
		Admin: c.Config(), User: c.Cluster.ConfigFor(demo.TenantToken), UserName: "dev",
		GitBase: "http://git.contract.invalid",
		Push: func(name, subject string, files map[string]string) error {
			r := repos[name]
			if r == nil {
				r = c.Git.Add("http://git.contract.invalid/"+name, git.Access{})
				repos[name] = r
			}
			changes := map[string]*string{}
			if head := r.Head("main"); head != nil {
				for p := range head.Files {
					changes[p] = nil
				}
			}
			for p, text := range files {
				changes[p] = &text
			}
			r.Push("main", subject, "contract", time.Now(), changes)
			return nil
		},
		Compact: func() error { c.Cluster.API.Store().Compact(); return nil },
		Wait:    c.Advance,
	})
}

// TestAWrongWordIsFound changes one word of one answer.
func TestAWrongWordIsFound(t *testing.T) {
	want, err := contract.Read(answers)
	if err != nil {
		t.Fatal(err)
	}
	have, err := contract.Read(answers)
	if err != nil {
		t.Fatal(err)
	}
	if d := contract.Compare(want, have); len(d) != 0 {
		t.Fatalf("the same answers differ: %v", d)
	}
	body, ok := have["apply conflicts"].Body.(map[string]any)
	if !ok {
		t.Fatal("there is no such answer")
	}
	body["message"] = "Apply failed with 1 conflicts"
	if d := contract.Compare(want, have); len(d) != 1 {
		t.Fatalf("one wrong word gives %d differences: %v", len(d), d)
	}
}
