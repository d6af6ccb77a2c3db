package content

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
)

// reader notes what comes out of envelopes.
type reader struct {
	told []string
	last string // the kind of the last
	next int64  // and where it ends
}

// note adds b to the last of its kind, if it is behind that.
func (r *reader) note(kind string, at window.Place, b []byte) {
	if n := len(r.told) - 1; r.last == kind && (at.Off == r.next || kind == "chunk") {
		r.told[n] += string(b)
	} else {
		r.told = append(r.told, fmt.Sprintf("%s %d %s", kind, at.Off, b))
	}
	r.last, r.next = kind, at.Off+int64(len(b))
}

func (r *reader) chunk(at window.Place, b []byte) { r.note("chunk", at, b) }
func (r *reader) rest(at window.Place, b []byte)  { r.note("rest", at, b) }
func (r *reader) misses(_ window.Place, n int64) {
	r.told, r.last = append(r.told, fmt.Sprintf("misses %d", n)), ""
}
func (r *reader) wrong(off int64, f anomaly.Fault) {
	r.told, r.last = append(r.told, fmt.Sprintf("%d %s %s", off, f.Code, f.Detail)), ""
}

// TestEnvelopes takes bytes out of messages that are cut anywhere.
func TestEnvelopes(t *testing.T) {
	const none = "bad-grpc a message that carries a connection is none of protocol buffers; misses -1"
	for _, c := range []struct {
		name, coding string
		late         bool
		sent, want   string
	}{
		{"nothing", "", false, "", ""},
		{"a message", "", false, prefixed(0, str(1, "abc")), "chunk 7 abc"},
		{"more, and empty ones", "", false, prefixed(0, str(1, "abc")) + prefixed(0, "") + prefixed(0, str(1, "")) + prefixed(0, str(1, "def")), "chunk 7 abcdef"},
		{"more fields", "", false, prefixed(0, num(2, 300)+str(1, "abc")+str(3, "no")), "chunk 10 abc"},
		{"compressed", " gzip ", false, prefixed(1, gzipped(str(1, "abc")+str(2, "no"))) + prefixed(0, str(1, "def")), "chunk 0 abcdef"},
		{"compressed in nothing", "", false, prefixed(1, str(1, "abc")) + "rest", "0 bad-grpc a message is compressed, and grpc-encoding is not there; misses -1; rest 10 rest"},
		{"compressed in identity", "identity", false, prefixed(1, str(1, "abc")), "0 bad-grpc a message is compressed, and grpc-encoding is identity; misses -1"},
		{"not compressed", "gzip", false, prefixed(1, "plain text is no gzip") + "rest", "0 bad-coding gzip: invalid header; misses -1; rest 26 rest"},
		{"compressed, and cut", "gzip", false, prefixed(1, gzipped(str(1, "abc"))[:20]) + "rest", "chunk 0 abc; 0 bad-coding gzip: the data end too early; misses -1; rest 25 rest"},
		{"compressed, and no message", "gzip", false, prefixed(1, gzipped("\x0f")) + "rest", "0 " + none + "; rest 30 rest"},
		{"more behind what is compressed", "gzip", false, prefixed(1, gzipped(str(1, "abc"))+"tail") + "rest", "chunk 0 abc; 0 bad-coding gzip: there are bytes behind the end; misses -1; rest 38 rest"},
		{"other flags", "", false, prefixed(0, str(1, "abc")) + prefixed(2, "rest"), "chunk 7 abc; 10 bad-grpc 02 00 00 00 04; misses -1; rest 10 \x02\x00\x00\x00\x04rest"},
		{"no message", "", false, prefixed(0, str(1, "abc")+"\x0f"+"more") + "rest", "chunk 7 abc; 0 " + none + "; rest 15 rest"},
		{"a message that ends within a field", "", false, prefixed(0, str(1, "abc")[:4]) + "rest", "chunk 7 ab; 0 " + none + "; rest 9 rest"},
		{"it ends within a message", "", false, prefixed(0, str(1, "abc"))[:8], "chunk 7 a; 0 incomplete the body ended within a message: 2 bytes of it are missing"},
		{"it ends within a length", "", false, prefixed(0, str(1, "abc"))[:3], "0 incomplete the body ended before the length of a message"},
		{"late", "", true, "bc\x00\x00" + prefixed(0, str(1, "def")) + prefixed(0, num(2, 1)+str(1, "ghi")), "chunk 11 defghi"},
		{"late, in the middle of zeroes", "", true, strings.Repeat("\x00", 9) + prefixed(0, str(1, "def")), "chunk 16 def"},
		{"late, and nothing is found", "", true, "0123456789", ""},
		{"a long one", "", true, "x" + prefixed(0, str(1, strings.Repeat("l", 300))), "chunk 9 " + strings.Repeat("l", 300)},
	} {
		for _, pieces := range cuts(c.sent) {
			r := new(reader)
			e := newEnvelopes(c.coding, budget.NewAccount(nil), c.late, r)
			var off int64
			for _, p := range pieces {
				e.write(window.Place{Off: off}, []byte(p))
				off += int64(len(p))
			}
			e.close()
			if got := strings.Join(r.told, "; "); got != c.want {
				t.Errorf("%s in %d pieces:\ngot  %q\nwant %q", c.name, len(pieces), got, c.want)
				break
			}
		}
	}
}

