package units

import "testing"

// TestTyped reads sizes, and writes them so that they can be read again.
func TestTyped(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "100": "100", "1k": "1k", "1kB": "1k", "1KiB": "1k", "1024": "1k", "1536": "1536", "10M": "10m", "1024m": "1g", "4294967296g": "4294967296g",
		"": "", "b": "", "k": "", "1kbit": "", "1t": "", "-1": "", "1.5k": "", "1 k": "", "kk": "", "1kk": "", "4294967297g": "", "99999999999999999999": "",
	} {
		n, ok := ParseSize(text)
		if got := TypedSize(n); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %d, %v, written %q; want %q", text, n, ok, got, want)
		}
	}
}
