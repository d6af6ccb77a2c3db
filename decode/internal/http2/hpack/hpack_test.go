package hpack

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/socktrace/socktrace/wire"
)

// unhex returns the bytes that s tells.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func show(fields []wire.Field) string {
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, "%s=%s|", f.Name, f.Value)
	}
	return b.String()
}

// TestVectors has the examples of RFC 7541, appendix C, each with the size of the table
// behind it.
func TestVectors(t *testing.T) {
	const (
		get1  = ":method=GET|:scheme=http|:path=/|:authority=www.example.com|"
		get2  = get1 + "cache-control=no-cache|"
		get3  = ":method=GET|:scheme=https|:path=/index.html|:authority=www.example.com|custom-key=custom-value|"
		moved = "cache-control=private|date=Mon, 21 Oct 2013 20:13:21 GMT|location=https://www.example.com|"
		last  = ":status=200|cache-control=private|date=Mon, 21 Oct 2013 20:13:22 GMT|location=https://www.example.com|content-encoding=gzip|set-cookie=foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1|"
	)
	type step struct {
		block, want string
		size        int
	}
	for _, c := range []struct {
		name  string
		table int
		steps []step
	}{
		{"2.1", 0, []step{{"400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key=custom-header|", 55}}},
		{"2.2", 0, []step{{"040c2f73616d706c652f70617468", ":path=/sample/path|", 0}}},
		{"2.3", 0, []step{{"100870617373776f726406736563726574", "password=secret|", 0}}},
		{"2.4", 0, []step{{"82", ":method=GET|", 0}}},
		{"3", 0, []step{
			{"828684410f7777772e6578616d706c652e636f6d", get1, 57},
			{"828684be58086e6f2d6361636865", get2, 110},
			{"828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565", get3, 164},
		}},
		{"4", 0, []step{
			{"828684418cf1e3c2e5f23a6ba0ab90f4ff", get1, 57},
			{"828684be5886a8eb10649cbf", get2, 110},
			{"828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf", get3, 164},
		}},
		{"5", 256, []step{
			{"4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d", ":status=302|" + moved, 222},
			{"4803333037c1c0bf", ":status=307|" + moved, 222},
			{"88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31", last, 215},
		}},
		{"6", 256, []step{
			{"488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3", ":status=302|" + moved, 222},
			{"4883640effc1c0bf", ":status=307|" + moved, 222},
			{"88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007", last, 215},
		}},
	} {
		d := New(Limits{Table: c.table})
		for i, s := range c.steps {
			b, err := d.Decode(unhex(t, s.block), nil)
			if got := show(b.Fields); err != nil || got != s.want || d.table.size != s.size || b.Cut || b.Lost > 0 {
				t.Errorf("C.%s, block %d: %s, %d bytes in the table, %v; want %s, %d", c.name, i+1, got, d.table.size, err, s.want, s.size)
			}
		}
	}
}

// TestFaults has blocks that break the rules: what stands before is told, and nothing of
// the table is believed any more.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, block string
		err         error
	}{
		{"index 0", "82 80", errIndex},
		{"index beyond", "82 be", errIndex},
		{"name beyond", "82 7f 00 01 61", errIndex},
		{"large index", "82 ff ff ff ff ff ff ff ff ff 7f", errIndex},
		{"endless integer", "82 ff 80 80 80 80 80 80 80 80 80 00", errInteger},
		{"cut integer", "82 ff 80", errEnds},
		{"cut index", "82 7f", errEnds},
		{"no value", "82 44", errEnds},
		{"no name", "82 40", errEnds},
		{"cut value", "82 44 02 61", errEnds},
		{"cut name", "82 40 02 61", errEnds},
		{"cut length", "82 44 7f", errEnds},
		{"resized later", "82 20", errLateResize},
		{"too large", "3f e2 1f", errTooLarge},
		{"cut size", "3f", errEnds},
		{"cut size, later", "3f 80", errEnds},
	} {
		d := New(Limits{})
		b, err := d.Decode(unhex(t, c.block), nil)
		want := ""
		if strings.HasPrefix(c.block, "82") {
			want = ":method=GET|"
		}
		if !errors.Is(err, c.err) || show(b.Fields) != want || !d.Late() {
			t.Errorf("%s: %s, %v, late: %t", c.name, show(b.Fields), err, d.Late())
		}
	}
	for _, block := range []string{"82 44 81 00", "82 44 84 ff ff ff ff", "40 81 00 01 61"} { // padding, EOS
		d := New(Limits{})
		if _, err := d.Decode(unhex(t, block), nil); err == nil || !strings.Contains(err.Error(), "Huffman") {
			t.Errorf("%s: %v", block, err)
		}
	}
}

