package diff

import "github.com/socktrace/socktrace/compare"

// A Line is one of a text of which two sessions differ.
type Line struct {
	Sign rune // '-' if only A has it, '+' if only B has it, ' ' if both do, '…' where some were left out
	Text string
}

// Bounds of the lines that are told of a text, and how many are told around them.
const (
	maxLines    = 200
	aroundLines = 1
)

// unlike returns the lines that only one of two texts has, and some around them; none if they are
// the same. What alike learns of ids is kept for lines that are paired.
func unlike(ids *compare.Session, a, b []string, alike func(a, b string) bool) []Line {
	same := compare.Align(len(a), len(b), func(i, j int) bool {
		mark := ids.Mark()
		defer ids.Undo(mark)
		return alike(a[i], b[j])
	})
	if len(same) == len(a) && len(same) == len(b) {
		for i := range a {
			alike(a[i], b[i])
		}
		return nil
	}
	var all []Line
	i, j := 0, 0
	for _, p := range append(same, compare.Pair{A: len(a), B: len(b)}) {
		for ; i < p.A; i++ {
			all = append(all, Line{'-', a[i]})
		}
		for ; j < p.B; j++ {
			all = append(all, Line{'+', b[j]})
		}
		if p.A < len(a) {
			alike(a[i], b[j])
			all = append(all, Line{' ', b[j]})
			i, j = i+1, j+1
		}
	}
	return shortened(all)
}

// shortened leaves out lines that both have, but those around others.
func shortened(all []Line) (short []Line) {
	near := func(at int) bool {
		for i := max(0, at-aroundLines); i <= min(at+aroundLines, len(all)-1); i++ {
			if all[i].Sign != ' ' {
				return true
			}
		}
		return false
	}
	for i, l := range all {
		switch {
		case len(short) == maxLines:
			return append(short, Line{'…', ""})
		case near(i):
			short = append(short, l)
		case len(short) == 0 || short[len(short)-1].Sign != '…':
			short = append(short, Line{'…', ""})
		}
	}
	return short
}
