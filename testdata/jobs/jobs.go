package jobs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/terminal"
)

// Place is a cluster the jobs are done on, and the ways to reach under it.
type Place struct {
	// Open starts the dashboard as somebody who may do everything, OpenLimited
	// as a user with rights in Mine only.
	Open, OpenLimited func(t *testing.T, width, height int, args ...string) *terminal.Session
	Patience          time.Duration

	// Broken are rows, one of which is the worst, each with the reasons it may
	// have: the words of one of them are what the pane gives as its why.
	Broken map[string][]Reason
	// Stuck are tenants whose pushes do nothing, each with what says why.
	Stuck map[string]string
	// Rolls is a tenant with a Deployment that Push changes. It returns the
	// commit; Live reports whether the cluster itself has rolled it out.
	Rolls string
	Push  func(t *testing.T) string
	Live  func(t *testing.T, sha string) bool
	// Freeze is a tenant of which nothing is suspended. Frozen reports how many
	// of its objects are, and how many there are; Overdue lets the date of the
	// suspension pass.
	Freeze  string
	Frozen  func(t *testing.T) (n, of int)
	Overdue func(t *testing.T)
	// Mine are the namespaces of the limited user, Others is one that is not.
	Mine   [2]string
	Others string
}

// Reason is why a row is broken: words that all have to be said.
type Reason []string

// in reports whether a text says so. A name may be broken where a line ends.
func (r Reason) in(text string) bool {
	text = strings.Join(strings.Fields(text), "")
	for _, words := range r {
		if !strings.Contains(text, strings.Join(strings.Fields(words), "")) {
			return false
		}
	}
	return len(r) > 0
}

// Run does the jobs one after the other.
func (p Place) Run(t *testing.T) {
	t.Run("which is broken", p.whichIsBroken)
	t.Run("my push does nothing", p.pushDoesNothing)
	t.Run("a rollout on a projector", p.rollout)
	t.Run("freeze and find again", p.freeze)
	t.Run("rights in two namespaces", p.twoNamespaces)
}

func (p Place) desk(t *testing.T, s *terminal.Session) Desk {
	return Desk{T: t, Session: s, Patience: p.Patience}
}

// Which of them is broken, and why: no key at all, at 80×24.
func (p Place) whichIsBroken(t *testing.T) {
	d := p.desk(t, p.Open(t, 80, 24))
	d.Until("the cursor is on a broken row, which the pane explains", func(screen string) bool {
		row := CursorLine(screen)
		_, pane, _ := strings.Cut(screen, "\n WHY ")
		why, _, next := strings.Cut(pane, "\n NEXT ")
		for name, reasons := range p.Broken {
			if strings.HasPrefix(row, name+" ") {
				return next && slices.ContainsFunc(reasons, func(r Reason) bool { return r.in(why) })
			}
		}
		return false
	})
	d.Leave()
}

// My push does nothing: the tenant, by filter, and its sentence.
func (p Place) pushDoesNothing(t *testing.T) {
	d := p.desk(t, p.Open(t, 120, 40))
	for tenant, says := range p.Stuck {
		d.Tenant(tenant)
		d.Until(tenant+" says "+says, func(screen string) bool { return strings.Contains(strings.Join(strings.Fields(screen), " "), says) })
	}
	d.Keys("/\x15fffffff\r") // a commit nobody has fetched
	d.Wait("Nothing matches")
	d.Leave()
}

// A rollout on a projector: 2, z, push, R.
func (p Place) rollout(t *testing.T) {
	d := p.desk(t, p.Open(t, 120, 40))
	d.Tenant(p.Rolls)
	d.Keys("2")
	d.Wait("▸ Rollouts")
	d.Keys("z")
	d.Until("zoomed: no key line", func(screen string) bool { return !strings.Contains(screen, "? keys") })
	sha := p.Push(t)
	d.Keys("R")
	d.Wait(sha[:7])
	p.poll(t, d, "the cluster has it live", func() bool { return p.Live(t, sha) })
	d.Keys("\x1b")
	d.Wait("? keys")
	d.Tenant(p.Rolls)
	d.Until("home says it is live", func(screen string) bool {
		row := CursorLine(screen)
		return strings.Contains(row, "✓ Ready") && strings.Contains(row, sha[:7])
	})
	d.Leave()
}

