package hpack

import "testing"

// TestKindOf has fields that may be in heads of HTTP/2, and those that may not.
func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        Kind
	}{
		{":method", "GET", Method}, {":path", "/", Path}, {":scheme", "http", Scheme}, {":authority", "a", Authority},
		{":protocol", "websocket", Protocol}, {":status", "200", Status}, {":status", "", Status}, {":Method", "GET", OtherPseudo},
		{":", "x", OtherPseudo}, {":methods", "x", OtherPseudo}, {":method", "a\nb", Method},
		{"connection", "x", OfConn}, {"proxy-connection", "x", OfConn}, {"keep-alive", "x", OfConn}, {"transfer-encoding", "x", OfConn},
		{"upgrade", "x", OfConn}, {"upgrade-insecure-requests", "1", Regular}, {"close", "x", Regular},
		{"te", "trailers", Regular}, {"te", "gzip", WrongTE}, {"te", "", WrongTE}, {"te", "Trailers", WrongTE}, {"ten", "gzip", Regular},
		{"", "x", WrongName}, {"Host", "x", WrongName}, {"hosT", "x", WrongName}, {"a b", "x", WrongName}, {"a:b", "x", WrongName},
		{"aAb", "x", WrongName}, {"aZb", "x", WrongName}, {"a@b", "x", WrongName}, {"a[b", "x", WrongName}, {"a_b-c.1", "x", Regular},
		{"a\x00", "x", WrongName}, {"a\xff", "x", WrongName}, {"a\n", "x\n", WrongName}, {"z", "", Regular}, {"a", " \t\x01\xff", Regular},
		{"a", "\n", WrongValue}, {"a", "b\r", WrongValue}, {"a", "b\x00c", WrongValue}, {"a", "\nb", WrongValue},
	} {
		if got := kindOf(c.name, c.value); got != c.want {
			t.Errorf("%q: %q is %d, want %d", c.name, c.value, got, c.want)
		}
	}
}
