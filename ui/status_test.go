package ui

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/themes"
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
