//go:build unix

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rotated writes a capture whole, and in files of some packets each, the last of
// them compressed. It returns the name of the whole, and the folder of the parts.
func rotated(t *testing.T) (whole, parts string) {
	t.Helper()
	var b bytes.Buffer
	g := &capturer{w: bufio.NewWriter(&b), now: 1795288868e6}
	g.begin()
	var conns [3]capturedConn
	for i := range conns {
		g.open(&conns[i])
	}
	for range 20 {
		for i := range conns {
			g.send(&conns[i], 0, psh|ack, []byte("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n"))
			g.send(&conns[i], 1, psh|ack, []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"))
		}
	}
	for i := range conns {
		g.shut(&conns[i])
	}
	g.w.Flush()
	dir := t.TempDir()
	whole = filepath.Join(dir, "whole")
	putFile(t, whole, b.String())
	parts = filepath.Join(dir, "parts")
	if err := os.Mkdir(parts, 0o700); err != nil {
		t.Fatal(err)
	}
	head, rest := b.Bytes()[:24], b.Bytes()[24:]
	for i, name := range []string{"dump.pcap", "dump.pcap1", "dump.pcap2", "dump.pcap10"} {
		n := len(rest)
		if i < 3 {
			n = packetsWithin(rest, 3000)
		}
		file := slices.Concat(head, rest[:n])
		if rest = rest[n:]; i == 3 {
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			w.Write(file)
			w.Close()
			file = z.Bytes()
		}
		putFile(t, filepath.Join(parts, name), string(file))
	}
	return whole, parts
}

// packetsWithin returns how many bytes of a capture the packets have that are in
// the first n.
func packetsWithin(b []byte, n int) (size int) {
	for next := 0; next <= n; next += 16 + int(b[next+8]) + int(b[next+9])<<8 {
		size = next
	}
	return size
}

func putFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestReadRotated reads a capture that was cut into files as it would be read
// whole, in whatever order they are named.
func TestReadRotated(t *testing.T) {
	t.Parallel()
	whole, parts := rotated(t)
	want := socktrace(t, nil, "read", "-f", "jsonl", whole).end()
	check(t, "exchanges", len(parseEvents(t, want.out).of("exchange")), 60)
	in := func(names ...string) (files []string) {
		for _, name := range names {
			files = append(files, filepath.Join(parts, name))
		}
		return files
	}
	for _, files := range [][]string{
		in("dump.pcap", "dump.pcap1", "dump.pcap2", "dump.pcap10"),
		in("dump.pcap10", "dump.pcap2", "dump.pcap", "dump.pcap1"),
		in("dump.pcap*"),
		in("dump.pcap[12]*", "dump.pca?"),
	} {
		got := socktrace(t, nil, append([]string{"read", "-f", "jsonl"}, files...)...).end()
		check(t, "status", got.status, "exit status 0")
		if got.out != want.out {
			t.Errorf("%v:\n%s\nwant\n%s", files, got.out, want.out)
		}
	}
}

// TestReadSeveral reads captures beside other recordings, each of which is told of
// by itself; and a capture of which a part is missing, and one cut short.
func TestReadSeveral(t *testing.T) {
	t.Parallel()
	whole, parts := rotated(t)
	lines := filepath.Join(t.TempDir(), "lines")
	check(t, "status", socktrace(t, nil, "read", "-f", "jsonl", "-o", lines, whole).end().status, "exit status 0")
	first, second := filepath.Join(parts, "dump.pcap"), filepath.Join(parts, "dump.pcap1")
	got := socktrace(t, nil, "read", "-f", "jsonl", lines, second, lines, first, filepath.Join(parts, "none*")).end()
	check(t, "status", got.status, "exit status 1")
	check(t, "no such file", strings.Contains(got.err, "none*: there is no such file"), true)

	got = socktrace(t, nil, "read", "-f", "jsonl", lines, second, lines, first).end()
	check(t, "status", got.status, "exit status 0")
	apart := len(parseEvents(t, got.out).of("open"))
	check(t, "connections", apart, 3+3+3)

	once := socktrace(t, nil, "read", "-f", "compact", whole).end()
	twice := socktrace(t, nil, "read", "-f", "compact", whole, whole).end()
	check(t, "status", twice.status, "exit status 0")
	if strings.Count(twice.out, "GET /_ping") != strings.Count(once.out, "GET /_ping") || !strings.Contains(once.out, "138 packets") || !strings.Contains(twice.out, "276 packets") {
		t.Errorf("%s\nand twice\n%s", once.out, twice.out)
	}

	torn := readFile(t, first)
	putFile(t, first, torn[:len(torn)-1])
	got = socktrace(t, nil, "read", "-f", "jsonl", first, second).end()
	check(t, "status", got.status, "exit status 1")
	check(t, "says which", strings.Contains(got.err, first+": the capture ends within a packet"), true)
	check(t, "connections", len(parseEvents(t, got.out).of("open")), 3)
}

// TestReadNothing has files of which nothing can be read: that is said, and the
// exit status is 1.
func TestReadNothing(t *testing.T) {
	t.Parallel()
	whole, _ := rotated(t)
	strange := []byte(readFile(t, whole))
	strange[20], strange[21] = 0xff, 0x3f // a network that nobody knows
	name := filepath.Join(t.TempDir(), "strange")
	putFile(t, name, string(strange))
	for _, files := range [][]string{{name}, {name, name}} {
		got := socktrace(t, nil, append([]string{"read"}, files...)...).end()
		check(t, "status", got.status, "exit status 1")
		check(t, "says so", strings.Contains(got.err, "packets could be read"), true)
	}
	heads := filepath.Join(t.TempDir(), "heads")
	putFile(t, heads, string(cutPackets([]byte(readFile(t, whole)), 40))) // no more than IP and TCP
	got := socktrace(t, nil, "read", heads).end()
	check(t, "status", got.status, "exit status 1")
	check(t, "says so", strings.Contains(got.err, "packets could be read"), true)

	got = socktrace(t, nil, "read", name, whole).end()
	check(t, "status", got.status, "exit status 0")
	got = socktrace(t, nil, "read", filepath.Dir(name)).end()
	check(t, "status", got.status, "exit status 1")
	check(t, "a folder", strings.Contains(got.err, "it is a folder: name the files in it"), true)
}

// cutPackets leaves the first most bytes of each packet of a pcap file.
func cutPackets(file []byte, most uint32) []byte {
	const fileHead, head = 24, 16
	out := bytes.Clone(file[:fileHead])
	for b := file[fileHead:]; len(b) > head; {
		kept := binary.LittleEndian.Uint32(b[8:])
		out = append(out, b[:head]...)
		binary.LittleEndian.PutUint32(out[len(out)-8:], min(kept, most))
		out = append(out, b[head:head+min(kept, most)]...)
		b = b[head+kept:]
	}
	return out
}

// TestNamed is what names mean, and the order of captures.
func TestNamed(t *testing.T) {
	t.Parallel()
	_, parts := rotated(t)
	in := func(names ...string) (files []string) {
		for _, name := range names {
			files = append(files, filepath.Join(parts, name))
		}
		return files
	}
	odd, text := filepath.Join(parts, "o[d]d"), filepath.Join(parts, "text")
	putFile(t, odd, "")
	putFile(t, text, someHAR)
	for _, c := range []struct{ args, want []string }{
		{[]string{"-", text}, []string{"-", text}},
		{[]string{odd}, []string{odd}},
		{[]string{parts + "/none"}, []string{parts + "/none"}},
		{in("dump*", "tex?"), in("dump.pcap", "dump.pcap1", "dump.pcap2", "dump.pcap10", "text")},
		{in("dump.pcap[2]"), in("dump.pcap2")},
	} {
		got, err := named(c.args)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, %v", c.args, got, err)
		}
	}
	for _, c := range []struct {
		files, want []string
		captures    int
	}{
		{in("text"), in("text"), 0},
		{in("dump.pcap"), in("dump.pcap"), 1},
		{in("dump.pcap1", "text"), in("dump.pcap1", "text"), 1},
		{in("dump.pcap1", "dump.pcap"), in("dump.pcap", "dump.pcap1"), 2},
		{in("text", "dump.pcap10", "text", "dump.pcap", "o[d]d", "dump.pcap2"), in("text", "dump.pcap", "dump.pcap2", "dump.pcap10", "text", "o[d]d"), 3},
	} {
		got, s := inOrder(c.files)
		if !slices.Equal(got, c.want) || s.left != c.captures || len(s.files) != c.captures {
			t.Errorf("%q: %q, %+v", c.files, got, s)
		}
		for name := range s.files {
			check(t, name+" is a capture", s.files[name] && strings.Contains(name, "dump"), true)
		}
	}
	for _, c := range []struct {
		a, b string
		less bool
	}{{"x9", "x10", true}, {"x10", "x9", false}, {"a", "b", true}, {"b", "a", false}} {
		check(t, c.a+" before "+c.b, byNumber(c.a, c.b) < 0, c.less)
	}
	check(t, "the same", byNumber("a", "a"), 0)
}
