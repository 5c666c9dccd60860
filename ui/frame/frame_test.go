package frame

import "testing"

func TestPartsAddUp(t *testing.T) {
	for w := 0; w <= 220; w += 5 {
		for h := 0; h <= 70; h++ {
			for _, need := range []int{0, 3, 40} {
				s := Divide(w, h, 1, need, false)
				if s.Compact {
					if w >= compactWidth && h >= compactHeight {
						t.Fatalf("%d×%d is compact", w, h)
					}
					continue
				}
				if sum := s.Head + s.Above + s.Body + s.Rule + s.Pane + s.Keys; sum != h {
					t.Fatalf("%d×%d: parts are %d lines: %+v", w, h, sum, s)
				}
				if s.Body < listRows+1 || s.Pane > max(h/3, 1) {
					t.Fatalf("%d×%d: the list keeps six rows and the pane gets a third at most: %+v", w, h, s)
				}
				if h < sentenceHeight && s.Pane != 1 {
					t.Fatalf("%d×%d: the pane is one sentence: %+v", w, h, s)
				}
			}
		}
	}
}
