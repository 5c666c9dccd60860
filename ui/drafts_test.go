package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// killable makes desks that remember, one after the other, in one folder. None
// of them ends as it should.
func killable(t *testing.T) (dir string, begin func(*uitest.Cluster) *desk) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "state")
	return dir, func(c *uitest.Cluster) *desk {
		d := newDesk(t, 120, 40, Options{State: dir}, c)
		d.pass(time.Second)
		return d
	}
}

// keptIn is all that is kept in a folder.
func keptIn(t *testing.T, dir string) string {
	t.Helper()
	return strings.Join(clusterFiles(t, dir), "")
}

// clusterFiles are the contents of the files of all clusters in a folder.
func clusterFiles(t *testing.T, dir string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "clusters", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}

// A form that is open when the program is killed begins with what was typed.
func TestAKillLosesNoTenantThatIsTyped(t *testing.T) {
	dir, begin := killable(t)
	f := &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.pass(2 * time.Second)
	if kept := keptIn(t, dir); strings.Contains(kept, "drafts") {
		t.Errorf("nothing was typed, and it is kept: %s", kept)
	}
	f.toField("NAME", "shop")
	f.toField("NAMESPACE", "shop-stage=./stage shop-prod=./prod")
	f.toField("REPO", "https://git.example.com/acme/shop")
	f.tenantDraft.role, f.tenantDraft.isolate = 1, true
	f.pass(time.Second)

	f = &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.says("NAME      shop", "shop-stage=./stage shop-prod=./prod", "https://git.example.com/acme/shop", "[x] pods are reached from their own namespace only",
		"with what was typed at", "before tenantry ended")
	if f.tenantDraft.role != 1 {
		t.Errorf("the role is %d", f.tenantDraft.role)
	}
	f.push("Next")
	f.push("Add")
	if kept := keptIn(t, dir); strings.Contains(kept, `"form":"tenant"`) {
		t.Errorf("kept though it was sent: %s", kept)
	}
	f = &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.misses("acme/shop", "before tenantry ended")
}

// Left by Cancel or by quitting, it is kept as well; emptied again, it is not.
func TestATenantThatIsLeftIsKept(t *testing.T) {
	dir, begin := killable(t)
	f := &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.typ("shop")
	f.act("esc")
	f = &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.says("NAME      shop")
	f.typ("s")
	if err := f.farewell(); err != nil {
		t.Fatal(err)
	}
	f = &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.says("NAME      shops")
	f.retype("NAME", "")
	f.pass(time.Second)
	if kept := keptIn(t, dir); strings.Contains(kept, "drafts") {
		t.Errorf("kept though nothing is typed: %s", kept)
	}
}

// Kept are the FluxInstance's form, too, the sync's and the folder that is kept to.
func TestAKillLosesNothingTypedInSetup(t *testing.T) {
	_, begin := killable(t)
	f := withSetup(begin(uitest.OperatorOnly()), nil)
	f.open()
	f.retype("VERSION", "2.7.x")
	f.pass(time.Second)
	f = withSetup(begin(uitest.OperatorOnly()), nil)
	f.open()
	f.says("VERSION   2.7.x", "with what was typed at")
	f.push("Next")
	f.push("Set up")
	f = withSetup(begin(uitest.OperatorOnly()), nil)
	f.open()
	f.says("VERSION   2.x")

	s := withInstance(begin(uitest.Unsynced()), nil)
	s.open("set sync")
	s.retype("URL", "https://git.acme.io/fleet")
	s.pass(time.Second)
	s = withInstance(begin(uitest.Unsynced()), nil)
	s.open("set sync")
	s.says("URL       https://git.acme.io/fleet", "with what was typed at")
	s.push("Start anew")
	s.misses("git.acme.io", "before tenantry ended")
	s.pass(time.Second)
	s = withInstance(begin(uitest.Unsynced()), nil)
	s.open("set sync")
	s.misses("git.acme.io", "before tenantry ended")

	read := keepReadMsg{objects: []map[string]any{{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "docs"}}}}
	keeping := func() *fakeInstance {
		k := &fakeInstance{desk: begin(uitest.Synced().Tenant("docs"))}
		read.epoch = k.epoch
		k.send(read)
		return k
	}
	keeping().typ("/srv/fleet")
	k := keeping()
	k.pass(time.Second)
	k.misses("/srv/fleet") // it was killed before a second had passed
	k.typ("/srv/fleet")
	k.pass(time.Second)
	k = keeping()
	k.says("FOLDER    /srv/fleet", "with what was typed at")
}

// What was typed belongs to the cluster it was typed on.
func TestADraftIsOfItsCluster(t *testing.T) {
	_, begin := killable(t)
	named := func(uid string) *uitest.Cluster {
		o := uitest.Object(model.Namespace, "", "kube-system", &model.NamespaceDetail{})
		o.UID = uid
		return uitest.Synced().Put(o)
	}
	f := &fakeInstance{desk: begin(named("one"))}
	f.act("+")
	f.typ("shop")
	f.pass(time.Second)
	f = &fakeInstance{desk: begin(named("two"))}
	f.act("+")
	f.misses("NAME      shop")
	f.act("esc")
	f = &fakeInstance{desk: begin(named("one"))}
	f.act("+")
	f.says("NAME      shop")
}
