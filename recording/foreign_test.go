package recording

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestForeign names what people have instead of recordings, and says what to do.
func TestForeign(t *testing.T) {
	const what = "neither HAR, JSON lines, pcap, pcapng nor strace: it is "
	for _, tt := range []struct{ name, text, want string }{
		{"x", "\xfd7zXZ\x00\x00\x04", "compressed by xz, which is not read here: xz -d decompresses it"},
		{"x", "BZh91AY&SY", "compressed by bzip2, which is not read here: bzip2 -d decompresses it"},
		{"x", "\x04\x22\x4d\x18\x64", "compressed by lz4, which is not read here: lz4 -d decompresses it"},
		{"x", "\x02\x21\x4c\x18", "compressed by lz4, which is not read here: lz4 -d decompresses it"},
		{"x", "\x5d\x00\x00\x80\x00", "compressed by lzma, which is not read here: xz -d decompresses it"},
		{"x", "LZIP\x01", "compressed by lzip, which is not read here: lzip -d decompresses it"},
		{"x", "\x89LZO\x00\r\n\x1a\n", "compressed by lzop, which is not read here: lzop -d decompresses it"},
		{"x", "\x1f\x9d\x90\x00", "compressed by compress, which is not read here: gzip -d decompresses it"},
		{"x", "\x1f\xa0\x90\x00", "compressed by compress, which is not read here: gzip -d decompresses it"},
		{"x", "\x1f\x1e\x90\x00", "compressed by pack, which is not read here: gzip -d decompresses it"},
		{"x", "\xff\x06\x00\x00sNaPpY", "compressed by snappy, which is not read here: snzip -d decompresses it"},
		{"a.br", "\x1b\x10\x00\x00", "compressed by brotli, which is not read here: brotli -d decompresses it"},
		{"x", "PK\x03\x04...", "a zip archive, which may have one in it: unzip takes it out"},
		{"x", "PK\x05\x06\x00", "a zip archive, which may have one in it: unzip takes it out"},
		{"x", "7z\xbc\xaf\x27\x1c", "a 7z archive, which may have one in it: 7z x takes it out"},
		{"x", "Rar!\x1a\x07\x01", "a rar archive, which may have one in it: unrar x takes it out"},
		{"x", "dump.pcap" + strings.Repeat("\x00", 248) + "ustar  ", "a tar archive, which may have one in it: tar -x takes it out"},
		{"x", "snoop\x00\x00\x00\x00\x00\x00\x02", "a capture of snoop: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"x", "GMBU\x00\x02", "a capture of Network Monitor: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"x", "RTSS\x01\x01", "a capture of Network Monitor: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"x", "btsnoop\x00", "a capture of Bluetooth, where there is no TCP"},
		{"x", "iptrace 2.0", "a capture of iptrace: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"x", "TRSNIFF data    \x1a", "a capture of Sniffer: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"x", "XCP\x00002.0", "a capture of NetXray: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"x", "\x7fver\x00", "a capture of EtherPeek: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"x", "\x00\x00\x02\x00\x12\x05\x00\x10", "a capture of a K12 tester: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"a.ERF", "\x00\x01\x02\x03", "a capture of Endace: editcap -F pcapng FILE FILE.pcapng converts it"},
		{"a.etl", "\x00\x00\x01\x00", "an event trace of Windows: etl2pcapng converts it"},
		{"x", "[\n  {\n    \"_index\": \"packets-2026\",", "JSON of tshark: the capture that it was made of can be read"},
		{"x", "1834:9:websocket;0:~8:response;", "flows of mitmproxy: mitmdump -nr FILE --set hardump=FILE.har converts them"},
		{"x", "== Info:   Trying 127.0.0.1:2375...", "the trace of curl, which has no more than text"},
		{"x", "=> Send header, 80 bytes (0x50)", "the trace of curl, which has no more than text"},
		{"x", "12:00:00.123456 == Info:   Trying", "the trace of curl, which has no more than text"},
		{"x", "12:00:00.123456 => Send header", "the trace of curl, which has no more than text"},
		{"x", "*   Trying 127.0.0.1:2375...", "what curl says, which is no more than text"},
		{"x", "* Trying 127.0.0.1:2375...", "what curl says, which is no more than text"},
		{"x", "* Host localhost:2375 was resolved.", "what curl says, which is no more than text"},
		{"x", "12:00:00.123456 IP 10.0.0.1.40000 > 10.0.0.2.2375: Flags [S]", "what tcpdump has printed: tcpdump -w FILE writes a capture"},
		{"x", "12:00:00.123456 IP6 ::1.40000 > ::1.2375: Flags [S]", "what tcpdump has printed: tcpdump -w FILE writes a capture"},
		{"x", "HTTP/1.1 200 OK\r\n", "HTTP as text, without times and directions"},
		{"x", "GET /_ping HTTP/1.1\r\n", "HTTP as text, without times and directions"},
		{"x", "<?xml version=", "XML"},
		{"x", "<!DOCTYPE html>", "HTML"},
		{"x", "<html>", "HTML"},
		{"x", "%PDF-1.4", "a PDF document"},
		{"x", "\x89PNG\r\n", "a picture"},
		{"x", "SQLite format 3\x00", "a SQLite database"},
		{"x", "LPKSHHRH\x00", "a journal of systemd"},
		{"x", "\x7fELF\x02", "a program"},
		{"x", "MZ\x90\x00", "a program"},
		{"x", "\xcf\xfa\xed\xfe", "a program"},
		{"x", "\xca\xfe\xba\xbe", "a program"},
		{"x", "#!/bin/sh\n", "a script"},
	} {
		for _, pack := range []func([]byte) []byte{func(b []byte) []byte { return b }, zipped} {
			name := filepath.Join(t.TempDir(), tt.name)
			if err := os.WriteFile(name, pack([]byte(tt.text)), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), name, nil, Options{})
			if !errors.Is(err, ErrFormat) || err.Error() != name+": "+what+tt.want {
				t.Errorf("%q: got %v, want %s", tt.text, err, tt.want)
			}
		}
	}
}

func zipped(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b)
	w.Close()
	return z.Bytes()
}

// TestBegan tells when captures begin, packed or not, and leaves others alone.
func TestBegan(t *testing.T) {
	all := files(t, 1)
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, file := range [][]byte{all["capture"], zipped(all["capture"])} {
		if at, ok := Began(write(t, file)); !ok || !at.Equal(want) {
			t.Errorf("got %v, %t", at, ok)
		}
	}
	for _, name := range []string{write(t, all["HAR"]), write(t, all["JSON lines"]), write(t, nil), write(t, []byte("text")),
		write(t, []byte("\x1f\x8b")), t.TempDir(), "-", "/no/such/file"} {
		if at, ok := Began(name); ok {
			t.Errorf("%s: %v", name, at)
		}
	}
}
