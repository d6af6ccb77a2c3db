package websocket

import "testing"

// TestFrameHead reads headers of frames, of which too little or too much has come.
func TestFrameHead(t *testing.T) {
	const key = "\x01\x02\x03\x04"
	for _, c := range []struct {
		b    string
		want Frame
		err  string
	}{
		{"\x81\x00", Frame{Opcode: 1, Last: true}, ""},
		{"\x01\x7d", Frame{Opcode: 1, Left: 125}, ""},
		{"\xf2\x05", Frame{Opcode: 2, Last: true, Reserved: 7, Left: 5}, ""},
		{"\x40\x05", Frame{Reserved: 4, Left: 5}, ""},
		{"\x8f\x85" + key, Frame{Opcode: 15, Last: true, Masked: true, Key: [4]byte{1, 2, 3, 4}, Left: 5}, ""},
		{"\x82\x7e\x01\x02", Frame{Opcode: 2, Last: true, Left: 258}, ""},
		{"\x82\xfe\x01\x02" + key, Frame{Opcode: 2, Last: true, Masked: true, Key: [4]byte{1, 2, 3, 4}, Left: 258}, ""},
		{"\x82\x7f\x01\x02\x03\x04\x05\x06\x07\x08", Frame{Opcode: 2, Last: true, Left: 0x0102030405060708}, ""},
		{"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + key, Frame{Opcode: 2, Last: true, Masked: true, Key: [4]byte{1, 2, 3, 4}, Left: 1<<63 - 1}, ""},
		{"\x82\x7f\x80\x02\x03\x04\x05\x06\x07\x08", Frame{Opcode: 2, Last: true}, "a frame of more than 9223372036854775807 bytes"},
	} {
		for _, pieces := range cuts(c.b + "more") {
			var h Head
			took := 0
			for _, p := range pieces {
				if h.Complete() {
					break
				}
				took += h.Take([]byte(p))
			}
			f, err := h.Parse()
			if took != len(c.b) || !h.Complete() || string(h.Bytes()) != c.b || f != c.want || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
				t.Errorf("%q in %d pieces: %d bytes, %+v, %v", c.b, len(pieces), took, f, err)
			}
		}
		for n := range c.b {
			if h := new(Head); h.Take([]byte(c.b[:n])) != n || h.Complete() {
				t.Errorf("%q is complete", c.b[:n])
			}
		}
	}
}

func TestFrameCheck(t *testing.T) {
	for _, c := range []struct {
		f               Frame
		within, deflate bool
		want            string
	}{
		{Frame{Opcode: 1}, false, false, ""},
		{Frame{Opcode: 2, Reserved: 4}, false, true, ""},
		{Frame{Opcode: 2, Reserved: 4}, false, false, "reserved bits 100"},
		{Frame{Opcode: 2, Reserved: 6}, false, true, "reserved bits 010"},
		{Frame{Opcode: 0, Reserved: 4}, true, true, "reserved bits 100"},
		{Frame{Opcode: 9, Reserved: 4, Last: true}, false, true, "reserved bits 100"},
		{Frame{Opcode: 3}, false, false, "opcode 3"},
		{Frame{Opcode: 7}, false, false, "opcode 7"},
		{Frame{Opcode: 11, Last: true}, false, false, "opcode 11"},
		{Frame{Opcode: 8, Last: true}, false, false, ""},
		{Frame{Opcode: 10, Last: true, Left: 125}, true, false, ""},
		{Frame{Opcode: 10, Last: true, Left: 126}, false, false, "a control frame of 126 bytes"},
		{Frame{Opcode: 8}, false, false, "a control frame in fragments"},
		{Frame{Opcode: 0}, true, false, ""},
		{Frame{Opcode: 0}, false, false, "a continuation of nothing"},
		{Frame{Opcode: 1}, true, false, "a message within another"},
	} {
		got := ""
		if err := c.f.Check(c.within, c.deflate); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v, within %t, deflate %t: got %q, want %q", c.f, c.within, c.deflate, got, c.want)
		}
		if c.f.Control() != (c.f.Opcode > 7) || c.f.Deflated() != (c.f.Reserved > 3) {
			t.Errorf("%+v: control %t, deflated %t", c.f, c.f.Control(), c.f.Deflated())
		}
	}
}
