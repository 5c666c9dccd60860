package api

import (
	"fmt"
	"math/rand/v2"
	"sync"
)

// ids makes uids and name suffixes that repeat with the seed.
type ids struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newIDs(seed int64) *ids {
	return &ids{rng: rand.New(rand.NewPCG(uint64(seed), 0x7e6a7))}
}

// uid returns a version 4 UUID.
func (i *ids) uid() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	a, b := i.rng.Uint64(), i.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// suffixLetters are those Kubernetes makes names of: no vowels, no words.
const suffixLetters = "bcdfghjklmnpqrstvwxz2456789"

// suffix returns n letters for a generated name.
func (i *ids) suffix(n int) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := make([]byte, n)
	for k := range b {
		b[k] = suffixLetters[i.rng.IntN(len(suffixLetters))]
	}
	return string(b)
}
