package jsontext

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// marks are many combining marks in a row, of two bytes each.
var marks = strings.Repeat("\u0301", 20)

func TestAppendString(t *testing.T) {
	for _, test := range []struct {
		s, want string
		ok      bool
	}{
		{"", `""`, true},
		{"plain", `"plain"`, true},
		{"eight by", `"eight by"`, true},
		{"a\"\\\n\r\t\x00\u2028", `"a\"\\\n\r\t\u0000\u2028"`, true},
		{"\x7f\u009b\u202e\U000e0041é", `"\u007f\u009b\u202e\udb40\udc41é"`, true},
		{"\u2764\ufe0f\U000e0100\u3164", `"❤\ufe0f\udb40\udd00\u3164"`, true},
		{"\u2764\ufe0f 1\ufe0f\u20e3 \u260e\ufe0e", "\"\u2764\ufe0f 1\ufe0f\u20e3 \u260e\ufe0e\"", true},
		{"\ufe0fa\ufe0f\u2764\ufe0f\ufe0f", `"\ufe0fa\ufe0f❤\ufe0f\ufe0f"`, true},
		{"a" + marks[:16] + "b" + marks[:4], `"a` + marks[:12] + `\u0301\u0301b` + marks[:4] + `"`, true},
		{"Grüße, 世界", `"Grüße, 世界"`, true},
		{"a\"caf\xe9 \u00e9\x9b", `"a\"café Ã©\u009b"`, false},
		{strings.Repeat("x", 300) + "\"\xff", `"` + strings.Repeat("x", 300) + `\"ÿ"`, false},
	} {
		got, ok := AppendString([]byte("before"), test.s)
		if string(got) != "before"+test.want || ok != test.ok {
			t.Errorf("%q: got %s %t, want before%s %t", test.s, got, ok, test.want, test.ok)
		}
	}
}

// hides reports whether there is something in b that a terminal would not show.
func hides(b []byte) bool {
	for i, r := range string(b) {
		if !scan.Shown(b, i, r) {
			return true
		}
	}
	return false
}

// FuzzAppendString reads with encoding/json what was written, alone and behind
// bytes that shift it, into memory of any size.
func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "x", `{"Id":"0123456789","Names":["/web"]}`, "0123456\"", "01234567\\", "é\"", "\xc3", "a\u202eb\x1b[m", "\u2764\ufe0f1\ufe0f\u20e3a\ufe0f",
		strings.Repeat(`"\`, 200), strings.Repeat("abcdefgh", 40) + "\n", strings.Repeat("世界 ", 100)} {
		f.Add(s, 0)
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, room int) {
		got, ok := AppendString(make([]byte, 0, max(0, min(room, 1<<16))), s)
		if same, _ := AppendString([]byte("x"), []byte(s)); string(same) != "x"+string(got) {
			t.Errorf("%q: as bytes %q, as a string %q", s, same, got)
		}
		if ok != utf8.ValidString(s) {
			t.Errorf("%q: ok is %t", s, ok)
		}
		want := s
		if !ok {
			var b strings.Builder
			for i := range len(s) {
				b.WriteRune(rune(s[i]))
			}
			want = b.String()
		}
		var back string
		if err := json.Unmarshal(got, &back); err != nil || back != want {
			t.Errorf("%q: %q is read as %q: %v", s, got, back, err)
		}
		if hides(got) {
			t.Errorf("%q: not safe: %q", s, got)
		}
	})
}

// BenchmarkAppendString is what lines are made of: short strings, and JSON text
// in a string.
func BenchmarkAppendString(b *testing.B) {
	for name, s := range map[string]string{
		"short": "Api-Version", "value": "application/json; charset=utf-8",
		"json": strings.Repeat(`{"Id":"sha256:0123456789abcdef","Names":["/web"],"Created":1795288868,"Running":true},`, 1000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			var dst []byte
			for b.Loop() {
				dst, _ = AppendString(dst[:0], s)
			}
		})
	}
}
