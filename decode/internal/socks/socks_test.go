package socks

import (
	"strings"
	"testing"
)

const (
	hello    = "\x05\x01\x00"
	hello2   = "\x05\x02\x00\x02"
	welcome  = "\x05\x00"
	tell     = "\x05\x02"
	secret   = "\x01\x04user\x06hunter"
	byDomain = "\x05\x01\x00\x03\x0bexample.org\x00\x50"
	done     = "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
	ask4     = "\x04\x01\x09\x47\xc6\x33\x64\x07me\x00"
	done4    = "\x00\x5a\x00\x00\x00\x00\x00\x00"
)

// talks are what clients and proxies say, and what comes of it; Sizes are those
// of what they say.
var talks = []struct {
	client, proxy string
	want          Talk
}{
	{hello + byDomain, welcome + done, Talk{State: Carries, Version: "socks5", Target: "example.org:80"}},
	{"\x05\x00" + byDomain, welcome + done, Talk{State: Carries, Version: "socks5", Target: "example.org:80"}},
	{hello + "\x05\x01\x00\x01\xc6\x33\x64\x07\xff\xff", welcome + done, Talk{State: Carries, Version: "socks5", Target: "198.51.100.7:65535"}},
	{hello + "\x05\x01\x00\x04" + strings.Repeat("\x00", 15) + "\x01\x00\x01", welcome + "\x05\x00\x00\x03\x01x\x00\x50", Talk{State: Carries, Version: "socks5", Target: "[::1]:1"}},
	{hello + "\x05\x01\x00\x04" + strings.Repeat("\x00", 10) + "\xff\xff\x01\x02\x03\x04\x00\x01", welcome + "\x05\x00\x00\x04" + strings.Repeat("\x00", 18), Talk{State: Carries, Version: "socks5", Target: "1.2.3.4:1"}},
	{hello + "\x05\x01\x00\x03\x00\x00\x50", welcome + done, Talk{State: Carries, Version: "socks5", Target: ":80"}},
	{hello2 + byDomain, welcome + done, Talk{State: Carries, Version: "socks5", Target: "example.org:80"}},
	{hello2 + secret + byDomain, tell + "\x01\x00" + done, Talk{State: Carries, Version: "socks5", Target: "example.org:80", Secret: true}},
	{hello2 + "\x01\x00\x00" + byDomain, tell + "\x05\x00" + done, Talk{State: Carries, Version: "socks5", Target: "example.org:80", Secret: true}},
	{hello2 + secret, tell + "\x01\x01", Talk{State: Refused, Version: "socks5", Reason: "the name or the password is wrong", Secret: true}},
	{hello, "\x05\xff", Talk{State: Refused, Version: "socks5", Reason: "no acceptable way to authenticate"}},
	{hello + byDomain, welcome + "\x05\x01\x00\x01\x00\x00\x00\x00\x00\x00", Talk{State: Refused, Version: "socks5", Target: "example.org:80", Reason: "general failure"}},
	{hello + byDomain, welcome + "\x05\x08\x00\x01\x00\x00\x00\x00\x00\x00", Talk{State: Refused, Version: "socks5", Target: "example.org:80", Reason: "address type not supported"}},
	{hello + byDomain, welcome + "\x05\x09\x00\x00", Talk{State: Refused, Version: "socks5", Target: "example.org:80", Reason: "reply 9"}},
	{ask4, done4, Talk{State: Carries, Version: "socks4", Target: "198.51.100.7:2375"}},
	{ask4, "\x04\x5a\x00\x00\x00\x00\x00\x00", Talk{State: Carries, Version: "socks4", Target: "198.51.100.7:2375"}},
	{"\x04\x01\x09\x47\x00\x00\x00\x01\x00example.org\x00", done4, Talk{State: Carries, Version: "socks4", Target: "example.org:2375"}},
	{"\x04\x01\x09\x47\x00\x00\x00\x00\x00", done4, Talk{State: Carries, Version: "socks4", Target: "0.0.0.0:2375"}},
	{"\x04\x01\x09\x47\x00\x00\x01\x01\x00", done4, Talk{State: Carries, Version: "socks4", Target: "0.0.1.1:2375"}},
	{"\x04\x01\x09\x47\x00\x01\x00\x01\x00", done4, Talk{State: Carries, Version: "socks4", Target: "0.1.0.1:2375"}},
	{"\x04\x01\x09\x47\x01\x00\x00\x01" + strings.Repeat("u", maxText) + "\x00", done4, Talk{State: Carries, Version: "socks4", Target: "1.0.0.1:2375"}},
	{ask4, "\x00\x5b\x00\x00\x00\x00\x00\x00", Talk{State: Refused, Version: "socks4", Target: "198.51.100.7:2375", Reason: "reply 91"}},
	{ask4, "\x00\x5d\x00\x00\x00\x00\x00\x00", Talk{State: Refused, Version: "socks4", Target: "198.51.100.7:2375", Reason: "reply 93"}},
}

