package pcap

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// ngBlock appends a pcapng block.
func ngBlock(order binary.AppendByteOrder, b []byte, typ uint32, body []byte) []byte {
	body = append(body, make([]byte, -len(body)&3)...)
	n := uint32(len(body) + blockOverhead)
	b = order.AppendUint32(order.AppendUint32(slices.Clip(b), typ), n)
	return order.AppendUint32(append(b, body...), n)
}

func ngSection(order binary.AppendByteOrder, b []byte) []byte {
	body := order.AppendUint32(nil, byteOrderMagic)
	body = order.AppendUint16(order.AppendUint16(body, 1), 0)
	return ngBlock(order, b, blockSection, order.AppendUint64(body, lengthUnknown))
}

// ngInterface describes an interface; resolution 0xff is none.
func ngInterface(order binary.AppendByteOrder, b []byte, snap uint32, resolution byte, offset int64) []byte {
	body := order.AppendUint16(nil, linkRaw)
	body = order.AppendUint32(order.AppendUint16(body, 0), snap)
	if resolution != 0xff {
		body = append(order.AppendUint16(order.AppendUint16(body, optionResolution), 1), resolution, 0, 0, 0)
	}
	if offset != 0 {
		body = order.AppendUint16(order.AppendUint16(body, optionTimeOffset), 8)
		body = order.AppendUint64(body, uint64(offset))
	}
	return ngBlock(order, b, blockInterface, body)
}

// ngLink describes an interface whose packets begin with other headers.
func ngLink(order binary.AppendByteOrder, b []byte, link uint32) []byte {
	return ngBlock(order, b, blockInterface, order.AppendUint32(order.AppendUint32(nil, link), 0))
}

// ngPacket appends a packet, whose time is so many units.
func ngPacket(order binary.AppendByteOrder, b []byte, old bool, id int, units uint64, f frame) []byte {
	body := order.AppendUint32(nil, uint32(id))
	typ := uint32(blockPacket)
	if old {
		typ, body = blockPacketOld, order.AppendUint16(order.AppendUint16(nil, uint16(id)), 0xffff)
	}
	body = order.AppendUint32(order.AppendUint32(body, uint32(units>>32)), uint32(units))
	body = order.AppendUint32(order.AppendUint32(body, uint32(len(f.data))), uint32(f.length))
	return ngBlock(order, b, typ, append(body, f.data...))
}

func TestPcapFiles(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, unit := range []time.Duration{time.Microsecond, time.Nanosecond} {
			all := frames(hello)
			for _, link := range []uint32{linkRaw, linkRaw | 4<<28, 12, 14, 228} {
				wantHello(t, pcapFile(order, unit, link, all))
			}
		}
	}
}

// TestOddPcapFiles has files of patched and of old programs.
func TestOddPcapFiles(t *testing.T) {
	all := frames(hello)
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		file := pcapFile(order, time.Microsecond, linkRaw, nil)
		order.AppendUint32(file[:0], 0xa1b2cd34)
		old := pcapFile(order, time.Microsecond, linkRaw, nil)
		order.AppendUint16(old[:6], 3)
		older := pcapFile(order, time.Microsecond, linkRaw, nil)
		order.AppendUint16(older[:6], 2)
		for _, f := range all {
			record := pcapFile(order, time.Microsecond, linkRaw, []frame{f})[pcapHead:]
			file = append(append(file, record[:recordHead]...), 0, 0, 0, 2, 8, 0, 0, 0)
			file = append(file, f.data...)
			old = append(old, record...)
			older = append(append(append(append(older, record[:8]...), record[12:16]...), record[8:12]...), f.data...)
		}
		wantHello(t, file)
		wantHello(t, old)
		wantHello(t, older)

		// The two lengths are told apart: one packet is cut.
		cut := pcapFile(order, time.Microsecond, linkRaw, []frame{{captured, all[3].data[:45], all[3].length}})
		for minor, swap := range map[uint16]bool{2: true, 3: true, 4: false} {
			b := bytes.Clone(cut)
			order.AppendUint16(b[:6], minor)
			if swap {
				copy(b[pcapHead+8:], cut[pcapHead+12:pcapHead+16])
				copy(b[pcapHead+12:], cut[pcapHead+8:pcapHead+12])
			}
			if _, stats := read(t, b); stats.Truncated != 1 || stats.Bytes != 45 {
				t.Errorf("version 2.%d: %+v", minor, stats)
			}
		}
	}
}

