//go:build linux

package main

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/http2"
)

// hostileHTTP2 returns all shapes of HTTP/2, of what it carries, and of archives.
var hostileHTTP2 = sync.OnceValue(func() []hostile {
	return slices.Concat(hostileBlocks(), hostileFrames(), hostileMultiplexed(), hostileInside(), hostileGRPC(), hostileArchives())
})

// hostileBlocks are heads that become much.
func hostileBlocks() []hostile {
	const mib = 1_000_000
	entry := literalOf(insertedLiteral, "bomb", filler(3_900, "b"))
	bomb := getHead + filler(16_000, "\xbe")
	many := getHead + filler(mib/3*3, "\x00\x00\x00")
	return []hostile{
		flood("HPACK bombs", 1, 300, func(t *talk, n int) { t.asks(headOf(n, 0, getHead+entry) + headOf(n, endStream, bomb)) }),
		flood("HPACK bombs of open streams", 1, 300, func(t *talk, n int) { t.asks(headOf(n, 0, entry+bomb)) }),
		flood("HPACK bombs, many connections", 200, 2, func(t *talk, n int) { t.asks(headOf(n, 0, entry+bomb)) }),
		flood("HPACK bombs of small fields", 1, 300, func(t *talk, n int) { t.asks(headOf(n, 0, getHead+filler(16_000, "\x82"))) }),
		flood("HPACK bombs of small fields, many connections", 300, 1, func(t *talk, n int) { t.asks(headOf(n, 0, getHead+filler(60_000, "\x82"))) }),
		flood("HPACK literals of 1 MB", 1, 32, func(t *talk, n int) { t.asks(headOf(n, 0, getHead+fieldsOf("x", filler(mib, "y")))) }),
		flood("HPACK literals of 1 MB, many connections", 32, 1, func(t *talk, n int) { t.asks(headOf(n, 0, getHead+fieldsOf("x", filler(mib, "y")))) }),
		flood("HPACK literals of nothing", 1, 32, func(t *talk, n int) { t.asks(headOf(n, 0, many)) }),
		flood("HPACK literals of nothing, many connections", 32, 1, func(t *talk, n int) { t.asks(headOf(n, 0, many)) }),
		flood("HPACK literals of a false length", 32, 20, func(t *talk, n int) {
			t.asks(headOf(n, 0, getHead+"\x00\x01x"+hpackInt(0, 7, 1<<31-1)+filler(20_000, "y")))
		}),
		flood("HPACK tables", 60, 3, func(t *talk, n int) {
			t.asks(headOf(n, endStream, hpackInt(0x20, 5, 1<<30)+getHead+filler(400_000, entry)))
		}),
		flood("HPACK tables of small entries", 60, 3, func(t *talk, n int) {
			t.asks(headOf(n, endStream, hpackInt(0x20, 5, 1<<30)+getHead+filler(120_000, "\x40\x01a\x01b")))
		}),
		flood("HPACK sizes", 1, 60, func(t *talk, n int) {
			t.asks(headOf(n, endStream, strings.Repeat("\x20"+hpackInt(0x20, 5, 4096), 50_000)+getHead))
		}),
		flood("HPACK names that outlive their values", 30, 20, func(t *talk, n int) {
			pair := literalOf(insertedLiteral, "x", filler(60_000, "y")) + strings.Repeat("\x7e\x00", 40)
			t.asks(headOf(n, endStream, hpackInt(0x20, 5, 100_000)+getHead+pair))
		}),
		flood("malformed names of 1 MB", 1, 32, func(t *talk, n int) { t.asks(headOf(n, 0, getHead+fieldsOf(filler(mib, "Y"), ""))) }),
		flood("paths of 1 MB", 4, 8, func(t *talk, n int) { t.asks(headOf(n, 0, "\x82\x86"+fieldsOf(":path", filler(mib, "/y")))) }),
		flood("secrets in heads", 1, 16, func(t *talk, n int) {
			t.asks(headOf(n, 0, getHead+filler(mib/2, fieldsOf("authorization", "Bearer abcdefghijklmnop", "cookie", "a=secret"))))
		}),
	}
}

