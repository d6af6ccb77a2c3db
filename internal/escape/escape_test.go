package escape

import "testing"

func TestLines(t *testing.T) {
	for s, want := range map[string]string{
		"":                     "",
		"a\r\nb\tc\n":          "a\nb\tc\n",
		"a\rb\n\r":             "a\\rb\n\\r",
		"\x1b[31mred\x00\x7f":  `\e[31mred\x00\x7f`,
		"a\u202eb\u0085c\xffd": `a\u202eb\u0085c\xffd`,
		"\\n stays":            `\n stays`,
		"\U000e0041":           `\U000e0041`,
		"caf\u00e9 \u4e16":     "caf\u00e9 \u4e16",
	} {
		if got := Lines(s); got != want {
			t.Errorf("%q: got %q; want %q", s, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for s, want := range map[string]string{"plain": "plain", "a\nb\t": `a\nb\t`} {
		if got := Line(s); got != want {
			t.Errorf("%q: got %q; want %q", s, got, want)
		}
	}
}
