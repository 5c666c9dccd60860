// Package podlogs gives every pod of the lab a log: the real controllers'
// output for the pods that stand for them, made-up lines for the others.
package podlogs

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"tenantry/lab/cluster"
	"tenantry/lab/machine"
)

// Serve follows the pods until ctx ends. It survives an API server that comes
// and goes.
func Serve(ctx context.Context, l *machine.Lab) error {
	s := &server{lab: l, api: cluster.New(l.Server(), l.Config.AdminToken, 4), talkers: map[string]context.CancelFunc{}}
	for ctx.Err() == nil {
		if err := s.follow(ctx); err != nil && ctx.Err() == nil {
			log.Printf("following pods: %v", err)
			time.Sleep(time.Second)
		}
	}
	return nil
}

type server struct {
	lab     *machine.Lab
	api     *cluster.Client
	talkers map[string]context.CancelFunc // pods whose made-up log is being written
}

func (s *server) follow(ctx context.Context) error {
	stream, err := s.api.Stream(ctx, cluster.CollectionPath("v1", "Pod", "")+"?watch=true")
	if err != nil {
		return err
	}
	defer stream.Close()
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		var event struct {
			Type   string
			Object cluster.Object
		}
		if err := json.Unmarshal(line, &event); err != nil {
			return err
		}
		key := event.Object.Str("metadata", "namespace") + "_" + event.Object.Str("metadata", "name")
		switch event.Type {
		case "ADDED", "MODIFIED":
			if err := s.attach(ctx, key, event.Object); err != nil {
				return err
			}
		case "DELETED":
			if stop := s.talkers[key]; stop != nil {
				stop()
				delete(s.talkers, key)
			}
		case "ERROR":
			return fmt.Errorf("watch ended: %s", line)
		}
	}
}

// attach tells kwok where the pod's log is, once the pod has a node.
func (s *server) attach(ctx context.Context, key string, pod cluster.Object) error {
	if s.talkers[key] != nil || pod.Str("spec", "nodeName") == "" {
		return nil
	}
	containers := names(pod)
	file, previous := s.files(key, pod)
	entry := map[string]any{"containers": containers, "logsFile": file}
	if previous != "" {
		entry["previousLogsFile"] = previous
	}
	object := cluster.Object{
		"apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "Logs",
		"metadata": map[string]any{
			"name": pod.Str("metadata", "name"), "namespace": pod.Str("metadata", "namespace"),
			// The pod's end takes the object with it.
			"ownerReferences": []any{map[string]any{
				"apiVersion": "v1", "kind": "Pod", "name": pod.Str("metadata", "name"), "uid": pod.Str("metadata", "uid"),
			}},
		},
		"spec": map[string]any{"logs": []any{entry}},
	}
	if err := s.api.Apply(ctx, object, cluster.Manager); err != nil {
		if cluster.Is404(err) {
			return nil // its namespace is just going away
		}
		return err
	}
	talk, stop := context.WithCancel(ctx)
	s.talkers[key] = stop
	if filepath.Dir(file) == s.lab.PodLogs() {
		go chatter(talk, file, pod)
	}
	return nil
}

func names(pod cluster.Object) []any {
	var out []any
	list, _ := pod.At("spec", "containers").([]any)
	for _, c := range list {
		if m, ok := c.(map[string]any); ok {
			out = append(out, m["name"])
		}
	}
	return out
}

// files chooses the log of a pod: the part it stands for, or one of its own.
func (s *server) files(key string, pod cluster.Object) (file, previous string) {
	for _, label := range []string{"app", "app.kubernetes.io/name"} {
		part := pod.Str("metadata", "labels", label)
		if part != machine.Operator && part != machine.Source && part != machine.Kustomize {
			continue
		}
		if pod.Str("metadata", "namespace") == s.lab.Config.FluxNamespace {
			file = s.lab.PodLogFile(part)
			return file, file + ".previous"
		}
	}
	file = filepath.Join(s.lab.PodLogs(), key+".log")
	if pod.Str("metadata", "labels", "lab/fault") == "crashloop" {
		previous = filepath.Join(s.lab.PodLogs(), key+".previous.log")
		writeCrash(previous)
	}
	return file, previous
}

func writeCrash(path string) {
	f, err := os.Create(path)
	if err != nil {
		log.Printf("writing %s: %v", path, err)
		return
	}
	defer f.Close()
	for _, line := range []string{
		`{"level":"info","msg":"starting","version":"1.0.2"}`,
		`{"level":"error","msg":"cannot read configuration","error":"open /etc/kcheck/config.yaml: no such file or directory"}`,
		"panic: no configuration",
	} {
		machine.WritePodLine(f, time.Now(), "stderr", line)
	}
}

// chatter is a small web app's log: a start and then a line now and then.
func chatter(ctx context.Context, path string, pod cluster.Object) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		log.Printf("writing %s: %v", path, err)
		return
	}
	defer f.Close()
	machine.WritePodLine(f, time.Now(), "stdout", fmt.Sprintf(`{"level":"info","msg":"listening","address":":8080","pod":%q}`, pod.Str("metadata", "name")))
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			machine.WritePodLine(f, time.Now(), "stdout", fmt.Sprintf(`{"level":"info","msg":"request","method":"GET","path":"/","status":200,"request":%d}`, n))
		}
	}
}
