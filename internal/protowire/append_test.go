package protowire

import (
	"bytes"
	"math"
	"strings"
	"testing"

	theirs "google.golang.org/protobuf/encoding/protowire"
)

// TestAppend compares fields of every type and size with those of the module.
func TestAppend(t *testing.T) {
	numbers := []Number{1, 15, 16, 2047, 2048, 1<<29 - 1}
	for _, n := range numbers {
		m := theirs.Number(n)
		for _, v := range []uint64{0, 1, 127, 128, 300, 1 << 32, math.MaxUint64} {
			equal(t, AppendVarint(nil, n, v), theirs.AppendVarint(theirs.AppendTag(nil, m, theirs.VarintType), v))
			equal(t, AppendFixed64(nil, n, v), theirs.AppendFixed64(theirs.AppendTag(nil, m, theirs.Fixed64Type), v))
			equal(t, AppendFixed32(nil, n, uint32(v)), theirs.AppendFixed32(theirs.AppendTag(nil, m, theirs.Fixed32Type), uint32(v)))
		}
		for _, size := range []int{0, 1, 127, 128, 129, 16383, 16384, 1 << 21} {
			s := strings.Repeat("x", size)
			want := theirs.AppendString(theirs.AppendTag(nil, m, theirs.BytesType), s)
			equal(t, AppendBytes(nil, n, s), want)
			equal(t, AppendBytes(nil, n, []byte(s)), want)
			dst, at := Begin([]byte("before"), n)
			equal(t, End(append(dst, s...), at), append([]byte("before"), want...))
		}
	}
}

// TestNested ends messages that are in one another.
func TestNested(t *testing.T) {
	dst, outer := Begin(nil, 1)
	dst, inner := Begin(AppendBytes(dst, 2, "a"), 3)
	dst = AppendBytes(dst, 4, strings.Repeat("y", 200))
	dst = End(End(dst, inner), outer)
	in := AppendBytes(nil, 4, strings.Repeat("y", 200))
	equal(t, dst, AppendBytes(nil, 1, AppendBytes(AppendBytes(nil, 2, "a"), 3, in)))
}

func equal(t *testing.T, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got[:min(len(got), 40)], want[:min(len(want), 40)])
	}
}