// hostileFrames are heads without end, and frames that say nothing.
func hostileFrames() []hostile {
	const mib = 1_000_000
	endless := func(t *talk, size, n int) {
		t.asks(frameOf(http2.FrameHeaders, 0, 1, getHead))
		frame := frameOf(http2.FrameContinuation, 0, 1, filler(size, "\x00\x01x\x01y"))
		for range max(n*len(frame)/60_000, 1) {
			t.asks(strings.Repeat(frame, 60_000/len(frame)))
		}
	}
	each := func(name string, conns, n int, frame string) hostile {
		return framed(name, conns, func(t *talk) {
			for range 2 * n * len(frame) / 60_000 {
				t.asks(strings.Repeat(frame, 30_000/len(frame)))
				t.answers(strings.Repeat(frame, 30_000/len(frame)))
			}
		})
	}
	return []hostile{
		framed("CONTINUATION", 1, func(t *talk) { endless(t, 16_000, 1_000) }),
		framed("CONTINUATION, many connections", 60, func(t *talk) { endless(t, 16_000, 60) }),
		framed("CONTINUATION of 1,000 bytes, many connections", 60, func(t *talk) { endless(t, 1_000, 900) }),
		framed("CONTINUATION of nothing", 1, func(t *talk) { endless(t, 0, 200_000) }),
		framed("CONTINUATION of nothing, many connections", 60, func(t *talk) { endless(t, 0, 10_000) }),
		each("SETTINGS", 1, 100_000, settingsOf(http2.SettingHeaderTableSize, 100)+settingsOf(http2.SettingMaxFrameSize, 1)),
		each("long SETTINGS", 4, 1_000, frameOf(http2.FrameSettings, 0, 0, filler(12_000, "\x00\x05\x00\x00\x00\x01"))),
		each("PING", 1, 200_000, frameOf(http2.FramePing, 0, 0, "12345678")),
		each("WINDOW_UPDATE and PRIORITY", 1, 100_000, frameOf(http2.FrameWindowUpdate, 0, 0, "\x00\x00\x00\x01")+frameOf(http2.FramePriority, 0, 3, "\x00\x00\x00\x01\x05")),
		each("GOAWAY", 10, 2_000, frameOf(http2.FrameGoAway, 0, 0, "\x00\x00\x00\x00\x00\x00\x00\x01"+filler(200, "x"))),
		each("DATA of nothing", 1, 200_000, frameOf(http2.FrameData, 0, 1, "")),
		each("frames of no type", 4, 20_000, frameOf(99, 0xff, 7, filler(100, "x"))),
		framed("frames that do not end", 100, func(t *talk) {
			t.asks("\x0f\xff\xff\x01\x04\x00\x00\x00\x01" + filler(mib, "\x82"))
			t.answers("\x00\x3f\xff\x07\x00\x00\x00\x00\x00" + filler(10_000, "x"))
		}),
		framed("DATA of 16 MiB that does not end", 16, func(t *talk) {
			t.asks(headOf(1, 0, asking("/x", "content-type", "application/json")) + "\xff\xff\xff\x00\x00\x00\x00\x00\x01" + `{"a":"` + filler(mib, "b"))
		}),
		framed("no frames", 64, func(t *talk) { t.asks(filler(mib, "\x00\x00\x01")) }),
	}
}

// hostileMultiplexed are very many streams.
func hostileMultiplexed() []hostile {
	const many = 100_000
	long := fieldsOf("x", filler(10_000, "y"))
	return []hostile{
		flood("streams at once", 1, many, func(t *talk, n int) { t.asks(headOf(n, 0, getHead)) }),
		flood("streams at once, many connections", 100, many/100, func(t *talk, n int) { t.asks(headOf(n, 0, getHead)) }),
		flood("streams at once with long heads", 1, 3_000, func(t *talk, n int) { t.asks(headOf(n, 0, getHead+long)) }),
		flood("streams at once with long answers", 4, 800, func(t *talk, n int) {
			t.asks(headOf(n, endStream, getHead))
			t.answers(headOf(n, 0, okHead+long))
		}),
		flood("streams at once with open bodies", 1, 5_000, func(t *talk, n int) {
			t.asks(headOf(n, 0, asking("/x", "content-type", "application/json")) + dataOf(n, `{"a":"`+filler(3_000, "b")))
		}),
		flood("streams at once with open bodies, many connections", 50, 100, func(t *talk, n int) {
			t.asks(headOf(n, 0, asking("/x", "content-type", "application/json")) + dataOf(n, `{"a":"`+filler(3_000, "b")))
		}),
		flood("streams at once with open gzip", 2, 2_000, func(t *talk, n int) {
			t.asks(headOf(n, 0, asking("/x", "content-encoding", "gzip")) + dataOf(n, openGzip))
		}),
		flood("streams one after the other", 1, many/4, func(t *talk, n int) {
			t.asks(headOf(n, endStream, getHead))
			t.answers(headOf(n, endStream, okHead))
		}),
		flood("rapid resets", 1, many, func(t *talk, n int) {
			t.asks(headOf(n, 0, getHead) + frameOf(http2.FrameRSTStream, 0, n, "\x00\x00\x00\x08"))
		}),
		flood("rapid resets, many connections", 100, many/100, func(t *talk, n int) {
			t.asks(headOf(n, 0, getHead) + frameOf(http2.FrameRSTStream, 0, n, "\x00\x00\x00\x08"))
		}),
		flood("resets by the server", 1, many/4, func(t *talk, n int) {
			t.asks(headOf(n, 0, getHead))
			t.answers(frameOf(http2.FrameRSTStream, 0, n, "\x00\x00\x00\x01"))
		}),
		flood("pushes", 1, many/4, func(t *talk, n int) {
			t.answers(frameOf(http2.FramePushPromise, endHeaders, 1, "\x00"+string([]byte{byte(n >> 15), byte(n >> 7), byte(n<<1&0xff | 2)})+getHead))
		}),
		framed("interim answers of HTTP/2", 4, func(t *talk) {
			t.asks(headOf(1, endStream, getHead))
			for range 4_000 {
				t.answers(headOf(1, 0, fieldsOf(":status", "103")+filler(1_000, fieldsOf("link", "</x>"))))
			}
		}),
		flood("trailers of open streams", 2, 1_000, func(t *talk, n int) {
			t.asks(headOf(n, 0, asking("/x")) + headOf(n, endStream, long))
		}),
		flood("names of unknown streams", 1, many/10, func(t *talk, n int) { t.answers(headOf(n, 0, okHead) + dataOf(n, "x")) }),
	}
}