// TestParse reads what was said with more behind it, and cut anywhere.
func TestParse(t *testing.T) {
	for _, tt := range talks {
		tt.want.Sizes = [2]int{len(tt.client), len(tt.proxy)}
		for _, more := range []string{"", "GET / HTTP/1.1\r\n", "\x05\x01", "\x00"} {
			if got := Parse([]byte(tt.client+more), []byte(tt.proxy+more)); got != tt.want {
				t.Errorf("%q, %q:\ngot  %+v\nwant %+v", tt.client+more, tt.proxy+more, got, tt.want)
			}
		}
		for c := range len(tt.client) + 1 {
			for p := range len(tt.proxy) + 1 {
				got := Parse([]byte(tt.client[:c]), []byte(tt.proxy[:p]))
				if whole := c == len(tt.client) && p == len(tt.proxy); !whole && c > 0 && got.State != Waits {
					t.Errorf("%q, %q: %+v", tt.client[:c], tt.proxy[:p], got)
				} else if !whole && c > 0 && (got.Next == Client && c == len(tt.client) || got.Next == Proxy && p == len(tt.proxy)) {
					t.Errorf("%q, %q: waits for %d", tt.client[:c], tt.proxy[:p], got.Next)
				}
			}
		}
	}
}

// TestNone has what is not SOCKS, or not understood.
func TestNone(t *testing.T) {
	for _, tt := range [][2]string{
		{"", ""}, {"GET", ""}, {"\x00", ""}, {"\x06\x01\x00", ""}, {"\x04\x02", ""}, {"\x04\x00", ""},
		{hello, "HTTP"}, {hello, "\x04"}, {hello, "\x05\x01"}, {hello, tell}, {hello2, "\x05\x03"},
		{hello2 + "\x02", tell}, {hello2 + secret, tell + "\x02"}, {hello2 + secret, tell + "\x00"},
		{hello + "\x04", welcome}, {hello + "\x05\x02", welcome}, {hello + "\x05\x03", welcome}, {hello + "\x05\x01\x01", welcome},
		{hello + "\x05\x01\x00\x02", welcome}, {hello + "\x05\x01\x00\x05", welcome}, {hello + "\x05\x01\x00\x02more", welcome},
		{hello + byDomain, welcome + "\x04"}, {hello + byDomain, welcome + "\x05\x00\x00\x02"},
		{ask4, "\x01"}, {ask4, "\x00\x59"}, {ask4, "\x00\x5e"}, {ask4, "\x05"},
		{"\x04\x01\x09\x47\x01\x00\x00\x01" + strings.Repeat("u", maxText+1), ""},
		{"\x04\x01\x09\x47\x00\x00\x00\x01\x00" + strings.Repeat("u", maxText+1), ""},
	} {
		if got := Parse([]byte(tt[0]), []byte(tt[1])); got.State != No {
			t.Errorf("%q, %q: %+v", tt[0], tt[1], got)
		}
	}
}

// TestSecret knows whether a password has come, or may come next.
func TestSecret(t *testing.T) {
	for _, tt := range []struct {
		client, proxy string
		want          bool
	}{
		{hello, "", false}, {hello2, "", false}, {hello2 + "\x05", "", false}, {hello2 + "\x01", "", true}, {hello2, tell, true},
		{hello2 + "\x02", tell, true}, {hello2, welcome, false}, {hello + "\x01", "", false}, {hello, tell, false}, {ask4, "", false},
		{hello2, "\xf4", true}, {hello2, "\x05\x07", true}, {hello, "\xf4", false}, {hello, tell, false},
		{hello2, "\x05\xff", true}, {hello, "\x05\xff", false},
	} {
		if got := Parse([]byte(tt.client), []byte(tt.proxy)); got.Secret != tt.want {
			t.Errorf("%q, %q: %+v", tt.client, tt.proxy, got)
		}
	}
}

// TestBehind has one side alone, cut anywhere.
func TestBehind(t *testing.T) {
	for _, tt := range talks {
		if tt.want.State == Refused {
			continue
		}
		for _, said := range []string{tt.client, tt.proxy} {
			for _, more := range []string{"GET / HTTP/1.1\r\n", "HTTP/1.1", "x"} {
				if rest, may := Behind([]byte(said + more)); string(rest) != more || may {
					t.Errorf("%q: %q, %t", said+more, rest, may)
				}
			}
			for n := range len(said) + 1 {
				if rest, may := Behind([]byte(said[:n])); rest != nil || !may {
					t.Errorf("%q: %q, %t", said[:n], rest, may)
				}
			}
		}
	}
	for _, none := range []string{"GET / HTTP/1.1\r\n", "HTTP/1.1", "\x16\x03\x01", "\x00\x00\x06\x04", hello + "GET", "\x00\x5a\x00\x00\x00\x00\x00\x00"[:1] + "x"} {
		if rest, may := Behind([]byte(none)); rest != nil || may {
			t.Errorf("%q: %q, %t", none, rest, may)
		}
	}
}

// FuzzParse looks whether what is told of a beginning is true of the whole, and
// whether it stays within what was said.
func FuzzParse(f *testing.F) {
	for _, tt := range talks {
		f.Add([]byte(tt.client), []byte(tt.proxy), 3, 1)
	}
	f.Fuzz(func(t *testing.T, client, proxy []byte, c, p int) {
		whole := Parse(client, proxy)
		begun := Parse(client[:min(max(c, 0), len(client))], proxy[:min(max(p, 0), len(proxy))])
		if whole.Sizes[Client] > len(client) || whole.Sizes[Proxy] > len(proxy) {
			t.Errorf("%+v", whole)
		}
		if done := begun.State == Carries || begun.State == Refused; done && begun != whole {
			t.Errorf("%q, %q: %+v, and of its beginning %+v", client, proxy, whole, begun)
		}
	})
}
