//go:build !race

package demo

// raced: the race detector is on.
const raced = false
