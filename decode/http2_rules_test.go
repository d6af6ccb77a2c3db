package decode_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/http2"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// eof ends the direction.
func (p *h2peer) eof() *h2peer {
	p.send()
	p.talk.conn.Chunks = append(p.talk.conn.Chunks, transcript.Chunk{At: p.talk.at, Dir: p.dir, EOF: true})
	return p
}

// reset ends a stream before its time.
func (p *h2peer) reset(stream uint32, code http2.ErrCode) *h2peer {
	wrote(p.WriteRSTStream(stream, code))
	return p.send()
}

// lose sends what was written, but for n bytes of it from at on, which are lost.
func (p *h2peer) lose(at, n int) *h2peer {
	b := bytes.Clone(p.out.Bytes())
	p.out.Truncate(at)
	p.send()
	p.talk.conn.Chunks = append(p.talk.conn.Chunks, transcript.Chunk{At: p.talk.at, Dir: p.dir, Lost: n, Data: b[at+n:]})
	return p
}

// spoken tells what is told of a connection, but for the fields of heads.
func spoken(k *talk) string { return spokenWith(k, all()) }

func spokenWith(k *talk, o decode.Options) string {
	k.client().send()
	k.server().send()
	var told []string
	conn := k.conn.Wire(1, t0)
	k.conn.Play(conn, decode.New(conn, o, tracetest.Booked(func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			told = append(told, "ask "+ev.Target)
		case *wire.Response:
			told = append(told, fmt.Sprint("answer ", ev.Status))
		case *wire.Message:
			if ev.Kind == wire.KindRaw {
				told = append(told, fmt.Sprintf("raw %d", ev.Size))
			}
		case *wire.Body:
			text := fmt.Sprintf("body %d %.200q", ev.Dir, ev.Data)
			for _, f := range ev.Trailer {
				text += " " + f.Name + "=" + f.Value
			}
			told = append(told, text)
		case *wire.Anomaly:
			told = append(told, ev.Code+" ("+ev.Detail+")")
		case *wire.Exchange:
			end := "end " + ev.State.String()
			if ev.Reset != nil {
				end += fmt.Sprintf(" reset %d:%d", ev.Reset.Dir, ev.Reset.Code)
			}
			if ev.Outcome.Left {
				end += " left"
			}
			told = append(told, end)
		}
	})))
	return strings.Join(told, ", ")
}

