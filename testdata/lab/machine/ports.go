package machine

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// portNames are the ports one lab needs, all on 127.0.0.1.
var portNames = []string{
	"etcd", "etcd-peer", "apiserver", "kwok", "git", "git-tls", "git-ssh",
	"operator-metrics", "operator-health",
	"source-storage", "source-metrics", "source-health",
	"kustomize-metrics", "kustomize-health",
}

// Ports are taken below the range the kernel gives to outgoing connections
// (32768 and up), so that nobody takes one while its part is stopped.
const (
	lowestPort  = 20000
	highestPort = 32000
)

func choosePorts() (map[string]int, error) {
	ports, taken := map[string]int{}, map[int]bool{}
	for _, name := range portNames {
		for try := 0; ; try++ {
			if try == 1000 {
				return nil, fmt.Errorf("no free port between %d and %d on 127.0.0.1", lowestPort, highestPort)
			}
			p := lowestPort + rand.IntN(highestPort-lowestPort)
			if !taken[p] && portFree(p) {
				ports[name], taken[p] = p, true
				break
			}
		}
	}
	return ports, nil
}

func portFree(port int) bool {
	l, err := net.Listen("tcp", local(port))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

func local(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
