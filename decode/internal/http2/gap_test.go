package http2

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2/hpack"

	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// piece is what one read of a direction sees: bytes, or, if lost is not 0, that some
// were not captured.
type piece struct {
	dir  wire.Dir
	data string
	lost int64
}

func client(frames ...string) piece    { return piece{wire.ToServer, strings.Join(frames, ""), 0} }
func server(frames ...string) piece    { return piece{wire.ToClient, strings.Join(frames, ""), 0} }
func lost(dir wire.Dir, n int64) piece { return piece{dir, "", n} }

// frameOf returns a frame.
func frameOf(typ frameType, flags byte, stream uint32, payload string) string {
	b := append([]byte{0, 0, 0, byte(typ), flags}, 0, 0, 0, 0)
	b[0], b[1], b[2] = byte(len(payload)>>16), byte(len(payload)>>8), byte(len(payload))
	binary.BigEndian.PutUint32(b[5:], stream)
	return string(b) + payload
}

// blockOf returns the block of fields, "name: value", which is in no dynamic table.
func blockOf(fields ...string) string {
	var b bytes.Buffer
	enc := hpack.NewEncoder(&b)
	enc.SetMaxDynamicTableSize(0)
	for _, f := range fields {
		i := 1 + strings.Index(f[1:], ": ")
		if err := enc.WriteField(hpack.HeaderField{Name: f[:i], Value: f[i+2:]}); err != nil {
			panic(err)
		}
	}
	return b.String()[1:] // without the size of the table
}

var (
	ask    = blockOf(":method: GET", ":scheme: http", ":path: /x")
	ok     = blockOf(":status: 200")
	nobody = blockOf(":status: 204")
	greet  = []piece{client(wire.HTTP2Preface, frameOf(settings, 0, 0, "")), server(frameOf(settings, 0, 0, ""))}
	pings  = strings.Repeat(frameOf(ping, 0, 0, "12345678"), 3)
)

// play shows pieces to a decoder, and returns what it tells of requests, answers, faults
// and ends.
func play(l Limits, start Start, pieces ...piece) (told []string) {
	e := &body.Env{Conn: new(wire.Conn), Needs: wire.Needs{Fields: true, Lines: true, Messages: true, Keeps: true}, MaxValue: 1 << 10, Account: budget.NewAccount(nil)}
	e.Tell = func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			told = append(told, ev.Method+" "+ev.Target)
		case *wire.Response:
			told = append(told, fmt.Sprint(ev.Status))
		case *wire.Anomaly:
			if ev.Code != "lost" {
				told = append(told, ev.Code+" "+ev.Detail)
			}
		case *wire.End:
			told = append(told, ev.State.String())
		}
	}
	var windows [2]window.Window
	d := New(e, &windows, l, start)
	drive := func(dir wire.Dir) {
		for d.Step(dir.Other()) || d.Step(dir) {
		}
	}
	for _, p := range pieces {
		if p.lost != 0 {
			d.Lost(p.dir, time.Time{}, p.lost)
		} else {
			windows[p.dir].Push(time.Time{}, []byte(p.data))
		}
		drive(p.dir)
		windows[0].Keep()
		windows[1].Keep()
	}
	for dir := range wire.Dir(2) {
		windows[dir].End()
		drive(dir)
	}
	d.End()
	return told
}

