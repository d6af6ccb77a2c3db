//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// TestReadMasked offers to show secrets only of a file that has them.
func TestReadMasked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := listenTo(t, fakeDaemon(t, func(c net.Conn) {
		buf := make([]byte, 4096)
		if _, err := c.Read(buf); err == nil {
			_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
		}
	}), "--har", filepath.Join(dir, "x.har"), "--pcapng", filepath.Join(dir, "x.pcapng"), "-f", "jsonl")
	c := l.dial()
	if _, err := c.Write([]byte("GET /_ping HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + secret("masked") + "\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 4096)); err != nil {
		t.Fatal(err)
	}
	c.Close()
	await(t, "the end of the connection", func() bool { return strings.Contains(l.saved(), `"event":"close"`) })
	l.stop(syscall.SIGINT)
	const one, header = "socktrace: 1 secret masked", "header Authorization"
	for files, want := range map[string]string{
		"x.har":                         one + " already when it was recorded: " + header + "\n",
		"x.jsonl":                       one + " already when it was recorded: " + header + "\n",
		"x.pcapng":                      one + ": " + header + "; --show-secrets shows it\n",
		"x.har x.pcapng":                "socktrace: 2 secrets masked: " + header + " (2); --show-secrets shows them\n",
		"x.pcapng --filter status==200": one + ": " + header + "; --show-secrets shows it\n",
		"x.pcapng --filter status==404": "",
		"x.pcapng -q":                   "",
		"x.pcapng -q --stats":           "",
	} {
		args := []string{"read", "-f", "jsonl"}
		for _, name := range strings.Fields(files) {
			file := name
			if name == "x.jsonl" {
				file = l.file
			} else if strings.HasPrefix(name, "x.") {
				file = filepath.Join(dir, name)
			}
			args = append(args, file)
		}
		got := socktrace(t, nil, args...).end()
		if masks := strings.Contains(got.err, "masked"); masks != (want != "") || !strings.HasSuffix(got.err, want) || strings.Contains(got.out, secret("masked")) {
			t.Errorf("%s: %s\nwant %s", files, got.err, want)
		}
	}
}

// TestReadNoRecording leaves outputs as they are for what is no recording, and says
// nothing but why.
func TestReadNoRecording(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, kept := filepath.Join(dir, "text"), filepath.Join(dir, "kept.har")
	for _, name := range []string{text, kept} {
		if err := os.WriteFile(name, []byte("hello"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines := filepath.Join(dir, "x.jsonl")
	if err := os.WriteFile(lines, []byte(`{"event":"open","time":"2026-01-02T03:04:05Z","conn":1}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	none := "socktrace: open " + dir + "/none: no such file or directory\n"
	noText := "socktrace: " + text + ": neither HAR, JSON lines, pcap, pcapng nor strace: it begins with \"hello\"\n"
	noBytes := "socktrace: " + lines + ": JSON lines do not have the bytes that a pcapng file is made of\n"
	for _, test := range []struct {
		args   []string
		stderr string
	}{
		{[]string{"--har", kept, dir + "/none"}, none},
		{[]string{"-o", kept, text}, noText},
		{[]string{"--pcapng", kept, text, dir + "/none"}, noText + none},
		{[]string{"--pcapng", kept, lines}, noBytes},
		{[]string{"--har", kept, dir}, "socktrace: " + dir + ": it is a folder: name the files in it, as " + dir + "/*\n"},
	} {
		got := socktrace(t, nil, append([]string{"read"}, test.args...)...).end()
		check(t, "status", got.status, "exit status 1")
		check(t, "stdout", got.out, "")
		check(t, "stderr", got.err, test.stderr)
		check(t, "the output", readFile(t, kept), "hello")
	}
	got := socktrace(t, nil, "read", "-f", "jsonl", dir+"/none", lines, text).end()
	check(t, "status", got.status, "exit status 1")
	check(t, "stdout", strings.Count(got.out, `"event":"open"`), 1)
	check(t, "stderr", got.err, none+noText)
}

// TestReadCutShort fails for every form of recording that ends too early, also one
// that is compressed.
func TestReadCutShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, "x."+name) }
	check(t, "status", socktrace(t, nil, "demo", "-q", "--har", file("har"), "--pcapng", file("pcapng")).end().status, "exit status 0")
	check(t, "status", socktrace(t, nil, "read", "-f", "jsonl", "-o", file("jsonl"), file("har")).end().status, "exit status 0")
	var capture bytes.Buffer
	if _, err := writeCapture(&capture, 100_000, smallChats()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file("pcap"), capture.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"har", "pcapng", "jsonl", "pcap"} {
		whole := []byte(readFile(t, file(name)))
		var gz bytes.Buffer
		z := gzip.NewWriter(&gz)
		_, _ = z.Write(whole)
		z.Close()
		enc, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		zst := enc.EncodeAll(whole, nil)
		inside := whole[:len(whole)*6/10]
		switch name { // what ends between two lines or packets is whole
		case "jsonl":
			inside = append(inside[:bytes.LastIndexByte(inside, '\n')+1], "{\"event\":"...)
		case "pcapng":
			at := 0
			for at < len(inside) {
				at += int(binary.LittleEndian.Uint32(whole[at+4:]))
			}
			inside = whole[:at+5]
		}
		inside = bytes.Clone(inside)
		for how, cut := range map[string][]byte{name: inside, name + ".gz": gz.Bytes()[:gz.Len()*6/10], name + ".zst": zst[:len(zst)*6/10]} {
			t.Run(how, func(t *testing.T) {
				t.Parallel()
				part := filepath.Join(t.TempDir(), "cut."+how)
				if err := os.WriteFile(part, cut, 0o600); err != nil {
					t.Fatal(err)
				}
				got := socktrace(t, nil, "read", "-f", "jsonl", part).end()
				check(t, "status", got.status, "exit status 1")
				if !strings.Contains(got.err, "unexpected EOF") {
					t.Errorf("stderr: %s", got.err)
				}
			})
		}
	}
}
