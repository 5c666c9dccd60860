package ui

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"strings"
	"testing"

	"tenantry/themes"
	"tenantry/ui/uitest"
)

// raced: the race detector is on. It finds nothing where there is one goroutine,
// and makes pictures eight times as dear: make test draws the themes without.
const raced = uitest.Slowdown > 1

// gallery compares screens with their pictures, in every theme. It keeps sums of
// what is too much to be looked at, by the room a scene belongs to: a thousand
// screens are more than anyone looks at.
type gallery struct {
	of   string // whose: what its sums are filed under
	sums map[string]*strings.Builder
}

// pictures are the text at every size; of the themes, when styled, all of 80×24,
// and all else by a sum.
func (g *gallery) pictures(t *testing.T, styled bool, scenes []scene) {
	for _, s := range scenes {
		for _, size := range sizes {
			g.picture(t, s.name, size, s.desk(t, size[0], size[1]), styled && size == sizes[0])
		}
	}
}

// picture compares one screen.
func (g *gallery) picture(t *testing.T, name string, size [2]int, d *desk, styled bool) {
	uitest.Golden(t, fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), d.View().Content)
	if raced {
		return
	}
	for theme, content := range d.themed() {
		if styled {
			uitest.GoldenStyled(t, fmt.Sprintf("themes/%s/%s-%dx%d", theme, name, size[0], size[1]), content)
			continue
		}
		g.sum(name, theme, size, content)
	}
}

// summed compares scenes that only differ in what they say: the text at 80×24,
// all else by a sum.
func (g *gallery) summed(t *testing.T, scenes []scene) {
	for _, s := range scenes {
		for _, size := range sizes {
			d := s.desk(t, size[0], size[1])
			if size == sizes[0] {
				g.picture(t, s.name, size, d, false)
				continue
			}
			if raced {
				break
			}
			for theme, content := range d.themed() {
				g.sum(s.name, theme, size, content)
			}
		}
	}
}

// themed is the screen in every theme, and the desk as it was afterwards.
func (d *desk) themed() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		defer func(before *themes.Theme) { d.setTheme(before); d.dirty = true }(d.theme)
		for _, name := range themes.Names() {
			theme, err := themes.Load(name)
			if err != nil {
				d.Fatal(err)
			}
			d.setTheme(theme)
			d.dirty = true
			if !yield(name, d.View().Content) {
				return
			}
		}
	}
}

func (g *gallery) sum(name, theme string, size [2]int, content string) {
	room, _, _ := strings.Cut(name, "/")
	if g.sums == nil {
		g.sums = map[string]*strings.Builder{}
	}
	if g.sums[room] == nil {
		g.sums[room] = &strings.Builder{}
	}
	fmt.Fprintf(g.sums[room], "%s %s %dx%d %x\n", name, theme, size[0], size[1], sha256.Sum256([]byte(content)))
}

// close compares the sums; there are none when raced.
func (g *gallery) close(t *testing.T) {
	for room, sums := range g.sums {
		uitest.Golden(t, "themes/sums/"+g.of+"/"+room, strings.TrimSuffix(sums.String(), "\n"))
	}
}
