package content

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// dataOf returns what bytesField takes out of msg, which comes in pieces; false if it is
// no message.
func dataOf(msg []byte, piece int) (all []byte, ok bool) {
	var f bytesField
	for b := range slices.Chunk(msg, piece) {
		for len(b) > 0 {
			data, n, ok := f.next(b)
			if !ok {
				return nil, false
			}
			all = append(all, data...)
			b = b[n:]
		}
	}
	return all, f.whole()
}

// walked is dataOf by another reader, of a message that it has as a whole.
func walked(msg []byte) (all []byte, ok bool) {
	for len(msg) > 0 {
		number, typ, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return nil, false
		}
		msg = msg[n:]
		if n = protowire.ConsumeFieldValue(number, typ, msg); n < 0 {
			return nil, false
		}
		if number == 1 && typ == protowire.BytesType {
			v, _ := protowire.ConsumeBytes(msg)
			all = append(all, v...)
		}
		msg = msg[n:]
	}
	return all, true
}

var someFields = []string{
	"", str(1, "abc"), num(2, 300) + str(1, "abc"), str(2, "no") + str(1, "") + str(1, "yes") + str(3, "no"),
	"\x09" + "12345678" + "\x15" + "1234" + str(1, "x"), "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" + str(1, "x"),
	"\x13" + str(1, "in a group") + "\x14" + str(1, "x"), "\x1b\x23\x24\x1c", "\x0b\x0c",
}

func TestBytesField(t *testing.T) {
	for _, msg := range someFields {
		want, _ := walked([]byte(msg))
		for piece := 1; piece <= 16; piece++ {
			if got, ok := dataOf([]byte(msg), piece); !ok || string(got) != string(want) {
				t.Errorf("%q in pieces of %d: %q %t, want %q", msg, piece, got, ok, want)
			}
		}
	}
	for _, msg := range []string{
		"\x0a", "\x0a\x05abc", "\x08", "\x08\xff", "\x09123", "\x15123", "\x13", "\x14", "\x13\x14\x14", // they end too early, or late
		"\x0e", "\x0f\x01", "\x02\x01x", "\x00\x01", // no such type or number
		"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", // numbers of more than 64 bits
		"\x80\x80\x80\x80\x40\x00", // the first number that no field has
	} {
		if got, ok := dataOf([]byte(msg), 1); ok {
			t.Errorf("%q is taken for a message with %q", msg, got)
		}
	}
	if _, ok := dataOf([]byte("\xf8\xff\xff\xff\x3f\x00"), 1); !ok {
		t.Error("the highest number of a field is taken for none")
	}
}

// FuzzBytesField compares with a reader that has the whole message. Groups are read
// more loosely: what ends one is not looked at.
func FuzzBytesField(f *testing.F) {
	for _, msg := range someFields {
		f.Add([]byte(msg), uint8(1))
	}
	f.Fuzz(func(t *testing.T, msg []byte, piece uint8) {
		whole, ok := dataOf(msg, max(len(msg), 1))
		if cut, also := dataOf(msg, max(int(piece), 1)); also != ok || string(cut) != string(whole) {
			t.Fatalf("whole %q %t, in pieces of %d %q %t", whole, ok, piece, cut, also)
		}
		want, is := walked(msg)
		if is && (!ok || string(want) != string(whole)) {
			t.Errorf("%q %t, want %q", whole, ok, want)
		}
		if ok && !is && !hasGroup(msg) {
			t.Errorf("%q is taken for a message", msg)
		}
	})
}

// hasGroup reports whether a tag of msg may be that of a group.
func hasGroup(msg []byte) bool {
	for _, c := range msg {
		if t := c & 7; t == 3 || t == 4 {
			return true
		}
	}
	return false
}
