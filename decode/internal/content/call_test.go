package content

import (
	"testing"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// TestTypeOfEmpty: an empty message says nothing of itself, and is as the one before.
func TestTypeOfEmpty(t *testing.T) {
	m := MethodOf(protobuf.Embedded(), "/moby.filesync.v1.FileSend/DiffCopy")
	c := Call{Schema: protobuf.Embedded(), Method: m}
	for i, s := range []struct{ msg, want string }{
		{"", "moby.filesync.v1.BytesMessage"}, {"\x08\x03", "fsutil.types.Packet"}, {"", "fsutil.types.Packet"}, {"\x0a\x01x", "moby.filesync.v1.BytesMessage"},
		{"", "moby.filesync.v1.BytesMessage"},
	} {
		if got := c.typeOf([]byte(s.msg)).Name(); got != s.want {
			t.Errorf("message %d: %s, want %s", i+1, got, s.want)
		}
	}
}

// nester looks for what begins with one text in the direction of a client, and with
// another in that of a server.
type nester struct {
	Nester
	texts [2]string
}

func (n nester) Looks(dir wire.Dir, b []byte) Looks {
	if string(b) == n.texts[dir] {
		return Sure
	}
	return No
}

// TestGlimpse: what messages carry is told by its beginning, whichever side sends it.
func TestGlimpse(t *testing.T) {
	const settings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	n := nester{texts: [2]string{wire.HTTP2Preface, settings}}
	for _, c := range []struct {
		name    string
		pieces  []string
		bad     bool
		whole   int
		dir     wire.Dir
		want    Looks
		swapped bool
	}{
		{"nothing", nil, false, 0, wire.ToServer, TooFew, false},
		{"nothing in a message", nil, false, 1, wire.ToServer, No, false},
		{"no message", nil, true, 0, wire.ToServer, No, false},
		{"a client", []string{wire.HTTP2Preface}, false, 0, wire.ToServer, Sure, false},
		{"a client that goes on", []string{wire.HTTP2Preface + "xyz", "z"}, false, 0, wire.ToServer, Sure, false},
		{"a client in pieces", []string{"PRI", wire.HTTP2Preface[3:]}, false, 2, wire.ToServer, Sure, false},
		{"a client the other way", []string{wire.HTTP2Preface}, false, 0, wire.ToClient, Sure, true},
		{"a client, and bad behind", []string{wire.HTTP2Preface}, true, 0, wire.ToServer, Sure, false},
		{"a server", []string{settings}, false, 0, wire.ToClient, Sure, false},
		{"a server the other way", []string{settings}, false, 0, wire.ToServer, Sure, true},
		{"half a client", []string{"PRI"}, false, 0, wire.ToServer, TooFew, false},
		{"half a client, and bad behind", []string{"PRI"}, true, 0, wire.ToServer, No, false},
		{"half a server", []string{settings[:8]}, false, 0, wire.ToClient, TooFew, false},
		{"no server", []string{settings[:8] + "x"}, false, 0, wire.ToClient, No, false},
		{"neither", []string{"\x01"}, false, 0, wire.ToClient, No, false},
	} {
		g := &glimpse{letter: new(foundEnvelopes), bad: c.bad}
		g.letter.whole = c.whole
		for _, p := range c.pieces {
			g.chunk(window.Place{}, []byte(p))
		}
		if got, swapped := g.looks(n, c.dir); got != c.want || swapped != c.swapped {
			t.Errorf("%s: %v, %t; want %v, %t", c.name, got, swapped, c.want, c.swapped)
		}
	}
}
