package pcap

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// readPackets gives packets to r one after the other, and calls each behind each.
func readPackets(t *testing.T, r *reader, all []frame, each func(i int)) {
	t.Helper()
	src, err := openSource(bytes.NewReader(rawFile(all)))
	if err != nil {
		t.Fatal(err)
	}
	var p packet
	for i := 0; src.next(&p) == nil; i++ {
		r.packet(&p)
		each(i)
	}
}

// TestHeldEarly counts what is held of a connection before it is clear what that is,
// and gives up one that is as yet unclear where that is too much.
func TestHeldEarly(t *testing.T) {
	packets := []pkt{hello[0], hello[1], hello[2],
		{dir: '>', data: get[:2], at: 3}, {dir: '>', seq: 2, data: get[2:5], at: 4}, {dir: '>', seq: 5, data: get[5:], at: 5}}
	counts := []int{0, 0, 0, 2 + overhead, 5 + 2*overhead, 0}
	for _, c := range []struct {
		most   int
		counts []int
		want   string
	}{
		{1 << 20, counts, "3 > \"GE\"\n4 > \"T /\"\n5 > \" HTTP/1.1\\r\\n\\r\\n\"\n5 end: trace stopped\n"},
		{5 + 2*overhead, counts, "3 > \"GE\"\n4 > \"T /\"\n5 > \" HTTP/1.1\\r\\n\\r\\n\"\n5 end: trace stopped\n"},
		{4 + 2*overhead, []int{0, 0, 0, 2 + overhead, 0, 0}, ""},
		{1 + overhead, []int{0, 0, 0, 0, 0, 0}, ""},
	} {
		got := new(collector)
		o := asked
		o.MaxHeld = c.most
		r := newReader(o, got.tap)
		var held []int
		readPackets(t, r, frames(packets), func(int) {
			held = append(held, r.held)
			for _, conn := range r.conns {
				if conn.held != r.held {
					t.Errorf("at most %d: %d bytes are held, of the connection %d", c.most, r.held, conn.held)
				}
			}
		})
		r.finish()
		if !slices.Equal(held, c.counts) {
			t.Errorf("at most %d: held %d, want %d", c.most, held, c.counts)
		}
		s := ""
		for _, conn := range got.conns {
			s += said(conn)
		}
		if s != c.want || r.stats.NotHTTP != int64(map[bool]int{c.want == "": 1}[true]) || r.held != 0 {
			t.Errorf("at most %d: got\n%s%+v, held %d", c.most, s, r.stats, r.held)
		}
	}
}

// TestPort leaves out connections of other ports than the one that is asked for,
// whichever side has it.
func TestPort(t *testing.T) {
	for port, want := range map[uint16]int{0: 1, serverEnd.Port(): 1, clientEnd.Port(): 1, 1: 0} {
		got := new(collector)
		r := newReader(asked, got.tap)
		r.port = port
		readPackets(t, r, frames(hello), func(int) {})
		r.finish()
		if len(got.conns) != want || r.stats.TCP != int64(len(hello)) {
			t.Errorf("port %d: %d connections, %+v", port, len(got.conns), r.stats)
		}
		for _, c := range got.conns {
			if s := said(c); s != helloSaid {
				t.Errorf("port %d: got\n%s", port, s)
			}
		}
	}
}

// TestEnds ends what is open in the order in which it was numbered, however the
// connections were used since.
func TestEnds(t *testing.T) {
	var all []frame
	add := func(port uint16, p pkt) {
		b := appendPacket(nil, p.segmentOf(port))
		all = append(all, frame{captured, b, len(b)})
	}
	for port := uint16(1); port <= 3; port++ {
		for _, p := range begun() {
			add(port, p)
		}
	}
	for _, port := range []uint16{3, 1, 2} {
		add(port, pkt{dir: '<', data: ok, ack: 18})
	}
	var ended []string
	_, err := Read(t.Context(), bytes.NewReader(rawFile(all)), asked, func(c *wire.Conn) wire.Tap {
		return endTap(func() { ended = append(ended, fmt.Sprint(c.ID, " ", c.Client.Addr)) })
	})
	if want := []string{"1 tcp://192.0.2.1:1", "2 tcp://192.0.2.1:2", "3 tcp://192.0.2.1:3"}; err != nil || !slices.Equal(ended, want) {
		t.Errorf("%v: ended %q", err, ended)
	}
}

// endTap is called at the end of a connection.
type endTap func()

func (f endTap) Chunk(wire.Chunk) {}

func (f endTap) End(time.Time, error) { f() }

// TestAnything reads connections of any protocol: the client is who began it, or who
// speaks first.
func TestAnything(t *testing.T) {
	smtp := []pkt{{dir: '<', data: "220 mail", at: 3}, {dir: '>', data: "HELO", ack: 8, at: 4}}
	for _, c := range []struct {
		name, client, want string
		packets            []pkt
	}{
		{"all of it", "192.0.2.1:40000", "3 < \"220 mail\"\n4 > \"HELO\"\n4 end: trace stopped\n", append(slices.Clone(hello[:3]), smtp...)},
		{"the answer to its beginning", "192.0.2.1:40000", "3 < \"220 mail\"\n4 > \"HELO\"\n4 end: trace stopped\n", append(slices.Clone(hello[1:3]), smtp...)},
		{"from its middle", "192.0.2.2:2375", "3 > \"220 mail\"\n4 < \"HELO\"\n4 end: trace stopped\n", smtp},
	} {
		got := new(collector)
		stats, err := Read(t.Context(), bytes.NewReader(rawFile(frames(c.packets))), Options{}, got.tap)
		if err != nil || len(got.conns) != 1 || stats.NotHTTP != 0 {
			t.Errorf("%s: %v, %+v", c.name, err, stats)
			continue
		}
		if s := said(got.conns[0]); s != c.want || got.conns[0].conn.Client.Addr != "tcp://"+c.client {
			t.Errorf("%s: from %s, got\n%swant\n%s", c.name, got.conns[0].conn.Client.Addr, s, c.want)
		}
	}
}