// TestFineTimes has times that are finer than numbers can tell seconds apart in.
func TestFineTimes(t *testing.T) {
	for _, c := range []struct {
		resolution byte
		units      uint64
		sec, ns    uint64
	}{
		{20, 1<<64 - 1, 0, 184_467_440},
		{21, 1<<64 - 1, 0, 18_446_744},
		{21, 1_000_000_000_000, 0, 1},
		{21, 999_999_999_999, 0, 0},
		{28, 1<<64 - 1, 0, 1},
		{29, 1<<64 - 1, 0, 0},
		{127, 1<<64 - 1, 0, 0},
		{19, 1<<64 - 1, 1, 844_674_407},
		{0, 7, 7, 0},
		{0x80, 7, 7, 0},
		{0x80 | 63, 1<<63 + 1<<62, 1, 500_000_000},
		{0x80 | 64, 1 << 63, 0, 500_000_000},
		{0x80 | 65, 1 << 63, 0, 250_000_000},
		{0x80 | 93, 1<<64 - 1, 0, 1},
		{0x80 | 127, 1<<64 - 1, 0, 0},
	} {
		if sec, ns := resolutionOf(c.resolution).split(c.units); sec != c.sec || ns != c.ns {
			t.Errorf("%d units of resolution %#x: %d.%09d s, want %d.%09d s", c.units, c.resolution, sec, ns, c.sec, c.ns)
		}
	}
}

// TestNgTimes has times of all resolutions.
func TestNgTimes(t *testing.T) {
	at := time.Unix(1_700_000_000, 500_000_000)
	f := frames(hello)[3]
	for _, c := range []struct {
		name       string
		resolution byte
		offset     int64
		units      uint64
	}{
		{"none: microseconds", 0xff, 0, 1_700_000_000_500_000},
		{"microseconds", 6, 0, 1_700_000_000_500_000},
		{"nanoseconds", 9, 0, 1_700_000_000_500_000_000},
		{"tenths", 1, 0, 17_000_000_005},
		{"halves", 0x81, 0, 3_400_000_001},
		{"2^-20 s", 0x80 | 20, 1_600_000_000, 100_000_000<<20 | 1<<19},
		{"2^-63 s", 0x80 | 63, 1_700_000_000, 1 << 62},
		{"picoseconds", 12, 1_700_000_000, 500_000_000_000},
		{"10^-19 s", 19, 1_700_000_000, 5e18},
		{"2^-64 s", 0x80 | 64, 1_700_000_000, 1 << 63},
		{"an offset", 6, -100, 1_700_000_100_500_000},
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			b := ngInterface(order, ngSection(order, nil), 0, c.resolution, c.offset)
			got, _ := read(t, ngPacket(order, b, false, 0, c.units, f))
			if len(got.conns) != 1 || !got.conns[0].chunks[0].Time.Equal(at) {
				t.Errorf("%s: got %v, want %v", c.name, got.conns[0].chunks[0].Time, at)
			}
		}
	}
}

// TestNgBlocks has several sections and interfaces, all kinds of packets, and
// blocks that mean nothing.
func TestNgBlocks(t *testing.T) {
	all := frames(hello)
	us := func(f frame) uint64 { return uint64(f.time.UnixMicro()) }
	le, be := binary.LittleEndian, binary.BigEndian
	b := ngSection(le, nil)
	b = ngBlock(le, b, 0x0bad, make([]byte, 3*bufferSize)) // more than is read at once
	b = ngInterface(le, b, 0, 3, 0)
	b = ngInterface(le, b, 0, 0xff, 0)
	for _, f := range all[:3] {
		b = ngPacket(le, b, false, 1, us(f), f)
	}
	b = ngSection(be, b)
	b = ngBlock(be, b, 5, make([]byte, 12)) // statistics
	b = ngInterface(be, b, 0, 9, 0)
	b = ngInterface(be, b, 0, 6, 0)
	b = ngPacket(be, b, true, 1, us(all[3]), all[3])
	b = ngPacket(be, b, false, 0, uint64(all[4].time.UnixNano()), all[4])
	b = ngSection(le, b)
	b = ngInterface(le, b, 0, 0xff, 0)
	for _, f := range all[5:] {
		b = ngPacket(le, b, false, 0, us(f), f)
	}
	wantHello(t, b)
}

