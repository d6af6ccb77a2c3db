package pcap

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// announced is what follows a header, by the number that announces it. What
// nothing takes apart is counted by it.
type announced struct {
	by     numbering
	number int
}

// numbering is whose number it is.
type numbering uint8

const (
	byLink      numbering = iota // the link type of a capture, or of a header around packets
	byEtherType                  // also of GRE and SNAP
	byProtocol                   // of IP
	byPort                       // of UDP: that of a tunnel
	byPPP
	byDSAP   // of IEEE 802.2
	byFamily // of addresses
	byFrame  // of IEEE 802.11, by why it is not read
	byOther  // what there is no room to tell apart
)

// Numbers that more than one file needs. All others stand where they are read.
const (
	linkEthernet = 1
	linkDot11    = 105
	linkRaw      = 101 // packets begin with an IP header

	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd
	etherMPLS = 0x8847
)

// errNoTCP is the error of packets with something else in them, and errLink that
// of those that begin with an unknown header.
var (
	errNoTCP = errors.New("no TCP")
	errLink  = errors.New("link type is not known")
)

// nothing is what a headerReader returns for what is not read.
func nothing() (announced, []byte, error) { return announced{}, nil, errNoTCP }

func short(what string, data []byte) (announced, []byte, error) {
	return announced{}, nil, fmt.Errorf("%s header: %d bytes are too few", what, len(data))
}

// fixed takes a header of size bytes, whose EtherType is at the offset typ.
func fixed(what string, data []byte, size, typ int) (announced, []byte, error) {
	if len(data) < size {
		return short(what, data)
	}
	return announced{byEtherType, uint16At(data, typ)}, data[size:], nil
}

// skip takes a header of size bytes that is in front of what a says.
func skip(what string, data []byte, size int, a announced) (announced, []byte, error) {
	if len(data) < size {
		return short(what, data)
	}
	return a, data[size:], nil
}

// anyIP tells the versions of IP apart.
func anyIP(data []byte) (announced, []byte, error) {
	if len(data) > 0 {
		switch data[0] >> 4 {
		case 4:
			return announced{byEtherType, etherIPv4}, data, nil
		case 6:
			return announced{byEtherType, etherIPv6}, data, nil
		}
	}
	return nothing()
}

// ipBehind is anyIP behind a header of size bytes.
func ipBehind(what string, data []byte, size int) (announced, []byte, error) {
	if len(data) < size {
		return short(what, data)
	}
	return anyIP(data[size:])
}

// uint16At returns a number in network byte order.
func uint16At(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
