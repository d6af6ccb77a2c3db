package frames

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
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
	if again, names := Mask(marks, out, "x"); names != nil {
		t.Errorf("%q became %q", out, again)
	}
}
