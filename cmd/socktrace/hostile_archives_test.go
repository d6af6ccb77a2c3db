//go:build linux

package main

import (
	"fmt"
	"strconv"
	"strings"
)

// tarHeadOf returns the header of an entry (POSIX.1-2017, pax, "ustar Interchange
// Format"), whatever follows it.
func tarHeadOf(flag byte, name string, size int64) string {
	b := []byte(fmt.Sprintf("%-100.100s%07o\x00%07o\x00%07o\x00%011o\x00%011o\x00        %c", name, 0o644, 0, 0, size, 1_700_000_000, flag))
	for i, c := range b[:100] {
		if c == ' ' {
			b[i] = 0
		}
	}
	b = append(b, make([]byte, 512-len(b))...)
	copy(b[257:], "ustar\x0000")
	sum := 0
	for _, c := range b {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return string(b)
}

// paxOf returns a record.
func paxOf(key, value string) string {
	n := len(key) + len(value) + 3
	n += len(strconv.Itoa(n + len(strconv.Itoa(n))))
	return fmt.Sprintf("%d %s=%s\n", n, key, value)
}

// hostileArchives are archives that have much in them, or say so.
func hostileArchives() []hostile {
	const mib, gib = 1_000_000, 1 << 30
	entries := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(tarHeadOf('0', "node_modules/"+strconv.Itoa(i%1000)+"/index.js", 0))
		}
		return b.String()
	}
	build := func(name string, conns int, coding, body string) hostile {
		return hostile{name, conns, func(t *talk) {
			t.asks("POST /v1.48/build HTTP/1.1\r\nContent-Type: application/x-tar\r\nContent-Length: 99999999999\r\n" + coding + "\r\n" + body)
		}}
	}
	put := func(name string, conns int, body string) hostile {
		return hostile{name, conns, func(t *talk) {
			t.asks("PUT /v1.48/containers/x/archive?path=/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s", gib, body))
		}}
	}
	const gzipped = "Content-Encoding: gzip\r\n"
	some, many := entries(1_000), entries(100_000)
	zeros := tarHeadOf('0', "zeros", 8*gib-1) + filler(60*mib, "\x00")
	return []hostile{
		build("entries of an archive", 1, "", many[:40*mib/512*512]),
		build("entries of archives, many connections", 60, "", some),
		build("entries in gzip", 1, gzipped, packed(many, gzipOf)),
		put("entries in gzip, many connections", 60, packed(many[:10_000*512], gzipOf)),
		put("zeros in gzip", 1, packed(zeros, gzipOf)),
		put("zeros in gzip, many connections", 20, packed(zeros[:30*mib], gzipOf)),
		put("zeros in zstd", 1, packed(zeros, zstdOf)),
		build("records of 1 GiB", 64, "", tarHeadOf('x', "x", gib)+filler(mib, paxOf("path", filler(1_000, "p")))),
		build("records of 1 MB", 64, "", tarHeadOf('x', "x", 1<<20)+filler(mib, paxOf("path", filler(1_000, "p")))),
		build("records of nothing", 16, "", strings.Repeat(tarHeadOf('g', "g", 200*512)+filler(200*512, paxOf("path", filler(2_000, "p"))), 10)),
		build("long names of 1 GiB", 64, "", tarHeadOf('L', "././@LongLink", gib)+filler(mib, "name/")),
		build("long names of 1 MB", 64, "", tarHeadOf('L', "././@LongLink", 1<<20)+filler(mib, "name/")),
		build("long names", 10, "", strings.Repeat(tarHeadOf('L', "././@LongLink", 4_096)+filler(4_096, "name/")+tarHeadOf('0', "n", 0), 200)),
		build("Dockerfiles", 10, "", strings.Repeat(tarHeadOf('0', "Dockerfile", 64<<10)+filler(64<<10, "RUN true\n"), 30)),
		build("Dockerfiles that do not end", 500, "", tarHeadOf('0', "Dockerfile", gib)+filler(50_000, "RUN true\n")),
		build("unsafe entries", 4, "", strings.Repeat(tarHeadOf('2', "../../etc/passwd", 0), 5_000)),
		build("headers that are none", 20, "", filler(mib, "\x01")),
		build("parts of headers", 5_000, "", tarHeadOf('0', "a", 0)[:500]),
	}
}
