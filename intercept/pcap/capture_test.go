package pcap

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// pkt is a packet of a capture that a test writes down. Numbers count from the
// first byte of data of their direction, as do acknowledgements.
type pkt struct {
	dir   byte   // '>' to the server, '<' to the client
	flags string // of S, A, F, R; A is added to what is no S or R
	seq   int
	data  string
	ack   int
	at    int // milliseconds
	cut   int // bytes of data, at its end, that were not captured
}

// The numbers that connections of tests begin with: they wrap.
const (
	clientISN = 1<<32 - 20
	serverISN = 1<<32 - 100
)

var (
	clientEnd = netip.MustParseAddrPort("192.0.2.1:40000")
	serverEnd = netip.MustParseAddrPort("192.0.2.2:2375")
)

// segment returns the segment of p, with all its data.
func (p pkt) segment() *segment { return p.segmentOf(clientEnd.Port()) }

// segmentOf is segment for a client with another port.
func (p pkt) segmentOf(port uint16) *segment {
	s := &segment{src: netip.AddrPortFrom(clientEnd.Addr(), port), dst: serverEnd, data: []byte(p.data)}
	isn, other := uint32(clientISN), uint32(serverISN)
	if p.dir == '<' {
		s.src, s.dst, isn, other = s.dst, s.src, other, isn
	}
	s.seq = isn + 1 + uint32(p.seq)
	if strings.Contains(p.flags, "S") {
		s.seq--
		s.flags |= flagSYN
	}
	if strings.Contains(p.flags, "R") {
		s.flags |= flagRST
	}
	if strings.Contains(p.flags, "F") {
		s.flags |= flagFIN
	}
	if strings.Contains(p.flags, "A") || s.flags&(flagSYN|flagRST) == 0 {
		s.flags |= flagACK
		s.ack = other + 1 + uint32(p.ack)
	}
	return s
}

// frame is a packet in a file.
type frame struct {
	time   time.Time
	data   []byte
	length int // before it was cut
}

// captured is when captures of tests begin: a time that all files can tell.
var captured = epoch.Truncate(time.Microsecond)

// frames returns the packets, which begin with IP headers.
func frames(packets []pkt) []frame {
	var all []frame
	for _, p := range packets {
		b := appendPacket(nil, p.segment())
		all = append(all, frame{captured.Add(time.Duration(p.at) * time.Millisecond), b[:len(b)-p.cut], len(b)})
	}
	return all
}

// pcapFile returns a pcap file.
func pcapFile(order binary.AppendByteOrder, unit time.Duration, link uint32, all []frame) []byte {
	magic := uint32(0xa1b2c3d4)
	if unit == time.Nanosecond {
		magic = 0xa1b23c4d
	}
	b := order.AppendUint32(nil, magic)
	b = append(order.AppendUint16(order.AppendUint16(b, 2), 4), make([]byte, 8)...)
	b = order.AppendUint32(order.AppendUint32(b, 1<<18), link)
	for _, f := range all {
		b = order.AppendUint32(b, uint32(f.time.Unix()))
		b = order.AppendUint32(b, uint32(f.time.Nanosecond()/int(unit)))
		b = order.AppendUint32(b, uint32(len(f.data)))
		b = order.AppendUint32(b, uint32(f.length))
		b = append(b, f.data...)
	}
	return b
}

// rawFile returns a pcap file of IP packets.
func rawFile(all []frame) []byte {
	return pcapFile(binary.LittleEndian, time.Nanosecond, linkRaw, all)
}

// said is what a tap was shown, a line a chunk, with times in milliseconds.
func said(c *collected) string {
	var b strings.Builder
	for _, ch := range c.chunks {
		fmt.Fprintf(&b, "%d %c", ch.Time.Sub(captured).Milliseconds(), "><"[ch.Dir])
		if ch.Lost != 0 {
			fmt.Fprintf(&b, " lost %d", ch.Lost)
		}
		if len(ch.Data) > 0 {
			fmt.Fprintf(&b, " %q", ch.Data)
		}
		if ch.EOF {
			b.WriteString(" eof")
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%d end", c.ended.Sub(captured).Milliseconds())
	if c.err != nil {
		fmt.Fprintf(&b, ": %v", c.err)
	}
	return b.String() + "\n"
}

// hello is a connection with a request and its answer.
var hello = []pkt{
	{dir: '>', flags: "S"},
	{dir: '<', flags: "SA", at: 1},
	{dir: '>', at: 2},
	{dir: '>', data: "GET / HTTP/1.1\r\n\r\n", at: 3},
	{dir: '<', data: "HTTP/1.1 200 OK\r\n\r\n", ack: 18, at: 4},
	{dir: '>', flags: "F", seq: 18, ack: 19, at: 5},
	{dir: '<', flags: "F", seq: 19, ack: 19, at: 6},
	{dir: '>', seq: 19, ack: 20, at: 7},
}

const helloSaid = `3 > "GET / HTTP/1.1\r\n\r\n"
4 < "HTTP/1.1 200 OK\r\n\r\n"
5 > eof
6 < eof
6 end
`

// wantHello fails t unless the file holds the connection hello and nothing
// else.
func wantHello(t *testing.T, file []byte) {
	t.Helper()
	got, stats := read(t, file)
	if len(got.conns) != 1 {
		t.Fatalf("%d connections: %+v", len(got.conns), stats)
	}
	if s := said(got.conns[0]); s != helloSaid {
		t.Errorf("got\n%swant\n%s", s, helloSaid)
	}
	if stats.NotTCP+stats.Malformed+stats.UnknownLink+stats.Fragmented+stats.Gaps+stats.Truncated != 0 {
		t.Errorf("%+v", stats)
	}
}

func TestReadConn(t *testing.T) {
	got, _ := read(t, rawFile(frames(hello)))
	want := wire.Conn{
		ID: 1, Start: captured,
		Client: wire.Peer{Addr: "tcp://192.0.2.1:40000"}, Server: wire.Peer{Addr: "tcp://192.0.2.2:2375"},
	}
	c := *got.conns[0].conn
	if !c.Start.Equal(want.Start) {
		t.Errorf("it began at %v", c.Start)
	}
	if c.Start = want.Start; c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
}
