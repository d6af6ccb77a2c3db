package content

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestAppendEntry(t *testing.T) {
	for _, c := range []struct {
		h    tarHeader
		want string
	}{
		{tarHeader{flag: tarFile}, `{"name":"","type":"file"}`},
		{tarHeader{flag: tarFile, name: []byte("a/b"), mode: 0o100644, size: 120, mtime: time.Unix(1, 5e8), uid: 7, gid: 8, link: []byte("no")},
			`{"name":"a/b","type":"file","mode":"0644","size":120,"mtime":"1970-01-01T00:00:01.5Z","uid":7,"gid":8}`},
		{tarHeader{flag: tarSymlink, name: []byte("l"), link: []byte("a/b"), mode: 0o4777}, `{"name":"l","type":"link","mode":"4777","link":"a/b"}`},
		{tarHeader{flag: tarHardLink, name: []byte("l"), link: []byte("\xff")}, `{"name":"l","type":"hardlink","link":"\\xff","escaped":true}`},
		{tarHeader{flag: tarSparse, name: []byte("\x1b[\"\\"), sparse: true}, `{"name":"\u001b[\"\\","type":"file","sparse":true}`},
		{tarHeader{flag: tarFile, name: []byte("late"), mtime: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}, `{"name":"late","type":"file"}`},
		{tarHeader{flag: tarFile, name: []byte("last"), mtime: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}, `{"name":"last","type":"file","mtime":"9999-12-31T23:59:59Z"}`},
		{tarHeader{flag: tarFile, name: []byte("early"), mtime: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)}, `{"name":"early","type":"file"}`},
	} {
		got := string(appendEntry([]byte("before"), &c.h))
		if got != "before"+c.want || !json.Valid([]byte(c.want)) {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestTarText(t *testing.T) {
	long := strings.Repeat("n", maxTarName-1)
	for _, c := range []struct {
		name, want string
		escaped    bool
	}{
		{"a/b", "a/b", false}, {`a\b`, `a\b`, false}, {"é", "é", false}, {"", "", false},
		{"\xe9", `\xe9`, true}, {"é\\\xe9\x01", "é\\\\\\xe9\x01", true}, {"\xef\xbf\xbd\xff", "\ufffd\\xff", true},
		{long + "n", long + "n", false}, {long + "nn", long + "n", false}, {long + "é", long, false},
	} {
		if got, escaped := tarText([]byte(c.name)); string(got) != c.want || escaped != c.escaped {
			t.Errorf("%.20q: got %.20q, %t; want %.20q, %t", c.name, got, escaped, c.want, c.escaped)
		}
	}
}

// TestLeads: names and links that lead out of the archive.
func TestLeads(t *testing.T) {
	for name, want := range map[string]bool{
		"a": false, "a/b": false, "./a": false, "a/../b": false, "a/..": false, "...": false, "..a": false, "a//../b": false, "": false,
		"..": true, "../a": true, "/a": true, "a/../..": true, "./..": true, "a/./../..": true, "a//../..": true,
	} {
		if got := leads([]byte(name)); got != want {
			t.Errorf("%q leads out: %t", name, got)
		}
	}
	for _, c := range []struct {
		flag       byte
		name, link string
		want       bool
	}{
		{tarHardLink, "a/b", "c", false}, {tarHardLink, "a/b", "../c", true}, {tarHardLink, "a", "/c", true},
		{tarSymlink, "a", "b", false}, {tarSymlink, "a", "../b", true}, {tarSymlink, "a/b", "../c", false}, {tarSymlink, "a/b", "../../c", true},
		{tarSymlink, "./a//b", "../c", false}, {tarSymlink, "./a", "../c", true}, {tarSymlink, "a", "/c", false}, {tarSymlink, "", "..", true}, {tarSymlink, "", "a", false},
		{tarFile, "a", "../b", false},
	} {
		h := tarHeader{flag: c.flag, name: []byte(c.name), link: []byte(c.link)}
		if got := h.linksOut(); got != c.want {
			t.Errorf("%c %q links to %q, out: %t", c.flag, c.name, c.link, got)
		}
	}
}
