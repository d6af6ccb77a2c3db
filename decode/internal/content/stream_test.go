package content

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// header is that of a frame of n bytes.
func header(kind byte, n int) string {
	return string([]byte{kind, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

// TestStreams tells frames from the output of a terminal, whatever they are said to
// be, and however they are cut.
func TestStreams(t *testing.T) {
	out, err := header(1, 3)+"out", header(2, 4)+"err!"
	for _, c := range []struct {
		expected      wire.Kind
		reason, b     string
		want, unknown string
	}{
		{wire.KindNone, "", out + err, `found multiplexed sniffed; stdout 3 "out"; stderr 4 "err!"`, `found multiplexed sniffed; stdout 3 "out"; stderr 4 "err!"`},
		{wire.KindNone, "", "$ ls", `found terminal sniffed; terminal 4 "$ ls"`, `raw 4 "$ ls"`},
		{wire.KindNone, "", out[:7], `found terminal sniffed; terminal 7 "\x01\x00\x00\x00\x00\x00\x00"`, `raw 7 "\x01\x00\x00\x00\x00\x00\x00"`},
		{wire.KindNone, "", out[:8], `found multiplexed sniffed; 0 incomplete the stream ended within a frame: 3 bytes of it are missing; stdout 3 cut without 3`,
			`found multiplexed sniffed; 0 incomplete the stream ended within a frame: 3 bytes of it are missing; stdout 3 cut without 3`},
		{wire.KindNone, "", "", ``, ``},
		{wire.KindTerminal, "tty", "", `found terminal tty`, ``},
		{wire.KindTerminal, "tty", "$ ls", `found terminal tty; terminal 4 "$ ls"`, `raw 4 "$ ls"`},
		{wire.KindTerminal, "tty", out, `0 mislabelled by tty the stream is terminal, and it begins as multiplexed; found multiplexed sniffed; stdout 3 "out"`, `found multiplexed sniffed; stdout 3 "out"`},
		{wire.KindTerminal, "tty", header(1, 1<<24), `found terminal tty; terminal 8 "\x01\x00\x00\x00\x01\x00\x00\x00"`,
			`found multiplexed sniffed; 0 incomplete the stream ended within a frame: 16777216 bytes of it are missing; stdout 16777216 cut without 16777216`},
		{wire.KindMultiplexed, "content-type", out, `found multiplexed content-type; stdout 3 "out"`, `found multiplexed sniffed; stdout 3 "out"`},
		{wire.KindMultiplexed, "content-type", "$ ls", `0 mislabelled by content-type the stream is multiplexed, and it begins as terminal; found terminal sniffed; terminal 4 "$ ls"`, `raw 4 "$ ls"`},
	} {
		for _, pieces := range cuts(c.b) {
			if got := play(NewStream(limits, c.expected, c.reason, nil), Cut, pieces...); got != c.want {
				t.Errorf("%v %q in %d pieces:\ngot  %s\nwant %s", c.expected, c.b, len(pieces), got, c.want)
			}
			if got := play(NewUnknown(limits), Cut, pieces...); got != c.unknown {
				t.Errorf("%q in %d pieces, of which nothing is known:\ngot  %s\nwant %s", c.b, len(pieces), got, c.unknown)
			}
		}
	}
}

// TestFrames takes frames apart that are empty, long, cut off or none.
func TestFrames(t *testing.T) {
	long := strings.Repeat("y", 64<<10)
	text := strings.Repeat("y", 40)
	for _, c := range []struct {
		name, b, want string
	}{
		{"empty", header(1, 0) + header(2, 0), "stdout 0; stderr 0"},
		{"input", header(0, 1) + "a" + header(3, 2) + "no", `stdin 1 "a"; systemerr 2 "no"`},
		{"as long as is told at once", header(1, 64<<10) + long, `stdout 65536 "` + text + `" of 65536`},
		{"longer", header(1, 64<<10+1) + long + "z" + header(2, 1) + "e", `stdout 65536 "` + text + `" of 65536 more; stdout 1 "z"; stderr 1 "e"`},
		{"cut off", header(1, 9) + "abc", `0 incomplete the stream ended within a frame: 6 bytes of it are missing; stdout 9 "abc" cut without 6`},
		{"a header that is cut off", header(1, 1) + "a" + header(1, 5)[:6], `stdout 1 "a"; 9 incomplete the stream ended within a frame header; raw 6 "\x01\x00\x00\x00\x00\x00" cut`},
		{"no frame", header(1, 1) + "a" + "\x01\x00\x00\x01\x00\x00\x00\x00more", `stdout 1 "a"; 9 bad-frame-header 01 00 00 01 00 00 00 00; raw 12 "\x01\x00\x00\x01\x00\x00\x00\x00more"`},
		{"no frame at the end", header(4, 1), `0 bad-frame-header 04 00 00 00 00 00 00 01; raw 8 "\x04\x00\x00\x00\x00\x00\x00\x01"`},
	} {
		all := cuts(c.b)
		if len(c.b) > 100 {
			all = [][]string{{c.b}, {c.b[:5], c.b[5:]}, {c.b[:9], c.b[9:60_000], c.b[60_000:]}, {c.b[:8+64<<10], c.b[8+64<<10:]}}
		}
		for _, pieces := range all {
			if got := play(newMultiplexed(limits, nil), Ended, pieces...); got != c.want {
				t.Errorf("%s, in %d pieces: got %.300s, want %.300s", c.name, len(pieces), got, c.want)
			}
		}
	}
}

// TestNextLook looks at the same beginnings, however bytes are cut.
func TestNextLook(t *testing.T) {
	var got []int
	for n := 0; n < 512; got = append(got, n) {
		n = nextLook(n)
	}
	want := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 36, 54, 81, 121, 181, 271, 406, 512}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("look %d is at %d bytes, want %d", i, got[i], want[i])
		}
	}
}

