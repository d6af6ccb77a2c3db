package websocket

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// masked returns a frame of a client.
func masked(opcode byte, last bool, data string) string {
	return string(AppendMasked(nil, opcode, last, [4]byte{1, 2, 3, 0xff}, []byte(data)))
}

// plain returns a frame of a server.
func plain(opcode byte, last bool, data string) string {
	return string(Append(nil, opcode, last, []byte(data)))
}

// TestReader takes frames apart, wherever they are cut.
func TestReader(t *testing.T) {
	long := strings.Repeat("long", 40)
	for _, c := range []struct {
		name, b, want, err string
		code               int
	}{
		{name: "messages", b: masked(1, true, "hello") + masked(2, true, "") + masked(2, true, long), want: "hello1|2|" + long + "2|"},
		{name: "fragments", b: masked(1, false, "he") + masked(0, false, "") + masked(9, true, "p") + masked(0, false, "ll") + masked(0, true, "o") + masked(1, true, "x"),
			want: "he(9p)llo1|x1|"},
		{name: "the end of fragments is empty", b: masked(2, false, "he") + masked(0, true, ""), want: "he2|"},
		{name: "control", b: masked(9, true, "") + masked(10, true, strings.Repeat("p", 125)) + masked(8, true, "\x03\xe8"), want: "(9)(:" + strings.Repeat("p", 125) + ")(8\x03\xe8)"},
		{name: "no mask", b: masked(1, true, "a") + plain(1, true, "a"), want: "a1|", err: "a frame without a mask", code: 1002},
		{name: "a reserved bit", b: "\xc1\x80abcd", err: "reserved bits 100", code: 1002},
		{name: "an opcode", b: "\x83\x80abcd", err: "opcode 3", code: 1002},
		{name: "a long control frame", b: "\x89\xfe\x00\x7eabcd", err: "a control frame of 126 bytes", code: 1002},
		{name: "a control frame in fragments", b: "\x09\x80abcd", err: "a control frame in fragments", code: 1002},
		{name: "a length that is none", b: "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00abcd", err: "a frame of more than 9223372036854775807 bytes", code: 1002},
		{name: "a long message", b: "\x82\xff\x00\x00\x00\x00\x00\x00\x04\x01abcd", err: "a message of more than 1024 bytes", code: 1009},
		{name: "long fragments", b: masked(2, false, strings.Repeat("x", 1000)) + "\x80\x99abcd", want: strings.Repeat("x", 1000), err: "a message of more than 1024 bytes", code: 1009},
		{name: "text", b: masked(1, false, "é\xf0\x9f") + masked(9, true, "\xff") + masked(0, true, "\x90\xb3!") + masked(1, true, "x") + masked(2, true, "\xff"), want: "é\xf0\x9f(9\xff)\x90\xb3!1|x1|\xff2|"},
		{name: "text that is none", b: masked(1, true, "aé\xe2\x82A") + masked(1, true, "x"), want: "aé\xe2\x82", err: "a text that is no UTF-8", code: 1007},
		{name: "text that is cut", b: masked(1, false, "a\xe2") + masked(0, true, "\x82"), want: "a\xe2\x82", err: "a text that is no UTF-8", code: 1007},
		{name: "text that ends with nothing", b: masked(1, false, "\xe2") + masked(0, true, ""), want: "\xe2", err: "a text that is no UTF-8", code: 1007},
		{name: "a second message is as long", b: masked(2, true, strings.Repeat("x", 1024)) + masked(2, true, strings.Repeat("x", 1024)), want: strings.Repeat(strings.Repeat("x", 1024)+"2|", 2)},
	} {
		for _, pieces := range cuts(c.b) {
			got, err := read(Reader{Masked: true, UTF8: true, Most: 1024}, pieces)
			var breach *Breach
			if got != c.want || (err == nil) != (c.err == "") || err != nil && (!errors.As(err, &breach) || breach.Text != c.err || breach.Code != c.code) {
				t.Fatalf("%s, in %d pieces: got %q, %v; want %q, %s", c.name, len(pieces), got, err, c.want, c.err)
			}
		}
	}
}

