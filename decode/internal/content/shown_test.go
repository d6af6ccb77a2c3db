package content

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/protobuf"
)

// TestShown shows messages in as much memory as there is, and gives that back.
func TestShown(t *testing.T) {
	const kib = 1 << 10
	quotes := str(1, strings.Repeat(`"`, 20_000)) // two bytes of JSON for each
	fields := strings.Repeat(num(7, 1), 20_000)
	for _, c := range []struct {
		name, message string
		has           int64
		room          int // what is charged
		most          int // bytes of JSON
		spent         bool
	}{
		{"all", quotes, 4096 * kib, jsonRoom * maxGrowth * len(quotes), 40_100, false},
		{"less than may be needed", quotes, 1024 * kib, jsonRoom * maxGrowth * len(quotes) / 2, 40_100, false},
		{"less than is needed", quotes, 128 * kib, jsonRoom * maxGrowth * len(quotes) / 16, 20_100, true},
		{"next to nothing", quotes, 64 * kib, 0, 3 * littleJSON, true},
		{"nothing", quotes, 0, 0, 3 * littleJSON, true},
		{"fields", fields, 4096 * kib, jsonRoom * maxGrowth * len(fields), 50_000, false},
		{"less than fields need", fields, 1024 * kib, jsonRoom * maxGrowth * len(fields) / 4, 10_000, true},
		{"little", quotes[:1000], 0, 0, 6_100, false},
		{"no more than is little", strings.Repeat(num(7, 1), littleJSON/maxGrowth/2), 0, 0, 6_100, false},
		{"more than is little", strings.Repeat(num(7, 1), littleJSON/maxGrowth/2+1), 64 * kib, 0, 6_100, true},
	} {
		b := budget.Of(memory.New(c.has))
		l := Limits{Message: 1 << 20, Account: budget.NewAccount(b)}
		m := l.Show(nil, nil, []byte(c.message), nil, protobuf.Limits{})
		if m.room != c.room || m.Spent != c.spent || len(m.Data) > c.most || len(m.Data) < 100 {
			t.Errorf("%s: %d bytes of JSON in %d, spent: %t; want at most %d in %d, %t", c.name, len(m.Data), m.room, m.Spent, c.most, c.room, c.spent)
		}
		if left := budget.Left(b); left > c.has-int64(c.room) {
			t.Errorf("%s: %d bytes are left of %d while it is shown", c.name, left, c.has)
		}
		l.Forget(m)
		if l.Account.Close(); budget.Left(b) != c.has {
			t.Errorf("%s: %d bytes are left of %d at the end", c.name, budget.Left(b), c.has)
		}
	}
}

// TestMessagesSpent sends messages for which there is no memory: that is told once, and
// each is cut. What is taken is given back behind each, compressed or not.
func TestMessagesSpent(t *testing.T) {
	text := str(1, strings.Repeat("x", 100_000))
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, message string
		has           int64
		spent, cut    int
	}{
		{"plain", prefixed(0, text), 64 << 20, 0, 0},
		{"plain, and little memory", prefixed(0, text), 128 << 10, 1, 3},
		{"compressed", prefixed(1, packed.String()), 64 << 20, 0, 0},
		{"compressed, and little memory", prefixed(1, packed.String()), 512 << 10, 1, 3},
	} {
		b := budget.Of(memory.New(c.has))
		l := Limits{Message: 1 << 20, Account: budget.NewAccount(b)}
		call := callOf("/a.B/C", false)
		call.Coding = "gzip"
		got := play(NewGRPC(call, l), Ended, c.message, c.message, c.message)
		if spent, cut := strings.Count(got, "memory-spent"), strings.Count(got, " cut"); spent != c.spent || cut != c.cut {
			t.Errorf("%s: told %d times, %d messages are cut: %s", c.name, spent, cut, got)
		}
		if left := budget.Left(b); left < c.has-16<<10 {
			t.Errorf("%s: %d bytes are left of %d", c.name, left, c.has)
		}
	}
}
