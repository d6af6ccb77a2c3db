package scan

import (
	"bytes"
	"strings"
	"testing"
)

// TestPhrase has phrases at every place, and what only begins or ends as they do.
func TestPhrase(t *testing.T) {
	for _, phrase := range []string{"aaaa", "abab", "aabaa", `"moby.buildkit.trace"`, strings.Repeat("ab", 200), strings.Repeat("a", 300) + "b"} {
		p := NewPhrase(phrase)
		for _, among := range []string{"", "a", "b", "ab", "abc", phrase[1:], phrase[:len(phrase)-1], strings.Repeat("b", 300)} {
			for n := range 30 {
				for _, b := range []string{strings.Repeat(among, n), strings.Repeat(among, n) + phrase, strings.Repeat(among, n) + phrase + among, phrase[1:] + strings.Repeat(among, n)} {
					if got, want := p.In([]byte(b)), bytes.Contains([]byte(b), []byte(phrase)); got != want {
						t.Fatalf("%q in %q: %t", phrase, b, got)
					}
				}
			}
		}
	}
}

// FuzzPhrase compares with the one that bytes has.
func FuzzPhrase(f *testing.F) {
	f.Add("moby", []byte("momoby"))
	f.Fuzz(func(t *testing.T, phrase string, b []byte) {
		if len(phrase) < 4 {
			return
		}
		if got, want := NewPhrase(phrase).In(b), bytes.Contains(b, []byte(phrase)); got != want {
			t.Errorf("%q in %q: %t", phrase, b, got)
		}
	})
}

// BenchmarkPhrase looks through JSON: well below a tenth of a nanosecond a byte.
func BenchmarkPhrase(b *testing.B) {
	text := bytes.Repeat([]byte(`{"Id":"80805340dce5e1191e014b31436c33f8","Names":["/c0"],"State":"running"},`), 20)
	p := NewPhrase(`"moby.buildkit.trace"`)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.In(text)
	}
}