// TestEnvelopesGap leaves bytes out, from one place to another.
func TestEnvelopesGap(t *testing.T) {
	three := prefixed(0, str(1, "abc")) + prefixed(0, num(2, 1)+str(1, "defg")) + prefixed(0, str(1, "hi")) // 10, 13, 9 bytes
	for _, c := range []struct {
		from, to int
		unknown  bool
		want     string
	}{
		{8, 9, false, "chunk 7 a; misses 1; chunk 9 cdefghi"},
		{7, 10, false, "misses 3; chunk 19 defghi"},
		{8, 9, true, "chunk 7 a; misses -1; chunk 30 hi"},
		{8, 11, false, "chunk 7 a; misses -1; chunk 30 hi"},
		{6, 9, false, "misses -1; chunk 30 hi"},
		{10, 15, false, "chunk 7 abc; misses -1; chunk 30 hi"},
		{3, 10, false, "misses -1; chunk 30 hi"},
		{20, 23, false, "chunk 7 abcd; misses 3; chunk 30 hi"},
		{28, 32, false, "chunk 7 abcdefg; misses -1"},
		{31, 32, false, "chunk 7 abcdefgh; misses 1"},
	} {
		r := new(reader)
		e := newEnvelopes("", budget.NewAccount(nil), false, r)
		e.write(window.Place{}, []byte(three[:c.from]))
		n := int64(c.to - c.from)
		if c.unknown {
			n = -1
		}
		e.gap(window.Place{Off: int64(c.from)}, n)
		for i := c.to; i < len(three); i++ {
			e.write(window.Place{Off: int64(i)}, []byte(three[i:i+1]))
		}
		e.close()
		if got := strings.Join(r.told, "; "); got != c.want {
			t.Errorf("without %d to %d: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// TestIsEnvelope tells messages that have nothing but bytes from all else, as soon as
// can be.
func TestIsEnvelope(t *testing.T) {
	long := prefixed(0, str(1, strings.Repeat("l", 20_000)))
	for _, c := range []struct {
		b    string
		want Looks
	}{
		{prefixed(0, str(1, "x")), Yes}, {long, Yes}, {long[:9], Yes}, {long[:8], TooFew}, {long[:6], TooFew}, {long[:5], TooFew}, {"\x00", TooFew},
		{prefixed(0, str(1, "")), No}, {prefixed(0, str(2, "x")), No}, {prefixed(0, num(1, 5)), No}, {prefixed(0, str(1, "x")+"y"), No},
		{"\x01", No}, {"\x00\x01", No}, {"\x00\x00\x00\x00\x05\x0a\xff\xff\xff\xff\xff", No}, {"\x00\x00\x00\x00\x05\x0a\xff\xff\xff", TooFew}, {"\x00\x00\x00\x00\x05\x0a\xff\xff\xff\xff", No},
	} {
		if got := isEnvelope([]byte(c.b)); got != c.want {
			t.Errorf("%.20q: %d, want %d", c.b, got, c.want)
		}
	}
}
