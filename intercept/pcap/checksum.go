package pcap

import (
	"encoding/binary"
	"math/bits"
)

// sum adds b to an Internet checksum that is being computed (RFC 1071). The
// order of addition does not matter, so words of eight bytes are added at once,
// with their carries; b has an even number of bytes unless it is the last part.
func sum(total uint64, b []byte) uint64 {
	var carry uint64
	for len(b) >= 32 {
		total, carry = bits.Add64(total, binary.BigEndian.Uint64(b), carry)
		total, carry = bits.Add64(total, binary.BigEndian.Uint64(b[8:]), carry)
		total, carry = bits.Add64(total, binary.BigEndian.Uint64(b[16:]), carry)
		total, carry = bits.Add64(total, binary.BigEndian.Uint64(b[24:]), carry)
		b = b[32:]
	}
	for ; len(b) >= 8; b = b[8:] {
		total, carry = bits.Add64(total, binary.BigEndian.Uint64(b), carry)
	}
	var last [8]byte
	copy(last[:], b)
	total, carry = bits.Add64(total, binary.BigEndian.Uint64(last[:]), carry)
	total, carry = bits.Add64(total, 0, carry)
	return total + carry
}

// checksum returns the checksum of what was added: the complement of the sum,
// folded into 16 bits.
func checksum(total uint64) uint16 {
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return ^uint16(total)
}
