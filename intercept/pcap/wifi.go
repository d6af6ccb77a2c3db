package pcap

import "encoding/binary"

// radiotap reads what a radio says of a frame: how long it says it is in the
// third and fourth byte, and whether the frame's header is filled up.
func radiotap(data []byte) (announced, []byte, error) {
	const size = 8
	if len(data) < size {
		return short("radiotap", data)
	}
	n := int(binary.LittleEndian.Uint16(data[2:]))
	if n < size || n > len(data) {
		return short("radiotap", data)
	}
	return dot11(data[n:], filledUp(data[:n]))
}

// filledUp reports whether a radiotap header says that frames' headers have a
// length that can be divided by four. That is in its flags, behind all words that
// say which values there are, and a time.
func filledUp(head []byte) bool {
	const more, time, flags, padded = 1 << 31, 1, 2, 0x20
	present := binary.LittleEndian.Uint32(head[4:])
	at := 8
	for p := present; p&more != 0; at += 4 {
		if len(head) < at+4 {
			return false
		}
		p = binary.LittleEndian.Uint32(head[at:])
	}
	if present&time != 0 {
		at = (at+7)&^7 + 8
	}
	return present&flags != 0 && at < len(head) && head[at]&padded != 0
}

// prism reads the header of an old card, which has one length, or an AVS header
// in its place, which says its own.
func prism(data []byte) (announced, []byte, error) {
	const size, avs = 144, 0x80211000
	if len(data) < 8 {
		return short("Prism", data)
	}
	n := size
	if binary.BigEndian.Uint32(data)&^0xfff == avs {
		n = int(binary.BigEndian.Uint32(data[4:]) & 0xffff)
	}
	return skip("Prism", data, n, announced{byLink, linkDot11})
}

// dot11 reads the header of a frame that has data (IEEE 802.11, section 9.2.4);
// it may be filled up. Frames of other types, and encrypted ones, are not read.
func dot11(data []byte, padded bool) (announced, []byte, error) {
	const dataFrame, noData, qos = 2, 4, 8       // a type, and bits of its subtypes
	const both, encrypted, order = 3, 0x40, 0x80 // flags
	const aggregated = 0x80
	if len(data) < 10 {
		return short("IEEE 802.11", data)
	}
	subtype, flags := data[0]>>4, data[1]
	switch {
	case data[0]>>2&3 != dataFrame || subtype&noData != 0:
		return announced{byFrame, frameNoData}, nil, nil
	case flags&encrypted != 0:
		return announced{byFrame, frameEncrypted}, nil, nil
	}
	n, several := 24, false
	if flags&both == both { // from one access point to another
		n += 6
	}
	if subtype&qos != 0 {
		several = len(data) > n && data[n]&aggregated != 0
		if n += 2; flags&order != 0 {
			n += 4
		}
	}
	if padded {
		n = (n + 3) &^ 3
	}
	if len(data) < n {
		return short("IEEE 802.11", data)
	}
	if several {
		return announced{byFrame, frameAggregated}, nil, nil
	}
	return llc(data[n:])
}
