package ui

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// What is not read, or not read live, is said on line 1 for as long as it holds.
func TestHeaderSaysWhatIsNotReadLive(t *testing.T) {
	c := uitest.Prod()
	c.Conn.NamespacesReason = "only 50 of 60 namespaces are read: each costs a watch per kind"
	c.Scope(model.ScopeStatus{Kind: model.Deployment, State: model.ScopeSynced, Verb: "watch"})
	d := newDesk(t, 160, 40, Options{}, c)
	d.wants("ONLY 50 OF 60 NAMESPACES", "1 KIND EVERY 30s")
	newDesk(t, 160, 40, Options{}, uitest.Prod()).misses("ONLY", "EVERY 30s")
}

// What does not fit beside the counts leaves whole: at no width does a word lose
// its sign.
func TestWordsAboutThePlatformKeepTheirSigns(t *testing.T) {
	for w := wide; w < 200; w++ {
		d := newDesk(t, w, 30, Options{Calm: true}, uitest.Prod())
		line := strings.TrimRight(strings.Split(d.screen(), "\n")[1], " ")
		for _, word := range []string{"operator", "lockdown", "sync"} {
			_, after, found := strings.Cut(line, word)
			if found && (after == "" || strings.HasPrefix(strings.TrimLeft(after, " "), "…")) {
				t.Errorf("%d columns: %q has no sign behind %q", w, line, word)
			}
		}
		if !strings.Contains(line, "sync ✗") {
			t.Errorf("%d columns: %q: the platform's own sync is the last to leave", w, line)
		}
	}
}
