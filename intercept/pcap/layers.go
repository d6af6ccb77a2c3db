package pcap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// maxLayers is more headers than a packet has that was not made to be taken
// apart for ever.
const maxLayers = 32

// dissector finds the TCP segment in a packet. It uses the layers of gopacket
// for headers that need no context, and keeps their memory from one packet to
// the next. What gopacket does not have, or has no DecodingLayer for, is in
// headers.go; IP is taken apart in ip.go, where lengths and fragments matter.
type dissector struct {
	layers gopacket.DecodingLayerSparse
	tcp    layers.TCP
	defrag defrag

	now  time.Time
	src  netip.Addr // of the innermost IP header
	dst  netip.Addr
	size int // how long its payload was before it was cut
}

func newDissector() *dissector {
	d := new(dissector)
	c := gopacket.DecodingLayerContainer(d.layers)
	for _, l := range []gopacket.DecodingLayer{
		&layers.Ethernet{}, &layers.Dot1Q{}, &layers.LLC{}, &layers.SNAP{}, &layers.Loopback{},
		&layers.GRE{}, &layers.EtherIP{}, &layers.UDP{}, &layers.VXLAN{},
		&layers.RadioTap{}, &layers.Dot11{}, &layers.Dot11Data{},
	} {
		c = c.Put(l)
	}
	d.layers = c.(gopacket.DecodingLayerSparse)
	return d
}

// errNoTCP is the error of packets with something else in them.
var errNoTCP = errors.New("no TCP")

// errFragment is the error of packets that are parts of one.
var errFragment = errors.New("part of a packet")

// segment sets s to the TCP segment in p. Its data is valid as long as that of
// p. The error is errNoTCP, errFragment, or says what is wrong with the packet.
func (d *dissector) segment(s *segment, p *packet) (err error) {
	defer func() {
		// Some layers trust the lengths that they find.
		if r := recover(); r != nil {
			err = fmt.Errorf("malformed packet: %v", r)
		}
	}()
	d.now = p.time
	typ, data, err := d.linkLayer(p)
	for range maxLayers {
		if err != nil {
			return err
		}
		switch typ {
		case layers.LayerTypeTCP:
			return d.segmentOf(s, data)
		case layers.LayerTypeIPv4:
			typ, data, err = d.ipv4(data)
		case layers.LayerTypeIPv6:
			typ, data, err = d.ipv6(data)
		case layers.LayerTypeGeneve:
			typ, data, err = geneve(data)
		case layers.LayerTypePPP:
			typ, data, err = ppp(data)
		case layers.LayerTypePPPoE:
			typ, data, err = pppoe(data)
		case layers.LayerTypeMPLS:
			typ, data, err = mpls(data)
		default:
			layer, ok := d.layers.Decoder(typ)
			if !ok {
				return errNoTCP
			}
			err = layer.DecodeFromBytes(data, d)
			typ, data = layer.NextLayerType(), layer.LayerPayload()
		}
	}
	return errors.New("too many headers")
}

// SetTruncated is how layers say that data is missing. It is found out by the
// lengths.
func (d *dissector) SetTruncated() {}

// linkLayer returns what the first header of p is.
func (d *dissector) linkLayer(p *packet) (gopacket.LayerType, []byte, error) {
	switch p.link {
	case 0, 108: // NULL, LOOP
		return layers.LayerTypeLoopback, p.data, nil
	case 1:
		return layers.LayerTypeEthernet, p.data, nil
	case 9, 50: // PPP, PPP_HDLC
		return layers.LayerTypePPP, p.data, nil
	case 51: // PPP_ETHER
		return layers.LayerTypePPPoE, p.data, nil
	case 12, 14, linkRaw:
		return anyIP(p.data)
	case 228:
		return layers.LayerTypeIPv4, p.data, nil
	case 229:
		return layers.LayerTypeIPv6, p.data, nil
	case 105: // IEEE802_11
		return layers.LayerTypeDot11, withChecksum(p.data), nil
	case 127: // IEEE802_11_RADIOTAP
		return layers.LayerTypeRadioTap, p.data, nil
	case 113: // LINUX_SLL
		return cooked(p.data, 16, 14)
	case 276: // LINUX_SLL2
		return cooked(p.data, 20, 0)
	}
	return 0, nil, errLink(p.link)
}

// errLink is the error of a packet that begins with an unknown header.
type errLink uint16

func (e errLink) Error() string { return fmt.Sprintf("link type %d is not known", uint16(e)) }

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

// anyIP tells the versions of IP apart.
func anyIP(data []byte) (gopacket.LayerType, []byte, error) {
	if len(data) > 0 {
		switch data[0] >> 4 {
		case 4:
			return layers.LayerTypeIPv4, data, nil
		case 6:
			return layers.LayerTypeIPv6, data, nil
		}
	}
	return 0, nil, errNoTCP
}

// etherType returns the layer that an EtherType announces.
func etherType(b []byte) gopacket.LayerType {
	return layers.EthernetType(binary.BigEndian.Uint16(b)).LayerType()
}
