package kube

import (
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/model"
)

// maxLogPods is how many pods of one workload are looked at for their logs.
const maxLogPods = 100

// podJSON is what reading logs needs to know of a pod.
type podJSON struct {
	Metadata struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
		UID       string `json:"uid"`
	} `json:"metadata"`
	Spec struct {
		Containers     []namedJSON `json:"containers"`
		InitContainers []namedJSON `json:"initContainers"`
	} `json:"spec"`
	Status struct {
		Containers     []containerStatusJSON `json:"containerStatuses"`
		InitContainers []containerStatusJSON `json:"initContainerStatuses"`
	} `json:"status"`
}

type namedJSON struct {
	Name string `json:"name"`
}

type containerStatusJSON struct {
	Name         string `json:"name"`
	RestartCount int32  `json:"restartCount"`
	ContainerID  string `json:"containerID"`
	State        struct {
		Running    *struct{}       `json:"running"`
		Terminated *struct{}       `json:"terminated"`
		Waiting    *waitingLogJSON `json:"waiting"`
	} `json:"state"`
	LastState struct {
		Terminated *struct{} `json:"terminated"`
	} `json:"lastState"`
}

type waitingLogJSON struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// logContainer is a container whose log may be read.
type logContainer struct {
	name     string
	id       string // of this run; "" where the runtime gives none
	restarts int32
	begun    bool // there is a log
	running  bool
	ended    bool // it ended before, or has just
	why      string
}

// containers are all of a pod's, the init containers first.
func (p *podJSON) containers() []logContainer {
	out := make([]logContainer, 0, len(p.Spec.InitContainers)+len(p.Spec.Containers))
	add := func(names []namedJSON, statuses []containerStatusJSON) {
		for _, n := range names {
			c := logContainer{name: n.Name}
			for i := range statuses {
				if st := &statuses[i]; st.Name == n.Name {
					c.restarts, c.id, c.running = st.RestartCount, st.ContainerID, st.State.Running != nil
					c.ended = st.State.Terminated != nil || st.LastState.Terminated != nil
					// What waits to be started again has the log of its last run.
					c.begun = c.running || c.ended || c.restarts > 0
					if w := st.State.Waiting; w != nil {
						c.why = w.Reason
					}
				}
			}
			out = append(out, c)
		}
	}
	add(p.Spec.InitContainers, p.Status.InitContainers)
	add(p.Spec.Containers, p.Status.Containers)
	return out
}

// podsOf asks for the pods of a workload, by its selector as kubectl does, or
// for one pod.
func (s *Session) podsOf(ctx context.Context, of model.Key) ([]podJSON, error) {
	ctx, cancel := s.personal(ctx)
	defer cancel()
	if err := s.reachable(ctx); err != nil {
		return nil, err
	}
	if of.Kind == model.Pod {
		var pod podJSON
		data, err := answer(s.client.Get().AbsPath("/api/v1/namespaces/"+of.Namespace+"/pods/"+of.Name).
			SetHeader("Accept", acceptJSON).MaxRetries(0).DoRaw(ctx))
		if err == nil {
			err = json.Unmarshal(data, &pod)
		}
		return []podJSON{pod}, err
	}
	selector, err := s.selectorOf(ctx, of)
	if err != nil {
		return nil, err
	}
	var list struct {
		Items []podJSON `json:"items"`
	}
	data, err := answer(s.client.Get().AbsPath("/api/v1/namespaces/"+of.Namespace+"/pods").Param("labelSelector", selector).
		Param("limit", fmt.Sprint(maxLogPods)).SetHeader("Accept", acceptJSON).MaxRetries(0).DoRaw(ctx))
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	return list.Items, err
}

// selectorOf asks for the selector of a workload's pods.
func (s *Session) selectorOf(ctx context.Context, of model.Key) (string, error) {
	ref := of.ObjectRef()
	res, ok := s.watchedResource(ref)
	if !ok {
		return "", apierrors.NewNotFound(schema.GroupResource{Group: ref.Group, Resource: of.Kind.Resource()}, of.Name)
	}
	data, err := s.getObject(ctx, res, ref)
	if err != nil {
		return "", err
	}
	var workload struct {
		Spec struct {
			Selector *metav1.LabelSelector `json:"selector"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(data, &workload); err != nil {
		return "", err
	}
	if workload.Spec.Selector == nil {
		return "", fmt.Errorf("%s selects no pods", of)
	}
	selector, err := metav1.LabelSelectorAsSelector(workload.Spec.Selector)
	if err != nil {
		return "", err
	}
	if selector.Empty() {
		return "", fmt.Errorf("%s selects every pod", of)
	}
	return selector.String(), nil
}
