package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// spender is a connection of a test of memory, and what is told of it.
type spender struct {
	*decode.Conn
	codes     []string
	requests  []*wire.Request
	exchanges []*wire.Exchange
	raw       int
}

func newSpender(b *decode.Budget) *spender {
	s := new(spender)
	o := all()
	o.Budget = b
	s.Conn = decode.New(&wire.Conn{ID: 1, Start: t0}, o, tracetest.Booked(func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Anomaly:
			s.codes = append(s.codes, ev.Code)
		case *wire.Request:
			s.requests = append(s.requests, ev)
		case *wire.Exchange:
			s.exchanges = append(s.exchanges, ev)
		case *wire.Message:
			if ev.Kind == wire.KindRaw && ev.Exchange == 0 {
				s.raw += len(ev.Data)
			}
		}
	}))
	return s
}

// says has a direction carry text.
func (s *spender) says(dir wire.Dir, text string) {
	for len(text) > 0 {
		n := min(len(text), 60_000)
		s.Chunk(wire.Chunk{Time: t0, Dir: dir, Data: []byte(text[:n])})
		text = text[n:]
	}
}

// count returns how often code was told.
func (s *spender) count(code string) (n int) {
	for _, c := range s.codes {
		if c == code {
			n++
		}
	}
	return n
}

// TestSpentOnHeads sends requests that are not answered for long: those for which
// there is no memory are told without most of their fields, framed and paired as
// they are.
func TestSpentOnHeads(t *testing.T) {
	const budget, n, most = 1 << 20, 60, 1 << 10
	m := memory.New(budget)
	s := newSpender(decode.BudgetOf(m))
	for i := range n {
		s.says(wire.ToServer, fmt.Sprintf("POST /%d?%s HTTP/1.1\r\nX-A: %s\r\nCONTENT-LENGTH: 5\r\n%s: b\r\n\r\nhello", i,
			strings.Repeat("q", 2_000), strings.Repeat("y", 50_000), strings.Repeat("n", 2000)))
	}
	if left := m.Left(); left < budget/4 || left > budget/2-10_000 {
		t.Errorf("%d of %d bytes are left, want a third or so", left, budget)
	}
	for range n {
		s.says(wire.ToClient, "HTTP/1.1 204 No Content\r\n\r\n")
	}
	short := 0
	for i, x := range s.exchanges {
		if x.State != wire.StateDone || x.RequestBody == nil || x.RequestBody.Bytes != 5 || x.Response == nil {
			t.Errorf("exchange %d: %+v", i, x)
		}
		q := x.Request
		if !strings.HasPrefix(q.Target, fmt.Sprintf("/%d?", i)) || q.HeadBytes < 50_000 {
			t.Errorf("exchange %d is %.10q of %d bytes", i, q.Target, q.HeadBytes)
		}
		switch {
		case len(q.Fields) == 3 && len(q.Target) > 2_000:
		case len(q.Fields) == 1 && q.Fields[0].Value == "5" && q.Fields[0].Line == "CONTENT-LENGTH: 5" && len(q.Target) == most:
			short++
		default:
			t.Errorf("exchange %d has %d fields, and a target of %d bytes", i, len(q.Fields), len(q.Target))
		}
	}
	if times, bytes := m.Missed(); len(s.exchanges) != n || short < n/2 || short > n-5 || s.count("memory-spent") != short ||
		times != int64(short) || bytes < int64(short)*50_000 || bytes > int64(short)*60_000 {
		t.Errorf("%d exchanges, %d short, anomalies %q; missed %d times %d bytes", len(s.exchanges), short, s.codes, times, bytes)
	}
	s.End(t0, nil)
	if left := m.Left(); left != budget {
		t.Errorf("%d of %d bytes are left at the end", left, budget)
	}
}

// TestSpentOnExchanges sends more requests than there is memory for, however short
// they are made: what follows is not paired with anything.
func TestSpentOnExchanges(t *testing.T) {
	m := memory.New(100 << 10)
	s := newSpender(decode.BudgetOf(m))
	s.says(wire.ToServer, strings.Repeat("GET / HTTP/1.1\r\n\r\n", 1000))
	n := len(s.requests)
	if n < 30 || n > 36 || s.count("memory-spent") != 1 || s.raw != 18*(1000-n) {
		t.Fatalf("%d requests, %d raw bytes, anomalies %q", n, s.raw, s.codes)
	}
	s.says(wire.ToClient, strings.Repeat("HTTP/1.1 204 No Content\r\n\r\n", 1000))
	done := 0
	for _, x := range s.exchanges {
		if x.Request != nil && x.Response != nil && x.State == wire.StateDone {
			done++
		}
	}
	if done != n || s.count("response-without-request") != 1000-n {
		t.Errorf("%d exchanges are done, want %d; %d answers to nothing", done, n, s.count("response-without-request"))
	}
	other := newSpender(decode.BudgetOf(m))
	other.says(wire.ToServer, "GET /x HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n")
	if len(other.requests) != 1 || len(other.requests[0].Fields) != 2 {
		t.Errorf("another connection has %d requests, %q", len(other.requests), other.codes)
	}
}

