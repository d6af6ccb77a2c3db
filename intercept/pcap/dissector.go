package pcap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/gopacket/layers"
)

// maxHeaders is more than a packet has that was not made to be taken apart for
// ever: tunnels may be in tunnels.
const maxHeaders = 32

// dissector is what taking packets apart needs besides their bytes. It keeps its
// memory from one packet to the next.
type dissector struct {
	tcp    layers.TCP
	defrag defrag
	unread announced // what made the last packet one without TCP

	now   time.Time
	order binary.ByteOrder // of the file
	src   netip.Addr       // of the innermost IP header
	dst   netip.Addr
	size  int // how long its payload was before it was cut
}

// errFragment is the error of packets that are parts of one.
var errFragment = errors.New("part of a packet")

// SetTruncated is how layers say that data is missing. It is found out by the
// lengths.
func (d *dissector) SetTruncated() {}

// segmentOf takes a TCP segment apart. What is cut off its end is counted.
func (d *dissector) segmentOf(s *segment, data []byte) error {
	// An error may be about options, which do not matter.
	err := d.tcp.DecodeFromBytes(data, d)
	if len(data) < tcpHeader || d.tcp.DataOffset < tcpHeader/4 {
		return err
	}
	header := int(d.tcp.DataOffset) * 4
	if header > d.size {
		return fmt.Errorf("TCP header of %d bytes in a segment of %d", header, d.size)
	}
	s.src = netip.AddrPortFrom(d.src, uint16(d.tcp.SrcPort))
	s.dst = netip.AddrPortFrom(d.dst, uint16(d.tcp.DstPort))
	s.seq, s.ack, s.flags = d.tcp.Seq, d.tcp.Ack, data[13]
	s.data = data[min(header, len(data)):]
	s.cut = d.size - max(header, len(data))
	return nil
}
