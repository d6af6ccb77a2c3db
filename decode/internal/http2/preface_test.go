package http2

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func TestIsSettings(t *testing.T) {
	for b, want := range map[string]bool{
		"": true, "\x00": true, "\x00\x00\x12": true, "\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03": true,
		"\x00\x00\x11": false, "\x00\x01": false, "\x00\x00\x12\x01": false, "\x00\x00\x12\x04\x01": false, "\x16\x03": false,
	} {
		if whole, may := IsSettings([]byte(b)); (whole || may) != want || whole && (may || len(b) < headerSize) {
			t.Errorf("%q: got %t, %t", b, whole, may)
		}
	}
}

// TestSettingsCut has the header cut anywhere, and wrong anywhere.
func TestSettingsCut(t *testing.T) {
	const header = "\x00\x00\x12\x04\x00\x00\x00\x00\x00"
	for n := range len(header) + 3 {
		b := []byte((header + "xyz")[:n])
		if whole, may := IsSettings(b); whole != (n >= 9) || may != (n < 9) {
			t.Errorf("%q: got %t, %t", b, whole, may)
		}
		if n > 0 && n <= len(header) {
			b[n-1]++
			if whole, may := IsSettings(b); whole || may {
				t.Errorf("%q: got %t, %t", b, whole, may)
			}
		}
	}
}

func TestIsPreface(t *testing.T) {
	for n := range len(wire.HTTP2Preface) + 3 {
		b := []byte((wire.HTTP2Preface + "xyz")[:n])
		if whole, may := IsPreface(b); whole != (n >= len(wire.HTTP2Preface)) || may != (n < len(wire.HTTP2Preface)) {
			t.Errorf("%q: got %t, %t", b, whole, may)
		}
	}
	if whole, may := IsPreface([]byte("PRI / ")); whole || may {
		t.Error("another method is taken for it")
	}
}
