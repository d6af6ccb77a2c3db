package lesson

import (
	"time"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is kept of an exchange.
const (
	maxMessages     = 200      // in each direction
	maxMessageBytes = 64 << 10 // of one message
	maxStepBytes    = 128 << 10
	maxInside       = 64 // names of calls inside of it
)

// step is an exchange, as far as it is kept.
type step struct {
	x      *wire.Exchange
	said   []message
	bytes  int                    // of said
	left   [2]map[wire.Kind]int64 // messages that were not kept, by direction
	inside []inside               // calls that its stream carries
	others int64                  // calls inside that inside has no name for
	number int                    // from 1, in the order of time
	by     explain.Client         // who asks
}

// message is a unit of a body or a stream.
type message struct {
	dir       wire.Dir
	kind      wire.Kind
	index     int
	of        string // the type of a message of gRPC
	text      []byte
	size      int64
	truncated bool
	opcode    byte
	at        time.Time
}

// inside counts calls of one name that a stream carries.
type inside struct {
	name          string
	count, failed int64
}

// add keeps a message, if there is room, and returns how many bytes that takes.
func (s *step) add(ev *wire.Message, room int) int {
	if m := s.goesOn(ev); m != nil {
		return s.extend(m, ev, room)
	}
	count := 0
	for i := range s.said {
		if s.said[i].dir == ev.Dir {
			count++
		}
	}
	room = min(room-perMessage, maxStepBytes-s.bytes, maxMessageBytes)
	if count >= maxMessages || room <= 0 {
		if s.left[ev.Dir] == nil {
			s.left[ev.Dir] = make(map[wire.Kind]int64)
		}
		s.left[ev.Dir][ev.Kind]++
		return 0
	}
	m := message{dir: ev.Dir, kind: ev.Kind, index: ev.Index, of: ev.Type, size: ev.Size, truncated: ev.Truncated, opcode: ev.Opcode, at: ev.End}
	s.said = append(s.said, m)
	took := s.fill(&s.said[len(s.said)-1], ev.Data, room)
	return took + perMessage
}

// without counts the messages of kinds that were not kept.
func (s *step) without(dir wire.Dir, are func(wire.Kind) bool) (n int64) {
	for kind, left := range s.left[dir] {
		if are(kind) {
			n += left
		}
	}
	return n
}

// perMessage is what a message takes beside its text, in bytes.
const perMessage = 128

// fill appends data to the text of a message, as far as there is room.
func (s *step) fill(m *message, data []byte, room int) int {
	n := min(len(data), max(room, 0))
	m.truncated = m.truncated || n < len(data)
	m.text = append(m.text, data[:n]...)
	s.bytes += n
	return n
}

// pieceGap is how far apart pieces of a stream come that are read as one.
const pieceGap = 50 * time.Millisecond

// goesOn returns the message that ev is the next piece of; nil if there is none. Kinds
// without borders go on as they came.
func (s *step) goesOn(ev *wire.Message) *message {
	if len(s.said) == 0 {
		return nil
	}
	m := &s.said[len(s.said)-1]
	same := m.dir == ev.Dir && m.kind == ev.Kind && !m.truncated
	if same && ev.Kind.Framed() && ev.Index == m.index && ev.Kind != wire.KindGRPC && ev.Kind != wire.KindJSON {
		return m
	}
	if same && !ev.Kind.Framed() && ev.End.Sub(m.at) < pieceGap {
		return m
	}
	return nil
}

// toldOtherwise reports whether the message behind the i-th says the same in other words: a
// document with BuildKit's progress in base64.
func (s *step) toldOtherwise(i int) bool {
	return i+1 < len(s.said) && s.said[i].kind == wire.KindJSON && s.said[i+1].kind == wire.KindGRPC &&
		s.said[i].dir == s.said[i+1].dir && s.said[i].index == s.said[i+1].index
}

// extend adds the next piece of a message.
func (s *step) extend(m *message, ev *wire.Message, room int) int {
	m.size += ev.Size
	room = min(room, maxStepBytes-s.bytes, maxMessageBytes-len(m.text))
	return s.fill(m, ev.Data, room)
}

// carries counts a call inside.
func (s *step) carries(name string, failed bool) {
	i := 0
	for i < len(s.inside) && s.inside[i].name != name {
		i++
	}
	switch {
	case i < len(s.inside):
	case i < maxInside:
		s.inside = append(s.inside, inside{name: name})
	default:
		s.others++
		return
	}
	s.inside[i].count++
	if failed {
		s.inside[i].failed++
	}
}

// operation returns what is asked for, as traces name it; empty if it is not known.
func (s *step) operation() string {
	if s.x == nil || s.x.Request == nil {
		return ""
	}
	return s.x.Request.Call.Operation
}

// status returns the status of the answer; 0 if there was none.
func (s *step) status() int {
	if s.x == nil || s.x.Response == nil {
		return 0
	}
	return s.x.Response.Status
}
