package media

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/transform"
)

func TestCharsets(t *testing.T) {
	for _, c := range []struct {
		name, is, family string
		single, wide     bool
		text, sent       string
	}{
		{"", "", "", false, false, "é", "é"},
		{"us-ascii", "", "", false, false, "é", "é"},
		{"ascii", "", "", false, false, "é", "é"},
		{"unicode-1-1-utf-8", "", "", false, false, "é", "é"},
		{"binary", "", "", false, false, "é", "é"},
		{"utf8", "", "", false, false, "é", "é"},
		{"iso-8859-1", "iso-8859-1", "iso-8859-1", true, false, "é€", "\xe9\x80"},
		{"latin1", "latin1", "latin1", true, false, "é", "\xe9"},
		{"koi8-r", "koi8-r", "koi8-r", true, false, "я", "\xd1"},
		{"shift_jis", "shift_jis", "shift_jis", false, false, "日", "\x93\xfa"},
		{"gb18030", "gb18030", "gb18030", false, false, "日", "\xc8\xd5"},
		{"utf-16", "utf-16be", "utf-16", false, true, "é", "\x00\xe9"},
		{"utf16", "utf-16be", "utf-16", false, true, "é", "\x00\xe9"},
		{"ucs-2", "utf-16be", "utf-16", false, true, "é", "\x00\xe9"},
		{"unicode", "utf-16be", "utf-16", false, true, "é", "\x00\xe9"},
		{"utf-16le", "utf-16le", "utf-16", false, true, "𝄞", "\x34\xd8\x1e\xdd"},
		{"utf16le", "utf-16le", "utf-16", false, true, "é", "\xe9\x00"},
		{"utf-16-le", "utf-16le", "utf-16", false, true, "é", "\xe9\x00"},
		{"utf16be", "utf-16be", "utf-16", false, true, "é", "\x00\xe9"},
		{"utf-16-be", "utf-16be", "utf-16", false, true, "é", "\x00\xe9"},
		{"utf-32", "utf-32be", "utf-32", false, true, "é", "\x00\x00\x00\xe9"},
		{"utf32", "utf-32be", "utf-32", false, true, "é", "\x00\x00\x00\xe9"},
		{"ucs-4", "utf-32be", "utf-32", false, true, "é", "\x00\x00\x00\xe9"},
		{"utf-32le", "utf-32le", "utf-32", false, true, "é", "\xe9\x00\x00\x00"},
	} {
		got, known := CharsetNamed(c.name)
		if !known || got.Name != c.is || got.Family() != c.family || got.Single() != c.single || got.Wide() != c.wide || got.IsUTF8() != (c.is == "") {
			t.Errorf("%s: got %+v", c.name, got)
		}
		if text := got.Decode([]byte(c.sent)); string(text) != c.text {
			t.Errorf("%s: decoded to %q", c.name, text)
		}
		if sent, ok := got.Encode([]byte(c.text)); string(sent) != c.sent || !ok {
			t.Errorf("%s: encoded to %q, %t", c.name, sent, ok)
		}
	}
	if c, known := CharsetNamed("x-none"); known || !c.IsUTF8() {
		t.Errorf("got %+v, %t", c, known)
	}
	latin, _ := CharsetNamed("latin1")
	if b, ok := latin.Encode([]byte("日")); ok {
		t.Errorf("latin1 has %q", b)
	}
}

// TestMarked tells by how many bytes which charset is known.
func TestMarked(t *testing.T) {
	for _, c := range []struct {
		b, charset string
		mark, need int // bytes of the mark, and those that tell
	}{
		{"\xff\xfea\x00", "utf-16le", 2, 3}, {"\xff\xfe\x00\x01", "utf-16le", 2, 4}, {"\xfe\xff\x00a", "utf-16be", 2, 2},
		{"\xff\xfe\x00\x00", "utf-32le", 4, 4}, {"\x00\x00\xfe\xff", "utf-32be", 4, 4}, {"\xef\xbb\xbf{", "", 3, 3},
		{"{\x00\"\x00", "utf-16le", 0, 4}, {"\x00[\x00\"", "utf-16be", 0, 4}, {"[\x00\x00\x00", "utf-32le", 0, 4}, {"\x00\x00\x00{", "utf-32be", 0, 4},
		{"{\x00\"a", "", 0, 4}, {"\x00a\x00b", "", 0, 4}, {"\x00\x00\x00a", "", 0, 4}, {"\x00\x00\x00\x00", "", 0, 4}, {"\x00{\"\x00", "", 0, 4},
		{"{\"a\"", "", 0, 2}, {"text", "", 0, 1}, {"\xff\xd8\xff", "", 0, 2}, {"\xef\xbb\xbe", "", 0, 3}, {"a\x00b\x00", "", 0, 1},
	} {
		for n := 1; n < c.need; n++ {
			if m := Marked([]byte(c.b[:n]), false); m.Known {
				t.Errorf("%q: %d bytes tell", c.b, n)
			}
			if m := Marked([]byte(c.b[:n]), true); !m.Known {
				t.Errorf("%q: the end of %d bytes does not tell", c.b, n)
			}
		}
		if m := Marked([]byte(c.b), false); m != (Marks{true, c.charset, c.mark}) {
			t.Errorf("%q: got %+v", c.b, m)
		}
		if m := Marked([]byte(c.b[:c.need]), false); m != (Marks{true, c.charset, c.mark}) {
			t.Errorf("%q of %q: got %+v", c.b[:c.need], c.b, m)
		}
	}
	if m := Marked(nil, true); !m.Known || m.Size != 0 || m.Charset != "" {
		t.Errorf("nothing: got %+v", m)
	}
}

