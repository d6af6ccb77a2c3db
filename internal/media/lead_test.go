package media

import (
	"strings"
	"testing"
)

// TestLeads tells what stands before JSON, and by how many bytes that is known: what
// is known does not depend on how many there are.
func TestLeads(t *testing.T) {
	for _, c := range []struct {
		b    string
		json bool
		size int
		need int
	}{
		{`{"a":1}`, true, 0, 2}, {` [1]`, true, 0, 3}, {"\x1e{}", true, 0, 3}, {")]}',\n{}", true, 5, 8}, {")]}'\n[1", true, 4, 7}, {")]}[]", true, 3, 5},
		{"while(1);{}", true, 9, 11}, {"for (;;); []", true, 9, 12}, {"throw 1; <dont be evil>{}", true, 23, 25}, {"&&&START&&&{}", true, 11, 13},
		{"f({}", true, 2, 4}, {"$a.b_9([1])", true, 7, 9}, {"/**/f( {}", true, 6, 9}, {"// x\n/* y */{}", true, 12, 14}, {"/*/ */{}", true, 6, 8},
		{"text", false, 0, 0}, {"f(x)", false, 2, 4}, {"f x", false, 0, 2}, {"9(", false, 0, 1}, {"{a", false, 0, 2}, {"[x", false, 0, 2}, {"[INFO]", false, 0, 2},
		{"/a", false, 0, 2}, {"/* a */ b{", false, 7, 10}, {"// a", false, 0, 0}, {"<html>", false, 0, 2}, {")", false, 0, 0}, {")a", false, 0, 2}, {"a.(", false, 3, 0},
		{"// x\n{}", true, 5, 7}, {"//\n[1", true, 3, 5}, {")]}';[1", true, 5, 7}, {")]}',;,{}", true, 7, 9}, {"&&&START&&&", false, 11, 0}, {"a", false, 0, 0}, {"/", false, 0, 0},
		{"/* ", false, 0, 0}, {"[t", false, 0, 0},
	} {
		b := []byte(c.b)
		for n := 1; n < c.need; n++ {
			if l := LeadOf(b[:n], false); l.Known {
				t.Errorf("%q: %d bytes tell %+v", c.b, n, l)
			}
		}
		if c.need == 0 {
			if l := LeadOf(b, false); l.Known {
				t.Errorf("%q: known: %+v", c.b, l)
			}
			if l := LeadOf(b, true); l != (Lead{Known: true, Size: c.size}) {
				t.Errorf("%q, and no more: %+v", c.b, l)
			}
			continue
		}
		for n := c.need; n <= len(b); n++ {
			if l := LeadOf(b[:n], false); l != (Lead{true, c.json, c.size}) {
				t.Errorf("%q of %q: got %+v", b[:n], c.b, l)
			}
		}
	}
}

// TestLongLeads: what may stand before JSON is bounded.
func TestLongLeads(t *testing.T) {
	for _, open := range []string{"/*", "//"} {
		b := []byte(open + strings.Repeat("x", 509))
		if l := LeadOf(b, false); l.Known {
			t.Errorf("%s: %d bytes tell %+v", open, len(b), l)
		}
		if l := LeadOf(append(b, 'x'), false); !l.Known || l.JSON {
			t.Errorf("%s: more do not tell: %+v", open, l)
		}
	}
	for _, guard := range []string{")]}'", ")]}", "while(1);", "while (1);", "for(;;);", "for (;;);", "throw 1;", "throw 'allowIllegalResourceCall';", "&&&START&&&", "<dont be evil>", "<prevent eval>"} {
		if l := LeadOf([]byte(guard+"[1"), false); l != (Lead{true, true, len(guard)}) {
			t.Errorf("%s: %+v", guard, l)
		}
	}
	name := strings.Repeat("a", 127)
	if l := LeadOf([]byte(name+"([]"), false); !l.JSON || l.Size != 128 {
		t.Errorf("the longest name: %+v", l)
	}
	for _, more := range []string{"a", "aa"} {
		if l := LeadOf([]byte(name+more+"([]"), false); l != (Lead{Known: true}) {
			t.Errorf("a longer name: %+v", l)
		}
	}
}

// TestNames: what the name of a function begins with, and what else it has.
func TestNames(t *testing.T) {
	const first = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"
	for c := range 256 {
		at := strings.IndexByte(first+"0123456789.", byte(c))
		if got := inName(byte(c), true); got != (at >= 0) {
			t.Errorf("%q: within a name: %t", byte(c), got)
		}
		if got := inName(byte(c), false); got != (at >= 0 && at < len(first)) {
			t.Errorf("%q: first in a name: %t", byte(c), got)
		}
	}
}
