package hpack

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestInteger has integers at the lengths where they take another byte (RFC 7541, section
// 5.1 and appendix C.1), and those that are cut, or too long.
func TestInteger(t *testing.T) {
	for _, c := range []struct {
		bits uint
		b    string
		want uint64
		err  error
	}{
		{5, "\x0a", 10, nil}, {5, "\xea", 10, nil}, {5, "\x1e", 30, nil}, {5, "\x1f\x00", 31, nil}, {5, "\x1f\x9a\x0a", 1337, nil}, {5, "\xff\x9a\x0a", 1337, nil},
		{8, "\x2a", 42, nil}, {7, "\x7e", 126, nil}, {7, "\x7f\x00", 127, nil}, {7, "\x7f\x01", 128, nil}, {7, "\x7f\x7f", 254, nil},
		{7, "\x7f\x80\x01", 255, nil}, {7, "\x7f\x80\x80\x00", 127, nil}, {4, "\x0f", 0, errEnds}, {4, "\x0f\x80", 0, errEnds}, {4, "\x0f\xff\xff", 0, errEnds},
		{4, "\x0f" + strings.Repeat("\xff", 8) + "\x7f", 1<<63 - 1 + 15, nil}, {4, "\x0f" + strings.Repeat("\xff", 9) + "\x00", 0, errInteger},
		{4, "\x0f" + strings.Repeat("\x80", 8) + "\x01", 1<<56 + 15, nil}, {4, "\x0f" + strings.Repeat("\x80", 9), 0, errInteger},
	} {
		r := reader{b: []byte(c.b + "\x55")[:len(c.b)]}
		got, err := r.integer(c.bits)
		if got != c.want || err != c.err || err == nil && len(r.b) != 0 {
			t.Errorf("%x: got %d, %v; want %d, %v", c.b, got, err, c.want, c.err)
		}
	}
}

// TestErrors: what is wrong with a block is told as this, and what is before it is kept.
func TestErrors(t *testing.T) {
	for block, want := range map[string]string{
		"\x82\x7f":         "the block ends within a field",
		"\x82\x44":         "the block ends within a field",
		"\x82\x44\x02x":    "the block ends within a field",
		"\x82\x40\x01x":    "the block ends within a field",
		"\x82\xbe":         "an index is beyond the table",
		"\x82\x80":         "an index is beyond the table",
		"\x82\x7e\x01x":    "an index is beyond the table",
		"\x82\x3f":         "the size of the table changes behind a field",
		"\x82\x20":         "the size of the table changes behind a field",
		"\x82\x44\x81\x00": "a string in Huffman's code: hpack: invalid Huffman-encoded data",
		"\x82\x7f" + strings.Repeat("\xff", 9) + "\x01a\x01b": "an integer has more than 63 bits",
		"\x82\x0f" + strings.Repeat("\xff", 9) + "\x01a\x01b": "an integer has more than 63 bits",
		"\x82\x44\x7f" + strings.Repeat("\xff", 9) + "\x01a":  "an integer has more than 63 bits",
		"\x82\xff" + strings.Repeat("\xff", 10):               "an integer has more than 63 bits",
	} {
		b, err := New(Limits{}).Decode([]byte(block), nil)
		if err == nil || err.Error() != want || show(b.Fields) != ":method=GET|" {
			t.Errorf("%x: %s, %v; want %s", block, show(b.Fields), err, want)
		}
	}
	for block, want := range map[string]string{"\x3f\xe1\x1f\x82": "", "\x3f\xe2\x1f\x82": "the table becomes larger than its receiver allows", "\x3f": "the block ends within a field"} {
		_, err := New(Limits{}).Decode([]byte(block), nil)
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%x: %v, want %q", block, err, want)
		}
	}
}

// TestLimits: the usual bounds, and those that are given.
func TestLimits(t *testing.T) {
	if d := New(Limits{}); d.limits != (Limits{Table: 1 << 20, List: 1 << 20}) || d.table.max != 4096 || d.Late() {
		t.Errorf("%+v, a table of %d bytes", d.limits, d.table.max)
	}
	if d := New(Limits{Table: 100, List: 200}); d.limits != (Limits{Table: 100, List: 200}) || d.table.max != 100 {
		t.Errorf("%+v, a table of %d bytes", d.limits, d.table.max)
	}
}

// TestKinds: each field has a kind, whatever form it comes in and whatever is known of it.
func TestKinds(t *testing.T) {
	d := New(Limits{List: 400})
	d.Lose()
	const block = "\x82" + "\xbe" + // an entry that is not known
		"\x00\x02te\x01x" + "\x7e\x01v" + "\x0f\x30\x01v" + // a literal, and two whose names are not known
		"\x40\x01A\x01b" + "\x40\x01a\x01b" + "\xbe" + "\x04\x02/x"
	b, err := d.Decode([]byte(block), nil)
	want := []Kind{Method, Unknown, WrongTE, Unknown, Unknown, WrongName, Regular, Regular, Path}
	if err != nil || len(b.Kinds) != len(want) || len(b.Fields) != len(want) || b.Lost != 3 || b.Cut {
		t.Fatalf("%v, %d kinds of %d fields, %d are lost, cut: %t", err, len(b.Kinds), len(b.Fields), b.Lost, b.Cut)
	}
	for i, f := range b.Fields {
		if b.Kinds[i] != want[i] || (f == wire.Field{Name: wire.UnknownField, Value: wire.UnknownField}) != (want[i] == Unknown) {
			t.Errorf("field %d, %v, is %d; want %d", i, f, b.Kinds[i], want[i])
		}
	}
	for n := range 12 { // as many as fit, in every form
		b, err := d.Decode([]byte(strings.Repeat("\xbe\x00\x01a\x01b\x7f\x20\x00", n)), nil)
		if err != nil || len(b.Kinds) != len(b.Fields) || b.Cut != (b.Size > 400) || b.Cut && len(b.Fields) < 11 {
			t.Errorf("%d times: %v, %d kinds of %d fields, which have %d bytes, cut: %t", n, err, len(b.Kinds), len(b.Fields), b.Size, b.Cut)
		}
	}
}