// TestResize changes the size of the table: what does not fit is evicted, the oldest
// first, and what is larger than all of it empties it.
func TestResize(t *testing.T) {
	d := New(Limits{})
	insert := func(name string) { // 34 bytes in the table
		t.Helper()
		if _, err := d.Decode(append([]byte{0x40, 1}, name[0], 1, 'x'), nil); err != nil {
			t.Fatal(err)
		}
	}
	insert("a")
	insert("b")
	insert("c")
	for _, c := range []struct{ block, want string }{
		{"be bf c0", "c=x|b=x|a=x|"},
		{"3f 26 be bf", "c=x|b=x|"},                   // 69
		{"3f 27 be bf", "c=x|b=x|"},                   // 70: what was evicted does not come back
		{"20 3f e1 1f 82", ":method=GET|"},            // nothing, and then 4096
		{"40 01 64 01 78 be", "d=x|d=x|"},             //
		{"3f 02 be", "d=x|"},                          // 33: it does not fit any more
		{"3f 03 40 01 65 01 78", "e=x|"},              // 34
		{"be", "e=x|"},                                //
		{"40 02 66 66 01 78 82", "ff=x|:method=GET|"}, // 35: too large, and so the table is empty
	} {
		if c.block == "3f 02 be" {
			if b, err := d.Decode(unhex(t, "3f 02"), nil); err != nil || d.table.size != 0 || len(b.Fields) != 0 {
				t.Errorf("resized: %v, %d bytes are held", err, d.table.size)
			}
			continue
		}
		if b, err := d.Decode(unhex(t, c.block), nil); err != nil || show(b.Fields) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.block, show(b.Fields), err, c.want)
		}
	}
	if d.table.size != 0 || d.Late() {
		t.Errorf("%d bytes are held, late: %t", d.table.size, d.Late())
	}
	d.Allow(5000)
	d.Allow(100)                                                   // smaller tables need not be allowed
	if _, err := d.Decode(unhex(t, "3f e9 26"), nil); err != nil { // 5000
		t.Errorf("a table that is allowed: %v", err)
	}
	if _, err := d.Decode(unhex(t, "3f ea 26"), nil); !errors.Is(err, errTooLarge) { // 5001
		t.Errorf("a table that is not allowed: %v", err)
	}
}

// TestLate begins late: what was inserted since is known, all else that is in no static
// table is not.
func TestLate(t *testing.T) {
	d := New(Limits{})
	d.Lose()
	for _, c := range []struct {
		block, want string
		lost        int
	}{
		{"82 be", ":method=GET|?=?|", 1},
		{"40 01 61 01 78 be bf", "a=x|a=x|?=?|", 1},
		{"7f 00 01 79 be", "?=?|?=?|", 2}, // an entry whose name is that of a lost one
		{"bf c0", "a=x|?=?|", 1},
		{"0f 2f 01 79", "?=?|", 1},
		{"0f 30 01 79 84", "a=y|:path=/|", 0},
		{"3f e2 1f 82", ":method=GET|", 0}, // more than is allowed: that was not seen
	} {
		if b, err := d.Decode(unhex(t, c.block), nil); err != nil || show(b.Fields) != c.want || b.Lost != c.lost {
			t.Errorf("%s: %s, %d lost, %v; want %s", c.block, show(b.Fields), b.Lost, err, c.want)
		}
	}
	if b, err := d.Decode(unhex(t, "82 80"), nil); err == nil || show(b.Fields) != ":method=GET|" {
		t.Errorf("index 0: %v", err)
	}
}