// TestNgSimple has packets without a time.
func TestNgSimple(t *testing.T) {
	order := binary.LittleEndian
	all := frames(hello)
	b := ngInterface(order, ngSection(order, nil), 0, 9, 0)
	b = ngPacket(order, b, false, 0, uint64(all[0].time.UnixNano()), all[0])
	for _, f := range all[1:] {
		b = ngBlock(order, b, blockSimple, append(order.AppendUint32(nil, uint32(f.length)), f.data...))
	}
	got, _ := read(t, b)
	want := `0 > "GET / HTTP/1.1\r\n\r\n"` + "\n" + `0 < "HTTP/1.1 200 OK\r\n\r\n"` + "\n0 > eof\n0 < eof\n0 end\n"
	if s := said(got.conns[0]); s != want {
		t.Errorf("got\n%swant\n%s", s, want)
	}
	// The interface says how much of them is kept.
	b = ngInterface(order, ngSection(order, nil), 45, 9, 0)
	for _, f := range all[:5] {
		b = ngBlock(order, b, blockSimple, append(order.AppendUint32(nil, uint32(f.length)), f.data[:min(45, len(f.data))]...))
	}
	_, stats := read(t, b)
	if stats.Truncated != 4 || stats.Malformed != 0 {
		t.Errorf("%+v", stats)
	}
}