// TestGaps: what was not captured is nobody's fault, and what was is.
func TestGaps(t *testing.T) {
	const up, down = wire.ToServer, wire.ToClient
	more := frameOf(continuation, flagEndHeaders, 1, ask)
	long := frameOf(headers, flagEndHeaders|flagEndStream, 1, ask+strings.Repeat(blockOf("x: "+strings.Repeat("y", 5000)), 6))
	begun := frameOf(headers, flagEndHeaders|flagEndStream, 1, ask)
	answer := frameOf(headers, flagEndHeaders, 1, ok)
	end := frameOf(headers, flagEndHeaders|flagEndStream, 1, blockOf("grpc-status: 0"))
	open := frameOf(headers, flagEndHeaders, 1, ask)
	reset := frameOf(rstStream, 0, 1, "\x00\x00\x00\x08")
	for name, c := range map[string]struct {
		pieces []piece
		want   string
	}{
		"the rest of a block":             {[]piece{lost(up, -1), client(more, pings)}, ""},
		"no block":                        {[]piece{client(more, pings)}, "bad-http2 CONTINUATION of stream 1 (6 bytes) without a field block"},
		"a block long behind a gap":       {[]piece{lost(up, -1), client(pings, more)}, "bad-http2 CONTINUATION of stream 1 (6 bytes) without a field block"},
		"a long frame":                    {[]piece{client(long)}, "bad-http2 HEADERS of stream 1"},
		"and its settings are lost":       {[]piece{lost(down, -1), server(pings), client(long)}, "GET /x; aborted"},
		"and a part of its settings is":   {[]piece{server(frameOf(settings, 0, 0, "123456")[:headerSize]), lost(down, 6), client(long)}, "GET /x; aborted"},
		"a reset of nothing":              {[]piece{server(reset)}, "bad-http2 RST_STREAM of stream 1 (4 bytes) of a stream that was not opened"},
		"a reset, and its head is lost":   {[]piece{client(frameOf(headers, 0, 1, "123")[:headerSize]), lost(up, 3), server(reset)}, ""},
		"a reset before its request":      {[]piece{server(reset), client(begun)}, "GET /x; aborted"},
		"an answer before its request":    {[]piece{server(frameOf(headers, flagEndHeaders|flagEndStream, 1, ok)), client(begun)}, "GET /x; 200; done"},
		"no end":                          {[]piece{client(open)}, "GET /x; incomplete stream 1 has no end; aborted"},
		"and something was lost":          {[]piece{client(open), lost(up, -1), client(pings)}, "GET /x; partial"},
		"and an answer was":               {[]piece{client(open), lost(down, -1), server(pings)}, "GET /x; partial"},
		"a loss before it began":          {[]piece{lost(up, -1), client(pings, open)}, "GET /x; incomplete stream 1 has no end; aborted"},
		"trailers":                        {[]piece{client(begun), server(answer, end)}, "GET /x; 200; done"},
		"trailers that are not captured":  {[]piece{client(begun), server(answer, end[:headerSize]), lost(down, int64(len(end)-headerSize))}, "GET /x; 200; partial"},
		"an answer that is not captured":  {[]piece{client(begun), server(begun[:headerSize]), lost(down, int64(len(begun)-headerSize))}, "GET /x; 0; partial"},
		"a request that is not captured":  {[]piece{client(begun[:headerSize]), lost(up, int64(len(begun)-headerSize)), server(frameOf(headers, flagEndHeaders|flagEndStream, 1, nobody))}, "? ?; 204; partial"},
		"a request, whole, behind a loss": {[]piece{lost(up, -1), client(begun), server(frameOf(headers, flagEndHeaders|flagEndStream, 1, nobody), pings)}, "GET /x; 204; done"},
	} {
		got := strings.Join(play(Limits{}, Start{}, append(slices.Clone(greet), c.pieces...)...), "; ")
		if got != c.want && !(c.want != "" && strings.HasPrefix(c.want, "bad-http2") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestLateStart: whoever is first, and however few frames there are, a request of which
// all was captured has its answer.
func TestLateStart(t *testing.T) {
	question := frameOf(headers, flagEndHeaders, 3, ask) + frameOf(data, flagEndStream, 3, "x")
	reply := frameOf(headers, flagEndHeaders, 3, ok) + frameOf(data, 0, 3, "x") + frameOf(headers, flagEndHeaders|flagEndStream, 3, blockOf("a: b"))
	for name, pieces := range map[string][]piece{
		"in order":          {client(question), server(reply)},
		"in pieces":         {client(question[:5]), client(question[5:20]), client(question[20:]), server(reply)},
		"the answer within": {client(question[:15]), server(reply), client(question[15:])},
	} {
		if got := strings.Join(play(Limits{}, Start{Late: true}, pieces...), "; "); got != "GET /x; 200; done" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := strings.Join(play(Limits{}, Start{Late: true}, client("no frame of HTTP/2"), server(reply)), "; "); !strings.HasPrefix(got, "response-without-request stream 3; 200; ") {
		t.Error(got)
	}
}

// TestLongHead: of a head that is too long the method and the target are told, however
// its frames are.
func TestLongHead(t *testing.T) {
	filler := strings.Repeat(blockOf("x: "+strings.Repeat("y", 1000)), 14)
	for name, pieces := range map[string][]piece{
		"one frame":     {client(frameOf(headers, flagEndHeaders|flagEndStream, 1, ask+filler))},
		"in pieces":     {client(frameOf(headers, flagEndHeaders|flagEndStream, 1, ask+filler)[:20]), client(frameOf(headers, flagEndHeaders|flagEndStream, 1, ask+filler)[20:])},
		"many frames":   {client(frameOf(headers, flagEndStream, 1, ask), frameOf(continuation, 0, 1, filler[:3000]), frameOf(continuation, 0, 1, filler[3000:6000]), frameOf(continuation, flagEndHeaders, 1, filler[6000:]))},
		"a long second": {client(frameOf(headers, flagEndStream, 1, ask), frameOf(continuation, flagEndHeaders, 1, filler))},
	} {
		told := play(Limits{Head: 4000}, Start{}, append(slices.Clone(greet), pieces...)...)
		if len(told) != 3 || !strings.HasPrefix(told[0], "head-too-large ") || told[1] != "GET /x" || told[2] != "aborted" {
			t.Errorf("%s: %q", name, told)
		}
	}
}

// TestLeftOut: in the end it is told how many streams there was no room for.
func TestLeftOut(t *testing.T) {
	var all strings.Builder
	for i := range uint32(maxOpen + 7) {
		all.WriteString(frameOf(headers, flagEndHeaders|flagEndStream, 2*i+1, ask))
	}
	told := play(Limits{}, Start{}, append(slices.Clone(greet), client(all.String()))...)
	told = slices.DeleteFunc(told, func(s string) bool { return !strings.HasPrefix(s, "too-many-open") })
	if want := []string{"too-many-open 10000", "too-many-open 7 streams were left out"}; !slices.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
}
