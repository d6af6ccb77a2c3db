package content

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestGuessed: what looks like messages of gRPC is, where nobody knows, however long it
// takes to see that; a method that says so needs less.
func TestGuessed(t *testing.T) {
	long := str(2, strings.Repeat("x", 2000))
	for name, c := range map[string]struct {
		body               string
		looks, looksIfSaid bool
	}{
		"nothing":              {"", false, false},
		"a message":            {prefixed(0, str(1, "ab")+num(3, 4)), true, true},
		"two messages":         {prefixed(0, "") + prefixed(0, num(1, 7)), true, true},
		"an empty message":     {prefixed(0, ""), true, true},
		"zeros":                {strings.Repeat("\x00", 600), false, true},
		"a long message":       {prefixed(0, num(1, 3)+long), true, true},
		"the beginning of one": {prefixed(0, num(1, 3)+long)[:900], true, true},
		"cut in a tag":         {prefixed(0, num(1, 3)+long)[:7], true, true},
		"a field that is longer than its message": {prefixed(0, strings.Repeat(num(1, 3), 300)+long)[:700], true, true},
		"no message":                    {prefixed(0, "\x0f\xff\x00\x00"), false, true},
		"a number too large":            {prefixed(0, num(1<<20, 3)), false, true},
		"a long one that is no message": {prefixed(0, "typ isom"+long), false, true},
		"compressed":                    {prefixed(1, gzipped("abc")), true, true},
		"compressed, it says":           {prefixed(1, "abcdef"), false, true},
		"compressed, cut":               {prefixed(1, gzipped("abc"))[:6], false, true},
		"too long":                      {"\x00\x01\x00\x00\x01" + long, false, false},
		"text":                          {"hello, world", false, false},
		"half a prefix":                 {"\x00\x00\x00", false, false},
		"an image of a disk":            {"\x02\x00\x00\x00\x01" + long, false, false},
	} {
		for _, named := range []bool{false, true} {
			g := &guessed{named: named}
			v := verdict{}
			for n := 0; n <= min(len(c.body), maxSniff) && !v.known; n++ {
				v = g.decide([]byte(c.body[:n]), n == maxSniff || n == len(c.body))
			}
			want := c.looks
			if named {
				want = c.looksIfSaid
			}
			if !v.known || (v.kind == wire.KindGRPC) != want {
				t.Errorf("%s, named %t: %+v, want %t", name, named, v, want)
			}
		}
	}
}
