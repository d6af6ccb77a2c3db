package frames

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

func frameOf(channel byte, s string) string {
	return string(binary.BigEndian.AppendUint32([]byte{channel, 0, 0, 0}, uint32(len(s)))) + s
}

// TestMask: secrets are followed through the frames of their channel, what is
// masked is in frames of the right size, and is left alone after that.
func TestMask(t *testing.T) {
	marks := mask.NewMarks(nil)
	in := frameOf(1, "ghp_QQQQ") + frameOf(2, "plain") + frameOf(1, "QQQQ end") + frameOf(0, "QQ") + "no frame ghp_QQQQQQQQQQQQQQQQ"
	out, names := Mask(marks, []byte(in), "x")
	var got []string
	for i := 0; i < len(out); {
		f := frameAt(out, i)
		got = append(got, masktest.Bare(string(out[f.from:f.to])))
		i = f.to
	}
	if want := []string{"ghp_*", "plain", "* end", "*", "no frame ghp_*"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if want := []string{"x.raw", "x.stdin", "x.stdout"}; !slices.Equal(names, want) {
		t.Errorf("names %q", names)
	}
	if again, names := Mask(marks, out, "x"); names != nil || &again[0] != &out[0] {
		t.Errorf("%q became %q", out, again)
	}
	// What a client types may go on in the next frame.
	if f := frameAt(out, len(out)-len("no frame ghp_[masked 16 bytes]")-len("[masked 2 bytes]")-8); string(out[f.from:f.to]) != "[masked 2 bytes]" {
		t.Errorf("%q of %q", out[f.from:f.to], out)
	}
	// Cut anywhere, the last frame lacks as much as before.
	for n := range len(in) {
		b := []byte(in)[:n:n]
		out, _ := Mask(marks, b, "x")
		if was, is := lastOf(b), lastOf(out); was.kind != is.kind || was.kind != wire.KindRaw && was.size-(was.to-was.from) != is.size-(is.to-is.from) || bytes.ContainsRune(out, 'Q') {
			t.Errorf("cut at %d: %q", n, out)
		}
	}
}

// TestFrameAt: where frames are, cut ones too, and what is none.
func TestFrameAt(t *testing.T) {
	b := []byte("xyz" + frameOf(2, "abc"))
	for n := range len(b) - 3 + 1 {
		want := frame{kind: wire.KindRaw, from: 3, to: 3 + n, size: 3 + n}
		if n >= 8 {
			want = frame{kind: wire.KindStderr, from: 11, to: 3 + n, size: 3}
		}
		if got := frameAt(b[:3+n:3+n], 3); got != want {
			t.Errorf("%d bytes: got %+v, want %+v", n, got, want)
		}
	}
	if got := frameAt(append(b, "more"...), 3); got.to != len(b) {
		t.Errorf("got %+v", got)
	}
}

// lastOf returns the last frame of data.
func lastOf(data []byte) (last frame) {
	for i := 0; i < len(data); i = last.to {
		last = frameAt(data, i)
	}
	return last
}
