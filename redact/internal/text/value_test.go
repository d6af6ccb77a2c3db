package text

import (
	"strings"
	"testing"
)

// TestWordValue: where the value of an assignment begins and ends, and whether its end
// was seen.
func TestWordValue(t *testing.T) {
	for _, c := range []struct {
		text   string // the value begins behind "="
		list   bool
		open   byte
		want   string
		closed bool
	}{
		{"=abc d", false, 0, "abc", true}, {"=abc", false, 0, "abc", false}, {"=", false, 0, "", false}, {"= x", false, 0, "", true}, {"=a,b c", false, 0, "a,b", true}, {"=a,b c", true, 0, "a", true},
		{`="a b" c`, false, 0, "a b", true}, {`='a "b' c`, false, 0, `a "b`, true}, {`="a \" b" c`, false, 0, `a \" b`, true}, {`='a\' b`, false, 0, `a\`, true}, {`="a b`, false, 0, "a b", false}, {`="a"`, false, 0, "a", true}, {`=""`, false, 0, "", true},
		{`="a"b c`, false, 0, `"a"b`, true}, {`="a""b c" d`, false, 0, `"a""b c"`, true}, {`="a"$b c`, false, 0, `"a"$b`, true}, {`=a"b c" d`, false, 0, `a"b c"`, true}, {`=a'b c`, false, 0, `a'b c`, false},
		{`=a" b`, false, '"', "a", true}, {`=a'b c" d`, false, '"', "a'b", true}, {`=" b`, false, '"', "", true}, {`='b c' d" e`, false, '"', "b c", true}, {`=a\ b c`, false, 0, `a\ b`, true}, {`=a\`, false, 0, `a\`, false},
		{`=\"a b\" c`, false, 0, "a b", true}, {`=\"a b\\\" c\" d`, false, 0, `a b\\\" c`, true}, {"=\\\"a b\nc", false, 0, "a b", true}, {"=\\\"a b\rc", false, 0, "a b", true}, {`=\"a b`, false, 0, "a b", false}, {`=\"a \' b\" c`, false, 0, `a \' b`, true}, {`=\"a\`, false, 0, `a\`, false},
		{"=[masked 3 bytes] x", false, 0, "[masked 3 bytes]", true},
	} {
		start, end, closed := wordValue([]byte(c.text), 1, c.list, c.open)
		if got := c.text[start:end]; got != c.want || closed != c.closed {
			t.Errorf("%s: got %s, %t", c.text, got, closed)
		}
	}
	for i := range 256 {
		b := string([]byte{byte(i)})
		if strings.Contains("\"'\\", b) {
			continue
		}
		text := []byte("=a" + b + "c d")
		for list, ends := range map[bool]string{false: " \t\r\n;&|<>()`", true: " \t\r\n;&|<>()`,"} {
			if _, end, _ := wordValue(text, 1, list, 0); (end == 2) != strings.Contains(ends, b) {
				t.Errorf("%q ends at %d, in a list: %t", text, end, list)
			}
		}
	}
	for i := range 256 {
		b := string([]byte{byte(i)})
		text := []byte(":a" + b + "c \nd")
		if _, end, closed := fieldValue(text, 1); (end == 2) != strings.Contains("\r\n`\\\"'", b) || !closed {
			t.Errorf("%q ends at %d, %t", text, end, closed)
		}
	}
	for _, c := range []struct {
		text, want string
		closed     bool
	}{{":abc", "abc", false}, {`:"a b" c`, "a b", true}, {`:"a b`, "a b", false}, {`:\"a\" b`, "a", true}, {":", "", false}} {
		start, end, closed := fieldValue([]byte(c.text), 1)
		if got := c.text[start:end]; got != c.want || closed != c.closed {
			t.Errorf("%s: got %s, %t", c.text, got, closed)
		}
	}
}

// TestReference: what stands for a value is none.
func TestReference(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, "$": true, "$a": true, "${a}": true, "$A_9": true, "a": false, "a$": false, "$a-b": false, "${a": false, "$a}": false, "${}": true, "$$": false, "${a}b": false, "$a$b": false, "$~": false, "aa": false,
	} {
		if got := isReference([]byte(s)); got != want {
			t.Errorf("%s: %t", s, got)
		}
	}
	for s, want := range map[string]int{`"a"b`: 3, `""`: 2, `"`: 0, `"a`: 0, `"a\"b"c`: 6, `'a\'b'`: 4, `"a\`: 0, `"'"`: 3, `'"'`: 3} {
		if got := quotedSize([]byte(s)); got != want {
			t.Errorf("%s: %d", s, got)
		}
	}
	for s, want := range map[string]string{`"a"`: "a", `'a'`: "a", "a": "a", `"'a`: "a", "": "", `a"b`: `a"b`} {
		if got := string(unquoted([]byte(s))); got != want {
			t.Errorf("%s: %s", s, got)
		}
	}
}

// TestTail keeps the last bytes of what went by, however it came.
func TestTail(t *testing.T) {
	all := strings.Repeat("0123456789", 30)
	for size := 1; size < 130; size++ {
		var kept tail
		for i := 0; i < len(all); i += size {
			piece := []byte(all[i:min(i+size, len(all))])
			kept.add(piece)
			piece[0] = '!'
			seen := all[:min(i+size, len(all))]
			if want := seen[max(0, len(seen)-96):]; string(kept) != want {
				t.Fatalf("in pieces of %d: %s, want %s", size, kept, want)
			}
		}
	}
}