// TestNoCapture has files that are none.
func TestNoCapture(t *testing.T) {
	le := binary.LittleEndian
	section := ngSection(le, nil)
	iface := ngInterface(le, section, 0, 9, 0)
	packet := ngPacket(le, iface, false, 0, 0, frames(hello)[0])
	with := func(b []byte, at int, v uint32) []byte {
		b = bytes.Clone(b)
		le.PutUint32(b[at:], v)
		return b
	}
	pcap := rawFile(frames(hello))
	at := len(iface)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "neither pcap nor pcapng: empty"},
		{"text", []byte("hello"), `neither pcap nor pcapng: it begins with "hell"`},
		{"short", []byte("h"), `neither pcap nor pcapng: it begins with "h"`},
		{"head", pcap[:20], "head of the file: unexpected EOF"},
		{"record", with(pcap, 24+8, 1<<31), "no packet at offset 24: it would have 2147483648 bytes"},
		{"magic", with(section, 8, 7), "section at offset 0: no byte order"},
		{"section's end", with(section, len(section)-4, 16), "block at offset 0: its length is 28 at its beginning and 16 at its end"},
		{"length", with(packet, at+4, 13), "no block at offset 56: its length would be 13"},
		{"end", with(packet, len(packet)-4, 16), "block at offset 56: its length is 80 at its beginning and 16 at its end"},
		{"interface", with(packet, at+8, 1), "block at offset 56: interface 1 was not described"},
		{"kept", with(packet, at+20, 1000), "block at offset 56: packet of 1000 bytes: it is too short"},
		{"no room", ngBlock(le, section, blockInterface, nil), "block at offset 28: it is too short"},
		{"simple", ngBlock(le, section, blockSimple, make([]byte, 4)), "block at offset 28: interface 0 was not described"},
		{"huge", ngBlock(le, iface, blockPacket, make([]byte, bufferSize)), "block at offset 56: 524300 bytes are too many"},
	} {
		_, err := Read(context.Background(), bytes.NewReader(c.file), asked, new(collector).tap)
		if err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// TestGarbageBehind has a file that breaks: what came before is read.
func TestGarbageBehind(t *testing.T) {
	file := append(rawFile(frames(hello[:5])), bytes.Repeat([]byte{0xff}, 100)...)
	got := new(collector)
	stats, err := Read(context.Background(), bytes.NewReader(file), asked, got.tap)
	if err == nil || stats.Torn || stats.Packets != 5 {
		t.Errorf("%v, %+v", err, stats)
	}
	want := strings.Join(strings.SplitAfter(helloSaid, "\n")[:2], "") + "4 end: trace stopped\n"
	if s := said(got.conns[0]); s != want {
		t.Errorf("got\n%swant\n%s", s, want)
	}
}

// TestPipe has packets that come one at a time: each must be delivered before
// the next has come.
func TestPipe(t *testing.T) {
	in, out := io.Pipe()
	chunks := make(chan string)
	done := make(chan error)
	go func() {
		_, err := Read(context.Background(), in, asked, func(*wire.Conn) wire.Tap { return chunkChan(chunks) })
		done <- err
	}()
	file := rawFile(nil)
	for _, p := range hello {
		next := rawFile(frames([]pkt{p}))[pcapHead:]
		if _, err := out.Write(append(file, next...)); err != nil {
			t.Fatal(err)
		}
		file = nil
		if p.data == "" {
			continue
		}
		select {
		case got := <-chunks:
			if got != p.data {
				t.Errorf("got %q, want %q", got, p.data)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%q has not come", p.data)
		}
	}
	out.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// chunkChan sends the bytes of chunks.
type chunkChan chan string

func (c chunkChan) Chunk(ch wire.Chunk) {
	if len(ch.Data) > 0 {
		c <- string(ch.Data)
	}
}

func (c chunkChan) End(time.Time, error) {}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	got := new(collector)
	got.emit = func(*wire.Conn) wire.Tap { cancel(); return wire.Taps{} }
	stats, err := Read(ctx, bytes.NewReader(rawFile(frames(hello))), asked, got.tap)
	if err != context.Canceled || stats.Packets != 4 {
		t.Errorf("%v, %+v", err, stats)
	}
	if len(got.conns) != 1 || got.conns[0].err != wire.ErrStopped {
		t.Errorf("got %+v", got.conns)
	}
}

// TestEditcap reads what Wireshark's tools make of a file.
func TestEditcap(t *testing.T) {
	path := need.Program(t, "editcap")
	in := filepath.Join(t.TempDir(), "in.pcap")
	if err := os.WriteFile(in, rawFile(frames(hello)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-F", "pcapng"}, {"-F", "pcap"}, {"-F", "nsecpcap"}, {"-F", "pcapng", "-a", "4:a comment"}} {
		out := filepath.Join(t.TempDir(), "out")
		if b, err := exec.Command(path, append(args, in, out)...).CombinedOutput(); err != nil {
			t.Fatalf("editcap %q: %v: %s", args, err, b)
		}
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		wantHello(t, b)
	}
}

// TestNgStatistics has files that say how many packets are missing: of each
// interface the last block counts, and all sections together.
func TestNgStatistics(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		dropped := func(code uint16, value uint64, n int) []byte {
			b := order.AppendUint16(order.AppendUint16(nil, code), uint16(n))
			return append(b, order.AppendUint64(nil, value)[:n]...)
		}
		of := func(id uint32, options ...[]byte) []byte {
			return append(append(order.AppendUint32(nil, id), make([]byte, 8)...), slices.Concat(options...)...)
		}
		for _, c := range []struct {
			name   string
			blocks [][]byte // nil: another section
			want   int64
		}{
			{"none", [][]byte{of(0)}, 0},
			{"some", [][]byte{of(0, dropped(optionDropped, 7, 8))}, 7},
			{"of the last interface", [][]byte{of(1, dropped(optionDropped, 7, 8))}, 7},
			{"of both", [][]byte{of(0, dropped(optionDropped, 7, 8)), of(1, dropped(optionDropped, 5, 8))}, 12},
			{"more later", [][]byte{of(0, dropped(optionDropped, 7, 8)), of(0, dropped(optionDropped, 9, 8))}, 9},
			{"of an interface that was not described", [][]byte{of(2, dropped(optionDropped, 7, 8))}, 0},
			{"behind another option", [][]byte{of(0, dropped(optionDropped-1, 3, 8), dropped(optionDropped, 7, 8))}, 7},
			{"behind the end", [][]byte{of(0, dropped(optionEnd, 0, 0), dropped(optionDropped, 7, 8))}, 0},
			{"too short a number", [][]byte{of(0, dropped(optionDropped, 7<<32|7, 4))}, 0},
			{"too large a number", [][]byte{of(0, dropped(optionDropped, 1<<63, 8))}, 1<<31 - 1},
			{"too short a block", [][]byte{{0, 0, 0, 0, 0, 0, 0, 0}, {}}, 0},
			{"of two sections", [][]byte{of(0, dropped(optionDropped, 7, 8)), nil, of(0, dropped(optionDropped, 5, 8)), nil}, 12},
			{"of a section without interfaces", [][]byte{nil, of(0, dropped(optionDropped, 7, 8))}, 7},
		} {
			begin := func(b []byte) []byte {
				return ngInterface(order, ngInterface(order, ngSection(order, b), 0, 9, 0), 0, 6, 0)
			}
			b := begin(nil)
			for _, body := range c.blocks {
				if body == nil {
					b = begin(b)
				} else {
					b = ngBlock(order, b, blockStatistic, body)
				}
			}
			if _, stats := read(t, b); stats.Missing != c.want {
				t.Errorf("%s: %d packets are missing, want %d", c.name, stats.Missing, c.want)
			}
		}
	}
}

// TestNgPackets has packets whose blocks are as short as they may be, or shorter.
func TestNgPackets(t *testing.T) {
	order := binary.LittleEndian
	f := frames(hello)[3]
	iface := ngInterface(order, ngInterface(order, ngSection(order, nil), 0, 9, 0), 0, 9, 0)
	body := func(id, kept, length int, data []byte) []byte {
		b := order.AppendUint32(order.AppendUint64(nil, uint64(id)), 0)
		return append(order.AppendUint32(order.AppendUint32(b, uint32(kept)), uint32(length)), data...)
	}
	for _, c := range []struct {
		name string
		typ  uint32
		body []byte
		want string // error
		cut  int64
	}{
		{"nothing of it", blockPacket, body(0, 0, 5, nil), "", 1},
		{"no head", blockPacket, body(0, 0, 5, nil)[:16], "block at offset 84: it is too short", 0},
		{"the last interface", blockPacket, body(1, len(f.data), len(f.data), f.data), "", 0},
		{"no such interface", blockPacket, body(2, len(f.data), len(f.data), f.data), "block at offset 84: interface 2 was not described", 0},
		{"one byte too many", blockPacket, body(0, 5, 5, make([]byte, 4)), "block at offset 84: packet of 5 bytes: it is too short", 0},
		{"more kept than there was", blockPacket, body(0, len(f.data), 1, f.data), "", 0},
		{"nothing of a simple one", blockSimple, order.AppendUint32(nil, 5), "", 1},
		{"a simple one without its length", blockSimple, nil, "block at offset 84: it is too short", 0},
		{"a simple one that is filled up", blockSimple, append(order.AppendUint32(nil, 5), make([]byte, 8)...), "", 0},
	} {
		file := ngBlock(order, iface, c.typ, c.body)
		stats, err := Read(context.Background(), bytes.NewReader(file), asked, new(collector).tap)
		if got := fmt.Sprint(err); err == nil && c.want != "" || err != nil && !strings.HasSuffix(got, c.want) || c.want == "" && err != nil || stats.Truncated != c.cut {
			t.Errorf("%s: %v, %d cut; want %s, %d", c.name, err, stats.Truncated, c.want, c.cut)
		}
	}
}

// TestNgInterfaces has as many interfaces as a section may have, and one more.
func TestNgInterfaces(t *testing.T) {
	order := binary.LittleEndian
	one := ngLink(order, nil, linkRaw)
	file := append(ngSection(order, nil), bytes.Repeat(one, maxInterfaces)...)
	last := ngPacket(order, file, false, maxInterfaces-1, 0, frames(hello)[3])
	if got, _ := read(t, last); len(got.conns) != 1 {
		t.Errorf("%d connections", len(got.conns))
	}
	_, err := Read(context.Background(), bytes.NewReader(append(file, one...)), asked, new(collector).tap)
	if err == nil || !strings.HasSuffix(err.Error(), "more than 4096 interfaces") {
		t.Errorf("one more: %v", err)
	}
}
