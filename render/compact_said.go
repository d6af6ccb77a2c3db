package render

import (
	"strings"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// said shows the gist of what there is to say of an exchange, below its line: what a failure means,
// or else why it was asked for. The line has the words of the daemon, which docker prints.
func (r *row) said(x *wire.Exchange) {
	if x.Said == nil {
		return
	}
	r.saying()
	m := x.Said.Answer
	if (m == nil || ofExit(m)) && r.gists.shows(x.Said) {
		r.inShort(x.Said.Brief)
	}
	if m == nil {
		return
	}
	means := m.Status
	if m.Raises != "" {
		means += ", " + m.Raises
	}
	means += ": " + m.Means
	if m.Try != "" {
		means += " Try: " + m.Try
	}
	r.inShort(means)
}

// inShort adds what should be one line, if the terminal is wide enough.
func (r *row) inShort(text string) { r.sentencesIn(text, r.room(longestLine)) }

// ofExit reports whether the answer is well, and tells of a process that is not.
func ofExit(m *wire.Meaning) bool { return strings.HasPrefix(m.Status, "exit ") }

// story shows what the connections of a client were for.
func (r *row) story(s *wire.Story) {
	r.saying()
	r.inShort(explain.Tell(s))
}

// saying begins lines that are about the one before.
func (r *row) saying() {
	r.prefix = appendSpaces(r.prefix[:0], clockColumns+2)
	r.prefix = append(r.colors.append(r.prefix, roleNote, string(saidMark)), ' ')
	r.before = columns(r.prefix)
}