// TestReaderOfServers takes no masks.
func TestReaderOfServers(t *testing.T) {
	if got, err := read(Reader{Most: 10}, []string{plain(1, true, "hi"), masked(1, true, "hi")}); got != "hi1|" || err == nil || err.Error() != "a frame with a mask" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestReaderStops passes on the error of who is told.
func TestReaderStops(t *testing.T) {
	stop, told := errors.New("stop"), 0
	r := Reader{Most: 10}
	err := r.Write([]byte(plain(8, true, "")+plain(1, true, "x")), func(Part) error { told++; return stop })
	if err != stop || told != 1 {
		t.Errorf("%v, %d parts", err, told)
	}
}

// TestAppend writes lengths in each form, and reads them.
func TestAppend(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 65535, 65536, 70000} {
		data := strings.Repeat("d", n)
		for _, b := range []string{plain(2, true, data), masked(2, true, data)} {
			is := b[1]&0x80 != 0
			got, err := read(Reader{Masked: is, Most: 1 << 20}, []string{b})
			if got != data+"2|" || err != nil {
				t.Errorf("%d bytes, mask %t: %d bytes, %v", n, is, len(got), err)
			}
		}
	}
}

// TestClose writes close frames and checks them.
func TestClose(t *testing.T) {
	if got := string(ClosePayload(1002, "why")); got != "\x03\xeawhy" {
		t.Errorf("got %q", got)
	}
	if got := ClosePayload(1000, strings.Repeat("ü", 100)); len(got) != 124 || CheckClose(got) != nil {
		t.Errorf("%d bytes: %q", len(got), got)
	}
	for payload, want := range map[string]string{
		"": "", "\x03\xe8": "", "\x03\xe8bye": "", "\x03\xf6": "", "\x0b\xb8": "", "\x13\x87": "",
		"\x03":         "a close frame with half a status code",
		"\x03\xe7":     "a close frame with the status code 999",
		"\x03\xed":     "a close frame with the status code 1005",
		"\x03\xf7":     "a close frame with the status code 1015",
		"\x0b\xb7":     "a close frame with the status code 2999",
		"\x13\x88":     "a close frame with the status code 5000",
		"\x03\xe8\xff": "a close frame with a reason that is no UTF-8",
	} {
		got := ""
		if err := CheckClose([]byte(payload)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", payload, got, want)
		}
	}
}

// FuzzReader has a Reader take any bytes: wherever they are cut it tells the same, it holds no more
// than a control frame, and what it told can be written and read again.
func FuzzReader(f *testing.F) {
	f.Add([]byte(masked(1, false, "he")+masked(9, true, "p")+masked(0, true, "llo")+masked(8, true, "\x03\xe8")), uint64(1), true)
	f.Add([]byte(plain(1, true, "hello")+plain(2, true, strings.Repeat("x", 200))), uint64(2), false)
	f.Fuzz(func(t *testing.T, b []byte, seed uint64, masked bool) {
		const most = 4 << 10
		whole, err := read(Reader{Masked: masked, Most: most}, []string{string(b)})
		cut := rand.New(rand.NewPCG(seed, 0))
		var pieces []string
		for rest := string(b); len(rest) > 0; {
			n := min(1+cut.IntN(16), len(rest))
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		again, errAgain := read(Reader{Masked: masked, Most: most}, pieces)
		if whole != again || (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("whole %q, %v; in pieces %q, %v", whole, err, again, errAgain)
		}
		r := Reader{Masked: masked, Most: most}
		size := 0
		var written []byte
		var told strings.Builder
		_ = r.Write([]byte(string(b)), func(p Part) error {
			if size += len(p.Data); p.Opcode >= 8 && (len(p.Data) > MaxControl || !p.Last) || p.Opcode == 0 || size > len(b) {
				t.Fatalf("opcode %d with %d bytes", p.Opcode, len(p.Data))
			}
			if p.Opcode < 8 && p.Last && len(p.Data) <= most {
				written = Append(written, p.Opcode, true, p.Data)
				return tellTo(&told, p)
			}
			return nil
		})
		if got, err := read(Reader{Most: most}, []string{string(written)}); got != told.String() || err != nil {
			t.Fatalf("told %q, read again %q, %v", told.String(), got, err)
		}
		if cap(r.control) > 2*MaxControl+16 {
			t.Fatalf("%d bytes are held", cap(r.control))
		}
	})
}
