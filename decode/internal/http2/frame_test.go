package http2

import (
	"fmt"
	"testing"

	"golang.org/x/net/http2"
)

// TestFrameNames: frames are called as RFC 9113 calls them.
func TestFrameNames(t *testing.T) {
	for typ := range frameType(12) {
		want := http2.FrameType(typ).String()
		if typ >= knownTypes {
			want = fmt.Sprintf("frame of type %d", typ)
		}
		if got := (header{length: 12, typ: typ, stream: 5}).String(); got != want+" of stream 5 (12 bytes)" {
			t.Errorf("type %d: %s", typ, got)
		}
	}
}

// TestFrameFault has each type of frame at the sizes, and of the streams, that it may
// have, and beside them.
func TestFrameFault(t *testing.T) {
	const any = 1 << 20
	for _, c := range []struct {
		typ         frameType
		flags       uint8
		least, most int
		stream      streamRule
	}{
		{data, 0, 0, any, ofStream}, {headers, 0, 0, any, ofStream}, {priority, 0, 5, 5, ofStream}, {rstStream, 0, 4, 4, ofStream},
		{pushPromise, 0, 4, any, ofStream}, {ping, 0, 8, 8, ofConn}, {ping, flagAck, 8, 8, ofConn}, {goAway, 0, 8, any, ofConn},
		{windowUpdate, 0, 4, 4, ofEither}, {continuation, 0, 0, any, ofStream}, {settings, flagAck, 0, 0, ofConn},
	} {
		for length := range 20 {
			for stream := range uint32(2) {
				want := sound
				switch {
				case c.stream == ofStream && stream == 0, c.stream == ofConn && stream == 1:
					want = wrongStream
				case length < c.least || length > c.most:
					want = wrongSize
				}
				if got := (header{length: length, typ: c.typ, flags: c.flags, stream: stream}).fault(); got != want {
					t.Errorf("%s of stream %d with %d bytes: %d, want %d", types[c.typ].name, stream, length, got, want)
				}
			}
		}
	}
	for length := range 20 {
		if got := (header{length: length, typ: settings}).fault(); (got == sound) != (length%6 == 0) {
			t.Errorf("SETTINGS with %d bytes: %d", length, got)
		}
		if got := (header{length: length, typ: knownTypes, stream: uint32(length) % 2}).fault(); got != sound {
			t.Errorf("a type that is not known, with %d bytes: %d", length, got)
		}
	}
}

// TestParseHeader: each byte of a header counts, but for the bit that is reserved.
func TestParseHeader(t *testing.T) {
	h := parseHeader([]byte("\x01\x02\x03\x04\x05\x86\x07\x08\x09"))
	if h != (header{length: 0x010203, typ: settings, flags: 5, stream: 0x06070809}) || h.size() != 0x01020c {
		t.Errorf("%+v, %d bytes", h, h.size())
	}
	for typ := range frameType(12) {
		if got := (header{typ: typ}).carriesHead(); got != (typ == headers || typ == pushPromise || typ == continuation) {
			t.Errorf("type %d carries a head: %t", typ, got)
		}
	}
}

// TestFlags: frames that are recognised have no flags but those of their types.
func TestFlags(t *testing.T) {
	may := map[frameType]uint8{data: 9, headers: 0x2d, settings: 1, pushPromise: 0xc, ping: 1, continuation: 4}
	length := map[frameType]int{priority: 5, rstStream: 4, pushPromise: 4, ping: 8, goAway: 8, windowUpdate: 4}
	for typ := range frameType(12) {
		stream := uint32(1)
		if typ == settings || typ == ping || typ == goAway {
			stream = 0
		}
		for bit := range 8 {
			h := header{length: length[typ], typ: typ, flags: 1 << bit, stream: stream}
			if got := h.plausible(false); got != (may[typ]&h.flags != 0) || h.plausible(true) {
				t.Errorf("type %d with flags %x: %t", typ, h.flags, got)
			}
		}
	}
}

// TestFaultTexts: each fault is told once, and names the frame.
func TestFaultTexts(t *testing.T) {
	var set faultSet
	for f, want := range map[fault]string{
		noPreface:    "no preface, and SETTINGS behind it, but F",
		tooLong:      "F is longer than its receiver accepts",
		interrupted:  "F within a field block",
		unexpected:   "F without a field block",
		wrongStream:  "F may not have this stream",
		wrongSize:    "F may not have this size",
		wrongPadding: "F has more padding than payload",
		wrongSetting: "F has a value that is not allowed",
		notOpened:    "F of a stream that was not opened",
		notOpen:      "F of a stream that is not open any more",
		halfClosed:   "F of a stream that its sender has ended",
		wrongSide:    "F from the wrong side",
		endless:      "a field block goes on in F",
		badTrailer:   "F within a message does not end it",
	} {
		if got := f.text("F"); got != want {
			t.Errorf("fault %d: %q, want %q", f, got, want)
		}
		if !set.first(f) || set.first(f) {
			t.Errorf("fault %d is not told once", f)
		}
	}
	if set != 1<<faults-2 {
		t.Errorf("%b: not all faults are here", set)
	}
}

// TestFragment takes the parts of field blocks out of frames.
func TestFragment(t *testing.T) {
	for _, c := range []struct {
		typ      frameType
		flags    uint8
		payload  string
		want     string
		ok       bool
		promised uint32
	}{
		{headers, 0, "ab", "ab", true, 0}, {headers, 0, "", "", true, 0},
		{headers, flagPadded, "\x02abPP", "ab", true, 0}, {headers, flagPadded, "\x00ab", "ab", true, 0}, {headers, flagPadded, "\x02PP", "", true, 0},
		{headers, flagPadded, "\x03PP", "", false, 0}, {headers, flagPadded, "", "", false, 0}, {headers, flagPadded, "\x00", "", true, 0},
		{headers, flagPriority, "12345ab", "ab", true, 0}, {headers, flagPriority, "12345", "", true, 0}, {headers, flagPriority, "1234", "", false, 0},
		{headers, flagPadded | flagPriority, "\x0112345abP", "ab", true, 0}, {headers, flagPadded | flagPriority, "\x0112345", "", false, 0},
		{pushPromise, 0, "\x80\x01\x02\x03ab", "ab", true, 0x010203}, {pushPromise, 0, "\x00\x00\x00", "", false, 0},
		{pushPromise, flagPadded, "\x01\x00\x00\x00\x04abP", "ab", true, 4}, {pushPromise, flagPadded, "\x01\x00\x00\x00\x04", "", false, 0},
		{continuation, flagPadded | flagPriority, "\x01ab", "\x01ab", true, 0},
	} {
		var b block
		got, ok := header{typ: c.typ, flags: c.flags}.fragment([]byte(c.payload), &b)
		if string(got) != c.want || ok != c.ok || b.promised != c.promised {
			t.Errorf("type %d, flags %x, %q: got %q, %t, %d; want %q, %t, %d", c.typ, c.flags, c.payload, got, ok, b.promised, c.want, c.ok, c.promised)
		}
	}
}