func TestWide(t *testing.T) {
	for _, c := range []struct {
		charset, b, is string
		mark           int
	}{
		{"", "\xff\xfea\x00", "utf-16le", 2}, {"utf-8", "\xfe\xff\x00a", "utf-16be", 2}, {"", "{\x00}\x00", "utf-16le", 0},
		{"utf-16", "\x00a", "utf-16be", 0}, {"utf-16", "a\x00", "utf-16le", 0}, {"utf-32le", "a\x00\x00\x00", "utf-32le", 0},
		{"utf-16", "plain", "", 0}, {"utf-16", "", "", 0}, {"utf-16", "\xef\xbb\xbf\x00", "", 0}, {"latin1", "\xe9\x00", "", 0}, {"", "a\x00", "", 0},
		{"utf-16", "N\x16", "utf-16be", 0}, {"utf-16", "0", "", 0}, {"utf-16", "\x00", "utf-16be", 0}, {"utf-16", "\x01", "utf-16be", 0}, {"utf-16", "\x00\x00", "utf-16be", 0},
		{"utf-16", strings.Repeat("x", 64) + "\x00", "", 0}, {"utf-16", strings.Repeat("x", 63) + "\x00", "utf-16be", 0}, {"x-none", "\x00a", "", 0}, {"", "\x00\x00\xfe\xff\x00", "utf-32be", 4},
	} {
		got, mark, ok := Type{Charset: c.charset}.Wide([]byte(c.b))
		if ok != (c.is != "") || ok && got.Name != c.is || mark != c.mark {
			t.Errorf("%s %q: got %s, %d, %t", c.charset, c.b, got.Name, mark, ok)
		}
	}
}

// TestBase64 decodes what is in lines, padded anywhere, and has other characters.
func TestBase64(t *testing.T) {
	for coded, want := range map[string]string{
		"": "", "YQ==": "a", "YWI=": "ab", "YWJj": "abc", "YQ": "a", "YWI": "ab", "Y": "", "YQ==YWI=\r\nYW Jj": "aababc", "YQ==!-": "a", "+/+/": "\xfb\xff\xbf", "ZZ99": "e\x9f\x7d",
	} {
		if got := FromBase64([]byte(coded)); string(got) != want {
			t.Errorf("%q: got %q, want %q", coded, got, want)
		}
	}
	for i := range 256 {
		c := byte(i)
		const all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
		if got := inBase64(c); got != (strings.IndexByte(all, c) >= 0) {
			t.Errorf("%q is in base64: %t", c, got)
		}
	}
	for room := range 12 { // no more is written than there is room for, and none of it is lost
		u, src, got := new(unbase64), []byte("YWJjZGVmZ2hpag"), []byte(nil)
		for again := true; again; {
			dst := make([]byte, room)
			nDst, nSrc, err := u.Transform(dst, src, true)
			got, src = append(got, dst[:nDst]...), src[nSrc:]
			if again = err != nil && nDst+nSrc > 0; err != nil && (err != transform.ErrShortDst || room-nDst >= 3) || err == nil && room < 3 {
				t.Fatalf("room for %d: %d and %d, %v", room, nDst, nSrc, err)
			}
		}
		if room >= 3 && string(got) != "abcdefghij" {
			t.Errorf("room for %d: %q", room, got)
		}
	}
	u := new(unbase64)
	if n, _, err := u.Transform(make([]byte, 9), []byte("YWJjZG"), false); n != 3 || err != nil {
		t.Errorf("not the end: %d, %v", n, err)
	}
	dst := make([]byte, 9)
	u.Reset()
	if n, _, err := u.Transform(dst, []byte("YQ=="), true); string(dst[:n]) != "a" || err != nil {
		t.Errorf("behind what was forgotten: %q, %v", dst[:n], err)
	}
	long := bytes.Repeat([]byte("YWJj"), 5000)
	if got := FromBase64(long); !bytes.Equal(got, bytes.Repeat([]byte("abc"), 5000)) {
		t.Errorf("%d bytes", len(got))
	}
	if Transfer("base64", Type{}) == nil || Transfer("", TypeOf("application/grpc-web-text+json")) == nil || Transfer("8bit", TypeOf("application/grpc-web+json")) != nil {
		t.Error("what is in base64 is not known")
	}
	for media, want := range map[string]string{"application/grpc-web-text+json": "application/grpc-web+json", "application/grpc-web+json": "application/grpc-web+json", "a/b": "a/b"} {
		if got := (Type{Media: media}).Unwrapped(); got.Media != want {
			t.Errorf("%s: got %s", media, got.Media)
		}
	}
}
