package pcap

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// connOf returns the connection that a tap has seen.
func connOf(t *testing.T, conns []*simConn, got *collected) *simConn {
	t.Helper()
	for _, c := range conns {
		if "tcp://"+c.ends[0].String() == got.conn.Client.Addr {
			return c
		}
	}
	t.Fatalf("nobody has the address %s", got.conn.Client.Addr)
	return nil
}

// TestDisorder reads captures in disorder of which nothing is missing: every
// byte must be told, in place, and a decoder must find all messages and nothing
// wrong with them.
func TestDisorder(t *testing.T) {
	seeds := 12
	if testing.Short() {
		seeds = 5
	}
	for seed := range seeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			sim, conns := simulate(uint64(seed), 60, false)
			found := make(map[*wire.Conn]*[2][]message)
			col := &collector{emit: func(c *wire.Conn) wire.Tap { return messageTap(t, c, found) }}
			stats := readInto(t, sim.file(), col)
			https := 0
			for _, c := range conns {
				if c.http {
					https++
				}
			}
			if len(col.conns) != https || int(stats.NotHTTP) != len(conns)-https || stats.Gaps+stats.Malformed+stats.Fragmented+stats.Strays != 0 {
				t.Errorf("%d of %d connections are HTTP: %+v", https, len(conns), stats)
			}
			for _, got := range col.conns {
				c := connOf(t, conns, got)
				for side, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
					if b := got.bytes(dir); b != string(c.sent[side]) {
						t.Errorf("%s %v: got %d bytes, want %d, alike at first: %d", got.conn.Client, dir, len(b), len(c.sent[side]), alike(b, string(c.sent[side])))
					}
					if m := found[got.conn][side]; !slices.Equal(m, c.want[side]) {
						t.Errorf("%s %v: got %v, want %v", got.conn.Client, dir, m, c.want[side])
					}
				}
				want := c.err
				if !c.done {
					want = wire.ErrStopped
				}
				if got.err != want {
					t.Errorf("%s ended by %v, want %v", got.conn.Client, got.err, want)
				}
			}
		})
	}
}

func alike(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// messageTap decodes c, and fails t for everything that is wrong.
func messageTap(t *testing.T, c *wire.Conn, found map[*wire.Conn]*[2][]message) wire.Tap {
	m := new([2][]message)
	found[c] = m
	return decode.New(c, decode.Options{Needs: wire.Needs{Fields: true, Body: 1 << 30, Keeps: true}}, func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			m[ev.Dir] = append(m[ev.Dir], message{start: ev.Method + " " + ev.Target})
		case *wire.Response:
			m[ev.Dir] = append(m[ev.Dir], message{start: strconv.Itoa(ev.Status)})
		case *wire.Body:
			m[ev.Dir][len(m[ev.Dir])-1].body = string(ev.Data)
		case *wire.Anomaly:
			t.Errorf("%s: %s: %s", c.Client, ev.Code, ev.Detail)
		case *wire.End:
			if ev.State != wire.StateDone {
				t.Errorf("%s: exchange %d is %v", c.Client, ev.Exchange, ev.State)
			}
		}
	})
}

// TestLoss reads captures in disorder of which packets are missing: no byte may
// be in a place where it was not, and what is missing must be counted.
func TestLoss(t *testing.T) {
	seeds := 12
	if testing.Short() {
		seeds = 5
	}
	for seed := range seeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			sim, conns := simulate(uint64(seed)+1000, 60, false)
			sim.packets = slices.DeleteFunc(sim.packets, func(p simulated) bool {
				return p.seg.flags&flagSYN == 0 && sim.rng.IntN(30) == 0
			})
			col := new(collector)
			stats := readInto(t, sim.file(), col)
			lost := 0
			for _, got := range col.conns {
				c := connOf(t, conns, got)
				for side, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
					lost += strings.Count(got.bytes(dir), "?")
					if b := misplaced(got, dir, string(c.sent[side]), true); b != "" {
						t.Errorf("%s %v: %d bytes that were not sent there: %.100q", got.conn.Client, dir, len(b), b)
					}
				}
			}
			if int64(lost) > stats.LostBytes || stats.Gaps == 0 {
				t.Errorf("%d bytes are marked as lost: %+v", lost, stats)
			}
		})
	}
}

