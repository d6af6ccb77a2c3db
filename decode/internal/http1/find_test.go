package http1

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

var looksNames = map[content.Looks]string{content.TooFew: "too few", content.Yes: "yes", content.No: "no"}

// TestFind looks for messages among raw bytes.
func TestFind(t *testing.T) {
	get := "GET / HTTP/1.1\r\n"
	ok := "HTTP/1.1 200 OK\r\n"
	for _, c := range []struct {
		dir   wire.Dir
		b     string
		begin bool // b begins a line
		at    int
		looks string
	}{
		{wire.ToServer, get, true, 0, "yes"},
		{wire.ToServer, get, false, 0, "too few"},
		{wire.ToServer, get + "Host: x", false, 0, "yes"},
		{wire.ToServer, get + "\r\n", false, 0, "yes"},
		{wire.ToServer, get + "\n", false, 0, "yes"},
		{wire.ToServer, get + "\r", false, 0, "too few"},
		{wire.ToServer, get + "\rx", false, 18, "no"},
		{wire.ToServer, get + "no field", false, 24, "no"},
		{wire.ToServer, get + ": x", false, 19, "no"},
		{wire.ToServer, get + strings.Repeat("f", 256), false, 0, "too few"},
		{wire.ToServer, get + strings.Repeat("f", 256) + ":", false, 0, "yes"},
		{wire.ToServer, get + strings.Repeat("f", 257) + ":", false, 274, "no"},
		{wire.ToServer, "x\n" + get, false, 2, "yes"},
		{wire.ToServer, "x\nGE", false, 2, "too few"},
		{wire.ToServer, "x\nANY / HTTP/1.1\r\n", false, 2, "yes"},
		{wire.ToServer, "x\nXGET / HTTP/1.1\r\nHost: x", false, 3, "yes"},
		{wire.ToServer, "x\nXGET / HTTP/1.1\r\n", false, 3, "too few"},
		{wire.ToServer, "x\nget / HTTP/1.1\r\n", false, 18, "no"},
		{wire.ToServer, "x\nGET\t/ HTTP/1.1\r\n", false, 18, "no"},
		{wire.ToServer, "x\nGET /\x01 HTTP/1.1\r\n", false, 19, "no"},
		{wire.ToServer, "x\n" + long(32) + " / HTTP/1.1\r\n", false, 2, "yes"},
		{wire.ToServer, "x\n" + long(33) + " / HTTP/1.1\r\n", false, 48, "no"},
		{wire.ToServer, "stray" + get + "A:", false, 5, "yes"},
		{wire.ToServer, "stray" + get + "A:", true, 5, "yes"},
		{wire.ToServer, "stray GET / HTTP/1.0\r\nA:", true, 6, "yes"},
		{wire.ToServer, "strayM-SEARCH * HTTP/1.1\r\nA:", true, 5, "yes"},
		{wire.ToServer, "strayGET h", true, 5, "too few"},
		{wire.ToServer, "strayGET x", true, 10, "no"},
		{wire.ToServer, "strayGET ", true, 5, "too few"},
		{wire.ToServer, "strayGET \n", true, 10, "no"},
		{wire.ToServer, "strayGE", true, 5, "too few"},
		{wire.ToServer, "strayGE\n", true, 8, "no"},
		{wire.ToServer, "strayCONNECT x:1 HTTP/1.1\r\nA:", true, 5, "yes"},
		{wire.ToServer, "strayCONNECT (:1 HTTP/1.1\r\nA:", true, 29, "no"},
		{wire.ToServer, "GET / is GET / HTTP/1.1\r\nA:", false, 0, "yes"},
		{wire.ToServer, "a GET /b POST / HTTP/1.1\r\nA:", false, 2, "yes"},
		{wire.ToServer, "a GET b POST / HTTP/1.1\r\nA:", false, 8, "yes"},
		{wire.ToServer, "a GET /b", false, 2, "too few"},
		{wire.ToServer, "a GET /b\n", false, 9, "no"},
		{wire.ToServer, "a GET /b c", false, 2, "too few"},
		{wire.ToServer, "\x00\nx\n" + get, false, 4, "yes"},
		{wire.ToServer, "x\n" + strings.Repeat("y", 16384) + "\n" + get, false, 16387, "yes"},
		{wire.ToServer, "x\nGET /" + strings.Repeat("y", 16378), false, 2, "too few"},
		{wire.ToServer, "x\nGET /" + strings.Repeat("y", 16379), false, 16386, "no"},
		{wire.ToServer, "x\nGET /" + strings.Repeat("y", 16369) + " HTTP/1.1\n", false, 2, "yes"},
		{wire.ToServer, "x\nGET /" + strings.Repeat("y", 16370) + " HTTP/1.1\n", false, 16387, "no"},
		{wire.ToServer, "x\nGET /" + strings.Repeat("y", 32) + "\x01", false, 40, "no"},
		{wire.ToServer, "x\n", false, 2, "no"},
		{wire.ToServer, "", true, 0, "no"},
		{wire.ToClient, ok, true, 0, "yes"},
		{wire.ToClient, ok, false, 0, "too few"},
		{wire.ToClient, ok + "A:", false, 0, "yes"},
		{wire.ToClient, ok + "A B", false, 20, "no"},
		{wire.ToClient, "x\n" + ok, false, 2, "yes"},
		{wire.ToClient, "x\nHTTP/1.1", false, 2, "too few"},
		{wire.ToClient, "x\nHTTP/1.1 20", false, 2, "too few"},
		{wire.ToClient, "x\nHTTP/1.1 20\n", false, 14, "no"},
		{wire.ToClient, "x\nHTTP/2 200\r\nA:", false, 2, "yes"},
		{wire.ToClient, "x\nHTTP/2 200\r\n", false, 2, "too few"},
		{wire.ToClient, "strayHTTP/1.1 100 Go\nA:", true, 5, "yes"},
		{wire.ToClient, "strayHTTP/1.1 999 x\nA:", true, 5, "yes"},
		{wire.ToClient, "strayHTTP/1.1 1000 x\nA:", true, 23, "no"},
		{wire.ToClient, "strayHTTP/1.1 099 x\nA:", true, 22, "no"},
		{wire.ToClient, "strayHTTP/1.1\nA:", true, 16, "no"},
		{wire.ToClient, "strayHTTP/1.1", true, 5, "too few"},
		{wire.ToClient, "strayHTTP/x", true, 11, "no"},
		{wire.ToClient, "strayHTTP/xHTTP/1.1 200\nA:", true, 11, "yes"},
		{wire.ToClient, "strayH", true, 5, "too few"},
		{wire.ToClient, "strayHTTP", true, 5, "too few"},
		{wire.ToClient, "strayHTTP/", true, 5, "too few"},
		{wire.ToClient, "strayHT\n", true, 8, "no"},
		{wire.ToClient, "strayHTHT", true, 7, "too few"},
		{wire.ToClient, "stray", true, 5, "no"},
	} {
		at, looks := finder{dir: c.dir}.find([]byte(c.b), c.begin)
		if at != c.at || looksNames[looks] != c.looks {
			t.Errorf("%v %.60q: got %d, %s; want %d, %s", c.dir, c.b, at, looksNames[looks], c.at, c.looks)
		}
		at, looks = finder{c.dir, true}.find([]byte(c.b), c.begin)
		if yes := c.looks == "yes"; looks == content.TooFew || yes && (at != c.at || looks != content.Yes) || !yes && looks == content.No && at != len(c.b) {
			t.Errorf("%v %.60q, where nothing more comes: got %d, %s", c.dir, c.b, at, looksNames[looks])
		}
	}
}

