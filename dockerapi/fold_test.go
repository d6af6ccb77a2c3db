package dockerapi

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"":                 "",
		"/containers/a.b":  "/containers/a.b",
		"/Containers/JSON": "/containers/json",
		"/%41uth":          "/auth", "/%61%75%74%68": "/auth", "/a%2Fb": "/a/b", "/a%2fB": "/a/b",
		"%": "%", "%4": "%4", "a%": "a%", "%zz": "%zz", "%4g": "%4g", "%g4": "%g4", "%%41": "%a", "%2525": "%25",
		"%/0": "%/0", "%:0": "%:0", "%@0": "%@0", "%G0": "%g0", "%`0": "%`0", "%0:": "%0:",
		"%e2%82%ac": "€", "%EF%bb%bF": "\ufeff", "%0A": "\n", "%0f": "\x0f", "%0F": "\x0f",
		"~!$&'()*+,;=:@-._": "~!$&'()*+,;=:@-._",
		"é":                 "é", "É": "é", "a b": "a b", "a?b": "a?b",
	} {
		if got := fold(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

// TestUnescape has every byte, in both spellings.
func TestUnescape(t *testing.T) {
	const lower, upper = "0123456789abcdef", "0123456789ABCDEF"
	for c := range 256 {
		for _, digits := range []string{lower, upper} {
			s := "<%" + digits[c>>4:c>>4+1] + digits[c&15:c&15+1] + ">"
			if got := unescape(s); got != "<"+string([]byte{byte(c)})+">" {
				t.Errorf("%s: got %q", s, got)
			}
		}
		if hexDigit(byte(c)) >= 0 != (strings.IndexByte(lower+upper, byte(c)) >= 0) {
			t.Errorf("%q: %d", rune(c), hexDigit(byte(c)))
		}
	}
}

// TestBorders has what is next to what is an operation.
func TestBorders(t *testing.T) {
	for _, tt := range []struct{ method, target, want, version string }{
		{"POST", "/a.B/Ab", "GRPCMethod", ""}, {"POST", "/a.B/Zb", "GRPCMethod", ""}, {"POST", "/a.b/@b", "", ""}, {"POST", "/a.b/[b", "", ""},
		{"POST", "/a.b/A", "GRPCMethod", ""}, {"POST", "/.b/A", "", ""}, {"POST", "/a./A", "GRPCMethod", ""}, {"POST", "/a.b/A/c", "", ""},
		{"POST", "a.b/A", "", ""}, {"POST", "/a.b/", "", ""}, {"POST", "/v1.41/a.b/A", "", ""},
		{"GET", "/v1.0/info", "SystemInfo", "1.0"}, {"GET", "/v0.9/info", "SystemInfo", "0.9"}, {"GET", "/v9.9/info", "SystemInfo", "9.9"},
		{"GET", "/v1./info", "SystemInfo", "1."}, {"GET", "/v.1/info", "", ""}, {"GET", "/v1.:/info", "", ""}, {"GET", "/v1./", "", ""}, {"GET", "/v", "", ""}, {"GET", "/v1", "", ""},
		{"GET", "/x/v1.41/info", "SystemInfo", "1.41"}, {"GET", "x://h/y/v1.41/info", "SystemInfo", "1.41"}, {"GET", "://h/info", "SystemInfo", ""},
		{"GET", "/info%", "", ""}, {"GET", "/%69nfo", "SystemInfo", ""}, {"GET", "/_ping", "SystemPing", ""}, {"GET", "/x/_ping", "SystemPing", ""},
		{"OPTIONS", "/v1.41", "Options", ""}, {"OPTIONS", "/v1.41/info", "Options", "1.41"}, {"OPTIONS", "", "", ""},
	} {
		c, ok := Match(tt.method, tt.target)
		if c.Name() != tt.want || c.Version != tt.version || ok != (tt.want != "") {
			t.Errorf("%s %s: got %s %q, want %s %q", tt.method, tt.target, c.Name(), c.Version, tt.want, tt.version)
		}
	}
}
