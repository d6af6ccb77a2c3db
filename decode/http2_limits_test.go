package decode_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/http2"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// outcome is what a decoder has told of a connection, in numbers.
type outcome struct {
	requests, ends int
	states         map[wire.State]int
	codes          map[string]int
	fields         int   // bytes of the largest head
	detail         int   // and of what is told of faults
	least          int64 // that was left of the budget
}

// withhold plays what k has said within a budget, and looks whether all of it is given
// back.
func withhold(t *testing.T, k *talk, room int64) outcome {
	t.Helper()
	k.client().send()
	k.server().send()
	budget := decode.NewBudget(room)
	out := outcome{states: map[wire.State]int{}, codes: map[string]int{}, least: room}
	conn := k.conn.Wire(1, t0)
	d := decode.New(conn, decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Keeps: true}, Budget: budget}, func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			out.requests++
			out.fields = max(out.fields, len(fieldText(ev.Fields)))
		case *wire.Response:
			out.fields = max(out.fields, len(fieldText(ev.Fields)))
		case *wire.Anomaly:
			out.codes[ev.Code]++
			out.detail = max(out.detail, len(ev.Detail))
		case *wire.End:
			out.ends++
			out.states[ev.State]++
		}
	})
	for _, ch := range k.conn.Chunks {
		for len(ch.Data) > 0 {
			n := min(len(ch.Data), 32<<10)
			d.Chunk(wire.Chunk{Conn: conn, Time: t0.Add(ch.At), Dir: ch.Dir, Data: ch.Data[:n]})
			ch.Data = ch.Data[n:]
			out.least = min(out.least, decode.Left(budget))
			if held := decode.Held(d); held > 2<<20 {
				t.Fatalf("%d bytes are held", held)
			}
		}
	}
	d.End(t0, nil)
	if left := decode.Left(budget); left != room {
		t.Errorf("%d bytes are not given back", room-left)
	}
	if out.codes["decoder-panic"] > 0 {
		t.Error("the decoder has failed")
	}
	return out
}

func fieldText(fields []wire.Field) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Name + f.Value)
	}
	return b.String()
}

// TestHTTP2Bomb has heads that become far larger than they are.
func TestHTTP2Bomb(t *testing.T) {
	k := newTalk(true)
	c := k.client()
	c.head(1, true, get("/", "x-bomb: "+strings.Repeat("b", 3000))...)
	block := c.encode(get("/two")...)
	wrote(c.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, EndStream: true, BlockFragment: block}))
	for range 50 {
		wrote(c.WriteContinuation(3, false, bytes.Repeat([]byte{0xbf}, 16000))) // /two is 62
	}
	wrote(c.WriteContinuation(3, true, nil))
	c.head(5, true, get("/three", "x: y")...)
	out := withhold(t, k, 64<<20)
	if out.requests != 3 || out.codes["head-too-large"] != 1 || len(out.codes) != 1 || out.fields > 1<<20 || out.fields < 900_000 {
		t.Errorf("%d requests, anomalies %v, a head of %d bytes", out.requests, out.codes, out.fields)
	}
}

// TestHTTP2LongFault has malformed fields that are very long: their beginning is told.
func TestHTTP2LongFault(t *testing.T) {
	k := newTalk(true)
	k.client().head(1, true, get("/", strings.Repeat("X", 9000)+": y")...)
	if out := withhold(t, k, 64<<20); out.codes["malformed-head"] != 1 || out.detail != 1<<10+len("…") {
		t.Errorf("anomalies %v, one of %d bytes", out.codes, out.detail)
	}
}

// TestHTTP2EndlessHead has heads in frames without end.
func TestHTTP2EndlessHead(t *testing.T) {
	for _, size := range []int{0, 1000} {
		k := newTalk(true)
		c := k.client()
		wrote(c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: c.encode(get("/")...)}))
		for range 20_000 {
			wrote(c.WriteContinuation(1, false, bytes.Repeat([]byte{0x82}, size)))
		}
		out := withhold(t, k, 64<<20)
		if size == 0 && out.codes["bad-http2"] != 1 || size > 0 && out.codes["head-too-large"] != 1 || out.codes["incomplete"] > 1 || out.least < 60<<20 {
			t.Errorf("frames of %d bytes: anomalies %v, %d bytes are left", size, out.codes, out.least)
		}
		wrote(c.WriteContinuation(1, true, nil))
		c.head(3, true, get("/")...)
		if out = withhold(t, k, 64<<20); out.requests != 2 {
			t.Errorf("frames of %d bytes: %d requests behind them", size, out.requests)
		}
	}
}

// TestHTTP2ManyStreams has very many streams, one after the other, all at once, and ended
// as soon as they begin.
func TestHTTP2ManyStreams(t *testing.T) {
	const many = 100_000
	one, rapid, once := newTalk(true), newTalk(true), newTalk(true)
	for i := range uint32(many) {
		n := 2*i + 1
		one.client().head(n, true, get("/")...)
		one.server().head(n, true, answer("200")...)
		rapid.client().head(n, true, get("/")...)
		wrote(rapid.client().WriteRSTStream(n, http2.ErrCodeCancel))
		once.client().head(n, false, get("/")...)
		if i%100 == 99 {
			one.client().send()
			one.server().send()
		}
	}
	if out := withhold(t, one, 64<<20); out.ends != many || out.states[wire.StateDone] != many || len(out.codes) > 0 || out.least < 63<<20 {
		t.Errorf("one after the other: %v, %v, %d bytes are left", out.states, out.codes, out.least)
	}
	if out := withhold(t, rapid, 64<<20); out.ends != many || out.states[wire.StateAborted] != many || len(out.codes) > 0 || out.least < 63<<20 {
		t.Errorf("reset: %v, %v, %d bytes are left", out.states, out.codes, out.least)
	}
	once.client().data(1, true, "x").data(2*many-1, true, "x").head(2*many+1, true, get("/")...)
	once.server().head(1, true, answer("200")...).head(2*many-1, true, answer("200")...).head(2*many-3, true, answer("200")...)
	if out := withhold(t, once, 64<<20); out.ends != 10_000 || out.codes["too-many-open"] != 2 || out.states[wire.StateDone] != 1 || len(out.codes) > 2 {
		t.Errorf("all at once: %v, %v", out.states, out.codes)
	}
	if out := withhold(t, once, 1<<20); out.ends < 200 || out.ends > 1000 || out.codes["memory-spent"] == 0 || out.least < 0 {
		t.Errorf("without memory: %v, %v", out.states, out.codes)
	}
}

// TestHTTP2Flood breaks each rule ten thousand times: it is told once of a direction.
func TestHTTP2Flood(t *testing.T) {
	k := newTalk(true)
	c := k.client()
	c.head(1, true, get("/")...)
	for range 10_000 {
		c.data(1, false, "x").data(99, false, "x")
		wrote(c.WriteRawFrame(http2.FramePing, 0, 0, []byte("x")))
		wrote(c.WriteRawFrame(http2.FrameData, 0, 0, []byte("x")))
		wrote(c.WriteRawFrame(http2.FrameSettings, 0, 0, []byte{0, 5, 0, 0, 0, 1}))
		wrote(c.WriteGoAway(0, http2.ErrCodeProtocol, nil))
		wrote(c.WriteRSTStream(99, 0))
		c.head(2, true, get("/even")...)
	}
	if out := withhold(t, k, 1<<20); out.codes["bad-http2"] > 7 || out.codes["goaway"] != 1 || len(out.codes) != 2 || out.ends != 1 {
		t.Errorf("%v, %d ends", out.codes, out.ends)
	}
}
