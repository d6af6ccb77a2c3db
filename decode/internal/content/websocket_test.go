package content

import (
	"errors"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// TestFrameHead reads headers of frames, of which too little or too much has come.
func TestFrameHead(t *testing.T) {
	const key = "\x01\x02\x03\x04"
	for _, c := range []struct {
		b    string
		want frame
		err  string
	}{
		{"\x81\x00", frame{opcode: 1, last: true}, ""},
		{"\x01\x7d", frame{opcode: 1, left: 125}, ""},
		{"\xf2\x05", frame{opcode: 2, last: true, reserved: 7, left: 5}, ""},
		{"\x40\x05", frame{reserved: 4, left: 5}, ""},
		{"\x8f\x85" + key, frame{opcode: 15, last: true, masked: true, key: [4]byte{1, 2, 3, 4}, left: 5}, ""},
		{"\x82\x7e\x01\x02", frame{opcode: 2, last: true, left: 258}, ""},
		{"\x82\xfe\x01\x02" + key, frame{opcode: 2, last: true, masked: true, key: [4]byte{1, 2, 3, 4}, left: 258}, ""},
		{"\x82\x7f\x01\x02\x03\x04\x05\x06\x07\x08", frame{opcode: 2, last: true, left: 0x0102030405060708}, ""},
		{"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + key, frame{opcode: 2, last: true, masked: true, key: [4]byte{1, 2, 3, 4}, left: 1<<63 - 1}, ""},
		{"\x82\x7f\x80\x02\x03\x04\x05\x06\x07\x08", frame{opcode: 2, last: true}, "a frame of more than 9223372036854775807 bytes"},
	} {
		for _, pieces := range cuts(c.b + "more") {
			var h frameHead
			took := 0
			for _, p := range pieces {
				if h.complete() {
					break
				}
				took += h.take([]byte(p))
			}
			f, err := h.parse()
			if took != len(c.b) || !h.complete() || string(h.bytes()) != c.b || f != c.want || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
				t.Errorf("%q in %d pieces: %d bytes, %+v, %v", c.b, len(pieces), took, f, err)
			}
		}
		for n := range c.b {
			if h := new(frameHead); h.take([]byte(c.b[:n])) != n || h.complete() {
				t.Errorf("%q is complete", c.b[:n])
			}
		}
	}
}

func TestFrameCheck(t *testing.T) {
	for _, c := range []struct {
		f               frame
		within, deflate bool
		want            string
	}{
		{frame{opcode: 1}, false, false, ""},
		{frame{opcode: 2, reserved: 4}, false, true, ""},
		{frame{opcode: 2, reserved: 4}, false, false, "reserved bits 100"},
		{frame{opcode: 2, reserved: 6}, false, true, "reserved bits 010"},
		{frame{opcode: 0, reserved: 4}, true, true, "reserved bits 100"},
		{frame{opcode: 9, reserved: 4, last: true}, false, true, "reserved bits 100"},
		{frame{opcode: 3}, false, false, "opcode 3"},
		{frame{opcode: 7}, false, false, "opcode 7"},
		{frame{opcode: 11, last: true}, false, false, "opcode 11"},
		{frame{opcode: 8, last: true}, false, false, ""},
		{frame{opcode: 10, last: true, left: 125}, true, false, ""},
		{frame{opcode: 10, last: true, left: 126}, false, false, "a control frame of 126 bytes"},
		{frame{opcode: 8}, false, false, "a control frame in fragments"},
		{frame{opcode: 0}, true, false, ""},
		{frame{opcode: 0}, false, false, "a continuation of nothing"},
		{frame{opcode: 1}, true, false, "a message within another"},
	} {
		got := ""
		if err := c.f.check(c.within, c.deflate); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v, within %t, deflate %t: got %q, want %q", c.f, c.within, c.deflate, got, c.want)
		}
		if c.f.control() != (c.f.opcode > 7) || c.f.deflated() != (c.f.reserved > 3) {
			t.Errorf("%+v: control %t, deflated %t", c.f, c.f.control(), c.f.deflated())
		}
	}
}

func TestAgreedDeflate(t *testing.T) {
	for list, want := range map[string]string{
		"permessage-deflate":                                                 "yes yes",
		" PerMessage-Deflate ; x=1":                                          "yes yes",
		"x, permessage-deflate":                                              "yes yes",
		"permessage-deflate; client_no_context_takeover":                     "forgets yes",
		"permessage-deflate;a; Server_No_Context_Takeover ":                  "yes forgets",
		"permessage-deflate, permessage-deflate; client_no_context_takeover": "yes yes",
		"": "no no", "x": "no no", "permessage-deflate-x": "no no", "client_no_context_takeover": "no no",
	} {
		var got []string
		for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
			switch x := agreedDeflate(list, dir, nil); {
			case x == nil:
				got = append(got, "no")
			case x.forgets:
				got = append(got, "forgets")
			default:
				got = append(got, "yes")
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: got %s, want %s", list, s, want)
		}
	}
}

// TestPerMessage decompresses messages, and says why it does not.
func TestPerMessage(t *testing.T) {
	var got []byte
	out := func(b []byte) { got = append(got, b...) }
	spent := &perMessage{account: budget.NewAccount(budget.Of(memory.New(1 << 10)))}
	if rest, err := spent.write([]byte("ab"), out); rest != 2 || !errors.Is(err, coding.ErrSpent) || err.Error() != "permessage-deflate: the memory for it is spent" {
		t.Errorf("without memory: %d bytes are left, %v", rest, err)
	}
	for _, forgets := range []bool{false, true} {
		x := &perMessage{account: limits.Account, forgets: forgets}
		if err := x.end(out); err != nil || x.coder != nil {
			t.Errorf("a message of nothing: %v", err)
		}
		for range 2 {
			got = nil
			for _, b := range []byte("\xf2\x48\xcd\xc9\xc9\x07\x00") { // RFC 7692, section 7.2.3.1
				if rest, err := x.write([]byte{b}, out); rest != 0 || err != nil {
					t.Errorf("%d bytes are left, %v", rest, err)
				}
			}
			if err := x.end(out); err != nil || string(got) != "Hello" || (x.coder == nil) != forgets || x.fed {
				t.Errorf("forgets %t: got %q, %v", forgets, got, err)
			}
			got = nil
			if err := x.end(out); err != nil || len(got) > 0 {
				t.Errorf("forgets %t: an empty message behind it: got %q, %v", forgets, got, err)
			}
		}
		rest, err := x.write([]byte("\xff\xff\xff"), out)
		if err == nil || !strings.HasPrefix(err.Error(), "permessage-deflate: flate: corrupt input") || rest > 2 {
			t.Errorf("what is not compressed: %d bytes are left, %v", rest, err)
		}
		x.stop()
		x.stop()
	}
	var none *perMessage
	none.stop()
}
