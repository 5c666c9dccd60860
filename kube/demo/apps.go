package demo

import (
	"fmt"
	"strings"
	"time"

	"tenantry/kube/demo/git"
)

// app is a small web app in a repository's folder: what pushes change.
type app struct {
	tenant    string
	name      string
	repo      *git.Repo
	path      string // file in the repository
	namespace string
	replicas  int
	image     string
	tag       int // last part of the version
	colour    string
	content   string
	fault     string
	quiet     bool // nobody pushes to it while the demo runs
}

const appTemplate = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: %[1]s
  namespace: %[2]s
  labels:
    type: front-end
spec:
  replicas: %[3]d
  selector:
    matchLabels:
      app: %[1]s
  template:
    metadata:
      labels:
        app: %[1]s%[8]s
    spec:
      containers:
      - name: %[1]s
        image: %[4]s:1.0.%[5]d
        env:
        - name: COLOUR
          value: %[6]s
        - name: CONTENT
          value: %[7]q
---
apiVersion: v1
kind: Service
metadata:
  name: %[1]s-service
  namespace: %[2]s
spec:
  selector:
    app: %[1]s
  ports:
  - port: 80
    targetPort: 8080
`

func (a *app) manifest() string {
	fault := ""
	if a.fault != "" {
		fault = "\n        lab/fault: " + a.fault
	}
	return fmt.Sprintf(appTemplate, a.name, a.namespace, a.replicas, a.image, a.tag, a.colour, a.content, fault)
}

// push commits the app as it now is.
func (a *app) push(subject, author string, when time.Time) {
	a.repo.Push("main", subject, author, when, git.Write(a.path, a.manifest()))
}

var colours = []string{"Cornsilk", "Teal", "Plum", "SlateBlue", "Tomato", "Goldenrod", "SeaGreen", "Orchid"}

var greetings = []string{"Test message", "Hello from kcheck", "Spring sale", "Two for one", "We are hiring", "Back in a minute"}

var authors = []string{"Ana Ruiz <ana@example.com>", "Jonas Weber <jonas@example.com>", "Mei Tanaka <mei@example.com>", "Tom Okafor <tom@example.com>"}

// change edits an app as its team would, and returns the commit's subject.
func (c *Company) change(a *app) string {
	pick := c.env.Loop.Pick
	if a.fault != "" {
		a.fault = ""
		a.tag++
		return fmt.Sprintf("Revert \"Try the new parser in %s\"", a.name)
	}
	switch pick(10) {
	case 0, 1, 2:
		n := 1 + pick(4)
		if n == a.replicas {
			n++
		}
		verb := "Scale"
		if n < a.replicas {
			verb = "Scale down"
		}
		a.replicas = n
		return fmt.Sprintf("%s %s to %d", verb, a.name, n)
	case 3, 4, 5:
		a.colour = other(colours, a.colour, pick)
		return fmt.Sprintf("Paint %s in %s", a.name, a.colour)
	case 6, 7:
		a.content = other(greetings, a.content, pick)
		return fmt.Sprintf("Say %q on the front page", strings.ToLower(a.content))
	}
	a.tag++
	return fmt.Sprintf("Update %s to 1.0.%d", a.name, a.tag)
}

// other picks a value that is not the one there is.
func other(list []string, now string, pick func(int) int) string {
	for {
		if v := list[pick(len(list))]; v != now {
			return v
		}
	}
}

func (c *Company) author() string { return authors[c.env.Loop.Pick(len(authors))] }
