package store

import "sync"

// encodings remembers an object's encoded forms: one version is sent to many
// lists and watches.
type encodings struct {
	mu    sync.Mutex
	forms map[string][]byte
}

// Encoded returns the form of that name, made by encode the first time.
func (v *Version) Encoded(form string, encode func() ([]byte, error)) ([]byte, error) {
	v.cache.mu.Lock()
	defer v.cache.mu.Unlock()
	if b, ok := v.cache.forms[form]; ok {
		return b, nil
	}
	b, err := encode()
	if err != nil {
		return nil, err
	}
	if v.cache.forms == nil {
		v.cache.forms = make(map[string][]byte, 2)
	}
	v.cache.forms[form] = b
	return b, nil
}