// openGzip is the beginning of a body that is compressed.
var openGzip = packed(filler(4_000, "text "), gzipOf)

// hostileInside are connections within streams.
func hostileInside() []hostile {
	const tunnel = "\x42\x07CONNECT" // :method, in the table from then on
	inner := http2.ClientPreface + frameOf(http2.FrameSettings, 0, 0, "")
	socket := func(n int) string {
		return headOf(n, 0, "\x02\x07CONNECT\x86\x84"+fieldsOf(":protocol", "websocket", ":authority", "x"))
	}
	return []hostile{
		flood("WebSockets in streams", 2, 1_000, func(t *talk, n int) {
			t.asks(socket(n))
			t.answers(headOf(n, 0, okHead))
			t.asks(dataOf(n, "\x01\x85\x00\x00\x00\x00hello"+filler(3_500, "\x00\x85\x00\x00\x00\x00hello")))
			t.answers(dataOf(n, "\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff"+filler(3_000, "x")))
		}),
		flood("WebSocket control frames in streams", 1, 20, func(t *talk, n int) {
			t.asks(socket(n))
			t.answers(headOf(n, 0, okHead) + dataOf(n, filler(100_000, "\x89\x05aaaaa")))
		}),
		flood("HTTP/2 in streams", 1, 5_000, func(t *talk, n int) {
			t.asks(headOf(n, 0, tunnel+fieldsOf(":authority", "x:1")))
			t.answers(headOf(n, 0, okHead))
			t.asks(dataOf(n, inner+headOf(1, 0, getHead)))
			t.answers(dataOf(n, frameOf(http2.FrameSettings, 0, 0, "")))
		}),
		flood("HTTP/2 in streams, many connections", 50, 100, func(t *talk, n int) {
			t.asks(headOf(n, 0, tunnel+fieldsOf(":authority", "x:1")))
			t.answers(headOf(n, 0, okHead))
			t.asks(dataOf(n, inner+headOf(1, 0, getHead)))
			t.answers(dataOf(n, frameOf(http2.FrameSettings, 0, 0, "")))
		}),
		flood("HTTP/1 in streams", 1, 5_000, func(t *talk, n int) {
			t.asks(headOf(n, 0, tunnel+fieldsOf(":authority", "x:1")))
			t.answers(headOf(n, 0, okHead))
			t.asks(dataOf(n, getLine+fieldOf(3_000)))
		}),
		flood("HTTP/2 in HTTP/2, as deep as it goes", 20, 30, func(t *talk, n int) {
			up, down := headOf(1, 0, getHead+fieldsOf("x", filler(1_000, "y"))), headOf(1, 0, okHead)
			for range 12 {
				up = headOf(1, 0, "\x02\x07CONNECT"+fieldsOf(":authority", "x:1")) + dataOf(1, inner+up)
				down = headOf(1, 0, okHead) + dataOf(1, frameOf(http2.FrameSettings, 0, 0, "")+down)
			}
			t.asks(headOf(n, 0, tunnel+fieldsOf(":authority", "x:1")) + dataOf(n, inner+up))
			t.answers(headOf(n, 0, okHead) + dataOf(n, frameOf(http2.FrameSettings, 0, 0, "")+down))
		}),
	}
}