// TestSpentOnParts holds messages that are not whole on many connections: they
// have what there is, and let go of more, and tell it. One that needs what is
// usual still has that.
func TestSpentOnParts(t *testing.T) {
	const conns, size = 24, 400_000
	long := strings.Repeat("y", size)
	post := "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, c := range []struct {
		name               string
		toServer, toClient string
		raw                bool // what is let go of is told as raw bytes
	}{
		{"heads", "GET / HTTP/1.1\r\nX: " + long, "", false},
		{"heads of answers", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nX: " + long, false},
		{"trailers", post + "0\r\nX: " + long, "", true},
		{"trailers of answers", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + long, true},
		{"chunk sizes", post + "0;" + long[:16_000], "", true},
		{"bytes behind an upgrade", "GET / HTTP/1.1\r\nUpgrade: tcp\r\n\r\n" + long, "", true},
		{"lines behind no head", "GET / HTTP/1.1\r\n\r\n\x00\r\nGET /" + long[:16_000], "", true},
		{"openings", "GET / HTTP/1" + long[:60_000], "", false},
		{"frames", "GET /containers/x/logs HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n\x01\x00\x00\x00\x00\x00\xff\x00" + long[:60_000], false},
		{"tunnels", "CONNECT x:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			each := len(c.toServer) + len(c.toClient)
			if c.name == "tunnels" {
				each = 40_000
			}
			budget := int64(conns * each / 3)
			m := memory.New(budget)
			var all []*spender
			held, raw := 0, 0
			for range conns {
				s := newSpender(decode.BudgetOf(m))
				s.says(wire.ToServer, c.toServer)
				s.says(wire.ToClient, c.toClient)
				if c.name == "tunnels" {
					s.says(wire.ToServer, "GET /"+long[:15_000])
				}
				all = append(all, s)
				held += decode.Held(s.Conn)
				raw += s.raw
			}
			if int64(held) > budget || m.Left() < -conns*8_000 || m.Left() > budget*3/4 {
				t.Errorf("%d bytes are held, %d of %d are left", held, m.Left(), budget)
			}
			if c.raw != (raw > 0) {
				t.Errorf("%d raw bytes", raw)
			}
			last := newSpender(decode.BudgetOf(m))
			last.says(wire.ToServer, "GET /x HTTP/1.1\r\nHost: h\r\nX: ")
			last.says(wire.ToServer, "y\r\n\r\n")
			last.says(wire.ToClient, "HTTP/1.1 204 No Content\r\n\r\n")
			if len(last.exchanges) != 1 || len(last.exchanges[0].Request.Fields) != 2 && each > 100_000 { // else it is hardly more than what is usual
				t.Errorf("the last has %d exchanges, anomalies %q", len(last.exchanges), last.codes)
			}
			for _, s := range append(all, last) {
				s.End(t0, nil)
			}
			if times, _ := m.Missed(); times < conns/3 && c.name != "lines behind no head" { // these are told
				t.Errorf("%d times something was left out", times)
			}
			if left := m.Left(); left != budget {
				t.Errorf("%d of %d bytes are left at the end", left, budget)
			}
		})
	}
}

