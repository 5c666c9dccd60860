//go:build race

package uitest

// Slowdown is by how much the race detector slows what a test measures.
const Slowdown = 20
