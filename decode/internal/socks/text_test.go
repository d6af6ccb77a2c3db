package socks

import (
	"strings"
	"testing"
)

// TestLongTexts has texts of SOCKS 4 that are as long as they may be, and longer.
func TestLongTexts(t *testing.T) {
	for n, want := range map[int]State{254: Carries, 255: Carries, 256: No} {
		text := strings.Repeat("u", n) + "\x00"
		for _, asked := range []string{"\x04\x01\x09\x47\x01\x00\x00\x01" + text, "\x04\x01\x09\x47\x00\x00\x00\x01\x00" + text} {
			if got := Parse([]byte(asked), []byte(done4)); got.State != want {
				t.Errorf("%d bytes: %+v", n, got)
			}
			if rest, _ := Behind([]byte(asked + "x")); (string(rest) == "x") != (want == Carries) {
				t.Errorf("%d bytes: %q is behind", n, rest)
			}
			if got := Parse([]byte(asked[:len(asked)-1]), nil); got.State != map[State]State{Carries: Waits, No: No}[want] {
				t.Errorf("%d bytes without an end: %+v", n, got)
			}
		}
	}
}

// TestReasons has what proxies say if they do not connect a client.
func TestReasons(t *testing.T) {
	for code, want := range map[byte]string{
		1: "general failure", 2: "not allowed", 3: "network unreachable", 4: "host unreachable", 5: "connection refused", 6: "time to live expired",
		7: "command not supported", 8: "address type not supported", 9: "reply 9", 255: "reply 255",
	} {
		if got := Parse([]byte(hello+byDomain), []byte(welcome+"\x05"+string([]byte{code})+"\x00\x00")); got.State != Refused || got.Reason != want {
			t.Errorf("reply %d: %+v", code, got)
		}
	}
}
