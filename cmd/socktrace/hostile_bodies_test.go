//go:build linux

package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// openBody is an answer whose body of a type goes on.
func openBody(name string, conns int, fields, body string) hostile {
	return hostile{name, conns, func(t *talk) {
		t.asks(getLine + "\r\n")
		t.answers(okLine + "Content-Length: 1000000000\r\nContent-Type: " + fields + "\r\n\r\n" + body)
	}}
}

// hostileBodies are bodies that do not end.
func hostileBodies() []hostile {
	const mib = 1_000_000
	return []hostile{
		openBody("open bodies", 64, "application/x-tar", filler(mib, "tar\x00")),
		openBody("small open bodies", 9_000, "application/octet-stream", filler(10_000, "\x00\x01")),
		openBody("open JSON", 64, "application/json", `{"a":"`+filler(mib, "b")),
		openBody("small open JSON", 9_000, "application/json", `{"a":"`+filler(10_000, "b")),
		openBody("JSON of great depth", 64, "application/json", filler(mib, "[")),
		openBody("JSON of great depth as text", 1_000, "text/html", filler(60_000, `{"a":[`)),
		openBody("long keys of JSON", 64, "application/json", `{"`+filler(mib, "key")),
		openBody("long keys of JSON as text", 64, "text/html", `{"`+filler(mib, "key")),
		openBody("secrets in JSON", 64, "application/json", `{`+filler(mib, `"password":"hunter2","token":"abcdef",`)),
		openBody("secrets of many names", 64, "application/json", "["+numbered(20_000, `{"Env":["TOKEN_%d=abcdefghijkl"]},`)),
		openBody("secrets in text", 200, "text/html", filler(100_000, "password=hunter2 ghp_abcdefghijklmnopqrstuvwxyz0123456789\n")),
		openBody("secrets in JSON as text", 200, "text/html", `{`+filler(60_000, `"password":"hunter2","token":"abcdef",`)),
		openBody("events", 64, "text/event-stream", filler(mib, "data: {\"a\":1}\n\n")),
		openBody("multipart", 64, `multipart/form-data; boundary="b"`, filler(mib, "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n")),
		openBody("parts with long names", 64, `multipart/form-data; boundary="b"`, numbered(125, "--b\r\nContent-Disposition: form-data; name=\"%d"+filler(7_900, "n")+"\"\r\n\r\nx\r\n")),
		openBody("forms with long names", 64, "application/x-www-form-urlencoded", numbered(1_000, "%d"+filler(1_000, "n")+"=x&")),
		openBody("documents", 16, "application/json", filler(mib, `{"status":"x"}`+"\n")),
		{"bodies until close", 64, func(t *talk) {
			t.asks("GET /x HTTP/1.0\r\n\r\n")
			t.answers("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + filler(mib, "text "))
		}},
		{"forms of unanswered requests", 1, func(t *talk) {
			for range 24 {
				t.asks("POST /x HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n" + filler(mib, "password=hunter2&"))
			}
		}},
		{"JSON of unanswered requests", 1, func(t *talk) {
			for range 4_000 {
				t.asks("POST /x HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 20000\r\n\r\n" + `"` + filler(19_998, "json ") + `"`)
			}
		}},
	}
}

// packed returns the beginning of what an encoder makes of text.
func packed(text string, encoder func(io.Writer) interface {
	io.Writer
	Flush() error
}) string {
	var b bytes.Buffer
	w := encoder(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Flush()
	return b.String()
}

type encoder = interface {
	io.Writer
	Flush() error
}

func gzipOf(w io.Writer) encoder   { return gzip.NewWriter(w) }
func brotliOf(w io.Writer) encoder { return brotli.NewWriter(w) }

func zstdOf(w io.Writer) encoder {
	z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	return z
}

func flateOf(w io.Writer) encoder {
	z, _ := flate.NewWriter(w, flate.BestSpeed)
	return z
}

// hostileCodings are bodies in codings.
func hostileCodings() []hostile {
	long, some := filler(30_000_000, "\x00"), filler(40_000, "text ")
	twice := packed(packed(long, gzipOf), gzipOf)
	return []hostile{
		openBody("bombs of gzip", 50, "text/html\r\nContent-Encoding: gzip", packed(long, gzipOf)),
		openBody("bombs of gzip in gzip", 50, "text/html\r\nContent-Encoding: gzip, gzip", twice),
		openBody("bombs of br", 20, "text/html\r\nContent-Encoding: br", packed(long, brotliOf)),
		openBody("bombs of zstd", 50, "text/html\r\nContent-Encoding: zstd", packed(long, zstdOf)),
		openBody("open gzip", 5_000, "text/html\r\nContent-Encoding: gzip", packed(some, gzipOf)),
		openBody("open br", 500, "text/html\r\nContent-Encoding: br", packed(some, brotliOf)),
		openBody("open zstd", 1_000, "text/html\r\nContent-Encoding: zstd", packed(some, zstdOf)),
		openBody("open JSON in gzip", 3_000, "application/json\r\nContent-Encoding: gzip", packed(`["`+some+strings.Repeat("a", 30_000), gzipOf)),
	}
}