// TestHTTP2Rules has streams that end in every way, and frames where they may not stand.
func TestHTTP2Rules(t *testing.T) {
	for _, c := range []struct {
		name string
		talk func(c, s *h2peer)
		want string
	}{
		{"the client cancels", func(c, s *h2peer) { c.head(1, true, get("/")...).reset(1, 8) }, `end aborted reset 0:8 left`},
		{"the client needs no more", func(c, s *h2peer) { c.head(1, true, get("/")...).reset(1, 0) }, `end aborted reset 0:0 left`},
		{"the client fails", func(c, s *h2peer) { c.head(1, true, get("/")...).reset(1, 2) }, `end aborted reset 0:2`},
		{"the server cancels", func(c, s *h2peer) { c.head(1, true, get("/")...).send(); s.reset(1, 8) }, `end aborted reset 1:8`},
		{"the server needs no request", func(c, s *h2peer) { c.head(1, false, get("/")...).send(); s.reset(1, 0) }, `end aborted reset 1:0`},
		{"the server has answered", func(c, s *h2peer) {
			c.head(1, false, get("/")...).send()
			s.head(1, true, answer("200")...).reset(1, 0)
		}, `answer 200, end done reset 1:0`},
		{"it has answered, and cancels", func(c, s *h2peer) {
			c.head(1, false, get("/")...).send()
			s.head(1, true, answer("200")...).reset(1, 8)
		}, `answer 200, end aborted reset 1:8`},
		{"it has answered, and fails", func(c, s *h2peer) {
			c.head(1, false, get("/")...).send()
			s.head(1, true, answer("200")...).reset(1, 2)
		}, `answer 200, end aborted reset 1:2`},
		{"the client has the answer", func(c, s *h2peer) {
			c.head(1, false, get("/")...).send()
			s.head(1, true, answer("200")...).send()
			c.reset(1, 8)
		}, `answer 200, end done reset 0:8`},
		{"the client fails behind the answer", func(c, s *h2peer) {
			c.head(1, false, get("/")...).send()
			s.head(1, true, answer("200")...).send()
			c.reset(1, 2)
		}, `answer 200, end aborted reset 0:2`},
		{"of a stream that is not there", func(c, s *h2peer) { c.reset(1, 8).reset(2, 8); s.reset(3, 8) }, `bad-http2 (RST_STREAM of stream 1 (4 bytes) of a stream that was not opened), bad-http2 (RST_STREAM of stream 3 (4 bytes) of a stream that was not opened)`},
		{"of a stream that has ended", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, true, answer("200")...).reset(1, 0)
		}, `answer 200, end done`},
		{"the server ends within an answer", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).data(1, false, "half").eof()
		}, `answer 200, incomplete (stream 1 has no end), body 1 "half", end aborted`},
		{"the client has seen enough", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).data(1, false, "half").send()
			c.eof()
			s.eof()
		}, `answer 200, body 1 "half", end aborted left`},
		{"the client ends within a request", func(c, s *h2peer) { c.head(1, false, get("/")...).data(1, false, "half").eof(); s.eof() }, `incomplete (stream 1 has no end), body 0 "half", end aborted left`},
		{"the client ends within a head", func(c, s *h2peer) {
			c.head(1, true, get("/")...)
			c.out.Truncate(c.out.Len() - 1)
			c.eof()
		}, `incomplete (the connection ended within a frame), raw 18`},
		{"a head again", func(c, s *h2peer) { c.head(1, false, get("/")...).head(1, false, get("/again")...).data(1, true, "x") }, `bad-http2 (HEADERS of stream 1 (10 bytes) within a message does not end it), malformed-head (pseudo-header fields in trailers), body 0 "x" :method=GET :scheme=http :authority=docker :path=/again, end aborted`},
		{"a head again that ends", func(c, s *h2peer) { c.head(1, false, get("/")...).head(1, true, get("/again")...) }, `malformed-head (pseudo-header fields in trailers), body 0 "" :method=GET :scheme=http :authority=docker :path=/again, end aborted`},
		{"a head within content", func(c, s *h2peer) {
			c.head(1, false, get("/")...).data(1, false, "x").head(1, false, "a: b").data(1, true, "y")
		}, `bad-http2 (HEADERS of stream 1 (5 bytes) within a message does not end it), body 0 "xy" a=b, end aborted`},
		{"an answer again", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).head(1, false, answer("204")...).head(1, true, answer("205")...)
		}, `answer 200, bad-http2 (HEADERS of stream 1 (1 bytes) within a message does not end it), malformed-head (pseudo-header fields in trailers), malformed-head (pseudo-header fields in trailers), body 1 "" :status=205, end done`},
		{"all that is left of a frame is lost", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).send().data(1, false, "seen and not").data(1, true, "more").lose(9+4, 8)
		}, `answer 200, lost (), body 1 "seenmore", end partial`},
		{"some of a frame is lost", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).send().data(1, false, "seen and not").data(1, true, "more").lose(9+4, 4)
		}, `answer 200, lost (), body 1 "seen notmore", end partial`},
		{"content and padding are lost", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).send()
			wrote(s.WriteDataPadded(1, false, []byte("seen and not"), make([]byte, 5)))
			s.data(1, true, "more").lose(9+1+4, 8+5)
		}, `answer 200, lost (), body 1 "seenmore", end partial`},
		{"padding is lost", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).send()
			wrote(s.WriteDataPadded(1, false, []byte("seen"), make([]byte, 5)))
			s.data(1, true, "more").lose(9+1+4, 3)
		}, `answer 200, lost (), body 1 "seenmore", end done`},
		{"some of a head is lost", func(c, s *h2peer) {
			c.head(1, true, get("/", "a: b")...).send()
			c.head(3, true, get("/three", "c: d")...).head(5, true, get("/five", "c: d")...).lose(9+3, 2)
			s.head(5, true, answer("200")...).head(3, true, answer("200")...)
		}, `lost (), ask ?, unknown-fields (from stream 5 on), ask /five, answer 200, end done, answer 200, end partial, end aborted`},
		{"all that is left of a head is lost", func(c, s *h2peer) {
			c.head(1, true, get("/")...).lose(9+2, len(c.out.Bytes())-9-2)
			c.head(3, true, get("/three")...)
		}, `lost (), ask ?, unknown-fields (from stream 3 on), ask /three, end partial, end aborted`},
		{"some of settings is lost, and they have allowed more", func(c, s *h2peer) {
			wrote(s.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 20}))
			s.lose(9+1, 2)
			c.data(2, false, strings.Repeat("x", 20_000))
		}, `lost (), bad-http2 (DATA of stream 2 (20000 bytes) of a stream that was not opened)`},
		{"some of a ping is lost", func(c, s *h2peer) {
			wrote(s.WritePing(false, [8]byte{}))
			s.lose(9+1, 2)
			c.data(2, false, strings.Repeat("x", 20_000))
		}, `lost (), bad-http2 (DATA of stream 2 (20000 bytes) is longer than its receiver accepts), raw 20009`},
		{"nobody knows how much is lost", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).data(1, false, "seen").send()
			s.talk.conn.Chunks = append(s.talk.conn.Chunks, transcript.Chunk{At: s.talk.at, Dir: s.dir, Lost: -1})
			wrote(s.WriteSettingsAck())
			wrote(s.WriteSettingsAck())
			s.data(1, true, "more")
		}, `answer 200, lost (), body 1 "seenmore", end partial`},
		{"before a head more is lost", func(c, s *h2peer) {
			s.out.WriteString("lost")
			s.lose(0, 4)
			wrote(s.WriteSettingsAck())
			wrote(s.WriteSettingsAck())
			s.send()
			c.head(1, true, get("/")...).send()
			s.head(1, true, answer("200")...)
		}, `lost (), ask /, answer 200, end done`},
		{"an answer to a stream that was never opened", func(c, s *h2peer) { s.head(2, true, answer("200")...); c.eof() }, `bad-http2 (HEADERS of stream 2 (1 bytes) of a stream that was not opened)`},
		{"an answer with two faults", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, true, answer("7", "Bad: x")...)
		}, `answer 7, malformed-head (the name Bad), end done`},
		{"one after the other", func(c, s *h2peer) {
			for n := range uint32(3) {
				c.head(2*n+1, false, get("/", fmt.Sprint("n: ", n))...).data(2*n+1, false, "ask").head(2*n+1, true, fmt.Sprint("sent: ", n)).send()
				s.head(2*n+1, false, answer(fmt.Sprint(200+n))...).data(2*n+1, false, fmt.Sprint("told ", n)).head(2*n+1, true, fmt.Sprint("sum: ", n)).send()
			}
		}, `body 0 "ask" sent=0, answer 200, body 1 "told 0" sum=0, end done, ask /, body 0 "ask" sent=1, answer 201, body 1 "told 1" sum=1, end done, ask /, body 0 "ask" sent=2, answer 202, body 1 "told 2" sum=2, end done`},
		{"long frames that carry no head", func(c, s *h2peer) {
			wrote(s.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 20}))
			s.send()
			wrote(c.WriteRawFrame(0xfe, 0, 0, make([]byte, 20_000)))
			c.head(1, true, get("/")...).send()
			s.head(1, true, answer("200")...)
		}, `answer 200, end done`},
		{"settings as many as are looked at", func(c, s *h2peer) { wrote(s.WriteRawFrame(http2.FrameSettings, 0, 0, make([]byte, 16_380))) }, ""},
		{"more settings", func(c, s *h2peer) {
			wrote(c.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 20}))
			c.send()
			wrote(s.WriteRawFrame(http2.FrameSettings, 0, 0, make([]byte, 16_386)))
		}, `head-too-large (SETTINGS of stream 0 (16386 bytes))`},
		{"settings that are wrong, and others behind", func(c, s *h2peer) {
			wrote(s.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1<<14 - 1}, http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 14}, http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1<<14 + 1}))
			s.send()
			wrote(c.WriteRawFrame(0xfe, 0, 0, make([]byte, 1<<14+1)))
		}, `bad-http2 (SETTINGS of stream 0 (18 bytes) has a value that is not allowed)`},
		{"a frame longer than may be", func(c, s *h2peer) { wrote(c.WriteRawFrame(0xfe, 0, 0, make([]byte, 1<<14+1))) }, `bad-http2 (frame of type 254 of stream 0 (16385 bytes) is longer than its receiver accepts), raw 16386, raw 8`},
		{"frames as long as any", func(c, s *h2peer) {
			wrote(s.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1<<24 - 1}, http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 24}))
		}, `bad-http2 (SETTINGS of stream 0 (12 bytes) has a value that is not allowed)`},
		{"goes away with an error, twice", func(c, s *h2peer) {
			wrote(s.WriteGoAway(5, 0, nil))
			wrote(s.WriteGoAway(3, 1, []byte(strings.Repeat("x", 300))))
			wrote(s.WriteGoAway(1, 2, nil))
			wrote(c.WriteGoAway(0, 11, []byte("calm")))
		}, `goaway (ENHANCE_YOUR_CALM; the last stream was 0: "calm"), goaway (PROTOCOL_ERROR; the last stream was 3: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")`},
		{"goes away, and does not answer", func(c, s *h2peer) {
			c.head(1, true, get("/")...).head(3, true, get("/three")...).head(5, true, get("/five")...).send()
			s.head(5, false, answer("200")...)
			wrote(s.WriteGoAway(1, 0, nil))
		}, `ask /three, ask /five, answer 200, incomplete (stream 5 has no end), end aborted, end aborted, not-processed (the last stream was 1), end aborted`},
		{"the next frame is lost too", func(c, s *h2peer) {
			c.head(1, true, get("/")...).send()
			s.head(1, false, answer("200")...).send().data(1, false, "seen and not").data(1, true, "more").lose(9+4, 8+1)
		}, `answer 200, lost (), raw 12, body 1 "seen", end partial`},
	} {
		k := newTalk(true)
		c.talk(k.client(), k.server())
		got := spoken(k)
		if got := strings.TrimPrefix(got, "ask /, "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		lent := all()
		lent.Needs.Keeps = false // their memory is used again
		if again := spokenWith(k, lent); again != got {
			t.Errorf("%s:\nkept %s\nlent %s", c.name, got, again)
		}
	}
}