// misplaced returns some bytes that are not where they were sent, or nothing.
// Nobody can tell where bytes were behind an unknown number of others, or at the
// beginning: if the capture does not have the whole connection, or none of the
// first message.
func misplaced(got *collected, dir wire.Dir, sent string, whole bool) string {
	type run struct {
		lost int // before it
		data string
	}
	runs := []run{{}}
	for _, ch := range got.chunks {
		if ch.Dir != dir {
			continue
		}
		if ch.Lost != 0 {
			runs = append(runs, run{lost: ch.Lost})
		}
		runs[len(runs)-1].data += string(ch.Data)
	}
	at := 0
	known := whole && strings.HasPrefix(sent, runs[0].data)
	for _, r := range runs {
		known = known && r.lost >= 0
		at += max(r.lost, 0)
		switch rest := sent[min(at, len(sent)):]; {
		case known && !strings.HasPrefix(rest, r.data):
			return r.data
		case !known && r.data != "":
			k := strings.Index(rest, r.data)
			if k < 0 {
				return r.data
			}
			at, known = at+k, true
		}
		at += len(r.data)
	}
	return ""
}

// TestMiddle reads captures that begin in the middle of connections.
func TestMiddle(t *testing.T) {
	seeds := 12
	if testing.Short() {
		seeds = 5
	}
	for seed := range seeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			sim, conns := simulate(uint64(seed)+2000, 60, false)
			sim.packets = sim.packets[len(sim.packets)/2:]
			col := new(collector)
			stats := readInto(t, sim.file(), col)
			for _, got := range col.conns {
				c := connOf(t, conns, got)
				for side, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
					if b := misplaced(got, dir, string(c.sent[side]), false); b != "" {
						t.Errorf("%s %v: %d bytes that were not sent there: %.100q", got.conn.Client, dir, len(b), b)
					}
				}
			}
			if stats.Connections == 0 || stats.Strays != 0 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

// TestDisorderTshark has tshark read captures with as much disorder as it copes
// with: it must find the messages that the truth has, and that Read finds.
func TestDisorderTshark(t *testing.T) {
	seeds, n := 3, 100
	if testing.Short() {
		seeds, n = 1, 20
	}
	for seed := range seeds {
		sim, conns := simulate(uint64(seed), n, true)
		file := sim.file()
		found := tsharkMessages(t, file, "-o", "tcp.reassemble_out_of_order:TRUE", "-d", "tcp.port==2375,http")
		ours := make(map[*wire.Conn]*[2][]message)
		col := &collector{emit: func(c *wire.Conn) wire.Tap { return messageTap(t, c, ours) }}
		readInto(t, file, col)
		begun := sim.begun()
		for _, got := range col.conns {
			c := connOf(t, conns, got)
			m := found[slices.Index(begun, c)]
			if m == nil || !c.fin[0] || !c.fin[1] {
				continue // it may show less of those that go on
			}
			for side := range c.want {
				if !slices.Equal(m[side], c.want[side]) || !slices.Equal(m[side], ours[got.conn][side]) {
					t.Errorf("seed %d, %v:\ntshark: %v\nwe:     %v\nwant:   %v", seed, c.ends[0], m[side], ours[got.conn][side], c.want[side])
				}
			}
		}
	}
}

// readInto reads a whole capture.
func readInto(t *testing.T, file []byte, col *collector) Stats {
	t.Helper()
	stats, err := Read(t.Context(), bytes.NewReader(file), asked, col.tap)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range col.conns {
		if c.ends != 1 {
			t.Errorf("connection %d ended %d times", c.conn.ID, c.ends)
		}
	}
	return stats
}
