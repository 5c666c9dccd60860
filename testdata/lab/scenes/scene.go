// Package scenes puts the lab's cluster into known states: fresh, demo, broken,
// bootstrapped, as a platform made it.
package scenes

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"strings"
	"text/template"

	"tenantry/lab/cluster"
	"tenantry/lab/gitrepo"
	"tenantry/lab/machine"
)

//go:embed manifests
var manifests embed.FS

// A Scene works on one lab.
type Scene struct {
	Lab  *machine.Lab
	API  *cluster.Client
	Talk io.Writer // what is being done, for people
}

// New makes a scene for a lab that is, or will be, running.
func New(l *machine.Lab, talk io.Writer) *Scene {
	return &Scene{Lab: l, API: cluster.New(l.Server(), l.Config.AdminToken, 16), Talk: talk}
}

func (s *Scene) say(format string, args ...any) { fmt.Fprintf(s.Talk, format+"\n", args...) }

func (s *Scene) repo(name string) gitrepo.Repo { return gitrepo.Open(s.Lab.Repos(), name) }

// render reads one embedded manifest; data fills its << >> places. The marks
// are not Go's usual ones because kwok's own templates use those.
func render(name string, data any) ([]cluster.Object, error) {
	body, err := manifests.ReadFile("manifests/" + name)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Delims("<<", ">>").Funcs(template.FuncMap{
		"list": func(values ...string) []string { return values },
	}).Option("missingkey=error").Parse(string(body))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, err
	}
	// (( )) stands for the << >> of the operator's own templates.
	text := strings.NewReplacer("((", "<<", "))", ">>").Replace(out.String())
	objects, err := cluster.Parse([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("manifest %s: %w", name, err)
	}
	return objects, nil
}
