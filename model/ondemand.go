package model

// EventDetail is the detail of an Event: what somebody said about an object.
type EventDetail struct {
	Type         string // Normal or Warning
	Reason       string
	Message      string
	Regarding    Ref
	RegardingUID string
	Controller   string // who said it: the source component
	Count        int32
	First, Last  Unix
	// Revision is what a Flux controller was working on, from its annotation.
	// With a Count above 1 it is that of the first time: client-go's recorder
	// counts an equal event up and leaves its annotations as they were.
	Revision string
}

// PodDetail is the detail of a Pod. That it is being deleted is in the
// object's Deleting.
type PodDetail struct {
	Phase, Reason, Message string
	Node                   string
	Owner                  PodOwner
	Ready                  bool
	// Scheduled is the condition PodScheduled; its message says why a pod
	// finds no node. The zero value: not known yet.
	Scheduled  Condition
	Containers []PodContainer // the init containers first
}

// PodOwner is the controller of a pod; empty for a pod of its own.
type PodOwner struct{ Kind, Name, UID string }

// The states of a container.
const (
	ContainerWaiting    = "waiting"
	ContainerRunning    = "running"
	ContainerTerminated = "terminated"
)

// PodContainer is a container of a pod and how it is doing.
type PodContainer struct {
	Name, Image string
	Init        bool
	Sidecar     bool // an init container that keeps running
	Ready       bool
	Started     bool
	Restarts    int32
	State       string // one of the states above; "" while unknown
	Reason      string
	Message     string
	ExitCode    int32 // when terminated
	Since       Unix  // when it started running or ended
	// Last is how it ended before; nil when it has not.
	Last *Termination
}

// Termination is how a container ended.
type Termination struct {
	Reason   string
	Message  string
	ExitCode int32
	Finished Unix
}

// NodeDetail is the detail of a Node; how it does is in its conditions.
type NodeDetail struct {
	// Unschedulable: cordoned, spec.unschedulable.
	Unschedulable bool
	Taints        []string // key, or key=value, with the effect behind a colon
}

func (*NodeDetail) detail()  {}
func (*EventDetail) detail() {}
func (*PodDetail) detail()   {}
