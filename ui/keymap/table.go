package keymap

// The actions. Those not built yet have no name here: their lines in the table
// are marked Later and carry None.
const (
	None Action = iota
	GoTenants
	Everything
	Help
	Pause
	Zoom
	Refresh
	Redraw
	Escape
	Back
	Quit
	Shell
	Down
	Up
	Top
	Bottom
	PageDown
	PageUp
	Fold
	Unfold
	Open
	Filter
	Trouble
	Sort
	Copy
	Wrap
	Take
	Leave
	Next
	Previous
	GoRollouts
	GoFindings
	GoSuspended
	GoSources
	GoSyncs
	GoWorkloads
	GoEvents
	GoPlatform
	Palette
	PickScope
	PickContext
	NextTab
	PreviousTab
	Mark
	MarkAll
	Known
	Describe
	YAML
	Events
	History
	Tree
	OpenLink
	Search
	NextMatch
	PreviousMatch
	Complete
	Tick
	TickAll
	Forward
	Slower
	Faster
	Reconcile
	Fetch
	Suspend
	Credential
	Actions
	Follow
	AddTenant
	Setup
	ViewAs
	Press
	NextField
	PreviousField
	ShowDetail
	PrintInstead
	Logs
	ThisRun
	PreviousLogs
	Times
	Owners
	Report
	Why
)

// Default is the table every screen uses.
func Default() *Map { return New(table) }

