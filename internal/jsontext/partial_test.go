package jsontext

import "testing"

func TestTrimPartial(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "a": "a", "é": "é", "a\xc3": "a", "a\xe4\xb8": "a", "\xf0\x9f\x98": "", "\xf0\x9f\x98\x80": "\xf0\x9f\x98\x80", "a\xff": "a\xff", "\x80\x80": "\x80\x80", "\xf0a": "\xf0a",
	} {
		whole, part := TrimPartial([]byte(s))
		if string(whole) != want || string(whole)+string(part) != s {
			t.Errorf("%q: %q and %q", s, whole, part)
		}
	}
}
