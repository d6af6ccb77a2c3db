package lesson

import (
	"fmt"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/markup"
)

// Measures of a drawing, in pixels.
const (
	timeWidth   = 62  // of the column of times
	clientGap   = 170 // between two clients
	middleGap   = 310 // between the last client and the daemon: as wide as a label
	containerAt = 170 // behind the daemon
	edge        = 80  // on both sides of the outer lanes
	boxHeight   = 26
	rowHeight   = 30
	laneLetters = 21 // in the box of a lane
)

// drawing is an SVG that is put together.
type drawing struct {
	out strings.Builder
	x   []int // of the lanes
	y   int
}

// svg returns the diagram as it stands in a page of HTML, whose style it has.
func (d *diagram) svg(began time.Time) string {
	s := &drawing{}
	for i := range d.lanes {
		s.x = append(s.x, d.at(i))
	}
	rows := len(d.arrows)
	if d.left > 0 {
		rows++
	}
	width, height := d.width(), 2*boxHeight+rowHeight*(rows+1)+10
	fmt.Fprintf(&s.out, `<svg width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="Messages in the order of time">`+"\n", width, height, width, height)
	for _, x := range s.x {
		fmt.Fprintf(&s.out, `<line class="life" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", x, boxHeight, x, height-boxHeight)
	}
	s.boxes(d.lanes, 1)
	s.boxes(d.lanes, height-boxHeight-1)
	s.y = boxHeight + rowHeight
	for i := range d.arrows {
		s.arrow(&d.arrows[i], began)
		s.y += rowHeight
	}
	if d.left > 0 {
		s.note(0, len(d.lanes)-1, d.more())
		s.out.WriteString("\n")
	}
	s.out.WriteString("</svg>\n")
	return s.out.String()
}

// at returns where a lane is.
func (d *diagram) at(lane int) int {
	x := timeWidth + edge
	for i := 1; i <= lane; i++ {
		x += d.gap(i)
	}
	return x
}

func (d *diagram) width() int { return d.at(len(d.lanes)-1) + edge }

// size says how wide the diagram is: with two lanes, with three, with more.
func (d *diagram) size() markup.Width {
	switch n := d.width(); {
	case n <= timeWidth+2*edge+middleGap:
		return markup.Narrow
	case n <= timeWidth+2*edge+middleGap+clientGap:
		return markup.Middling
	}
	return markup.Wide
}

// gap returns how far a lane is from the one before it.
func (d *diagram) gap(lane int) int {
	switch {
	case lane == d.server:
		return middleGap
	case lane > d.server:
		return containerAt
	}
	return clientGap
}

// boxes draws the names of the lanes at a height.
func (s *drawing) boxes(lanes []string, y int) {
	for i, lane := range lanes {
		x := s.x[i]
		fmt.Fprintf(&s.out, `<rect class="lane" x="%d" y="%d" width="%d" height="%d" rx="5"/>`, x-edge+2, y, 2*edge-4, boxHeight-2)
		fmt.Fprintf(&s.out, `<text class="name" x="%d" y="%d">%s</text>`+"\n", x, y+17, markup.EscapeHTML(cutText(lane, laneLetters)))
	}
}

// arrow draws a message, with the time when it came.
func (s *drawing) arrow(a *arrow, began time.Time) {
	fmt.Fprintf(&s.out, `<text class="time" x="%d" y="%d">%s</text>`, timeWidth-8, s.y+4, since(a.at, began))
	if a.kind == note {
		fmt.Fprintf(&s.out, `<a href="#step-%d">`, a.step)
		s.note(a.from, a.to, a.text())
		s.out.WriteString("</a>\n")
		return
	}
	from, to := s.x[a.from], s.x[a.to]
	tip := 7
	if to < from {
		tip = -tip
	}
	class := [...]string{asks: "asks", answers: "answers"}[a.kind]
	if a.wrong {
		class = "wrong"
	}
	fmt.Fprintf(&s.out, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/><path class="tip" d="M%d %dl%d -4v8z"/>`, class, from, s.y, to-tip, s.y, to, s.y, -tip)
	fmt.Fprintf(&s.out, `<a href="#step-%d"><text class="label" x="%d" y="%d">%s</text></a>`+"\n", a.step, (from+to)/2, s.y-6, markup.EscapeHTML(a.text()))
}

// note draws a note over lanes.
func (s *drawing) note(from, to int, text string) {
	a, b := s.x[from], s.x[to]
	fmt.Fprintf(&s.out, `<rect class="note" x="%d" y="%d" width="%d" height="20" rx="3"/><text class="label" x="%d" y="%d">%s</text>`,
		a+12, s.y-14, b-a-24, (a+b)/2, s.y, markup.EscapeHTML(text))
}
