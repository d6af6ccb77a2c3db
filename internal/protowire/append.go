package protowire

import (
	"encoding/binary"
	"slices"
)

// AppendVarint appends a field that is a number.
func AppendVarint(dst []byte, number Number, v uint64) []byte {
	return binary.AppendUvarint(appendTag(dst, number, VarintType), v)
}

// AppendFixed32 appends a field of four bytes.
func AppendFixed32(dst []byte, number Number, v uint32) []byte {
	return binary.LittleEndian.AppendUint32(appendTag(dst, number, Fixed32Type), v)
}

// AppendFixed64 appends a field of eight bytes.
func AppendFixed64(dst []byte, number Number, v uint64) []byte {
	return binary.LittleEndian.AppendUint64(appendTag(dst, number, Fixed64Type), v)
}

// AppendBytes appends a field that is text, bytes or a message.
func AppendBytes[T string | []byte](dst []byte, number Number, v T) []byte {
	return append(AppendLength(dst, number, len(v)), v...)
}

// AppendLength begins a field that has so many bytes, which the caller appends.
func AppendLength(dst []byte, number Number, n int) []byte {
	return binary.AppendUvarint(appendTag(dst, number, BytesType), uint64(n))
}

// Begin begins a field whose length is known when End is called with what it returns
// beside dst. One may be begun within another.
func Begin(dst []byte, number Number) ([]byte, int) {
	dst = append(appendTag(dst, number, BytesType), 0)
	return dst, len(dst)
}

// End ends the field whose bytes begin at from.
func End(dst []byte, from int) []byte {
	n := len(dst) - from
	if n < 1<<7 {
		dst[from-1] = byte(n)
		return dst
	}
	var length [binary.MaxVarintLen64]byte
	size := binary.PutUvarint(length[:], uint64(n))
	dst = slices.Insert(dst, from, length[1:size]...) // the first has its place
	dst[from-1] = length[0]
	return dst
}

func appendTag(dst []byte, number Number, typ Type) []byte {
	return binary.AppendUvarint(dst, uint64(number)<<3|uint64(typ))
}
