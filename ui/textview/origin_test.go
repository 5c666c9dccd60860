package textview

import (
	"strings"
	"testing"
)

// Where a search began may be gone when the terminal has become wider since.
func TestASearchGoesBackToWhatIsLeftOfItsBeginning(t *testing.T) {
	v := &View{}
	v.Set(kit(t), []Line{Plain(strings.Repeat("word ", 200))})
	v.Draw(kit(t), 20, 5)
	v.Scroll(30)
	v.Find("wo")
	v.Draw(kit(t), 2000, 5)
	v.Find("nothing like it")
	if rows := v.Draw(kit(t), 2000, 5); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
}
