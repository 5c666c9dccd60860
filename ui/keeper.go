package ui

import (
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/history"
	"tenantry/ui/state"
)

const (
	// keepEvery is how often what changed is written down: what a kill may cost.
	keepEvery = time.Second
	// keepAtOnce bounds what is written at once; the log holds the rest.
	keepAtOnce = 5000
)

// keeper writes the change log to the cluster's history while the session runs,
// and reads what earlier runs wrote when somebody looks. It belongs to the event
// loop; files are read and written by commands.
type keeper struct {
	folder  *history.Folder // nil: nothing is kept
	cluster string          // its name there, "" until it is known
	epoch   uint64          // of the session it is known of
	seq     uint64          // the last entry of the log that was handed over
	at      time.Time       // when that was, by the local clock
	first   []history.Record
	busy    bool
	said    bool // that it can't be kept; once is enough
}

// earlier is what earlier runs saw of the cluster. Pages that tell it ask; it is
// read once per session.
type earlier struct {
	asked    bool
	read     bool // is being read, or was
	answered bool
	records  []history.Record
	run      string // this one: what it wrote since it began is in the log
}

// historyMsg: something was written, or read, or why not.
type historyMsg struct {
	epoch   uint64
	read    bool
	records []history.Record
	err     error
}

// Words of records that are no changes of the log.
const (
	wordBegan = "watching"
	wordLeft  = "left"
)

// runName tells this run of the dashboard from others.
func runName(at time.Time) string { return fmt.Sprintf("%d-%d", os.Getpid(), at.UnixNano()) }

// historyErrands are the commands that keep the history and read it.
func (a *App) historyErrands() []tea.Cmd {
	k := &a.keeper
	if k.folder == nil || !a.knowCluster() {
		return nil
	}
	var cmds []tea.Cmd
	if a.past.asked && !a.past.read {
		a.past.read = true
		cmds = append(cmds, readHistory(k.folder, k.cluster, a.epoch))
	}
	if !k.busy && a.local.Sub(k.at) >= keepEvery {
		if records := a.newRecords(); len(records) > 0 {
			k.busy, k.at = true, a.local
			cmds = append(cmds, writeHistory(k.folder, k.cluster, a.epoch, records))
		}
	}
	return cmds
}

// knowCluster reports whether it is known which cluster this is. What was seen
// before that is in the log and is written then.
func (a *App) knowCluster() bool {
	k := &a.keeper
	if k.epoch == a.epoch {
		return true
	}
	if !a.store.Complete() || a.store.Connection().State != model.ConnLive {
		return false
	}
	*k = keeper{folder: k.folder, said: k.said, busy: k.busy, epoch: a.epoch,
		cluster: history.Cluster(a.clusterUID(), a.store.Connection().Server)}
	k.first = append(k.first, history.Record{At: a.now.Unix(), What: wordBegan})
	*a.past = earlier{asked: a.past.asked, run: k.folder.Run()}
	return true
}

// newRecords are what is to be written by now.
func (a *App) newRecords() []history.Record {
	k := &a.keeper
	log := a.store.Log()
	if log.Last() == k.seq && len(k.first) == 0 {
		return nil
	}
	out := k.first
	k.first = nil
	log.Since(k.seq, func(e model.Entry) bool {
		k.seq = e.Seq
		if r, ok := recordOf(&e); ok {
			out = append(out, r)
		}
		return len(out) < keepAtOnce
	})
	return out
}

// recordOf makes an entry of the log a record. What only the next entry makes
// sense of is not kept.
func recordOf(e *model.Entry) (history.Record, bool) {
	if e.Change == model.ChangeAttempted || e.Change == model.ChangeTenant && !telling(*e) {
		return history.Record{}, false
	}
	r := history.Record{At: int64(e.At), Namespace: e.Key.Namespace, Name: e.Key.Name, What: e.Change.String(), From: e.From, To: e.To,
		Revision: e.Revision, Detail: e.Detail, Field: e.Field, UID: e.UID}
	if e.Change == model.ChangeTenant {
		r.Row = true
	} else {
		r.Kind = e.Key.Kind.String()
	}
	return r, true
}

// tookHistory takes what was read, or that something was written.
func (a *App) tookHistory(msg historyMsg) tea.Cmd {
	if msg.err != nil {
		a.log(msg.err)
		if !a.keeper.said && !a.memory.said { // one of the two says that nothing can be kept
			a.notice, a.dirty = msg.err.Error(), true
		}
		a.keeper.said = true
	}
	if !msg.read {
		a.keeper.busy = false
		return nil
	}
	a.past.answered = a.past.answered || msg.epoch == a.epoch
	if msg.epoch == a.epoch && len(msg.records) > 0 {
		a.past.records, a.dirty = msg.records, true
		a.recallEarlier()
		if !a.paused {
			a.page().derive(a.handsOn())
		}
	}
	return nil
}

// lastHistory writes what is left to write. It is called when the screen has
// gone.
func (a *App) lastHistory() error {
	k := &a.keeper
	if k.folder == nil || k.cluster == "" || k.epoch != a.epoch || k.said {
		return nil
	}
	return k.folder.Append(k.cluster, append(a.newRecords(), history.Record{At: a.store.Now().Unix(), What: wordLeft}))
}

func writeHistory(f *history.Folder, cluster string, epoch uint64, records []history.Record) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		return historyMsg{epoch: epoch, err: f.Append(cluster, records)}
	}
}

func readHistory(f *history.Folder, cluster string, epoch uint64) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		records, err := f.Read(cluster)
		return historyMsg{epoch: epoch, read: true, records: records, err: err}
	}
}

// namespacesMade is when the tenants' and the platform's namespaces were made.
func (a *App) namespacesMade() map[string]int64 {
	out := map[string]int64{}
	for _, o := range a.store.Objects(model.Namespace) {
		if a.store.TenantOf(o.Key) != "" && o.Created != 0 {
			out[o.Name] = int64(o.Created)
		}
	}
	return out
}

// syncNow is the FluxInstance's spec.sync in words, "" for none.
func (a *App) syncNow() string {
	if p := a.store.Platform(); p != nil && p.Instance != nil {
		if d, ok := p.Instance.Detail.(*model.Instance); ok {
			return model.SyncWords(d.Sync)
		}
	}
	return ""
}

// noteBetween takes down what the last look tells to have happened since,
// without anybody watching.
func (a *App) noteBetween(last *state.Look) {
	k := &a.keeper
	if k.folder == nil {
		return
	}
	now := a.namespacesMade()
	for name, was := range last.Made {
		if is := now[name]; is > was {
			k.first = append(k.first, history.Record{At: is, Kind: model.Namespace.String(), Name: name, What: model.ChangeRecreated.String(),
				Detail: "nobody watched"})
		}
	}
	p := a.store.Platform()
	if is := a.syncNow(); last.Made != nil && is != last.Sync && p != nil && p.Instance != nil {
		r := history.Record{At: a.now.Unix() - 1, Kind: model.FluxInstance.String(), Namespace: p.Instance.Namespace, Name: p.Instance.Name,
			What: model.ChangeSync.String(), From: last.Sync, To: is}
		if d, ok := p.Instance.Detail.(*model.Instance); ok && int64(d.SpecAt) > last.At {
			r.At, r.Detail = int64(d.SpecAt), d.SpecBy
		}
		k.first = append(k.first, r)
	}
}
