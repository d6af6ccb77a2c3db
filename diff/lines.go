package diff

import (
	"github.com/socktrace/socktrace/compare"

	"github.com/socktrace/socktrace/internal/shortid"
)

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

// Bounds of the work for the best alignment of two texts, or of documents: how many pairs of lines
// are looked at, and how many bytes of them.
const (
	maxUnlike      = 1 << 18
	maxUnlikeBytes = 1 << 28
)

// unlike returns the lines that only one of two texts has, and some around them; none if they are
// the same. alike says whether two lines mean the same, which they mostly do if they have the same
// shape, and always if they are equal. What it learns of ids is kept for lines that are paired.
func unlike(ids *compare.Session, a, b []string, alike func(a, b string) bool) []Line {
	most := min(maxUnlike, maxUnlikeBytes/(1+mean(a)+mean(b)))
	same := compare.AlignKeys(shapes(a, ids.ShapeA), shapes(b, ids.ShapeB), most, func(i, j int) bool {
		mark := ids.Mark()
		defer ids.Undo(mark)
		return alike(a[i], b[j])
	})
	var all []Line
	i, j, differ := 0, 0, false
	upTo := func(endA, endB int) {
		differ = differ || i < endA || j < endB
		for ; i < endA; i++ {
			all = append(all, Line{'-', a[i]})
		}
		for ; j < endB; j++ {
			all = append(all, Line{'+', b[j]})
		}
	}
	for _, p := range same {
		upTo(p.A, p.B)
		if !alike(a[i], b[j]) { // with what was learned from those before
			upTo(p.A+1, p.B+1)
			continue
		}
		all = append(all, Line{' ', b[j]})
		i, j = i+1, j+1
	}
	upTo(len(a), len(b))
	if !differ {
		return nil
	}
	return legible(shortened(all))
}

// mean returns how long lines are, in bytes.
func mean(lines []string) int {
	sum := 0
	for _, l := range lines {
		sum += len(l)
	}
	return sum / max(1, len(lines))
}

// shapes returns the shapes of lines.
func shapes(lines []string, shape func(string) string) []string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = shape(l)
	}
	return all
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

// maxLine is how much of a line is told, in bytes.
const maxLine = 240

// legible has long lines say what is around where they begin to differ from those in their place,
// and ids in short where that still tells them apart.
func legible(all []Line) []Line {
	for i := 0; i < len(all); {
		plus := signed(all, i, '-')
		end := signed(all, plus, '+')
		for k := range max(plus-i, end-plus) {
			switch {
			case k >= plus-i:
				all[plus+k].Text = excerpt(shortid.CutString(all[plus+k].Text, ""), 0, maxLine)
			case k >= end-plus:
				all[i+k].Text = excerpt(shortid.CutString(all[i+k].Text, ""), 0, maxLine)
			default:
				all[i+k].Text, all[plus+k].Text = legibles(all[i+k].Text, all[plus+k].Text, maxLine)
			}
		}
		if end == i { // a line of both
			all[i].Text = excerpt(shortid.CutString(all[i].Text, ""), 0, maxLine)
			end++
		}
		i = end
	}
	return all
}

// signed returns where lines of a sign, which begin at i, end.
func signed(all []Line, i int, sign rune) int {
	for i < len(all) && all[i].Sign == sign {
		i++
	}
	return i
}
