package proxyproto

import (
	"strings"
	"testing"
)

// head is a header of version 2, for a command and family, whose body is so long.
func head(command, family, size byte) string {
	return signature + string([]byte{0x20 | command, family, 0, size})
}

const (
	ends4 = "\xc0\x00\x02\x01\xc6\x33\x64\x07\x12\x67\x09\x47"
	ends6 = "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xc6\x33\x64\x07\x12\x67\x09\x47"
)

// headers are whole ones, and what they say.
var headers = map[string]Header{
	"PROXY TCP4 192.0.2.1 198.51.100.7 4711 2375\r\n":   {Client: "tcp://192.0.2.1:4711", Server: "tcp://198.51.100.7:2375"},
	"PROXY TCP6 2001:db8::1 ::ffff:1.2.3.4 0 65535\r\n": {Client: "tcp://[2001:db8::1]:0", Server: "tcp://1.2.3.4:65535"},
	"PROXY UNKNOWN\r\n": {},
	"PROXY UNKNOWN " + strings.Repeat("x", 91) + "\r\n": {},
	"PROXY UDP4 192.0.2.1 198.51.100.7 4711 2375\r\n":   {Fault: `"PROXY UDP4 192.0.2.1 198.51.100.7 4711 2375"`},
	"PROXY TCP6 192.0.2.1 198.51.100.7 4711 2375\r\n":   {Fault: `"PROXY TCP6 192.0.2.1 198.51.100.7 4711 2375"`},
	"PROXY TCP4 192.0.2.1 198.51.100.7 4711 65536\r\n":  {Fault: `"PROXY TCP4 192.0.2.1 198.51.100.7 4711 65536"`},
	"PROXY TCP4 192.0.2.1 198.51.100.7 -1 1\r\n":        {Fault: `"PROXY TCP4 192.0.2.1 198.51.100.7 -1 1"`},
	"PROXY TCP4 192.0.2.1 198.51.100.7 1 1 1\r\n":       {Fault: `"PROXY TCP4 192.0.2.1 198.51.100.7 1 1 1"`},
	"PROXY TCP6 fe80::1%eth0 ::1 1 1\r\n":               {Fault: `"PROXY TCP6 fe80::1%eth0 ::1 1 1"`},
	"PROXY TCP6 ::1 x 1 1\r\n":                          {Fault: `"PROXY TCP6 ::1 x 1 1"`},
	"PROXY TCP4\x1b\r\n":                                {Fault: `"PROXY TCP4\x1b"`},
	"PROXY \r\n":                                        {Fault: `"PROXY "`},

	head(1, 0x11, 12) + ends4:                               {Client: "tcp://192.0.2.1:4711", Server: "tcp://198.51.100.7:2375"},
	head(1, 0x12, 12) + ends4:                               {Client: "udp://192.0.2.1:4711", Server: "udp://198.51.100.7:2375"},
	head(1, 0x21, 36) + ends6:                               {Client: "tcp://[2001:db8::1]:4711", Server: "tcp://198.51.100.7:2375"},
	head(1, 0x22, 36) + ends6:                               {Client: "udp://[2001:db8::1]:4711", Server: "udp://198.51.100.7:2375"},
	head(1, 0x11, 22) + ends4 + "\x02\x00\x07example":       {Client: "tcp://192.0.2.1:4711", Server: "tcp://198.51.100.7:2375"},
	head(1, 0x31, 216) + pad("/run/a.sock") + pad("\x00b"):  {Client: "unix:///run/a.sock", Server: "unix://@b"},
	head(1, 0x32, 216) + pad("") + pad("/b"):                {Server: "unix:///b"},
	head(1, 0x31, 216) + strings.Repeat("a", 108) + pad(""): {Client: "unix://" + strings.Repeat("a", 108)},
	head(0, 0, 0):                                  {},
	head(0, 0x11, 12) + ends4:                      {},
	head(1, 0, 3) + "\x04\x00\x00":                 {},
	head(1, 0x11, 11) + ends4[:11]:                 {Fault: "11 bytes are too few for addresses of family 0x11"},
	head(1, 0x12, 11) + ends4[:11]:                 {Fault: "11 bytes are too few for addresses of family 0x12"},
	head(1, 0x21, 35) + ends6[:35]:                 {Fault: "35 bytes are too few for addresses of family 0x21"},
	head(1, 0x22, 35) + ends6[:35]:                 {Fault: "35 bytes are too few for addresses of family 0x22"},
	head(1, 0x31, 215) + pad("/a") + pad("/b")[1:]: {Fault: "215 bytes are too few for addresses of family 0x31"},
	head(1, 0x32, 215) + pad("/a") + pad("/b")[1:]: {Fault: "215 bytes are too few for addresses of family 0x32"},
	head(1, 0x31, 12) + ends4:                      {Fault: "12 bytes are too few for addresses of family 0x31"},
	head(1, 0x13, 12) + ends4:                      {Fault: "address family 0x13 is not known"},
	head(2, 0x11, 12) + ends4:                      {Fault: "command 2 is not known"},
}

func pad(path string) string { return path + strings.Repeat("\x00", socketPath-len(path)) }

// TestParse reads headers with more behind them, and each cut anywhere: a
// beginning is never taken for something else.
func TestParse(t *testing.T) {
	for text, want := range headers {
		want.Size = len(text)
		for _, more := range []string{"", "GET / HTTP/1.1\r\n", signature, "\n"} {
			if got, may := Parse([]byte(text + more)); got != want || may {
				t.Errorf("%q: got %+v, %t; want %+v", text+more, got, may, want)
			}
		}
		for n := range text {
			if got, may := Parse([]byte(text[:n])); got != (Header{}) || !may {
				t.Errorf("%q: got %+v, %t", text[:n], got, may)
			}
		}
	}
}

// TestNone has what is no header, whatever follows.
func TestNone(t *testing.T) {
	for _, text := range []string{
		"GET / HTTP/1.1\r\n", "POST", "PROXX", "proxy ", "PROXY / HTTP/1.1\r\n", "PROXY http://d/ HTTP/2.0\r\n",
		"PROXY TCP4 192.0.2.1 198.51.100.7 4711 2375\n", "PROXY \n\r\n",
		"PROXY UNKNOWN " + strings.Repeat("x", 92) + "\r\n", "PROXY UNKNOWN " + strings.Repeat("x", 93),
		"\r\nGET", "\r\n\r\nGET", "\x00", signature[:11] + "x", signature + "\x11", signature + "\x31", signature + "\x02",
	} {
		for _, more := range []string{"", "x", "\r\n"} {
			if got, may := Parse([]byte(text + more)); got != (Header{}) || may {
				t.Errorf("%q: got %+v, %t", text+more, got, may)
			}
		}
	}
}

// FuzzParse looks whether what is told of a beginning is true of the whole.
func FuzzParse(f *testing.F) {
	for text := range headers {
		f.Add([]byte(text), 20)
	}
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		h, may := Parse(b)
		if h.Size > len(b) || h.Size > 0 && may {
			t.Fatalf("%q: %+v, %t", b, h, may)
		}
		begun, more := Parse(b[:min(max(n, 0), len(b))])
		if !more && begun != h || more && begun != (Header{}) {
			t.Errorf("%q: %+v, and of its first %d bytes %+v", b, h, n, begun)
		}
	})
}
