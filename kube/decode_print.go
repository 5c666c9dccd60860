package kube

import (
	"encoding/binary"
	"hash/maphash"
	"maps"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"

	"tenantry/model"
)

// wire is anything of Kubernetes' API that can write itself as protobuf, which
// is the cheapest form that is the same for equal values.
type wire interface {
	Size() int
	MarshalToSizedBuffer([]byte) (int, error)
}

// printer hashes parts of an object. What it works in is used again.
type printer struct {
	maphash.Hash
	buffer    []byte
	keys      []string
	env       []byte
	pod       corev1.PodSpec
	container corev1.Container
}

var printers = sync.Pool{New: func() any {
	p := &printer{}
	p.SetSeed(hashSeed)
	return p
}}

func (p *printer) add(w wire) {
	n := w.Size()
	if cap(p.buffer) < n {
		p.buffer = make([]byte, n, 2*n)
	}
	b := p.buffer[:n]
	if _, err := w.MarshalToSizedBuffer(b); err == nil {
		_, _ = p.Write(b)
	}
	p.end()
}

func (p *printer) text(s string) {
	_, _ = p.WriteString(s)
	p.end()
}

func (p *printer) texts(list []string) {
	for _, s := range list {
		p.text(s)
	}
	p.end()
}

func (p *printer) pairs(m map[string]string) {
	p.keys = slices.AppendSeq(p.keys[:0], maps.Keys(m))
	slices.Sort(p.keys)
	for _, k := range p.keys {
		p.text(k)
		p.text(m[k])
	}
	clear(p.keys)
	p.end()
}

// end keeps neighbouring parts apart.
func (p *printer) end() { _ = p.WriteByte(0) }

func (p *printer) sum() uint32 {
	sum := uint32(p.Sum64())
	p.Reset()
	return sum
}

// printOf hashes an update strategy.
func printOf(strategy wire, minReady int32) uint32 {
	p := printers.Get().(*printer)
	defer printers.Put(p)
	p.add(strategy)
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], uint32(minReady))
	_, _ = p.Write(b[:])
	return p.sum()
}

const restartedAt = "kubectl.kubernetes.io/restartedAt"

// templatePrint hashes a pod template by aspect, for telling later what a new
// generation changed.
func templatePrint(t *corev1.PodTemplateSpec) model.SpecPrint {
	p := printers.Get().(*printer)
	defer printers.Put(p)
	var out model.SpecPrint
	containers := t.Spec.Containers
	out.Env = p.envOf(containers)
	for i := range containers {
		p.add(&containers[i].Resources)
	}
	out.Resources = p.sum()
	for i := range containers {
		for _, probe := range [...]*corev1.Probe{containers[i].LivenessProbe, containers[i].ReadinessProbe, containers[i].StartupProbe} {
			if probe != nil {
				p.add(probe)
			}
			p.end()
		}
	}
	out.Probes = p.sum()
	for i := range containers {
		p.texts(containers[i].Command)
		p.texts(containers[i].Args)
	}
	out.Command = p.sum()
	for i := range t.Spec.Volumes {
		p.add(&t.Spec.Volumes[i])
	}
	for i := range containers {
		for j := range containers[i].VolumeMounts {
			p.add(&containers[i].VolumeMounts[j])
		}
		p.end()
	}
	out.Volumes = p.sum()
	if at := t.Annotations[restartedAt]; at != "" {
		p.text(at)
		out.Restarted = p.sum()
	}
	out.Elsewhere = p.elsewhere(t)
	return out
}

// elsewhere hashes what of a template is no aspect of its own.
func (p *printer) elsewhere(t *corev1.PodTemplateSpec) uint32 {
	p.pairs(t.Labels)
	annotations := t.Annotations
	if _, ok := annotations[restartedAt]; ok {
		annotations = maps.Clone(annotations)
		delete(annotations, restartedAt)
	}
	p.pairs(annotations)
	p.pod = t.Spec
	p.pod.Containers, p.pod.Volumes = nil, nil
	p.add(&p.pod)
	p.pod = corev1.PodSpec{}
	c := &p.container
	for i := range t.Spec.Containers {
		*c = t.Spec.Containers[i]
		c.Image, c.Command, c.Args, c.Env, c.EnvFrom, c.VolumeMounts = "", nil, nil, nil, nil, nil
		c.LivenessProbe, c.ReadinessProbe, c.StartupProbe = nil, nil, nil
		c.Resources = corev1.ResourceRequirements{}
		p.add(c)
	}
	*c = corev1.Container{}
	return p.sum()
}

// maxEnvPrint bounds what is kept of the environment of one workload, in
// bytes: what is beyond shares one entry without a name.
const maxEnvPrint = 4 << 10

func (p *printer) envOf(containers []corev1.Container) string {
	out := p.env[:0]
	var beyond uint32
	for i := range containers {
		c := &containers[i]
		prefix := ""
		if i > 0 {
			prefix = c.Name + "/"
		}
		for j := range c.Env {
			e := &c.Env[j]
			p.text(e.Value)
			if e.ValueFrom != nil {
				p.add(e.ValueFrom)
			}
			if sum := p.sum(); len(out)+len(prefix)+len(e.Name) > maxEnvPrint {
				beyond = beyond*31 + sum
			} else {
				out = model.AddEnv(out, prefix+e.Name, sum)
			}
		}
		if len(c.EnvFrom) > 0 {
			for j := range c.EnvFrom {
				p.add(&c.EnvFrom[j])
			}
			out = model.AddEnv(out, prefix+"envFrom", p.sum())
		}
	}
	if beyond != 0 {
		out = model.AddEnv(out, "", beyond)
	}
	p.env = out
	return string(out)
}