// Freeze a tenant; a week later line 2 says overdue, and 4 s takes it up again.
func (p Place) freeze(t *testing.T) {
	d := p.desk(t, p.Open(t, 120, 40))
	d.Tenant(p.Freeze)
	d.Keys("s")
	d.Wait("Suspend " + p.Freeze)
	d.Keys("database move\t3d")
	d.Wait("database move")
	d.Button("Suspend")
	p.poll(t, d, "the tenant is suspended", func() bool { n, of := p.Frozen(t); return n == of })
	d.Keys("\x1b")
	d.Until("home says so", func(screen string) bool {
		return strings.Contains(rowOf(screen, p.Freeze), "‖ Suspended") && strings.Contains(screen, "database move")
	})
	d.Until("the rule says it is done", func(screen string) bool { return ruleOf(screen, "s "+p.Freeze) })
	d.Leave()

	p.Overdue(t)
	d = p.desk(t, p.Open(t, 120, 40))
	d.Until("line 2 says it is overdue", func(screen string) bool {
		lines := strings.Split(screen, "\n")
		return len(lines) > 1 && strings.Contains(lines[1], "overdue")
	})
	d.Keys("4")
	d.Wait("▸ Suspended")
	d.Keys("/\x15" + p.Freeze + "\r")
	d.Until("the page has it, with why", func(screen string) bool {
		row := CursorLine(screen)
		return strings.HasPrefix(row, p.Freeze+" ") && strings.Contains(row, "overdue") && strings.Contains(row, "database move")
	})
	d.Keys("*s") // every object of it
	d.Wait("Resume ")
	d.Button("Resume")
	p.poll(t, d, "nothing of the tenant is suspended", func() bool { n, _ := p.Frozen(t); return n == 0 })
	d.Keys("1")
	d.Until("home says it is ready, and the rule that it was done", func(screen string) bool {
		return !strings.Contains(screen, "▸ Suspended") && strings.Contains(rowOf(screen, p.Freeze), "✓ Ready") && ruleOf(screen, "resume")
	})
	d.Leave()
}

// Rights in two namespaces only: they are named once, the rest is ⊘.
func (p Place) twoNamespaces(t *testing.T) {
	d := p.desk(t, p.OpenLimited(t, 120, 40, "-n", p.Mine[0], "-n", p.Mine[1]))
	d.Until("both are there, and the platform is not theirs to see", func(screen string) bool {
		return rowOf(screen, p.Mine[0]) != "" && rowOf(screen, p.Mine[1]) != "" && strings.Contains(rowOf(screen, "platform"), "⊘")
	})
	if rowOf(d.Screen(), p.Others) != "" {
		t.Errorf("%s is shown:\n%s", p.Others, d.Screen())
	}
	d.Keys("6")
	d.Wait("▸ Syncs")
	d.Keys("/\x15ns:" + p.Mine[1] + "\r")
	d.Until("the cursor is on their sync", func(screen string) bool { return strings.HasPrefix(CursorLine(screen), p.Mine[1]+" ") })
	d.Keys("r")
	d.Wait("may not patch kustomizations")
	d.Leave()
}

func (p Place) poll(t *testing.T, d Desk, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(p.Patience); !ok(); {
		if time.Now().After(end) {
			t.Fatalf("never: %s\n%s", what, d.Screen())
		}
		_, _ = d.WaitFor(50*time.Millisecond, func(string) bool { return false })
	}
}

// ruleOf reports whether the rule tells of an action that ended well.
func ruleOf(screen, action string) bool {
	for l := range strings.SplitSeq(screen, "\n") {
		if strings.HasPrefix(l, "──") && strings.Contains(l, action+" ") {
			return strings.Contains(l, " ✓ ")
		}
	}
	return false
}

// rowOf is the row of a tenant in a list, without its gutter; "" for none.
func rowOf(screen, tenant string) string {
	for l := range strings.SplitSeq(screen, "\n") {
		if row := strings.TrimLeft(l, "▌◆• ▸▾"); strings.HasPrefix(row, tenant+" ") && !strings.HasPrefix(l, " WHY") {
			return row
		}
	}
	return ""
}
