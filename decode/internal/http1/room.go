package http1

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
)

// What is kept of a head for which there is no memory: the beginning of its
// target or reason phrase, and lines that are not longer than this.
const (
	maxShort = 1 << 10
	maxLines = 16
)

// headRoom returns what a head needs: its start line, and lines of fields.
func headRoom(line, lines string) int {
	return len(line) + len(lines) + body.FieldRoom*strings.Count(lines, "\n")
}

// headKept is what there is memory for of a head.
type headKept struct {
	lines string // its field lines
	room  int    // charged
	short bool   // only those that decide how its message is decoded
}

// fit charges what a head needs, and base besides. If there is not as much, only
// what decides is kept; must says that this is, whatever else is held. It returns
// false if nothing is.
func (d *Decoder) fit(s *side, base int, line, lines string, must bool) (headKept, bool) {
	k := headKept{lines: lines, room: base + headRoom(line, lines), short: s.w.Gone() > 0}
	if d.env.Account.Charge(k.room) {
		return k, true
	}
	k = headKept{lines: decisive(lines)}
	k.short = s.w.Gone() > 0 || len(k.lines)+min(len(line), maxShort) < len(lines)+len(line)
	k.room = base + headRoom(line[:min(len(line), maxShort)], k.lines)
	if d.env.Account.Need(k.room) {
		return k, true
	}
	if must {
		d.env.Account.Force(k.room)
	}
	return k, must
}

// deciding are the fields that say how a message and its body are to be read, in
// lower case.
var deciding = []string{
	"connection", "content-encoding", "content-length", "content-type", "expect", "host", "sec-websocket-extensions",
	"sec-websocket-protocol", "transfer-encoding", "upgrade",
}

// decisive returns a copy of the field lines that decide how a message is read.
func decisive(lines string) string {
	var kept strings.Builder
	for n := 0; lines != "" && n < maxLines; {
		line, rest, _ := nextLine(lines)
		if line == "" || decides(line) {
			kept.WriteString(line + "\r\n")
			n++
		}
		lines = rest
	}
	return kept.String()
}

// decides says whether a field line decides how a message is read.
func decides(line string) bool {
	if len(line) > maxShort {
		return false
	}
	name, _, _ := strings.Cut(line, ":")
	return slices.Contains(deciding, strings.ToLower(trimOWS(name)))
}

// shorten returns the beginning of what a start line says, in memory of its own.
func (k *headKept) shorten(s string) string {
	if !k.short {
		return s
	}
	return strings.Clone(s[:min(len(s), maxShort)])
}

// shortened reports that most of a head of size bytes is left out, if it is.
func (d *Decoder) shortened(s *side, x *exchange, k headKept, size int) {
	if k.short {
		d.tellSpent(s, x, max(size-len(k.lines), 0), "a head")
	}
}

// tellSpent reports that n bytes of a message of x are left out.
func (d *Decoder) tellSpent(s *side, x *exchange, n int, of string) {
	d.env.Account.Missed(n)
	d.wrong(s, x, anomaly.Spent, fmt.Sprintf("%d bytes of %s", n, of))
}
