package http2

import (
	"encoding/binary"
	"strconv"
)

// frameType says what a frame is (RFC 9113, section 6).
type frameType uint8

const (
	data frameType = iota
	headers
	priority
	rstStream
	settings
	pushPromise
	ping
	goAway
	windowUpdate
	continuation
	knownTypes
)

// flags of frames; what they mean depends on the type.
const (
	flagEndStream  = 0x1
	flagAck        = 0x1 // of SETTINGS and PING
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20
)

const (
	// headerSize is the size of a frame's header.
	headerSize = 9
	// settingSize is that of a setting.
	settingSize = 6
	// leastMaxFrame is how long a frame may be if its receiver does not say more,
	// and largestFrame how long one may be at all (RFC 9113, section 4.2).
	leastMaxFrame = 1 << 14
	largestFrame  = 1<<24 - 1
)

// types are what is known of each type of frame.
var types = [knownTypes]struct {
	name   string
	flags  uint8 // those it may have
	least  int   // bytes of its payload
	most   int   // -1: as many as fit
	stream streamRule
}{
	data:         {"DATA", flagEndStream | flagPadded, 0, -1, ofStream},
	headers:      {"HEADERS", flagEndStream | flagEndHeaders | flagPadded | flagPriority, 0, -1, ofStream},
	priority:     {"PRIORITY", 0, 5, 5, ofStream},
	rstStream:    {"RST_STREAM", 0, 4, 4, ofStream},
	settings:     {"SETTINGS", flagAck, 0, -1, ofConn},
	pushPromise:  {"PUSH_PROMISE", flagEndHeaders | flagPadded, 4, -1, ofStream},
	ping:         {"PING", flagAck, 8, 8, ofConn},
	goAway:       {"GOAWAY", 0, 8, -1, ofConn},
	windowUpdate: {"WINDOW_UPDATE", 0, 4, 4, ofEither},
	continuation: {"CONTINUATION", flagEndHeaders, 0, -1, ofStream},
}

// streamRule says whether a frame belongs to a stream, or, with stream 0, to the
// connection.
type streamRule uint8

const (
	ofStream streamRule = iota
	ofConn
	ofEither
)

// header is the header of a frame (RFC 9113, section 4.1).
type header struct {
	length int // of the payload
	typ    frameType
	flags  uint8
	stream uint32
}

// parseHeader reads the header at the beginning of b, which has it.
func parseHeader(b []byte) header {
	return header{
		length: int(b[0])<<16 | int(b[1])<<8 | int(b[2]),
		typ:    frameType(b[3]),
		flags:  b[4],
		stream: binary.BigEndian.Uint32(b[5:]) &^ (1 << 31),
	}
}

// size is that of the whole frame.
func (h header) size() int { return headerSize + h.length }

func (h header) has(flag uint8) bool { return h.flags&flag != 0 }

// carriesHead reports whether the frame has a part of a field block.
func (h header) carriesHead() bool {
	return h.typ == headers || h.typ == pushPromise || h.typ == continuation
}

// String returns the frame as "DATA of stream 5 (12 bytes)".
func (h header) String() string {
	name := "frame of type " + strconv.Itoa(int(h.typ))
	if h.typ < knownTypes {
		name = types[h.typ].name
	}
	return name + " of stream " + strconv.FormatUint(uint64(h.stream), 10) + " (" + strconv.Itoa(h.length) + " bytes)"
}

// fault returns what is wrong with the frame by itself. Of types that are not known
// nothing is.
func (h header) fault() fault {
	if h.typ >= knownTypes {
		return sound
	}
	t := &types[h.typ]
	switch {
	case t.stream == ofStream && h.stream == 0, t.stream == ofConn && h.stream != 0:
		return wrongStream
	case h.length < t.least, t.most >= 0 && h.length > t.most,
		h.typ == settings && (h.length%settingSize != 0 || h.has(flagAck) && h.length > 0):
		return wrongSize
	}
	return sound
}
