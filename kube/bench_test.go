package kube

import (
	"bytes"
	"os"
	"testing"

	"tenantry/model"
)

// BenchmarkList reads recorded lists the way a first list is read.
func BenchmarkList(b *testing.B) {
	for _, kind := range []model.Kind{model.Kustomization, model.GitRepository, model.Deployment} {
		b.Run(kind.String(), func(b *testing.B) {
			text, err := os.ReadFile("testdata/recorded/" + kind.Resource() + ".json")
			if err != nil {
				b.Fatal(err)
			}
			var e *entry
			for i := range registry {
				if registry[i].kind == kind {
					e = &registry[i]
				}
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := readList(bytes.NewReader(text), func(raw []byte, enc encoding) { e.decodeObject(raw, enc) }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
