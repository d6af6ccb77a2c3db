package lesson

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// drawn returns the diagram of steps.
func drawn(steps []*step, clients *clients) *diagram {
	server := len(clients.lanes)
	d := &diagram{lanes: append(slices.Clone(clients.lanes), "daemon"), server: server}
	var all []arrow
	container := false
	for _, s := range steps {
		for _, a := range arrowsOf(s, clients.lane(s.x), server) {
			container = container || a.from > server || a.to > server
			a.step = s.number
			all = append(all, a)
		}
	}
	if container {
		d.lanes = append(d.lanes, "container")
	}
	for i := range all {
		all[i].order = i
	}
	slices.SortFunc(all, func(a, b arrow) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.order, b.order)) })
	for i := range all {
		a := &all[i]
		a.label = cutText(a.label, maxLabel)
		if a.request || i == 0 || all[i-1].step != a.step { // else it is of the step above it
			a.label = strconv.Itoa(a.step) + ". " + a.label
		}
	}
	d.fold(all)
	return d
}

// fold adds arrows, with those that say the same as the one before as one.
func (d *diagram) fold(all []arrow) {
	for i := 0; i < len(all); {
		size, times := run(all[i:])
		if len(d.arrows)+size > maxArrows {
			d.left = len(all) - i
			return
		}
		for _, a := range all[i : i+size] {
			a.times = times
			d.arrows = append(d.arrows, a)
		}
		d.folded += size * (times - 1)
		i += size * times
	}
}

// maxRun is how many arrows in a row are looked for again behind them.
const maxRun = 4

// run returns how many arrows repeat from the beginning of all, and how often.
func run(all []arrow) (size, times int) {
	for size = 1; size <= maxRun && 2*size <= len(all); size++ {
		times = 1
		for (times+1)*size <= len(all) && alike(all[:size], all[times*size:]) {
			times++
		}
		if times >= leastRun {
			return size, times
		}
	}
	return 1, 1
}

// leastRun is how often arrows have to come to be folded.
const leastRun = 3

// alike reports whether b begins with arrows that say the same as those of a.
func alike(a, b []arrow) bool {
	for i := range a {
		if a[i].from != b[i].from || a[i].to != b[i].to || a[i].kind != b[i].kind || a[i].wrong != b[i].wrong || unnumbered(a[i]) != unnumbered(b[i]) {
			return false
		}
	}
	return true
}

// unnumbered returns the label of an arrow without the number of its step.
func unnumbered(a arrow) string { return strings.TrimPrefix(a.label, strconv.Itoa(a.step)+". ") }