// TestSpentOnPartialHeads completes heads of which only a part could be held: they
// are framed and paired as they were sent.
func TestSpentOnPartialHeads(t *testing.T) {
	const conns, size = 20, 100_000
	long := strings.Repeat("y", size)
	for _, c := range []struct{ name, first, rest string }{
		{"a long field", "POST /a HTTP/1.1\r\nContent-Length: 3\r\nX: " + long, "yy\r\nY: z\r\n\r\nabc"},
		{"many fields", "POST /a HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("X: yyyyy\r\n", size/10), "content-length : 3\r\n\r\nabc"},
		{"a field that ends late", "POST /a HTTP/1.1\r\nContent-Length: 3\r\nX: " + long + "\r", "\n\r\nabc"},
		{"an empty line that ends late", "POST /a HTTP/1.1\r\nContent-Length: 3\r\nX: " + long + "\r\n\r", "\nabc"},
		{"a long target", "POST /a" + long, " HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"},
		{"a long target and fields", "POST /a" + long + " HTTP/1.1\r\nContent-Length: 3\r\nX: y", "\r\n\r\nabc"},
		{"what decides, but is long", "POST /a HTTP/1.1\r\nContent-Length: 3\r\nContent-Type: " + long, "\r\n\r\nabc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			const budget = conns * size / 5
			m := memory.New(budget)
			var all []*spender
			for range conns {
				s := newSpender(decode.BudgetOf(m))
				s.says(wire.ToServer, c.first)
				all = append(all, s)
			}
			if left := m.Left(); left < 0 || left > budget/2 {
				t.Errorf("%d of %d bytes are left", left, budget)
			}
			short := 0
			for i, s := range all {
				s.says(wire.ToServer, c.rest)
				s.says(wire.ToClient, "HTTP/1.1 204 No Content\r\n\r\n")
				if len(s.exchanges) != 1 || s.raw > 0 {
					t.Fatalf("connection %d: %d exchanges, %d raw bytes, %q", i, len(s.exchanges), s.raw, s.codes)
				}
				x := s.exchanges[0]
				if x.State != wire.StateDone || !strings.HasPrefix(x.Request.Target, "/a") || x.Request.HeadBytes != int64(len(c.first+c.rest)-3) ||
					x.RequestBody == nil || x.RequestBody.Bytes != 3 || x.RequestBody.Off != x.Request.HeadBytes {
					t.Errorf("connection %d: %+v %+v", i, x.Request, x.RequestBody)
				}
				short += s.count("memory-spent")
				s.End(t0, nil)
			}
			if times, bytes := m.Missed(); short < conns/2 || times != int64(short) || bytes < int64(short)*(size-3000) || bytes > int64(short)*(size+100) {
				t.Errorf("%d are short; missed %d times %d bytes", short, times, bytes)
			}
			if left := m.Left(); left != budget {
				t.Errorf("%d of %d bytes are left at the end", left, budget)
			}
		})
	}
}

