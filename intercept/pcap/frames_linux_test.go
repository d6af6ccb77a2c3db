package pcap

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// endChan closes itself when a connection ends.
type endChan chan struct{}

func (c endChan) Chunk(wire.Chunk)     {}
func (c endChan) End(time.Time, error) { close(c) }

// wantLive fails the test unless the capture on an interface has the connection
// hello, which send puts there, and nothing else.
func wantLive(t *testing.T, name string, port uint16, send func()) {
	t.Helper()
	ended := make(endChan)
	got := &collector{emit: func(*wire.Conn) wire.Tap { return ended }}
	s := sniffOn(t, name, port, got.tap)
	send()
	select {
	case <-ended:
	case <-time.After(patient):
		t.Error("the connection was not seen")
	}
	s.stop()
	if len(got.conns) != 1 {
		t.Fatalf("%d connections: %+v", len(got.conns), s.stats)
	}
	c := got.conns[0]
	if to, from := c.bytes(wire.ToServer), c.bytes(wire.ToClient); to != hello[3].data || from != hello[4].data || c.err != nil {
		t.Errorf("%q, %q, %v", to, from, c.err)
	}
	if st := s.stats; st.Gaps+st.Dropped+st.Truncated+st.Malformed+st.NotTCP+st.Fragmented+st.Strays+st.Repeated != 0 {
		t.Errorf("%+v", st)
	}
}

// elsewhere is hello with another server port.
func elsewhere() [][]byte {
	var all [][]byte
	for _, p := range hello {
		s := p.segment()
		if p.dir == '>' {
			s.dst = clientEnd
		} else {
			s.src = clientEnd
		}
		all = append(all, appendPacket(nil, s))
	}
	return all
}

// TestInterfaceFrames has what programs of the machine itself do not send.
func TestInterfaceFrames(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	up(t, "lo")
	var plain, inVLAN, inPieces, others [][]byte
	for i, f := range frames(hello) {
		plain = append(plain, framed(unix.ETH_P_IP, f.data))
		inVLAN = append(inVLAN, tagged(unix.ETH_P_8021Q, unix.ETH_P_IP, f.data))
		for _, piece := range fragments4(f.data, uint16(i+1), 8) {
			inPieces = append(inPieces, framed(unix.ETH_P_IP, piece))
		}
	}
	for _, packet := range elsewhere() {
		others = append(others, framed(unix.ETH_P_IP, packet), tagged(unix.ETH_P_8021Q, unix.ETH_P_IP, packet))
	}
	var six [][]byte
	for _, f := range hello6(func(p byte, b []byte) (byte, []byte) {
		return protocolHopByHop, slices.Concat([]byte{p, 0, 1, 4, 0, 0, 0, 0}, b)
	}) {
		six = append(six, framed(unix.ETH_P_IPV6, f.data))
	}
	for name, all := range map[string][][]byte{"plain": plain, "in a VLAN": inVLAN, "in fragments": inPieces, "with IPv6 extensions": six} {
		t.Run(name, func(t *testing.T) {
			wantLive(t, "lo", serverEnd.Port(), func() { inject(t, all...) })
			wantLive(t, "lo", 0, func() { inject(t, all...) })
			wantLive(t, AnyInterface, serverEnd.Port(), func() { inject(t, all...) })
		})
	}
	t.Run("beside others", func(t *testing.T) {
		wantLive(t, "lo", serverEnd.Port(), func() { inject(t, slices.Concat(others, plain)...) })
	})
	t.Run("that the filter lets pass", func(t *testing.T) {
		got := new(collector)
		s := sniffOn(t, "lo", 9, got.tap)
		inject(t, slices.Concat(six, inPieces)...)
		s.stop()
		if len(got.conns) != 0 || s.stats.Packets < int64(len(six)) {
			t.Errorf("%d connections: %+v", len(got.conns), s.stats)
		}
	})
}

// TestInterfaceTun has packets without link headers.
func TestInterfaceTun(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	f := tun(t, "tun0")
	send := func() {
		for _, p := range frames(hello) {
			if _, err := f.Write(p.data); err != nil {
				t.Error(err)
			}
		}
	}
	wantLive(t, "tun0", 0, send)
	wantLive(t, "tun0", serverEnd.Port(), send)
	wantLive(t, AnyInterface, serverEnd.Port(), send)
}

// TestInterfaceMissing has a packet that never comes, and then silence: what is
// behind it is shown all the same.
func TestInterfaceMissing(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	up(t, "lo")
	packets := append(slices.Clone(hello[:4]),
		pkt{dir: '<', data: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", ack: 18},
		pkt{dir: '<', seq: 44, data: "ghi", ack: 18},
		pkt{dir: '>', seq: 18, ack: 47},
	)
	chunks := make(chunkChan, 10)
	got := &collector{emit: func(*wire.Conn) wire.Tap { return chunks }}
	s := sniffOn(t, "lo", 0, got.tap)
	for _, f := range frames(packets) {
		inject(t, framed(unix.ETH_P_IP, f.data))
	}
	for seen := ""; !strings.HasSuffix(seen, "ghi"); {
		select {
		case data := <-chunks:
			seen += data
		case <-time.After(patient):
			t.Fatal("what is behind the gap is not shown")
		}
	}
	s.stop()
	if b := got.conns[0].bytes(wire.ToClient); !strings.HasSuffix(b, "abc???ghi") {
		t.Errorf("got %q", b)
	}
	if s.stats.Gaps != 1 || s.stats.LostBytes != 3 {
		t.Errorf("%+v", s.stats)
	}
}

func TestInterfaceErrors(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	for _, c := range []struct {
		name, want string
		is         error
	}{
		{"eth9", "sniff eth9: no such network interface", ErrNoInterface},
		{"", "sniff : no such network interface", ErrNoInterface},
		{"a-name-that-is-too-long", "sniff a-name-that-is-too-long: no such network interface", ErrNoInterface},
		{"lo", "sniff lo: network is down", unix.ENETDOWN},
	} {
		i, err := OpenInterface(c.name, 0)
		if err == nil || err.Error() != c.want || !errors.Is(err, c.is) || i != nil {
			t.Errorf("%q: %v; want %q", c.name, err, c.want)
		}
	}
	up(t, "lo")
	s := sniffOn(t, "lo", 0, new(collector).tap)
	down(t, "lo")
	s.wait()
	if s.err == nil || s.err.Error() != "sniff lo: network is down" {
		t.Errorf("it went down: %v", s.err)
	}
}

// TestInterfacePrivilege says why it cannot be.
func TestInterfacePrivilege(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	// In this process, which is of no other use.
	if err := unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_NET_RAW, 0, 0, 0); err != nil {
		need.Skip(t, "capabilities", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil { // of this thread
		need.Skip(t, "capabilities", err)
	}
	if i, err := OpenInterface("lo", 0); !errors.Is(err, os.ErrPermission) || err.Error() != "sniff lo: operation not permitted" {
		t.Errorf("got %v, %v", i, err)
	}
}