// TestBounds: a table is not larger than the limit, whatever is allowed, and what is
// evicted for that is not known; a list has an end.
func TestBounds(t *testing.T) {
	d := New(Limits{Table: 100, List: 100})
	d.Allow(1 << 30)
	if _, err := d.Decode(unhex(t, "3f e1 ff ff 7f"), nil); err != nil || !d.Late() {
		t.Errorf("%v, late: %t", err, d.Late())
	}
	for range 10 {
		if _, err := d.Decode(unhex(t, "40 01 61 01 78"), nil); err != nil || d.table.size > 100 {
			t.Errorf("%v, %d bytes are held", err, d.table.size)
		}
	}
	b, err := d.Decode(unhex(t, "be bf c0 c1"), nil)
	if got := show(b.Fields); err != nil || got != "a=x|a=x|?=?|" || !b.Cut || b.Size != 2*34+2*32 || b.Lost != 1 {
		t.Errorf("%s, %v, cut: %t, %d bytes, %d lost", got, err, b.Cut, b.Size, b.Lost)
	}
	b, err = d.Decode(append(unhex(t, "00 01 61 7f 05"), strings.Repeat("x", 132)...), nil)
	if err != nil || len(b.Fields) != 0 || !b.Cut || b.Size != 165 {
		t.Errorf("%d fields, %v, cut: %t, %d bytes", len(b.Fields), err, b.Cut, b.Size)
	}
	if b, _ = d.Decode(append(unhex(t, "00 01 61 43"), strings.Repeat("x", 67)...), nil); b.Cut || b.Size != 100 {
		t.Errorf("what just fits is cut: %t, %d bytes", b.Cut, b.Size)
	}
}

// TestManyLost tells no more of the fields that are not known than is of use, and those that
// are.
func TestManyLost(t *testing.T) {
	for _, n := range []int{maxLost, maxLost + 1, 20 * maxLost} {
		d := New(Limits{})
		d.Lose()
		b, err := d.Decode([]byte(strings.Repeat("\xbe", n)+"\x82"), nil)
		if err != nil || len(b.Fields) != maxLost+1 || len(b.Kinds) != maxLost+1 || b.Lost != maxLost || b.Cut != (n > maxLost) || b.Size != 32*n+42 {
			t.Errorf("%d fields, %d lost, cut: %t, %d bytes, %v", len(b.Fields), b.Lost, b.Cut, b.Size, err)
		}
		if last := b.Fields[maxLost]; last.Value != "GET" || b.Kinds[maxLost] != Method {
			t.Errorf("the last is %v", last)
		}
	}
}

// TestTable evicts and inserts very often: the room of what was evicted is used again.
func TestTable(t *testing.T) {
	d := New(Limits{})
	for range 10_000 {
		if _, err := d.Decode(unhex(t, "40 01 61 01 78"), nil); err != nil {
			t.Fatal(err)
		}
	}
	n := cap(d.table.entries)
	if n > 1000 || d.table.size != 4096/34*34 {
		t.Errorf("room for %d entries, %d bytes in the table", n, d.table.size)
	}
	if held, want := d.Held(), 4096/34*2+n*entryRoom; held != want {
		t.Errorf("%d bytes are held, want %d", held, want)
	}
}

// TestNames: an entry whose name is that of another does not hold the memory of its value.
func TestNames(t *testing.T) {
	d := New(Limits{})
	if _, err := d.Decode(unhex(t, "40 02 61 62 01 78 7e 01 79 be"), nil); err != nil {
		t.Fatal(err)
	}
	first, second := d.table.at(1), d.table.at(0)
	if second.name != "ab" || second.value != "y" || unsafe.StringData(first.name) == unsafe.StringData(second.name) {
		t.Errorf("%q: %q, with the memory of the other: %t", second.name, second.value, unsafe.StringData(first.name) == unsafe.StringData(second.name))
	}
}

// TestMemory: fields are put where the caller says, and what is told stays as it is when
// the next block comes.
func TestMemory(t *testing.T) {
	d := New(Limits{})
	room := make([]wire.Field, 0, 8)
	b, _ := d.Decode(unhex(t, "00 01 61 01 78 40 01 62 01 79"), room)
	first := b.Fields
	if &first[0] != &room[:1][0] {
		t.Error("the memory of the caller is not used")
	}
	second, _ := d.Decode(unhex(t, "00 01 63 01 7a 40 01 64 01 7a"), nil)
	if show(first) != "a=x|b=y|" || show(second.Fields) != "c=z|d=z|" {
		t.Errorf("%s, then %s", show(first), show(second.Fields))
	}
	for range 2 { // long ones leave no memory behind
		d.Decode(append(unhex(t, "00 01 61 7f 81 7f"), make([]byte, 16384)...), nil)
		d.Decode([]byte(strings.Repeat("\x04\x00", 1000)), nil)
		d.list.reset(0, nil)
		if cap(d.list.text) > maxIdleText || cap(d.list.apart) > maxIdleFields || cap(d.list.Kinds) > maxIdleFields || d.list.Fields != nil {
			t.Errorf("%d bytes, %d and %d fields are held", cap(d.list.text), cap(d.list.apart), cap(d.list.Kinds))
		}
	}
}