// TestPieces passes on text in whole characters, and says what is none.
func TestPieces(t *testing.T) {
	for _, c := range []struct {
		content Content
		pieces  []string
		want    string
		places  string // each piece that comes is at 0, 10 and so on
	}{
		{newText(false), []string{"a\xe2", "\x82", "\xacb"}, "a|€b", "0-0 1-21"},
		{newText(false), []string{"a\xe2", "\xe2", "\x82\xac"}, "a|\xe2|€", "0-0 1-1 10-21"},
		{newText(false), []string{"a", "\xe2", "\x82\xac"}, "a|€", "0-0 10-21"},
		{newText(false), []string{"a\xe2\x82"}, "a|\xe2\x82", "0-0 1-2"},
		{newText(false), []string{"\xf0\x9f", "\x98x"}, "\xf0\x9f\x98x", "0-11"},
		{newText(false), []string{"ab\x00c", "d"}, "ab", "0-1"},
		{newText(false), []string{"a\xe2", "\x00c", "d"}, "a|\xe2", "0-0 1-1"},
		{newText(true), []string{"ab\x00c", "d"}, "ab|\x00cd", "0-1 2-10"},
		{NewTerminal(), []string{"a\xe2", "\x82\xac\x00"}, "a|€\x00", "0-0 1-12"},
		{NewStdin(), []string{"a\x00\xe2", "b"}, "a\x00|\xe2b", "0-1 2-10"},
		{NewRaw(), []string{"a\xe2", "\x82\xac\x00"}, "a\xe2|\x82\xac\x00", "0-1 10-12"},
	} {
		r := &recorder{now: c.content}
		for n, p := range c.pieces {
			if r.now != nil {
				r.now.Write(r, window.Place{Off: int64(10 * n)}, []byte(p))
			}
		}
		if r.now != nil {
			r.now.Close(r, Ended)
		}
		if got, places := strings.Join(r.pieces, "|"), strings.Join(r.places, " "); got != c.want || places != c.places {
			t.Errorf("%q: got %q at %s, want %q at %s", c.pieces, got, places, c.want, c.places)
		}
	}
}
