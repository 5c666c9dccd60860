package owners

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenantry/model"
)

const deployment = `# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    deployment.kubernetes.io/revision: "2"
    team.example.com/note: x
  finalizers:
  - a
  - b
  name: web
spec:
  replicas: 3
  template:
    spec:
      containers:
      - image: one:1
        name: one
        ports:
        - containerPort: 80
          protocol: TCP
      - image: two:1
        name: two
status:
  replicas: 3
`

func field(path, manager string, at model.Unix) model.FieldOwner {
	return model.FieldOwner{Path: path, Manager: manager, Operation: "Apply", Time: at}
}

func TestLines(t *testing.T) {
	fields := []model.FieldOwner{
		field(".spec.replicas", "kubectl-scale", 2),
		field(".spec.replicas", "kustomize-controller", 1),
		field(`.spec.template.spec.containers[name="two"].image`, "kustomize-controller", 1),
		field(`.spec.template.spec.containers[name="one"].`, "kustomize-controller", 1),
		field(`.spec.template.spec.containers[name="one"].ports[containerPort=80,protocol="TCP"].containerPort`, "kustomize-controller", 1),
		field(`.metadata.annotations.team.example.com/note`, "ann", 1),
		field(`.metadata.finalizers[="b"]`, "x", 1),
		field(`.spec.gone.field`, "x", 1),
		field(`.spec.template.spec.containers[name="none"].image`, "x", 1),
	}
	got := Lines(deployment, fields)
	want := map[string]string{"  replicas: 3": "kubectl-scale kustomize-controller", "      - image: two:1": "kustomize-controller",
		"      - image: one:1": "kustomize-controller", "        - containerPort: 80": "kustomize-controller", "    team.example.com/note: x": "ann", "  - b": "x"}
	lines := strings.Split(deployment, "\n")
	for n, owned := range got {
		var who []string
		for _, o := range owned {
			who = append(who, o.Manager)
		}
		if l := lines[n-1]; want[l] != strings.Join(who, " ") || l == "  replicas: 3" && n != 13 {
			t.Errorf("line %d %q: %v", n, l, who)
		}
		delete(want, lines[n-1])
	}
	if len(want) > 0 {
		t.Errorf("missing %v", want)
	}
}

func TestHostileDocuments(t *testing.T) {
	deep := strings.Repeat("a: {", 200) + strings.Repeat("}", 200)
	for _, text := range []string{"", "\x00", "a: [", "&a [*a]", "- - - -", deep} {
		Lines(text, []model.FieldOwner{field(".a[", "x", 0), field(`.a[="`, "x", 0), field("", "x", 0), field(strings.Repeat(".a", 200), "x", 0)})
	}
}

func TestForeign(t *testing.T) {
	status := field(".status.replicas", "kube-controller-manager", 9)
	status.Subresource = "status"
	fields := []model.FieldOwner{field(".spec.replicas", "kubectl-scale", 5), field(".spec.template.spec.paused", "ann", 7), field(".spec.image", "kustomize-controller", 1),
		field(".spec.image", "before", 1), status, field(".metadata.annotations.deployment.kubernetes.io/revision", "kube-controller-manager", 8), field(".metadata.labels.x", "ann", 3)}
	var got []string
	for _, f := range Foreign(fields, Applier(model.Kustomization)) {
		got = append(got, fmt.Sprint(f.Path, " ", f.Manager))
	}
	if want := []string{".spec.template.spec.paused ann", ".spec.replicas kubectl-scale", ".metadata.labels.x ann"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if Foreign(fields, "") != nil {
		t.Error("of what nobody applies nothing differs")
	}
}
