package kube

import (
	"net/http"
	"os"
	"sync"

	"k8s.io/client-go/rest"
)

var stderrSwap sync.Mutex

// quietly makes a client whose login plugin, if it has one, writes its errors
// to w instead of the terminal. client-go takes os.Stderr at the moment it
// makes the plugin's authenticator and offers no other way.
func quietly(w *os.File, config *rest.Config, make func(*rest.Config) (*http.Client, error)) (*http.Client, error) {
	if config.ExecProvider == nil {
		return make(config)
	}
	stderrSwap.Lock()
	defer stderrSwap.Unlock()
	if w == nil {
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		w = null // kept open: the plugin runs again whenever a token expires
	}
	before := os.Stderr
	os.Stderr = w
	defer func() { os.Stderr = before }()
	return make(config)
}