var table = []Entry{
	// Typing and menus take every key; what they do with the rest is text.
	{Scope: Typing, Keys: []string{"enter"}, Action: Take, Word: "take", Help: "take what was typed"},
	{Scope: Typing, Keys: []string{"esc"}, Action: Leave, Word: "leave", Help: "leave, and drop what was typed"},
	{Scope: Typing, Keys: []string{"up"}, Action: Previous, Word: "up", Help: "choose the one above"},
	{Scope: Typing, Keys: []string{"down"}, Action: Next, Word: "down", Help: "choose the one below"},
	{Scope: Typing, Keys: []string{"tab"}, Action: Complete, Word: "complete", Help: "complete what was typed, where there is something to choose"},
	{Scope: Typing, Keys: []string{"ctrl+c"}, Action: Quit, Help: "quit"},
	{Scope: Picker, Keys: []string{"enter"}, Action: Take, Word: "take", Help: "take what is ticked; with nothing ticked, the line under the cursor"},
	{Scope: Picker, Keys: []string{"space"}, Action: Tick, Word: "tick", Help: "tick and step down; all else is text that narrows"},
	{Scope: Picker, Keys: []string{"*"}, Action: TickAll, Word: "all", Help: "tick all shown; again none"},
	{Scope: Picker, Keys: []string{"esc"}, Action: Leave, Word: "leave", Help: "leave everything as it was"},
	{Scope: Picker, Keys: []string{"up", "shift+tab"}, Action: Previous, Word: "up", Help: "the line above"},
	{Scope: Picker, Keys: []string{"down", "tab"}, Action: Next, Word: "down", Help: "the line below"},
	{Scope: Picker, Keys: []string{"ctrl+c"}, Action: Quit, Help: "quit"},
	{Scope: Menu, Keys: []string{"enter"}, Action: Take, Word: "take", Help: "take the marked line"},
	{Scope: Menu, Keys: []string{"esc", "q"}, Action: Leave, Word: "leave", Help: "leave the menu"},
	{Scope: Menu, Keys: []string{"up", "k", "shift+tab"}, Action: Previous, Word: "up", Help: "the line above"},
	{Scope: Menu, Keys: []string{"down", "j", "tab"}, Action: Next, Word: "down", Help: "the line below"},
	{Scope: Menu, Keys: []string{"ctrl+c"}, Action: Quit, Help: "quit"},
	{Scope: Dialog, Keys: []string{"enter"}, Action: Press, Word: "press", Help: "press the marked button, or go to the next field"},
	{Scope: Dialog, Keys: []string{"esc"}, Action: Leave, Word: "cancel", Help: "cancel"},
	{Scope: Dialog, Keys: []string{"tab", "down"}, Action: NextField, Word: "next", Help: "the next field or button; space ticks"},
	{Scope: Dialog, Keys: []string{"shift+tab", "up"}, Action: PreviousField, Word: "previous", Help: "the previous field or button"},
	{Scope: Dialog, Keys: []string{"ctrl+y"}, Action: ShowDetail, Word: "what is sent", Help: "what exactly would be sent; again back"},
	{Scope: Dialog, Keys: []string{"ctrl+o"}, Action: PrintInstead, Word: "print", Help: "the same as shell commands, shown and copied; again back"},
	{Scope: Dialog, Keys: []string{"ctrl+c"}, Action: Quit, Help: "quit"},

	{Scope: TextView, Keys: []string{"/"}, Action: Search, Word: "search", Help: "search"},
	{Scope: TextView, Keys: []string{"n"}, Action: NextMatch, Word: "next", Shadows: true, Help: "the next match"},
	{Scope: TextView, Keys: []string{"N"}, Action: PreviousMatch, Word: "previous", Help: "the previous match"},
	{Scope: TextView, Keys: []string{"space"}, Action: PageDown, Word: "page", Help: "page down"},
	{Scope: TextView, Keys: []string{"!"}, Action: Trouble, Word: "warnings", Help: "events and logs: only warnings and errors; again shows all"},
	{Scope: TextView, Keys: []string{"w"}, Action: Wrap, Word: "wrap", Help: "wrap long lines, or cut them"},
	{Scope: TextView, Keys: []string{"i"}, Action: ThisRun, Word: "one run", Help: "logs: only the reconciliation of the last line in sight; again all"},
	{Scope: TextView, Keys: []string{"P"}, Action: PreviousLogs, Word: "previous", Help: "logs: what the containers before these wrote; again the present ones"},
	{Scope: TextView, Keys: []string{"T"}, Action: Times, Word: "times", Help: "logs: with or without times"},
	{Scope: TextView, Keys: []string{"O"}, Action: Owners, Word: "owners", Help: "YAML: who owns each field, and what others wrote than what applies it; again without"},

	{Scope: List, Keys: []string{"enter"}, Action: Open, Word: "open", Help: "open what is under the cursor; on a folded row, unfold"},
	{Scope: List, Keys: []string{"space"}, Action: Mark, Word: "mark", Help: "mark and step down"},
	{Scope: List, Keys: []string{"*"}, Action: MarkAll, Word: "mark all", Help: "mark all shown; again none"},
	{Scope: List, Keys: []string{"/"}, Action: Filter, Word: "filter", Help: "filter: fuzzy text, a state, a revision, ns: repo: by: older:2d, - excludes"},
	{Scope: List, Keys: []string{"!"}, Action: Trouble, Word: "trouble", Help: "only what is not fine; again shows all"},
	{Scope: List, Keys: []string{"S"}, Action: Sort, Word: "sort", Help: "sort: pick a column, the same again reverses"},
	{Scope: List, Keys: []string{"m"}, Action: Known, Word: "known", Help: "known: sink this trouble below new trouble until its cause changes; again takes it back"},

	{Scope: Home, Keys: []string{"+"}, Action: AddTenant, Word: "add a tenant", Help: "add a tenant: namespaces, account, role, source and sync"},
	{Scope: Home, Keys: []string{"w"}, Action: Setup, Word: "setup", Help: "setup: Flux on this cluster, from the operator to the first tenant, in eight steps"},

	{Scope: Page, Keys: []string{"x"}, Action: Why, Word: "why", Help: "why: chain, evidence, fix; on what is fine, what it waits for"},
	{Scope: Page, Keys: []string{"d"}, Action: Describe, Word: "describe", Help: "describe"},
	{Scope: Page, Keys: []string{"y"}, Action: YAML, Word: "YAML", Help: "YAML, as it is in the cluster now"},
	{Scope: Page, Keys: []string{"e"}, Action: Events, Word: "events", Help: "events"},
	{Scope: Page, Keys: []string{"l"}, Action: Logs, Word: "logs", Help: "logs: of a workload's containers; of all else what Flux's controllers say about it"},
	{Scope: Page, Keys: []string{"h"}, Action: History, Word: "history", Help: "history: what changed here"},
	{Scope: Page, Keys: []string{"t"}, Action: Tree, Word: "tree", Help: "tree: what it is made of and what it made"},
	{Scope: Page, Keys: []string{"c"}, Action: Copy, Word: "copy", Help: "copy the name; on ⊘, the Role to ask for"},
	{Scope: Page, Keys: []string{"o"}, Action: OpenLink, Word: "open link", Help: "open the commit or repository page; without a browser, show and copy the link"},
	{Scope: Page, Keys: []string{"f"}, Action: Follow, Word: "follow", Help: "follow a commit, a sync or a workload until it is live everywhere, failed or overtaken; again stops"},
	{Scope: Page, Keys: []string{"b"}, Action: Report, Word: "report", Help: "write the incident report of the object or tenant, as Markdown without secrets"},
	{Scope: Page, Keys: []string{"r"}, Action: Reconcile, Word: "reconcile", Help: "reconcile; one object at once, a tenant or marked rows after asking"},
	{Scope: Page, Keys: []string{"R"}, Action: Fetch, Word: "fetch", Help: "fetch the source first, then reconcile"},
	{Scope: Page, Keys: []string{"s"}, Action: Suspend, Word: "suspend", Help: "suspend or resume, by dialog, which says which"},
	{Scope: Page, Keys: []string{"K"}, Action: Credential, Word: "credential", Help: "git credential: create, restore, test, replace"},
	{Scope: Page, Keys: []string{"V"}, Action: ViewAs, Word: "view as", Help: "view as this tenant's account: what it sees and may do; again ends it"},
	{Scope: Page, Keys: []string{"a"}, Action: Actions, Word: "actions", Help: "all actions for the row or the marks"},
	{Scope: Page, Keys: []string{"D"}, Instead: "D: off-board is under a"},
	{Scope: Page, Keys: []string{"E"}, Instead: "E: tenantry does not edit objects"},
	{Scope: Page, Keys: []string{"W"}, Instead: "W: fetch and reconcile is R"},

	{Scope: Everywhere, Keys: []string{"1"}, Action: GoTenants, Word: "tenants", Help: "Tenants"},
	{Scope: Everywhere, Keys: []string{"2"}, Action: GoRollouts, Word: "rollouts", Help: "Rollouts"},
	{Scope: Everywhere, Keys: []string{"3"}, Action: GoFindings, Word: "findings", Help: "Findings"},
	{Scope: Everywhere, Keys: []string{"4"}, Action: GoSuspended, Word: "suspended", Help: "Suspended"},
	{Scope: Everywhere, Keys: []string{"5"}, Action: GoSources, Word: "sources", Help: "Sources"},
	{Scope: Everywhere, Keys: []string{"6"}, Action: GoSyncs, Word: "syncs", Help: "Syncs"},
	{Scope: Everywhere, Keys: []string{"7"}, Action: GoWorkloads, Word: "workloads", Help: "Workloads"},
	{Scope: Everywhere, Keys: []string{"8"}, Action: GoEvents, Word: "events", Help: "Events"},
	{Scope: Everywhere, Keys: []string{"9"}, Action: GoPlatform, Word: "platform", Help: "Platform"},
	{Scope: Everywhere, Keys: []string{"0"}, Action: Everything, Word: "everything", Help: "everything: drop scope, filter and marks"},
	{Scope: Everywhere, Keys: []string{":"}, Action: Palette, Word: "go to", Help: "palette: go to any tenant, object or page, do anything that has a name"},
	{Scope: Everywhere, Keys: []string{"n"}, Action: PickScope, Word: "scope", Help: "scope: tick tenants or namespaces, several"},
	{Scope: Everywhere, Keys: []string{"C"}, Action: PickContext, Word: "context", Help: "context: another cluster of the kubeconfig"},
	{Scope: Everywhere, Keys: []string{"?"}, Action: Help, Word: "keys", Help: "the keys that work here"},
	{Scope: Everywhere, Keys: []string{"p"}, Action: Pause, Word: "pause", Help: "pause the picture, and go on"},
	{Scope: Everywhere, Keys: []string{"z"}, Action: Zoom, Word: "zoom", Help: "zoom: this list or text alone"},
	{Scope: Everywhere, Keys: []string{"ctrl+r"}, Action: Refresh, Word: "check again", Help: "check again: connection, permissions, served kinds; writes nothing"},
	{Scope: Everywhere, Keys: []string{"ctrl+l"}, Action: Redraw, Word: "redraw", Help: "redraw the screen"},
	{Scope: Everywhere, Keys: []string{"esc"}, Action: Escape, Word: "back", Help: "undo one layer: menu, marks, filter, page; never leaves the program"},
	{Scope: Everywhere, Keys: []string{"q"}, Action: Back, Word: "back", Help: "back; on the first screen pressed twice it quits"},
	{Scope: Everywhere, Keys: []string{"ctrl+c"}, Action: Quit, Word: "quit", Help: "quit"},
	{Scope: Everywhere, Keys: []string{"ctrl+z"}, Action: Shell, Word: "shell", Help: "to the shell; fg comes back"},
	{Scope: Everywhere, Keys: []string{"j", "down"}, Action: Down, Word: "down", Help: "down"},
	{Scope: Everywhere, Keys: []string{"k", "up"}, Action: Up, Word: "up", Help: "up"},
	{Scope: Everywhere, Keys: []string{"g", "home"}, Action: Top, Word: "first", Help: "to the first"},
	{Scope: Everywhere, Keys: []string{"G", "end"}, Action: Bottom, Word: "last", Help: "to the last"},
	{Scope: Everywhere, Keys: []string{"pgdown", "ctrl+d", "ctrl+f"}, Action: PageDown, Word: "page down", Help: "a page down"},
	{Scope: Everywhere, Keys: []string{"pgup", "ctrl+u", "ctrl+b"}, Action: PageUp, Word: "page up", Help: "a page up"},
	{Scope: Everywhere, Keys: []string{"right"}, Action: Unfold, Word: "unfold", Help: "unfold; in flat lists the columns to the right, in text sideways"},
	{Scope: Everywhere, Keys: []string{"left"}, Action: Fold, Word: "fold", Help: "fold; in flat lists the columns to the left, in text sideways"},
	{Scope: Everywhere, Keys: []string{"tab"}, Action: NextTab, Word: "next tab", Help: "the next tab"},
	{Scope: Everywhere, Keys: []string{"shift+tab"}, Action: PreviousTab, Word: "previous tab", Help: "the previous tab"},

	{Scope: Demo, Keys: []string{"]"}, Action: Forward, Word: "10 s on", Help: "what would happen in the next 10 s happens now"},
	{Scope: Demo, Keys: []string{"{"}, Action: Slower, Word: "slower", Help: "things happen half as fast"},
	{Scope: Demo, Keys: []string{"}"}, Action: Faster, Word: "faster", Help: "things happen twice as fast"},
	{Scope: Demo, Keys: []string{"["}, Later: true, Help: "back 10 s: in replays"},
}