// TestSpentOnTrailers leaves out trailers for which there is no memory.
func TestSpentOnTrailers(t *testing.T) {
	m := memory.New(300 << 10)
	s := newSpender(decode.BudgetOf(m))
	for range 40 {
		s.says(wire.ToServer, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "+strings.Repeat("y", 20_000)+"\r\n\r\n")
	}
	for range 40 {
		s.says(wire.ToClient, "HTTP/1.1 204 No Content\r\n\r\n")
	}
	with := 0
	for _, x := range s.exchanges {
		if b := x.RequestBody; b == nil || !b.Complete || b.WireBytes < 20_000 {
			t.Fatalf("body %+v", b)
		} else if len(b.Trailer) == 1 {
			with++
		}
	}
	if len(s.exchanges) != 40 || with < 4 || with > 10 || s.count("memory-spent") < 40-with {
		t.Errorf("%d of %d have a trailer, anomalies %q", with, len(s.exchanges), s.codes)
	}
}

// TestIdleHoldsLittle sees what a connection needs when nothing is open on it,
// whatever was.
func TestIdleHoldsLittle(t *testing.T) {
	m := memory.New(64 << 20)
	s := newSpender(decode.BudgetOf(m))
	body := strings.Repeat("b", 15_000)
	for range 3 {
		s.says(wire.ToServer, "POST / HTTP/1.1\r\nX: "+strings.Repeat("y", 100_000)+"\r\nContent-Length: 15000\r\n\r\n"+body)
		s.says(wire.ToClient, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("y", 100_000)+"\r\nContent-Length: 15000\r\n\r\n"+body)
	}
	if used := 64<<20 - m.Left(); len(s.exchanges) != 3 || used > 20<<10 {
		t.Errorf("%d exchanges; %d bytes are held", len(s.exchanges), used)
	}
}

// TestSmallRoom holds what is usual of a direction, however much others hold.
func TestSmallRoom(t *testing.T) {
	const start, end = "GET / HTTP/1.1\r\nA: b\r\nX: ", "\r\n\r\n"
	for _, c := range []struct{ held, short int }{{2 << 10, 0}, {2<<10 + 1, 1}} {
		m := memory.New(1 << 20)
		others := memory.Of(m)
		s := newSpender(decode.BudgetOf(m))
		others.Force(1 << 20)
		s.says(wire.ToServer, start+strings.Repeat("y", c.held-len(start)))
		if left := m.Left(); left > 0 || c.short == 0 && left > -2<<10 {
			t.Errorf("%d bytes are held, %d are left", c.held, left)
		}
		others.Close()
		s.says(wire.ToServer, end)
		if len(s.requests) != 1 || s.count("memory-spent") != c.short || len(s.requests[0].Fields) != 2-c.short {
			t.Errorf("%d bytes: %d requests, anomalies %q", c.held, len(s.requests), s.codes)
		}
		s.End(t0, nil)
		if m.Left() != 1<<20 {
			t.Errorf("%d bytes are left", m.Left())
		}
	}
}

// TestNothingMissed tells bytes that are no message, all of which there is room for.
func TestNothingMissed(t *testing.T) {
	m := memory.New(1 << 20)
	s := newSpender(decode.BudgetOf(m))
	s.says(wire.ToServer, "\x00what\r\n")
	s.says(wire.ToClient, "what\r\n")
	s.End(t0, nil)
	if times, bytes := m.Missed(); times != 0 || bytes != 0 || s.raw != 13 {
		t.Errorf("missed %d times %d bytes; %d are told", times, bytes, s.raw)
	}
}

// TestSizesHoldNothing counts frames and messages for those who want to know their
// sizes only: nothing of them is held.
func TestSizesHoldNothing(t *testing.T) {
	long := strings.Repeat("y", 10_000)
	const upgrade, agree = "POST /exec/x/start HTTP/1.1\r\nUpgrade: ", "HTTP/1.1 101 UPGRADED\r\nUpgrade: "
	for _, c := range []struct{ protocol, typ, frame string }{
		{"tcp", "Content-Type: application/vnd.docker.multiplexed-stream\r\n", "\x01\x00\x00\x00\x00\x00\xff\x00"},
		{"tcp", "", "\x01\x00\x00\x00\x00\x00\xff\x00"},
		{"what", "", "\x01\x00\x00\x00\x00\x00\xff\x00"},
		{"websocket", "", "\x82\x7e\xff\x00"},
	} {
		m := memory.New(1 << 20)
		o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true}, Budget: decode.BudgetOf(m)}
		d := decode.New(&wire.Conn{ID: 1, Start: t0}, o, func(wire.Event) {})
		path := upgrade
		if c.protocol == "what" {
			path = strings.Replace(upgrade, "/exec/x/start", "/x", 1)
		}
		for _, ch := range []wire.Chunk{
			{Data: []byte(path + c.protocol + "\r\n\r\n")}, {Dir: wire.ToClient, Data: []byte(agree + c.protocol + "\r\n" + c.typ + "\r\n")},
			{Dir: wire.ToClient, Data: []byte(c.frame + long)}, {Dir: wire.ToClient, Data: []byte(long)},
		} {
			ch.Time = t0
			d.Chunk(ch)
		}
		if used := 1<<20 - m.Left(); used > 8<<10 {
			t.Errorf("%s %s: %d bytes are held", c.protocol, c.typ, used)
		}
		d.End(t0, nil)
	}
}

// TestSpentOnEndlessHeads gives up a head that is too long, of which most is let go
// of.
func TestSpentOnEndlessHeads(t *testing.T) {
	for _, c := range []struct{ size, wrong int }{{900 << 10, 0}, {1100 << 10, 1}} {
		m := memory.New(100 << 10)
		s := newSpender(decode.BudgetOf(m))
		s.says(wire.ToServer, "GET / HTTP/1.1\r\nX: "+strings.Repeat("y", c.size))
		if n := s.count("head-too-large"); n != c.wrong || decode.Held(s.Conn) > 64<<10 {
			t.Errorf("%d bytes: %d anomalies, %d bytes are held", c.size, n, decode.Held(s.Conn))
		}
		s.says(wire.ToServer, "\r\n\r\n")
		if len(s.requests) != 1-c.wrong {
			t.Errorf("%d bytes: %d requests, anomalies %q", c.size, len(s.requests), s.codes)
		}
		s.End(t0, nil)
	}
}

// TestTrialHoldsLittle has far more come out of a coding at once than is held back
// until it is certain that there is one.
func TestTrialHoldsLittle(t *testing.T) {
	m := memory.New(1 << 20)
	s := newSpender(decode.BudgetOf(m))
	s.says(wire.ToServer, ask)
	s.says(wire.ToClient, string(coded("gzip", "application/x-tar", encode(0, make([]byte, 8<<20)))))
	if times, bytes := m.Missed(); len(s.exchanges) != 1 || s.exchanges[0].ResponseBody.Bytes != 8<<20 || bytes > 8<<20 {
		t.Errorf("%d exchanges; missed %d times %d bytes", len(s.exchanges), times, bytes)
	}
	s.End(t0, nil)
}
