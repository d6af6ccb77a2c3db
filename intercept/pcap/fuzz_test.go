package pcap

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// strictTap fails t if it is not used as taps are.
type strictTap struct {
	t     *testing.T
	conn  *wire.Conn
	last  time.Time
	eof   [2]bool
	ended bool
	ours  bool // of a recording, which may say anything
	bytes *int
}

func (s *strictTap) Chunk(c wire.Chunk) {
	switch {
	case s.ended:
		s.t.Error("a chunk after the end")
	case c.Conn != s.conn || c.Dir > wire.ToClient:
		s.t.Errorf("chunk of %v to %v", c.Conn, c.Dir)
	case len(c.Data) == 0 && c.Lost == 0 && !c.EOF:
		s.t.Error("a chunk of nothing")
	case s.ours:
	case c.Time.Before(s.last):
		s.t.Errorf("time goes from %v to %v", s.last, c.Time)
	case s.eof[c.Dir]:
		s.t.Error("a chunk after the end of its direction")
	}
	s.last, s.eof[c.Dir] = c.Time, s.eof[c.Dir] || c.EOF
	*s.bytes += len(c.Data)
	clear(c.Data) // whoever reads it again will notice
}

func (s *strictTap) End(t time.Time, err error) {
	if s.ended || !s.ours && t.Before(s.last) {
		s.t.Errorf("end at %v, ended %v", t, s.ended)
	}
	s.ended = true
}

// FuzzRead reads anything: it must end, without a panic, within its bounds, and
// use its taps as they are to be used.
func FuzzRead(f *testing.F) {
	f.Add(record(f, []session{put(1, "", "", 100), put(2, "tcp://[2001:db8::1]:1", "tcp://[2001:db8::2]:2", 10)}))
	for _, c := range tcpTests {
		f.Add(rawFile(frames(c.packets)))
	}
	six := hello6(func(p byte, b []byte) (byte, []byte) { return p, b })
	var parts []frame
	for i, one := range frames(hello) {
		for _, b := range append(fragments4(one.data, uint16(i), 8), fragments6(six[i].data, byte(i), 16)...) {
			parts = append(parts, frame{one.time, b, len(b)})
		}
	}
	f.Add(rawFile(parts))
	for _, link := range []uint32{0, 1, 9, 51, 105, 113, 127, 228, 276} {
		f.Add(pcapFile(binary.BigEndian, time.Microsecond, link, wrapped(func(ip []byte) []byte { return framed(0x800, ip) })))
	}
	order := binary.BigEndian
	ng := ngInterface(order, ngSection(order, nil), 0, 0x81, 5)
	for i, one := range frames(hello) {
		ng = ngPacket(order, ng, i%2 == 0, 0, uint64(i), one)
	}
	f.Add(ngBlock(order, ng, blockSimple, make([]byte, 40)))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 4<<10 {
			return
		}
		var taps []*strictTap
		seen := 0
		o := Options{MaxConnections: 3, MaxHeld: 8 << 10, Recognize: decode.Recognize}
		stats, err := Read(context.Background(), bytes.NewReader(file), o, func(c *wire.Conn) wire.Tap {
			// Only recordings name processes, or addresses that are not of TCP.
			tap := &strictTap{t: t, conn: c, last: c.Start, bytes: &seen}
			taps = append(taps, tap)
			tap.ours = bytes.Contains(file, []byte(commentPrefix))
			return tap
		})
		for _, tap := range taps {
			if !tap.ended {
				t.Error("a connection did not end")
			}
		}
		if int(stats.Connections) != len(taps) || stats.Gaps < 0 || stats.LostBytes < 0 {
			t.Errorf("%d taps: %+v", len(taps), stats)
		}
		if torn := errors.Is(err, io.ErrUnexpectedEOF); torn != stats.Torn {
			t.Errorf("%v, %+v", err, stats)
		}
	})
}
