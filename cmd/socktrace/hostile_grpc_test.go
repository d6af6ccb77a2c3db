//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/http2"
)

// hostileGRPC returns all shapes of gRPC.
func hostileGRPC() []hostile {
	return slices.Concat(hostileLengths(), hostileMessages(), hostileBuilds())
}

// Methods whose messages are known.
const (
	solvePath  = "/moby.buildkit.v1.Control/Solve"
	statusPath = "/moby.buildkit.v1.Control/Status"
	filesPath  = "/moby.filesync.v1.FileSync/DiffCopy"
)

// calling is a call of gRPC: n streams at once on a connection, of which each side
// says something.
func calling(name string, conns, n int, path, coding, up, down string) hostile {
	const typ = "application/grpc"
	return flood(name, conns, n, func(t *talk, stream int) {
		t.asks(headOf(stream, 0, asking(path, "content-type", typ, "grpc-encoding", coding)) + dataOf(stream, up))
		t.answers(headOf(stream, 0, okHead+fieldsOf("content-type", typ, "grpc-encoding", coding)) + dataOf(stream, down))
	})
}

// messageOf returns a message with what stands before it: flags, and its length.
func messageOf(flags byte, m string) string {
	return prefixOf(flags, uint32(len(m))) + m
}

func prefixOf(flags byte, size uint32) string {
	return string(binary.BigEndian.AppendUint32([]byte{flags}, size))
}

// bytesOf returns a field of Protocol Buffers with a length.
func bytesOf(number int, text string) string {
	return string(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3|2), uint64(len(text)))) + text
}

// numberOf returns a field of Protocol Buffers with a number.
func numberOf(number, value int) string {
	return string(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3), uint64(value)))
}

// hostileLengths are messages whose lengths say what they like.
func hostileLengths() []hostile {
	const mib = 1_000_000
	endless := prefixOf(0, 1<<32-1)
	drip := func(stream, n int) string {
		return headOf(stream, 0, asking(solvePath, "content-type", "application/grpc")) + dataOf(stream, endless) +
			strings.Repeat(frameOf(http2.FrameData, 0, stream, "\x0a"), n)
	}
	return []hostile{
		framed("a message of 4 GiB in bytes", 1, func(t *talk) { t.asks(drip(1, 1_000_000)) }),
		framed("a message of 4 GiB in bytes, many connections", 200, func(t *talk) { t.asks(drip(1, 3_000)) }),
		flood("messages of 4 GiB, many streams", 1, 9_000, func(t *talk, n int) { t.asks(drip(n, 50)) }),
		calling("messages that do not end", 1, 2_000, solvePath, "gzip", endless+filler(10_000, "\x0a\x10"), prefixOf(1, 1<<32-1)+filler(10_000, "x")),
		calling("messages that do not end, many connections", 40, 1, solvePath, "gzip", endless+filler(mib, "\x0a\x10"), prefixOf(1, 1<<32-1)+filler(mib, "x")),
		calling("messages of nothing", 1, 1, statusPath, "gzip", filler(2*mib, "\x00"), filler(2*mib, "\x00")),
		calling("compressed messages of nothing", 1, 1, statusPath, "gzip", filler(mib, "\x01\x00\x00\x00\x00"), filler(mib, "\x01\x00\x00\x00\x00")),
		calling("messages of nothing, many connections", 50, 1, statusPath, "gzip", filler(mib/20, "\x00"), filler(mib/20, "\x00")),
		calling("wrong prefixes", 10, 50, statusPath, "gzip", filler(30_000, "\x77"), filler(10_000, "\x77")),
		calling("messages in a coding nobody knows", 4, 10, statusPath, "snappy", strings.Repeat(messageOf(1, "abcdefgh"), 5_000), ""),
	}
}

