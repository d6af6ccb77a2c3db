package pcap

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
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

// TestFlowOf gives connections their own addresses where those tell them apart.
func TestFlowOf(t *testing.T) {
	conn := func(id int, client, server string) *wire.Conn {
		return &wire.Conn{ID: id, Client: wire.Peer{Addr: client}, Server: wire.Peer{Addr: server}}
	}
	own := flow{clientEnd, serverEnd}
	client, server := "tcp://192.0.2.1:40000", "tcp://192.0.2.2:2375"
	first := flow{netip.MustParseAddrPort("127.0.0.1:49157"), netip.MustParseAddrPort("127.0.0.1:80")}
	second := flow{netip.MustParseAddrPort("127.0.0.1:49158"), first[1]}
	for _, c := range []struct {
		name           string
		client, server string
		used           []flow
		want           flow
	}{
		{"its own", client, server, nil, own},
		{"beside others", client, server, []flow{first}, own},
		{"used", client, server, []flow{own}, first},
		{"used the other way round", client, server, []flow{{serverEnd, clientEnd}}, first},
		{"used, and the next", client, server, []flow{own, first}, second},
		{"used, and the next the other way round", client, server, []flow{own, {first[1], first[0]}}, second},
		{"no client", "", server, nil, first},
		{"no server", client, "unix:///s", nil, first},
		{"itself", client, client, nil, first},
		{"two families", client, "tcp://[::1]:80", nil, first},
	} {
		used := make(map[flow]bool)
		for _, f := range c.used {
			used[f] = true
		}
		if got := flowOf(conn(5, c.client, c.server), used); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for n, want := range map[uint64]string{0: "127.0.0.1:49152", clientPorts - 1: "127.0.0.1:65535", clientPorts: "127.0.0.2:49152", 255 * clientPorts: "127.0.1.0:49152", 0x10203 * clientPorts: "127.1.2.4:49152"} {
		if got := madeUp(n); got[0].String() != want || got[1].String() != "127.0.0.1:80" {
			t.Errorf("%d: %v", n, got)
		}
	}
	for addr, want := range map[string]string{
		"tcp://192.0.2.1:1": "192.0.2.1:1", "tcp://[::ffff:192.0.2.1]:65535": "192.0.2.1:65535", "tcp://[fe80::1%eth0]:80": "[fe80::1]:80",
		"tcp://192.0.2.1:0": "invalid AddrPort", "tcp://host:80": "invalid AddrPort", "192.0.2.1:80": "invalid AddrPort", "": "invalid AddrPort",
	} {
		if got := addrPort(addr).String(); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
}

// TestTornAnywhere has captures end, or fail to be read, at every place.
func TestTornAnywhere(t *testing.T) {
	order := binary.LittleEndian
	all := frames(hello[:4])
	raw, ng := rawFile(nil), ngInterface(order, ngSection(order, nil), 0, 9, 0)
	ends := map[string]map[int]bool{"pcap": {len(raw): true}, "pcapng": {len(ng): true, len(ngSection(order, nil)): true}}
	ng = ngBlock(order, ng, 0x0bad, make([]byte, 100))
	ends["pcapng"][len(ng)] = true
	for _, f := range all {
		raw = append(raw, rawFile([]frame{f})[pcapHead:]...)
		ng = ngPacket(order, ng, false, 0, uint64(f.time.UnixNano()), f)
		ends["pcap"][len(raw)], ends["pcapng"][len(ng)] = true, true
	}
	broken := errors.New("broken disk")
	for name, file := range map[string][]byte{"pcap": raw, "pcapng": ng} {
		for n := 4; n <= len(file); n++ {
			if n%5 != 0 && !ends[name][n] {
				continue
			}
			stats, err := Read(t.Context(), bytes.NewReader(file[:n]), asked, new(collector).tap)
			if whole := ends[name][n]; (err == nil) != whole || whole == errors.Is(err, io.ErrUnexpectedEOF) || stats.Torn == whole {
				t.Errorf("%s, cut at %d: %v, torn: %t", name, n, err, stats.Torn)
			}
			stats, err = Read(t.Context(), io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken)), asked, new(collector).tap)
			if !errors.Is(err, broken) || stats.Torn {
				t.Errorf("%s, broken at %d: %v, torn: %t", name, n, err, stats.Torn)
			}
		}
	}
	if _, err := Read(t.Context(), iotest.ErrReader(broken), asked, new(collector).tap); !errors.Is(err, broken) {
		t.Errorf("broken at once: %v", err)
	}
	long := append(ngBlock(order, ngSection(order, nil), 0x0bad, make([]byte, 2*bufferSize)), 0)
	for _, n := range []int{len(long) - 2, len(long) - bufferSize} {
		if _, err := Read(t.Context(), bytes.NewReader(long[:n]), asked, new(collector).tap); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("within a long block: %v", err)
		}
		in := io.MultiReader(bytes.NewReader(long[:n]), iotest.ErrReader(broken))
		if _, err := Read(t.Context(), in, asked, new(collector).tap); !errors.Is(err, broken) {
			t.Errorf("broken within a long block: %v", err)
		}
	}
}

