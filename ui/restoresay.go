package ui

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/restore"
)

// manyDifferences is how many fields of an object are shown.
const manyDifferences = 12

// say prints what the folder means for the cluster.
func (r *restorer) say(conn model.Connection, who string) {
	print := func(format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		body := strings.TrimLeft(line, " ")
		fmt.Fprintln(r.out, line[:len(line)-len(body)]+clean(body))
	}
	as := ""
	if who != "" {
		as = ", as " + who
	}
	print("restore %s to %s (%s)%s", r.Dir, contextWords(conn), conn.Server, as)
	for i, s := range r.plan.Stages {
		print("step %d  %s: %s", i+1, s.Words, restore.Counts(s.Of))
		for _, o := range s.Of {
			r.sayObject(print, o)
		}
	}
	if later := laterOnes(r.plan.Sends()); later > 0 {
		print("%d not dry-run, because what they need is only made by an earlier step; the server took or refused all others as they stand.", later)
	}
	if left := r.plan.Left(); len(left) > 0 {
		print("%s left as it is in the cluster, because others own what is different: nothing is ever taken over.", countWords(len(left), "object"))
	}
	r.saySpared(print, conn)
	r.saySecrets(print, conn)
	for _, name := range r.folder.Unlisted {
		print("%s is not in export.yaml, and is left out", name)
	}
	for _, s := range r.earlier {
		print("an earlier restore of this folder, begun %s, was cut off; this goes on from what the cluster shows", s.At.Format("2006-01-02 15:04"))
	}
}

func laterOnes(all []*restore.Object) int {
	n := 0
	for _, o := range all {
		if o.Later != "" {
			n++
		}
	}
	return n
}

// sayObject prints one object; what is as it should be is only counted.
func (r *restorer) sayObject(print func(string, ...any), o *restore.Object) {
	if o.State == restore.Same {
		return
	}
	line := fmt.Sprintf("  %-8s%s", o.State, o.Ref)
	if o.State == restore.Pruning {
		line = fmt.Sprintf("  %s: %s: %s; left as it is", o.State, o.Ref, o.Prunes)
	} else if o.Prunes != "" {
		line += ": allowed to delete: " + o.Prunes
	}
	if effect := o.Effect(); effect != "" && o.State == restore.New {
		line += ": " + effect
	}
	switch {
	case o.Why != "":
		line += ": " + r.whyOnce(o)
	case o.Later != "":
		line += " (not dry-run: " + o.Later + ")"
	}
	switch o.State {
	case restore.Refused, restore.Unread, restore.Theirs, restore.Pruning:
		line += " [" + o.File + "]"
	}
	print("%s", line)
	more := 0
	for i, d := range o.Diff {
		if i >= manyDifferences && !d.Lost() { // what is taken away is shown, however much that is
			more++
			continue
		}
		print("            %s", d)
	}
	if more > 0 {
		print("            and %s more", countWords(more, "field"))
	}
}

// saySpared says how to go on with what Flux would delete something by.
func (r *restorer) saySpared(print func(string, ...any), conn model.Connection) {
	spared := r.plan.Spared()
	if len(spared) == 0 {
		return
	}
	print("%s left as it is in the cluster, because Flux would delete something by it. Where the cluster is right, export anew:", countWords(len(spared), "object"))
	print("            tenantry export%s -d %s", tenantryFlags(conn), shellWord(r.Dir))
	for _, o := range spared {
		if o.Ref.Kind == "FluxInstance" {
			print("or set or clear the sync in the dashboard (tenantry%s, then :set sync or :clear sync), which says first what that deletes.", tenantryFlags(conn))
		}
	}
	print("Where the folder is right, the same command with --allow-prune applies it, too.")
}

// whyOnce is why an object is left or refused; what is said of another one
// already is not said again.
func (r *restorer) whyOnce(o *restore.Object) string {
	if first, said := r.whys[o.Why]; said {
		return "as " + first
	}
	if r.whys == nil {
		r.whys = map[string]string{}
	}
	r.whys[o.Why] = o.Ref.String()
	return o.Why
}

// saySecrets names the Secrets that are not there, each with the very next step
// that makes it.
func (r *restorer) saySecrets(print func(string, ...any), conn model.Connection) {
	if len(r.missing) > 0 {
		print("%s missing; nothing in clear is ever in an export. Once what refers to them is applied:", countWords(len(r.missing), "Secret"))
		for _, s := range r.missing {
			print("  %s/%s, for %s", s.Namespace, s.Name, strings.Join(s.UsedBy, ", "))
			print("            %s", r.secretStep(conn, s))
		}
	}
	for _, why := range r.unsure {
		print("%s", why)
	}
}

// secretStep is how a missing Secret comes back.
func (r *restorer) secretStep(conn model.Connection, s export.Secret) string {
	kubectl := "kubectl" + kubectlFlags(conn)
	for _, at := range r.folder.Sealed {
		if at.Namespace == s.Namespace && at.Name == s.Name {
			return fmt.Sprintf("sops --decrypt %s | %s apply -f -", shellWord(path.Join(filepath.ToSlash(r.Dir), at.File)), kubectl)
		}
	}
	by := strings.Join(s.UsedBy, " ")
	create := fmt.Sprintf("%s -n %s create secret ", kubectl, shellWord(s.Namespace))
	switch {
	case r.Inside && strings.Contains(by, "GitRepository/") && strings.Contains(by, " secretRef"):
		return "back in the dashboard its dialog opens, filled in"
	case strings.Contains(by, "GitRepository/") && strings.Contains(by, " secretRef"), strings.Contains(by, " sync.pullSecret"):
		return fmt.Sprintf("tenantry%s, the cursor on what is in %s, then K: a new key or login, tried before it is saved", tenantryFlags(conn), s.Namespace)
	case strings.Contains(by, " decryption"):
		return create + "generic " + shellWord(s.Name) + " --from-file=age.agekey=FILE"
	case strings.Contains(by, "OCIRepository/") && strings.Contains(by, " secretRef"), strings.Contains(by, "magePullSecret"), strings.Contains(by, "artifactPullSecret"):
		return create + "docker-registry " + shellWord(s.Name) + " --docker-server=HOST --docker-username=NAME --docker-password-stdin"
	}
	return create + "generic " + shellWord(s.Name) + " --from-file=KEY=FILE"
}

// tenantryFlags lead tenantry to the same cluster.
func tenantryFlags(conn model.Connection) string { return kubectlFlags(conn) }
