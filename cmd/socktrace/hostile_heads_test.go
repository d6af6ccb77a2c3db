//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
)

// What the shapes are made of.
const (
	getLine = "GET /v1.48/containers/json HTTP/1.1\r\n"
	okLine  = "HTTP/1.1 200 OK\r\n"
	chunked = "Transfer-Encoding: chunked\r\n"
	upgrade = "POST /v1.48/exec/x/start HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)

// filler returns n bytes of what repeats.
func filler(n int, piece string) string { return strings.Repeat(piece, n/len(piece)+1)[:n] }

// fieldOf returns a field line of n bytes.
func fieldOf(n int) string { return "X-Long: " + filler(n-10, "y") + "\r\n" }

// hostiles returns all shapes.
func hostiles() []hostile {
	return slices.Concat(hostileHeads(), hostileParts(), hostileBodies(), hostileCodings(), hostileStreams(), hostileFloods())
}

// unanswered are requests of n bytes each, as many as fill the volume, on conns
// connections.
func unanswered(name string, conns int, request string) hostile {
	each := max(hostileVolume/conns/len(request), 1)
	return hostile{name, conns, func(t *talk) {
		for range each {
			t.asks(request)
		}
	}}
}

// hostileHeads are whole heads of exchanges that do not end.
func hostileHeads() []hostile {
	mib := 1<<20 - 200
	return []hostile{
		unanswered("pending heads of a long field", 1, getLine+fieldOf(mib)+"\r\n"),
		unanswered("pending heads of many fields", 1, getLine+filler(mib/10*10, "X: yyyyy\r\n")+"\r\n"),
		unanswered("pending heads of empty fields", 1, getLine+filler(mib/4*4, "a:\r\n")+"\r\n"),
		unanswered("pending heads of empty fields, ten connections", 10, getLine+filler(mib/4*4, "a:\r\n")+"\r\n"),
		{"pending heads of a line each", 2, func(t *talk) { t.asks(strings.Repeat(getLine+"\r\n", 6_000)) }},
		unanswered("pending heads of a line each, many connections", 60, getLine+filler(mib/40, "X: y\r\n")+"\r\n"),
		unanswered("pending heads with bad lines", 4, getLine+filler(mib/8*8, "no colon")+"\r\n\r\n"),
		unanswered("pending heads with folds", 4, getLine+"X: y\r\n"+filler(mib/4*4, " z\r\n")+"\r\n"),
		unanswered("pending heads with secrets", 4, getLine+filler(mib/40*40, "X-Registry-Auth: aaaaaaaaaaaaaaaaaaaaa\r\n")+"\r\n"),
		unanswered("pending targets", 2, "GET /"+filler(mib, "path/")+" HTTP/1.1\r\n\r\n"),
		unanswered("pending queries", 2, "GET /v1.48/x?"+filler(mib/13*13, "token=secret&")+" HTTP/1.1\r\n\r\n"),
		unanswered("pending heads before a 100", 3, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n"+fieldOf(100_000)+"\r\nabcde"),
		unanswered("pending heads of HTTP/1.0", 3, "GET / HTTP/1.0\r\n"+fieldOf(100_000)+"\r\n"),
		{"heads of open answers", 64, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers(okLine + chunked + fieldOf(mib) + "\r\n")
		}},
		{"heads of empty fields of open answers", 64, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers(okLine + chunked + filler(mib/4*4, "a:\r\n") + "\r\n")
		}},
		{"reason phrases", 64, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers("HTTP/1.1 200 " + filler(mib, "so ") + "\r\n" + chunked + "\r\n")
		}},
		{"answers to nothing", 64, func(t *talk) { t.answers(okLine + chunked + fieldOf(mib) + "\r\n") }},
		{"interim answers", 1, func(t *talk) {
			t.asks(getLine + "\r\n")
			for range 100 {
				t.answers("HTTP/1.1 103 Early Hints\r\n" + fieldOf(mib) + "\r\n")
			}
		}},
		{"small interim answers", 1, func(t *talk) {
			t.asks(getLine + "\r\n")
			for range 400 {
				t.answers(filler(40*500, "HTTP/1.1 102 Processing\r\nX: yyyyyyyy\r\n\r\n"[:40]))
			}
		}},
	}
}

// hostileParts are messages that are not whole.
func hostileParts() []hostile {
	post := "POST /x HTTP/1.1\r\n" + chunked + "\r\n"
	return []hostile{
		{"partial heads", 64, func(t *talk) { t.asks(getLine + fieldOf(1_000_000)) }},
		{"partial heads, many connections", 9_000, func(t *talk) { t.asks(getLine + fieldOf(10_000)) }},
		{"partial heads of a line, many connections", 9_500, func(t *talk) { t.asks(getLine + "X: y\r\n") }},
		{"partial heads in single bytes", 80, func(t *talk) {
			t.asks(getLine)
			for range 3_000 {
				t.asks("a")
			}
		}},
		{"partial heads of answers", 64, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers(okLine + fieldOf(1_000_000))
		}},
		{"partial trailers", 64, func(t *talk) { t.asks(post + "0\r\n" + fieldOf(1_000_000)) }},
		{"partial chunk sizes", 6_000, func(t *talk) { t.asks(post + "5;" + filler(16_000, "x=y;")) }},
		{"partial lines behind no head", 6_000, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers(okLine + "Content-Length: 0\r\n\r\n")
			t.asks("\x00\r\nPOST /" + filler(16_000, "x"))
		}},
		{"openings", 9_500, func(t *talk) { t.asks(getLine[:20] + filler(3_500, "x")) }},
		{"a server that speaks first", 1_500, func(t *talk) {
			t.answers("\x00\x00\x00\x04\x00\x00\x00\x00\x00" + filler(60_000, "\x00"))
			t.asks(getLine)
		}},
		unanswered("pending trailers", 1, post+"0\r\n"+fieldOf(1_000_000)+"\r\n"),
		unanswered("pending trailers of empty fields", 2, post+"0\r\n"+filler(1_000_000, "a:\r\n")+"\r\n"),
		unanswered("pending chunks with extensions", 2, post+filler(200_000, "1;"+filler(1_996, "x=y;")+"\r\nz\r\n"[:2])),
		{"bytes behind an unanswered upgrade", 64, func(t *talk) { t.asks(upgrade + filler(1_000_000, "typed ")) }},
		{"requests behind an unanswered upgrade", 64, func(t *talk) { t.asks(upgrade + filler(1_000_000, getLine+"\r\n")) }},
		{"bytes behind an unanswered tunnel", 64, func(t *talk) { t.asks("CONNECT x:1 HTTP/1.1\r\n\r\n" + filler(1_000_000, "\x16\x03\x01")) }},
		{"what waits for lost packets", 64, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.c.next[1]++ // a byte is lost
			t.answers(okLine + chunked + fieldOf(1_000_000))
		}},
	}
}

// numbered returns n pieces, each with its number.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
