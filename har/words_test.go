package har

import "testing"

// TestFlags reads every word for a flag, and takes no other for one.
func TestFlags(t *testing.T) {
	for w, want := range map[string]string{
		"true": "true", "false": "false", "True": "true", "False": "false", "1": "true", "0": "false", "yes": "true", "no": "false",
		"": "", "TRUE": "", "2": "", "nope": "",
	} {
		n := &normal{}
		if got := n.number(wantFlag, w); got != (want != "") || string(n.out) != want {
			t.Errorf("%q: %q, %t", w, n.out, got)
		}
	}
}

// TestEscapedURL: each byte that may stand in a URL stands for itself, and no other.
func TestEscapedURL(t *testing.T) {
	const plain = "abcxyzABCXYZ0189-._~!$&'()*+,;=:@/?%41"
	if got := string(appendEscaped(nil, plain)); got != plain {
		t.Errorf("got %s", got)
	}
	for in, want := range map[string]string{" ": "%20", "\"": "%22", "<": "%3C", "[": "%5B", "`": "%60", "{": "%7B", "\x7f": "%7F", "é": "%C3%A9", "\x00": "%00", "^": "%5E", "|": "%7C", "\\": "%5C"} {
		if got := string(appendEscaped([]byte("x"), in)); got != "x"+want {
			t.Errorf("%q: got %s", in, got)
		}
	}
}
