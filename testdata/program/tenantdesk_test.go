package program

import (
	"time"

	"tenantry/kube/demo/git"
)

// settings is the manifest of a ConfigMap of that name, in a namespace or, with
// none, where its sync says.
func settings(namespace string) string {
	if namespace != "" {
		namespace = ", namespace: " + namespace
	}
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings" + namespace + "}\ndata: {colour: blue}\n"
}

// gitHolds makes a repository with one file in it.
func (d *desk) gitHolds(url string, access git.Access, path, text string) *git.Repo {
	r := d.company.Git.Add(url, access)
	r.Push("main", "Settings", "Ann <ann@example.com>", time.Now(), git.Write(path, text))
	return r
}

// typeTenant types a tenant into the form that opens, and goes on to what would
// be made.
func (d *desk) typeTenant(name, spaces, repo string) {
	d.Helper()
	d.wait("Add a tenant on prod, 1 of 2")
	d.keys(name + "\t")
	d.wait("NAME      " + name)
	d.keys(spaces + "\t" + repo)
	d.wait("REPO      " + repo)
	d.button("Next")
	d.wait("2 of 2")
}