// TestRecordedTwice has every packet of a recording twice, as captures of two
// interfaces have.
func TestRecordedTwice(t *testing.T) {
	all := []session{put(3, "tcp://192.0.2.1:4000", "tcp://192.0.2.2:2375", 100), put(4, "", "", 70_000)}
	file := record(t, all)
	var twice []byte
	packets := 0
	for b := file; len(b) > 0; {
		n := order.Uint32(b[4:])
		twice = append(twice, b[:n]...)
		if order.Uint32(b) == blockPacket {
			twice = append(twice, b[:n]...)
			packets++
		}
		b = b[n:]
	}
	got, stats := read(t, twice)
	wantSame(t, got, direct(all))
	if stats.Packets != int64(2*packets) || stats.Gaps != 0 || stats.Repeated == 0 || stats.Connections != 2 {
		t.Errorf("%d packets: %+v", packets, stats)
	}
}

// TestLateFrames: of HTTP/2 whose beginning was not captured nothing is lost that is
// there, whoever has sent it.
func TestLateFrames(t *testing.T) {
	const (
		ping     = "\x00\x00\x08\x06\x00\x00\x00\x00\x0012345678"
		question = "\x00\x00\x03\x01\x05\x00\x00\x00\x03\x82\x86\x84"
		answer   = "\x00\x00\x01\x01\x05\x00\x00\x00\x03\x88"
		other    = "no frame at all"
	)
	n := len(ping)
	for name, c := range map[string]struct {
		packets []pkt
		want    string
	}{
		"a request": {[]pkt{{dir: '>', data: question}, {dir: '<', data: answer, at: 1}}, fmt.Sprintf("0 > %q\n1 < %q\n", question, answer)},
		"frames of both": {
			[]pkt{{dir: '<', data: ping}, {dir: '>', data: ping, at: 1}, {dir: '>', seq: n, data: question, at: 2}, {dir: '<', seq: n, data: answer, at: 3}},
			fmt.Sprintf("0 < %q\n1 > %q\n2 > %q\n3 < %q\n", ping, ping, question, answer),
		},
		"an answer": {
			[]pkt{{dir: '>', data: ping}, {dir: '<', data: answer, at: 1}, {dir: '>', seq: n, data: question, at: 2}},
			fmt.Sprintf("0 > %q\n1 < %q\n2 > %q\n", ping, answer, question),
		},
		"something else": {
			[]pkt{{dir: '>', data: ping}, {dir: '>', seq: n, data: other, at: 1}, {dir: '>', seq: n + len(other), data: question, at: 2}},
			fmt.Sprintf("2 > lost %d %q\n", n+len(other), question),
		},
		"only frames": {[]pkt{{dir: '>', data: ping}, {dir: '<', data: ping, at: 1}}, ""},
	} {
		got := new(collector)
		r := newReader(asked, got.tap)
		readPackets(t, r, frames(c.packets), func(int) {})
		r.finish()
		s := ""
		for _, conn := range got.conns {
			s += said(conn)
		}
		if s, _, _ = strings.Cut(s, fmt.Sprint(c.packets[len(c.packets)-1].at)+" end"); s != c.want || r.held != 0 {
			t.Errorf("%s: got\n%swant\n%s%d bytes are held", name, s, c.want, r.held)
		}
	}
}
