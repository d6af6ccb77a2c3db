package decode_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

const (
	sessionPath = "/moby.buildkit.v1.Control/Session"
	// settingsFrame is what either side of HTTP/2 sends first, behind the preface.
	settingsFrame = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
)

// letter returns a message of gRPC that carries s.
func letter(s string) string {
	msg := string(binary.AppendUvarint([]byte{'\n'}, uint64(len(s)))) + s
	return string(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(msg)))) + msg
}

// call has both sides begin a call of gRPC.
func (t *talk) call(stream uint32, path string) {
	t.client().head(stream, false, ":method: POST", ":scheme: http", ":path: "+path, "content-type: application/grpc").send()
	t.server().head(stream, false, answer("200", "content-type: application/grpc")...).send()
}

// opened plays what k has said, and returns how many connections are inside, and how
// many messages were told.
func opened(k *talk) (conns, messages int) {
	conn := k.conn.Wire(1, t0)
	d := decode.New(conn, all(), func(ev wire.Event) {
		switch m := ev.(type) {
		case *wire.Open:
			conns++
		case *wire.Message:
			if m.Kind == wire.KindGRPC {
				messages++
			}
		}
	})
	k.conn.Play(conn, d)
	return conns - 1, messages
}

// TestDeepMessages has sessions in sessions: very many are messages again.
func TestDeepMessages(t *testing.T) {
	const sessions, most = 12, 8
	var up, down string // of what is inside
	for range sessions {
		k := newTalk(true)
		k.call(1, sessionPath)
		if up != "" {
			k.client().data(1, false, letter(down)).send()
			k.server().data(1, false, letter(up)).send()
		}
		up, down = "", ""
		for _, ch := range k.conn.Chunks {
			if ch.Dir == wire.ToServer {
				up += string(ch.Data)
			} else {
				down += string(ch.Data)
			}
		}
	}
	k := newTalk(false)
	k.client().out.WriteString(up)
	k.client().send()
	k.server().out.WriteString(down)
	k.server().send()
	if conns, messages := opened(k); conns != most || messages != 2 {
		t.Errorf("%d connections, %d messages", conns, messages)
	}
}

// TestManyInside has many calls of a connection carry others at once: some are
// messages, and what comes when one has ended is a connection again.
func TestManyInside(t *testing.T) {
	const calls, most = 300, 256
	k := newTalk(true)
	for i := range calls + 1 {
		stream := uint32(2*i + 1)
		k.call(stream, sessionPath)
		if i == calls {
			for _, p := range k.peers { // of the first one
				p.data(1, true, "").send()
			}
		}
		k.server().data(stream, false, letter(wire.HTTP2Preface+settingsFrame)).send()
	}
	if conns, messages := opened(k); conns != most+1 || messages != calls-most {
		t.Errorf("%d connections, %d messages", conns, messages)
	}
}

// TestHeldMessages looks at what waits until it is known what messages carry, and for
// how long it does.
func TestHeldMessages(t *testing.T) {
	const preface, room = wire.HTTP2Preface, 1 << 20
	for _, c := range []struct {
		name, path string
		budget     int64
		say        string
		conns      int
		messages   int
	}{
		{"half of a preface", "/x.Y/Dial", room, letter(preface[:20]), 0, 0},
		{"the rest", "/x.Y/Dial", room, letter(preface[:20]) + letter(preface[20:]), 1, 0},
		{"another rest", "/x.Y/Dial", room, letter(preface[:20]) + letter("else"), 0, 2},
		{"all in one, and more", "/x.Y/Dial", room, letter(preface + strings.Repeat(settingsFrame, 3)), 1, 0},
		{"half of settings", "/x.Y/Dial", room, letter(settingsFrame[:8]), 0, 0},
		{"settings", "/x.Y/Dial", room, letter(settingsFrame), 1, 0},
		{"no memory", "/x.Y/Dial", 4 << 10, letter(preface[:20]) + strings.Repeat(letter(""), 1000), 0, 1001},
		{"too much that says nothing", "/x.Y/Dial", room, letter(preface[:20]) + strings.Repeat(letter(""), 64<<10/7), 0, 64<<10/7 + 1},
		{"as much in a session", sessionPath, room, letter(preface[:20]) + strings.Repeat(letter(""), 64<<10/7), 1, 0},
		{"types that are known", "/moby.buildkit.v1.Control/Solve", room, letter(preface), 0, 1},
		{"bytes only one way", "/moby.buildkit.v1.frontend.LLBBridge/Ping", room, letter(preface), 0, 1},
	} {
		k := newTalk(true)
		k.call(1, c.path)
		for len(c.say) > 0 {
			n := min(len(c.say), 16<<10)
			k.client().data(1, false, c.say[:n]).send()
			c.say = c.say[n:]
		}
		o := all()
		o.Budget = decode.NewBudget(c.budget)
		conns, messages := -1, 0
		conn := k.conn.Wire(1, t0)
		d := decode.New(conn, o, func(ev wire.Event) {
			switch m := ev.(type) {
			case *wire.Open:
				conns++
			case *wire.Message:
				if m.Kind == wire.KindGRPC {
					messages++
				}
			}
		})
		for _, ch := range k.conn.Chunks {
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: ch.Dir, Data: ch.Data})
		}
		if got := fmt.Sprint(conns, messages); got != fmt.Sprint(c.conns, c.messages) {
			t.Errorf("%s: connections and messages %s, want %d %d", c.name, got, c.conns, c.messages)
		}
		d.End(t0, nil)
		if left := decode.Left(o.Budget); left != c.budget {
			t.Errorf("%s: %d bytes are not given back", c.name, c.budget-left)
		}
	}
}
