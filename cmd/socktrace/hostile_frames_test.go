//go:build linux

package main

import (
	"encoding/binary"
	"strings"

	"golang.org/x/net/http2"
)

// Flags of frames of HTTP/2 (RFC 9113, section 6).
const (
	endStream  = http2.FlagDataEndStream
	endHeaders = http2.FlagHeadersEndHeaders
)

// frameOf returns a frame of HTTP/2.
func frameOf(typ http2.FrameType, flags http2.Flags, stream int, payload string) string {
	n := len(payload)
	b := []byte{byte(n >> 16), byte(n >> 8), byte(n), byte(typ), byte(flags)}
	return string(binary.BigEndian.AppendUint32(b, uint32(stream))) + payload
}

// hpackInt returns a number with what its first byte begins with (RFC 7541, section 5.1).
func hpackInt(first byte, bits, n int) string {
	most := 1<<bits - 1
	if n < most {
		return string([]byte{first | byte(n)})
	}
	return string(binary.AppendUvarint([]byte{first | byte(most)}, uint64(n-most)))
}

// literalOf returns a field that is in no table; one that first has put there is.
func literalOf(first byte, name, value string) string {
	return string([]byte{first}) + hpackInt(0, 7, len(name)) + name + hpackInt(0, 7, len(value)) + value
}

// What the first byte of a literal says (RFC 7541, section 6.2).
const (
	plainLiteral    = 0x00
	insertedLiteral = 0x40
)

// fieldsOf returns names and values as literals.
func fieldsOf(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.WriteString(literalOf(plainLiteral, pairs[i], pairs[i+1]))
	}
	return b.String()
}

// What heads begin with: entries of the static table (RFC 7541, appendix A).
const (
	getHead  = "\x82\x86\x84" // GET http /
	postHead = "\x83\x86"
	okHead   = "\x88"
)

// asking returns the head of a request for a path, and fields.
func asking(path string, pairs ...string) string {
	return postHead + fieldsOf(append([]string{":path", path, ":authority", "x"}, pairs...)...)
}

// headOf returns the head that a block is, in as many frames as it needs.
func headOf(stream int, flags http2.Flags, block string) string {
	const most = 16_384
	typ := http2.FrameHeaders
	var b strings.Builder
	for len(block) > most {
		b.WriteString(frameOf(typ, flags, stream, block[:most]))
		block, typ, flags = block[most:], http2.FrameContinuation, 0
	}
	b.WriteString(frameOf(typ, flags|endHeaders, stream, block))
	return b.String()
}

// dataOf returns what is in the body of a stream, in as many frames as it needs.
func dataOf(stream int, text string) string {
	const most = 16_384
	var b strings.Builder
	for len(text) > most {
		b.WriteString(frameOf(http2.FrameData, 0, stream, text[:most]))
		text = text[most:]
	}
	b.WriteString(frameOf(http2.FrameData, 0, stream, text))
	return b.String()
}

// settingsOf returns SETTINGS with one of them.
func settingsOf(id http2.SettingID, value uint32) string {
	return frameOf(http2.FrameSettings, 0, 0, string(binary.BigEndian.AppendUint32([]byte{0, byte(id)}, value)))
}

// greet begins HTTP/2, in which the server allows heads, tables and frames of any size.
func (t *talk) greet() {
	t.asks(http2.ClientPreface + frameOf(http2.FrameSettings, 0, 0, ""))
	t.answers(settingsOf(http2.SettingHeaderTableSize, 1<<30) + settingsOf(http2.SettingMaxFrameSize, 1<<24-1))
}

// framed is a connection of HTTP/2.
func framed(name string, conns int, says func(*talk)) hostile {
	return hostile{name, conns, func(t *talk) {
		t.greet()
		says(t)
	}}
}

// flood is a connection on which each of n streams has the same frames: stream is its
// number.
func flood(name string, conns, n int, frames func(t *talk, stream int)) hostile {
	return framed(name, conns, func(t *talk) {
		for i := range n {
			frames(t, 2*i+1)
		}
	})
}
