package model

import (
	"strings"
	"testing"
)

func TestCheckRevision(t *testing.T) {
	for written, ok := range map[string]bool{"": true, "7e01c2d": true, "main@sha1:7e01c2d": true, "v1": true, "1.2": true, "rc1": true, "7e": false, "ABC": false, "7e01 c2d": false, "x\n": false,
		"feed": true, "refs/tags/v1": true, "release-1.2": true, "main": false, "HEAD": false, "HEAD~1": false, "v1^": false, "origin/main": false, "refs/heads/v1": false} {
		if err := CheckRevision(written); (err == nil) != ok {
			t.Errorf("%q: %v", written, err)
		}
	}
}

// A branch whose name could be a tag's is told by who follows it; one that is a
// tag as well is that.
func TestCheckBranch(t *testing.T) {
	h := newShop(t)
	o := git("stage", "shop", "release-1.2@sha1:"+digits(1))
	d := o.Detail.(*Source)
	d.URL, d.Ref = "https://git.example/acme/shop.git", "branch release-1.2"
	h.put(h.stamped(o))
	if err := CheckBranch(h.Store, "release-1.2"); err == nil || !strings.Contains(err.Error(), `"release-1.2" is a branch of acme/shop and no commit: write a digest`) {
		t.Errorf("a branch: %v", err)
	}
	for _, written := range []string{digits(1), "release-1.3", "v1.2", "release-1.2@sha1:" + digits(1)} {
		if err := CheckBranch(h.Store, written); err != nil {
			t.Errorf("%s: %v", written, err)
		}
	}
	h.put(namespace("far", LabelTenant, "far"), kust("far", "app", "app"))
	tag := git("far", "app", "release-1.2@sha1:"+digits(2))
	tag.Detail.(*Source).URL, tag.Detail.(*Source).Ref = "https://git.example/acme/app", "tag release-1.2"
	h.put(tag)
	if err := CheckBranch(h.Store, "release-1.2"); err != nil {
		t.Errorf("a tag elsewhere: %v", err)
	}
}