func TestStrayBefore(t *testing.T) {
	for line, want := range map[string]int{
		"GET / HTTP/1.1":            0,
		"GET /GET / HTTP/1.1":       0,
		"ANY / HTTP/1.1":            0,
		"XGET / HTTP/1.1":           1,
		"strayGET / HTTP/1.1":       5,
		"stray GET / HTTP/1.1":      6,
		"a GET x GET / HTTP/1.1":    8,
		"a GET x GET y HTTP/1.1":    0,
		"strayGET / HTTP/2":         0,
		"strayget / HTTP/1.1":       0,
		"strayCONNECT x:1 HTTP/1.1": 5,
		"strayM-SEARCH * HTTP/1.1":  5,
		"stray":                     0,
	} {
		if got := strayBefore(line); got != want {
			t.Errorf("%q: got %d, want %d", line, got, want)
		}
	}
}

// TestMethods finds methods, and their beginnings, at the end of bytes.
func TestMethods(t *testing.T) {
	for b, want := range map[string][2]int{
		"GET":                        {0, 0},
		"xGET":                       {1, 1},
		"XGET":                       {1, 1},
		"UNLINK":                     {0, 0},
		"LINK":                       {0, 0},
		"xGE":                        {-1, 1},
		"VERSION-CONTROL":            {0, 0},
		"a M-SEARCH":                 {2, 2},
		"GETx":                       {-1, 4},
		"get":                        {-1, 3},
		"":                           {-1, 0},
		long(28) + "GET":             {28, 28},
		long(29) + "GET":             {29, 29},
		long(40) + "GET":             {40, 40},
		"[PUT":                       {1, 1},
		"@PUT":                       {1, 1},
		"xPROPFINDx" + "UNSUBSCRIBE": {10, 10},
	} {
		if i, j := methodAtEnd(b), methodBeginsAtEnd([]byte(b)); i != want[0] || j != want[1] {
			t.Errorf("%q: got %d, %d; want %v", b, i, j, want)
		}
	}
	for m := range methods {
		for n := range len(m) + 1 {
			if methodBegins[m[:n]] != (n > 0) || len(m) >= 32 {
				t.Errorf("%q begins no method", m[:n])
			}
		}
	}
	for c := range 256 {
		if isUpper(byte(c)) != strings.Contains("ABCDEFGHIJKLMNOPQRSTUVWXYZ", string([]byte{byte(c)})) {
			t.Errorf("%q is upper: %t", byte(c), isUpper(byte(c)))
		}
	}
	const known = "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PRI ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT COPY LABEL LINK LOCK MERGE " +
		"MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE ORDERPATCH PROPFIND PROPPATCH QUERY REBIND REPORT SEARCH UNBIND UNCHECKOUT " +
		"UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL M-SEARCH NOTIFY PURGE SUBSCRIBE UNSUBSCRIBE"
	for m := range strings.FieldsSeq(known) {
		if !methods[m] {
			t.Errorf("%s is not known", m)
		}
	}
}
