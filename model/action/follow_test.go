package action

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
)

func TestFollow(t *testing.T) {
	sent := now
	set := func(s *model.Store, o *model.Object) {
		s.Apply(model.Batch{Changes: []model.ObjectChange{{Key: o.Key, Object: o}}})
	}
	k := key(model.Kustomization, "dev", "app")
	asked := Wish{Verb: Reconcile, Targets: []Target{Object(k)}, Stamp: stamp}
	tests := []struct {
		name   string
		verb   Verb
		change func(*model.Object)
		after  time.Duration
		state  State
		words  string
	}{
		{"asked", Reconcile, func(*model.Object) {}, time.Second, Waiting, "asked"},
		{"an older answer", Reconcile, func(o *model.Object) { o.Detail.(*model.Sync).LastHandled = "2026-11-22T11:59:00Z" }, time.Second, Waiting, "asked"},
		{"done", Reconcile, func(o *model.Object) { o.Detail.(*model.Sync).LastHandled = stamp }, time.Second, Done, "applied 41aaea2"},
		{"failed", Reconcile, func(o *model.Object) {
			o.Detail.(*model.Sync).LastHandled = stamp
			o.Conditions[0] = model.Condition{Type: "Ready", Status: "False", Reason: "BuildFailed", Message: "kustomize build failed: no such file", ObservedGeneration: 1}
		}, time.Second, Failed, "no such file"},
		{"nobody answers", Reconcile, func(*model.Object) {}, time.Hour, Failed, "no answer from its controller in 10m30s"},
		{"taken its place", Reconcile, func(o *model.Object) { o.UID = "another" }, time.Second, Failed, "another object of that name"},
		{"suspended meanwhile", Reconcile, func(o *model.Object) { o.Detail.(*model.Sync).Suspend = true }, time.Second, Failed, "suspended meanwhile"},
		{"suspended", Suspend, func(o *model.Object) { o.Detail.(*model.Sync).Suspend = true }, time.Second, Done, "suspended"},
		{"not suspended yet", Suspend, func(*model.Object) {}, time.Second, Waiting, "not seen"},
		{"resumed, not answered", Resume, func(*model.Object) {}, time.Second, Waiting, "asked"},
		{"not resumed yet", Resume, func(o *model.Object) { o.Detail.(*model.Sync).Suspend = true }, time.Second, Waiting, "not seen resumed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := store()
			w := asked
			w.Verb = tt.verb
			step := Step{Key: k, Write: model.Write{UID: "dev/app"}}
			o := sync("dev", "app", "app")
			tt.change(o)
			set(s, o)
			got := Follow(s, w, step, sent, sent.Add(tt.after))
			if got.State != tt.state || !strings.Contains(got.Words, tt.words) {
				t.Errorf("%+v, want %v with %q", got, tt.state, tt.words)
			}
		})
	}
}

// What was sent and never answered is told apart from what arrived, and from
// what others did meanwhile.
func TestUnseen(t *testing.T) {
	k := key(model.Kustomization, "dev", "app")
	asked := func(stamp string) func(*model.Object) {
		return func(o *model.Object) {
			o.Annotations = model.Pairs{{Name: model.AnnotationRequestedAt, Value: stamp}}
		}
	}
	for _, c := range []struct {
		name   string
		verb   Verb
		change func(*model.Object)
		want   bool
	}{
		{"nothing on it", Reconcile, func(*model.Object) {}, true},
		{"an earlier request", Reconcile, asked("2026-11-22T11:59:00Z"), true},
		{"it arrived", Reconcile, asked(stamp), false},
		{"somebody asked later", Reconcile, asked("2027-01-01T00:00:00Z"), false},
		{"not suspended", Suspend, func(*model.Object) {}, true},
		{"suspended and resumed, or changed, by somebody", Suspend, func(o *model.Object) { o.Generation = 3 }, false},
		{"suspended by it", Suspend, func(o *model.Object) {
			o.Detail.(*model.Sync).Suspend, o.Generation = true, 2
			o.Annotations = model.Pairs{{Name: model.AnnotationSuspendedAt, Value: seconds(stamp)}}
		}, false},
		{"still suspended", Resume, func(o *model.Object) { o.Detail.(*model.Sync).Suspend = true }, true},
	} {
		s := store()
		o := sync("dev", "app", "app")
		o.Generation = 1
		step := Step{Key: k, Write: model.Write{UID: "dev/app"}}
		if c.verb != Reconcile {
			step.Write.Generation = 1
		}
		c.change(o)
		s.Apply(model.Batch{Changes: []model.ObjectChange{{Key: o.Key, Object: o}}})
		if got := Unseen(s, Wish{Verb: c.verb, Stamp: stamp}, step); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// There is one place for requests on an object. Whoever asks later takes it,
// and the answer is one to all that were asked before.
func TestARequestThatALaterOneTookThePlaceOf(t *testing.T) {
	const before, later, odd = "2026-11-22T11:59:00Z", "2026-11-22T12:00:05Z", "not-a-time"
	ahead := "2026-11-22T12:30:00Z" // somebody's clock
	for name, tc := range map[string]struct {
		asked, handled, wasHandled string
		after                      time.Duration
		want                       State
		words                      string
	}{
		"asked":                                 {stamp, before, before, time.Second, Waiting, "asked"},
		"answered":                              {stamp, stamp, before, time.Second, Done, "applied"},
		"another waits":                         {later, before, before, time.Second, Waiting, "asked again meanwhile"},
		"another is answered":                   {later, later, before, time.Second, Done, "applied"},
		"an old answer from a clock ahead":      {stamp, ahead, ahead, time.Second, Waiting, "asked"},
		"the same before ours is seen":          {before, ahead, ahead, time.Second, Waiting, "asked"},
		"another that is no time":               {odd, before, before, time.Second, Waiting, "asked"},
		"nobody answers either":                 {later, before, before, time.Hour, Failed, "no answer"},
		"answered, and somebody asks once more": {later, stamp, before, time.Second, Done, "applied"},
	} {
		o := sync("dev", "app", "app")
		o.Detail.(*model.Sync).LastHandled = tc.handled
		o.Annotations = model.Pairs{{Name: model.AnnotationRequestedAt, Value: tc.asked}}
		w := Wish{Verb: Reconcile, Stamp: stamp}
		got := Follow(store(o), w, Step{Key: o.Key, Handled: tc.wasHandled}, now, now.Add(tc.after))
		if got.State != tc.want || !strings.Contains(got.Words, tc.words) {
			t.Errorf("%s: %+v, want %v with %q", name, got, tc.want, tc.words)
		}
	}
}

// A suspension that was taken back before it was seen has happened all the same.
func TestASuspensionThatWasNeverSeen(t *testing.T) {
	o := sync("dev", "app", "app")
	o.Generation = 3
	step := Step{Key: o.Key, Written: model.Written{Generation: 2}}
	if got := Follow(store(o), Wish{Verb: Suspend, Stamp: stamp}, step, now, now); got.State != Done || got.Words != "suspended, and resumed since" {
		t.Errorf("%+v", got)
	}
	step.Written.Generation = 3
	if got := Follow(store(o), Wish{Verb: Suspend, Stamp: stamp}, step, now, now); got.State != Waiting {
		t.Errorf("before the watch has told: %+v", got)
	}
}
