package recording

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// foreign are files that begin like this, and are known not to be recordings;
// what they are, and what to do.
var foreign = []struct{ begin, what string }{
	{"\xfd7zXZ\x00", packed("xz", "xz -d")},
	{"BZh", packed("bzip2", "bzip2 -d")},
	{"\x04\x22\x4d\x18", packed("lz4", "lz4 -d")},
	{"\x02\x21\x4c\x18", packed("lz4", "lz4 -d")},
	{"\x5d\x00\x00", packed("lzma", "xz -d")},
	{"LZIP", packed("lzip", "lzip -d")},
	{"\x89LZO\x00\r\n\x1a\n", packed("lzop", "lzop -d")},
	{"\x1f\x9d", packed("compress", "gzip -d")},
	{"\x1f\xa0", packed("compress", "gzip -d")},
	{"\x1f\x1e", packed("pack", "gzip -d")},
	{"\xff\x06\x00\x00sNaPpY", packed("snappy", "snzip -d")},
	{"PK\x03\x04", archive("zip", "unzip")},
	{"PK\x05\x06", archive("zip", "unzip")},
	{"7z\xbc\xaf\x27\x1c", archive("7z", "7z x")},
	{"Rar!\x1a\x07", archive("rar", "unrar x")},

	{"snoop\x00\x00\x00", capture("snoop")},
	{"GMBU", capture("Network Monitor")},
	{"RTSS", capture("Network Monitor")},
	{"btsnoop\x00", "it is a capture of Bluetooth, where there is no TCP"},
	{"iptrace ", capture("iptrace")},
	{"TRSNIFF data", capture("Sniffer")},
	{"XCP\x00", capture("NetXray")},
	{"\x7fver", capture("EtherPeek")},
	{"\x00\x00\x02\x00\x12\x05\x00\x10", capture("a K12 tester")},

	{"== Info:", "it is the trace of curl, which has no more than text"},
	{"=> Send header", "it is the trace of curl, which has no more than text"},
	{"*   Trying ", "it is what curl says, which is no more than text"},
	{"* Trying ", "it is what curl says, which is no more than text"},
	{"* Host ", "it is what curl says, which is no more than text"},
	{"HTTP/1.", "it is HTTP as text, without times and directions"},

	{"<?xml", "it is XML"},
	{"<!DOCTYPE", "it is HTML"},
	{"<html", "it is HTML"},
	{"%PDF", "it is a PDF document"},
	{"\x89PNG", "it is a picture"},
	{"SQLite format 3\x00", "it is a SQLite database"},
	{"LPKSHHRH", "it is a journal of systemd"},
	{"\x7fELF", "it is a program"},
	{"MZ", "it is a program"},
	{"\xcf\xfa\xed\xfe", "it is a program"},
	{"\xca\xfe\xba\xbe", "it is a program"},
	{"#!", "it is a script"},
}

// dissected is how a list of packets begins that tshark took apart: a regular
// expression.
const dissected = `^\[\s*\{\s*"_index"`

// patterns are what other files begin with that are known not to be recordings:
// regular expressions, compiled only when one is looked at.
var patterns = []struct{ begin, what string }{
	{dissected, "it is JSON of tshark: the capture that it was made of can be read"},
	{`^[0-9]{1,9}:[0-9]{1,9}:[a-z_]+[;,]`, "it is flows of mitmproxy: mitmdump -nr FILE --set hardump=FILE.har converts them"},
	{`^[0-9:.]{8,15} (== Info|[=<]. )`, "it is the trace of curl, which has no more than text"},
	{`^[0-9:.]{8,15} (IP6?|ARP|Out|In) `, "it is what tcpdump has printed: tcpdump -w FILE writes a capture"},
	{`^(#.*\r?\n)*(CLIENT_|SERVER_|EARLY_|EXPORTER_|RSA )[A-Z_0-9]* ?[0-9a-fA-F]{16}`, "it is a key log of TLS: read --keylog FILE decrypts a capture with it"},
	{`^[A-Z]{3,16} \S+ HTTP/[0-9]`, "it is HTTP as text, without times and directions"},
}

func packed(by, command string) string {
	return fmt.Sprintf("it is compressed by %s, which is not read here: %s decompresses it", by, command)
}

func archive(kind, command string) string {
	return fmt.Sprintf("it is a %s archive, which may have one in it: %s takes it out", kind, command)
}

func capture(of string) string {
	return fmt.Sprintf("it is a capture of %s: editcap -F pcapng FILE FILE.pcapng converts it", of)
}

// nameless are forms of files whose beginning is not their own, by what their
// names end in.
var nameless = map[string]string{
	".erf": capture("Endace"),
	".etl": "it is an event trace of Windows: etl2pcapng converts it",
	".br":  packed("brotli", "brotli -d"),
}

// tarMark is where a tar archive says that it is one.
const tarMark = 257

// found says what the file called name is, which begins with b.
func found(name string, b []byte) string {
	if len(b) == 0 {
		return "empty"
	}
	for _, p := range patterns {
		if regexp.MustCompile(p.begin).Match(b) {
			return p.what
		}
	}
	for _, f := range foreign {
		if bytes.HasPrefix(b, []byte(f.begin)) {
			return f.what
		}
	}
	if len(b) > tarMark && bytes.HasPrefix(b[tarMark:], []byte("ustar")) {
		return archive("tar", "tar -x")
	}
	if what := nameless[strings.ToLower(filepath.Ext(name))]; what != "" {
		return what
	}
	return fmt.Sprintf("it begins with %q", b[:min(len(b), 16)])
}
