package coding

import (
	"fmt"
	"strings"
	"testing"
)

var looksNames = map[Looks]string{TooFew: "too few", Yes: "yes", Maybe: "maybe", No: "no"}

// TestLookAt tells whether bodies begin as their codings do.
func TestLookAt(t *testing.T) {
	text := strings.Repeat("t", 16)
	for _, c := range []struct{ list, b, looks, atEnd string }{
		{"gzip", "", "too few", "maybe"},
		{"gzip", "\x1f\x8b", "too few", "maybe"},
		{"gzip", "\x1f\x8b\x08", "yes", "yes"},
		{"gzip", "\x1f\x8b\x08more", "yes", "yes"},
		{"gzip", "\x1f\x8b\x09", "no", "no"},
		{"x-gzip", "t", "no", "no"},
		{"zstd", "\x28\xb5\x2f\xfd", "yes", "yes"},
		{"zstd", "\x50\x2a\x4d\x18", "yes", "yes"},
		{"zstd", "\x50\x2a\x4d", "too few", "maybe"},
		{"zstd", "\x28", "too few", "maybe"},
		{"zstd", "\x28\x2a", "no", "no"},
		{"br, gzip", "\x1f\x8b\x08", "yes", "yes"},
		{"gzip, br", "\x1f\x8b\x08", "maybe", "maybe"},
		{"deflate", "\x78\x9c", "yes", "yes"},
		{"deflate", "\x78\x9d", "maybe", "maybe"},
		{"deflate", "\x08\x1d", "yes", "yes"},
		{"deflate", "\x08\x1e", "maybe", "maybe"},
		{"deflate", "\x08", "too few", "maybe"},
		{"deflate", "t\x08", "maybe", "maybe"},
		{"br", "\x78\x9c", "maybe", "maybe"},
		{"br", "\x08\x1d", "maybe", "maybe"},
		{"br", "t", "too few", "maybe"},
		{"br", text[1:], "too few", "maybe"},
		{"br", text, "no", "no"},
		{"br", text[1:] + "\x00", "maybe", "maybe"},
		{"br", text + "\x00", "no", "no"},
		{"aws-chunked", text, "maybe", "maybe"},
		{"aws-chunked", "", "maybe", "maybe"},
		{"identity", "\x1f\x8b\x08", "no", "no"},
		{"", "", "no", "no"},
	} {
		b := []byte(c.b)
		if looks, atEnd := looksNames[LookAt(c.list, b, false)], looksNames[LookAt(c.list, b, true)]; looks != c.looks || atEnd != c.atEnd {
			t.Errorf("%s %q: got %s, at the end %s; want %s, %s", c.list, c.b, looks, atEnd, c.looks, c.atEnd)
		}
	}
}

func TestUnlabelled(t *testing.T) {
	for b, want := range map[string]string{
		"": " false", "\x1f": " false", "\x1f\x8b": " false", "\x1f\x8b\x08": "gzip true", "\x1f\x8b\x08more": "gzip true",
		"\x28\xb5\x2f": " false", "\x28\xb5\x2f\xfd": "zstd true", "\x50\x2a\x4d\x18": " true", "(x": " true", "text": " true",
	} {
		name, known := Unlabelled([]byte(b))
		if got := fmt.Sprint(name, " ", known); got != want {
			t.Errorf("%q: got %s, want %s", b, got, want)
		}
	}
}

// TestZlib has all headers that there may be (RFC 1950, section 2.2).
func TestZlib(t *testing.T) {
	for cmf := range 256 {
		for flg := range 256 {
			if want := cmf%16 == 8 && cmf < 0x80 && (cmf*256+flg)%31 == 0; isZlib([]byte{byte(cmf), byte(flg)}) != want {
				t.Errorf("%#x %#x: got %t", cmf, flg, !want)
			}
		}
	}
}