// hostileMessages are messages that become much.
func hostileMessages() []hostile {
	const mib = 1_000_000
	deep := ""
	for range 10_000 {
		deep = bytesOf(1, deep)
	}
	long := filler(30*mib, "\x00")
	bomb := func(coding string, encode func(io.Writer) encoder, path string, conns, streams int) hostile {
		name := "messages that are bombs of " + coding + ", " + path
		m := messageOf(1, packed(long, encode))
		return calling(name, conns, streams, path, coding, m, m)
	}
	return []hostile{
		bomb("gzip", gzipOf, solvePath, 1, 30),
		bomb("gzip", gzipOf, filesPath, 30, 1),
		bomb("zstd", zstdOf, solvePath, 1, 30),
		bomb("zstd", zstdOf, "/a.B/C", 30, 1),
		bomb("deflate", flateOf, solvePath, 10, 3),
		calling("small messages in gzip", 2, 10, statusPath, "gzip", strings.Repeat(messageOf(1, packed("\x0a\x00", gzipOf)), 500), strings.Repeat(messageOf(1, packed("\x0a\x00", gzipOf)), 500)),
		calling("messages of great depth", 1, 100, solvePath, "", messageOf(0, deep), messageOf(0, deep)),
		calling("unknown messages of great depth", 10, 10, "/a.B/C", "", messageOf(0, deep), messageOf(0, deep)),
		calling("unknown fields", 1, 10, "/a.B/C", "", messageOf(0, filler(mib, numberOf(7, 1))), messageOf(0, filler(mib, numberOf(7, 1)))),
		calling("unknown fields, many connections", 10, 1, solvePath, "", messageOf(0, filler(mib, numberOf(77, 1))), messageOf(0, filler(mib, numberOf(77, 1)))),
		calling("unknown groups", 4, 2, "/a.B/C", "", messageOf(0, filler(mib, "\x0b")), messageOf(0, filler(mib, "\x0b"))),
		calling("unknown texts", 4, 2, "/a.B/C", "", messageOf(0, filler(mib, bytesOf(3, "text"))), messageOf(0, filler(mib, bytesOf(3, bytesOf(3, "text"))))),
		calling("unknown numbers of many bytes", 4, 2, "/a.B/C", "", messageOf(0, filler(mib, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")), ""),
	}
}

// hostileBuilds are messages of BuildKit that are many, or have much in them.
func hostileBuilds() []hostile {
	const mib = 1_000_000
	op := bytesOf(1, bytesOf(1, "sha256:"+filler(64, "0123456789abcdef"))) // an operation that needs another
	cycle := bytesOf(2, bytesOf(1, bytesOf(1, op)))
	def := func(n int) string { return messageOf(0, bytesOf(2, strings.Repeat(bytesOf(1, op), n/len(op)))) }
	stats := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(messageOf(0, bytesOf(2, bytesOf(1, fmt.Sprintf("node_modules/%050d", i))+numberOf(2, 0o644)+numberOf(5, 1234))))
		}
		return b.String()
	}
	vertices := func(from, n int) string {
		var b strings.Builder
		for i := range n {
			digest := fmt.Sprintf("sha256:%0200d", from+i)
			b.WriteString(bytesOf(1, bytesOf(1, digest)+bytesOf(3, "step")+bytesOf(5, numberOf(1, 1_700_000_000))))
		}
		return messageOf(0, b.String())
	}
	var steps strings.Builder
	for i := range 20 {
		steps.WriteString(vertices(i*200, 200))
	}
	return []hostile{
		calling("graphs", 1, 20, solvePath, "", def(mib), ""),
		calling("graphs, many connections", 20, 1, solvePath, "", def(mib), ""),
		calling("graphs of nothing", 4, 4, solvePath, "", messageOf(0, bytesOf(2, filler(mib, "\x0a\x00"))), ""),
		calling("graphs in circles", 4, 4, solvePath, "", messageOf(0, cycle), messageOf(0, cycle)),
		calling("stats of files", 1, 1, filesPath, "", "", stats(100_000)),
		calling("stats of files, many streams", 1, 64, filesPath, "", "", stats(4_000)),
		calling("stats of files, many connections", 100, 2, filesPath, "", "", stats(1_000)),
		calling("steps of a build", 1, 1, statusPath, "", "", strings.Repeat(steps.String(), 5)),
		calling("steps of builds, many streams", 1, 60, statusPath, "", "", steps.String()),
		calling("steps of builds, many connections", 30, 2, statusPath, "", "", steps.String()),
		calling("logs of a build", 4, 2, statusPath, "", "", strings.Repeat(messageOf(0, bytesOf(3, bytesOf(1, "sha256:x")+bytesOf(4, filler(100_000, "\n")))), 10)),
		calling("HTTP/2 in gRPC", 1, 2_000, "/moby.buildkit.v1.Control/Session", "",
			messageOf(0, bytesOf(1, frameOf(http2.FrameSettings, 0, 0, ""))), messageOf(0, bytesOf(1, http2.ClientPreface+frameOf(http2.FrameSettings, 0, 0, "")+headOf(1, 0, getHead)))),
	}
}
