package ui

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/glyph"
	"tenantry/ui/uitest"
)

func reportOf(c *uitest.Cluster) *model.StatusReport {
	store := model.NewStore(uitest.NewClock().Now)
	store.Apply(c.Batch)
	return model.Report(store)
}

func TestPrintStatus(t *testing.T) {
	for name, c := range map[string]*uitest.Cluster{"prod": uitest.Prod(), "forbidden": uitest.Forbidden(), "none": uitest.NoTenants(), "noflux": uitest.NoFlux(), "hostile": uitest.Hostile()} {
		for _, format := range []string{"table", "wide"} {
			var b bytes.Buffer
			if err := PrintStatus(&b, reportOf(c), format); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(b.String(), "\x1b\a\r\u202e\u200b") {
				t.Errorf("%s %s holds what could do something to a terminal", name, format)
			}
			uitest.Golden(t, "status/"+name+"-"+format, strings.TrimSuffix(b.String(), "\n"))
		}
	}
}

func TestPrintStatusForATerminal(t *testing.T) {
	dark, err := themes.Load("dark")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := PrintStatusWith(&b, reportOf(uitest.Prod()), "table", StatusOptions{Theme: dark, Width: 80, ASCII: true}); err != nil {
		t.Fatal(err)
	}
	uitest.GoldenStyled(t, "status/prod-table-80", strings.TrimSuffix(b.String(), "\n"))
}

func TestPrintStatusJSON(t *testing.T) {
	r := reportOf(uitest.Hostile())
	var b bytes.Buffer
	if err := PrintStatus(&b, r, "json"); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\u202e\u200b\a") {
		t.Error("the JSON does something to a terminal it is shown on")
	}
	var loose struct {
		SchemaVersion int
		Tenants       []struct{ Name string }
	}
	if err := json.Unmarshal(b.Bytes(), &loose); err != nil {
		t.Fatal(err)
	}
	if loose.SchemaVersion != 1 || len(loose.Tenants) != len(r.Tenants) || loose.Tenants[0].Name != r.Tenants[0].Name {
		t.Errorf("the JSON reads back as %+v", loose)
	}
	if err := PrintStatus(&b, r, "yaml"); err == nil || !strings.Contains(err.Error(), "there are table, wide, json") {
		t.Errorf("an unknown format is answered with %v", err)
	}
}

func TestStatusNotes(t *testing.T) {
	list := StatusNotes(reportOf(uitest.Forbidden()))
	notes := strings.Join(list, "\n")
	if len(list) != 2 || !strings.Contains(notes, "in namespace team-a, since you may not list: ") || !strings.Contains(notes, "helmreleases.helm.toolkit.fluxcd.io") || strings.Contains(notes, "secrets") {
		t.Errorf("notes:\n%s", notes)
	}
	if notes := StatusNotes(reportOf(uitest.Prod())); len(notes) != 0 {
		t.Errorf("notes where there is nothing to note: %v", notes)
	}
}

// The table is in the order of the home screen, the JSON in that of its
// contract.
func TestStatusIsWorstFirst(t *testing.T) {
	r := reportOf(uitest.Prod())
	var table bytes.Buffer
	if err := PrintStatus(&table, r, "table"); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, line := range strings.Split(table.String(), "\n")[1:] {
		if name, _, _ := strings.Cut(line, " "); name != "" {
			names = append(names, name)
		}
	}
	want := "platform search shop-infra billing-prod shop-api shop-mail shop-web docs legacy team-x accounts"
	if got := strings.Join(names, " "); !strings.HasPrefix(got, want) {
		t.Errorf("the order is %s", got)
	}
	if r.Tenants[0].Name != "accounts" {
		t.Errorf("printing changed the report: %s is first", r.Tenants[0].Name)
	}
}

// In wide, what the chain's glyphs show is there in a word.
func TestStatusSaysWhereAChainIsNotFine(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		var b bytes.Buffer
		if err := PrintStatusWith(&b, reportOf(uitest.Prod()), "wide", StatusOptions{ASCII: ascii}); err != nil {
			t.Fatal(err)
		}
		tenants, _, _ := strings.Cut(b.String(), "\n\n")
		words := map[string]string{}
		at := strings.Index(tenants, "NOT FINE")
		for _, line := range strings.Split(tenants, "\n")[1:] {
			name, _, _ := strings.Cut(line, " ")
			cells := string([]rune(line)[len([]rune(tenants[:at])):])
			words[name], _, _ = strings.Cut(cells, " ")
		}
		fine := glyph.Unicode.Unknown
		if ascii {
			fine = glyph.Plain.Unknown
		}
		for name, want := range map[string]string{"platform": "source", "search": "sync", "legacy": "source", "accounts": fine} {
			if words[name] != want {
				t.Errorf("%s is not fine at %q, want %q", name, words[name], want)
			}
		}
	}
}
