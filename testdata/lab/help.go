package main

const helpText = `
lab: a real Kubernetes with a real Flux on this machine, without containers
`
