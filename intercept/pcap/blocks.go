package pcap

import (
	"encoding/binary"
	"time"
)

// Types of pcapng blocks (draft-ietf-opsawg-pcapng, section 4).
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacketOld = 2 // obsolete
	blockSimple    = 3
	blockStatistic = 5
	blockPacket    = 6
	blockSecrets   = 10
)

// secretsKeyLog says that secrets are a key log of TLS (the same, section 4.7).
const secretsKeyLog = 0x544c534b

// Options of blocks (the same, sections 3.5 and 4).
const (
	optionEnd         = 0
	optionComment     = 1
	optionSectionOS   = 3
	optionSectionAppl = 4
	optionInterface   = 2 // its name
	optionResolution  = 9 // of times
	optionTimeOffset  = 14
	optionDropped     = 5         // of statistics: packets since the begin of the capture
	maxOption         = 1<<16 - 1 // bytes
)

const (
	blockOverhead         = 12 // type, and the length at both ends
	byteOrderMagic        = 0x1a2b3c4d
	lengthUnknown  uint64 = 1<<64 - 1 // of a section
	nanoseconds           = 9         // a resolution of 10⁻⁹ s
)

// Blocks are written in the byte order of the machines that most of them are
// read on.
var order = binary.LittleEndian

// beginBlock appends the type of a block and room for its length.
func beginBlock(b []byte, typ uint32) []byte {
	return append(order.AppendUint32(b, typ), 0, 0, 0, 0)
}

// endBlock writes the length at both ends of the block that began at start.
func endBlock(b []byte, start int) []byte {
	n := uint32(len(b) - start + 4)
	order.PutUint32(b[start+4:], n)
	return order.AppendUint32(b, n)
}

// appendOption appends one option, cut to the length that it can have.
func appendOption[T string | []byte](b []byte, code uint16, value T) []byte {
	value = value[:min(len(value), maxOption)]
	b = order.AppendUint16(b, code)
	b = order.AppendUint16(b, uint16(len(value)))
	return pad(append(b, value...), len(value))
}

func endOptions(b []byte) []byte { return append(b, optionEnd, 0, 0, 0) }

// pad fills up n bytes that were appended to a multiple of four.
func pad(b []byte, n int) []byte {
	const zeros = "\x00\x00\x00"
	return append(b, zeros[:-n&3]...)
}

// appendSection appends the block that begins a file.
func appendSection(b []byte, comment, system, application string) []byte {
	start := len(b)
	b = beginBlock(b, blockSection)
	b = order.AppendUint32(b, byteOrderMagic)
	b = order.AppendUint16(b, 1) // version 1.0
	b = order.AppendUint16(b, 0)
	b = order.AppendUint64(b, lengthUnknown)
	b = appendOption(b, optionComment, comment)
	b = appendOption(b, optionSectionOS, system)
	b = appendOption(b, optionSectionAppl, application)
	return endBlock(endOptions(b), start)
}

// appendInterface appends the description of the interface that packets come
// from. They are never cut.
func appendInterface(b []byte, link uint16, name string) []byte {
	start := len(b)
	b = beginBlock(b, blockInterface)
	b = order.AppendUint16(b, link)
	b = append(b, 0, 0, 0, 0, 0, 0) // reserved, and no limit of length
	b = appendOption(b, optionInterface, name)
	b = appendOption(b, optionResolution, []byte{nanoseconds})
	return endBlock(endOptions(b), start)
}

// appendStatistics appends a block that says how many packets of interface 0 are
// missing so far, since there was no room for them.
func appendStatistics(b []byte, t time.Time, lost int64, comment []byte) []byte {
	start := len(b)
	b = beginBlock(b, blockStatistic)
	b = order.AppendUint32(b, 0)
	b = appendTime(b, t)
	b = appendOption(b, optionComment, comment)
	b = appendOption(b, optionDropped, order.AppendUint64(nil, uint64(lost)))
	return endBlock(endOptions(b), start)
}

// appendSecrets appends a block with a key log of TLS (RFC 9850).
func appendSecrets(b []byte, keyLog []byte) []byte {
	start := len(b)
	b = beginBlock(b, blockSecrets)
	b = order.AppendUint32(b, secretsKeyLog)
	b = order.AppendUint32(b, uint32(len(keyLog)))
	return endBlock(pad(append(b, keyLog...), len(keyLog)), start)
}

// appendTime appends a time as interface 0 counts it.
func appendTime(b []byte, t time.Time) []byte {
	ns := uint64(max(t.UnixNano(), 0))
	b = order.AppendUint32(b, uint32(ns>>32))
	return order.AppendUint32(b, uint32(ns))
}

// appendSegment appends a block with the packet of s on interface 0. An empty
// comment is left out.
func appendSegment(b []byte, t time.Time, s *segment, comment []byte, more ...[]byte) []byte {
	start, n := len(b), s.size()
	b = beginBlock(b, blockPacket)
	b = order.AppendUint32(b, 0)
	b = appendTime(b, t)
	b = order.AppendUint32(b, uint32(n))
	b = order.AppendUint32(b, uint32(n))
	b = pad(appendPacket(b, s), n)
	options := len(b)
	if len(comment) > 0 {
		b = appendOption(b, optionComment, comment)
	}
	for _, c := range more {
		b = appendOption(b, optionComment, c)
	}
	if len(b) > options {
		b = endOptions(b)
	}
	return endBlock(b, start)
}
