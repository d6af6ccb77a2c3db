package content

import (
	"archive/tar"
	"bytes"
	"fmt"
	"testing"
	"time"
)

// packTar returns an archive: pairs of headers and contents.
func packTar(t testing.TB, files ...tarball) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		f.Size = int64(len(f.content))
		if err := w.WriteHeader(&f.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tarball is a file to be packed.
type tarball struct {
	tar.Header
	content string
}

// file returns a file to be packed.
func file(name, content string) tarball {
	return tarball{tar.Header{Name: name, Mode: 0o644, Typeflag: tar.TypeReg}, content}
}

// edited returns b, which begins with a header, with something else at off and the
// right sum.
func edited(b []byte, off int, with string) []byte {
	b = bytes.Clone(b)
	copy(b[off:], with)
	copy(b[148:156], "        ")
	sum := 0
	for _, c := range b[:tarBlock] {
		sum += int(c)
	}
	copy(b[148:156], fmt.Sprintf("%06o\x00 ", sum))
	return b
}

func TestTarNumber(t *testing.T) {
	for _, c := range []struct {
		field string
		want  int64
		ok    bool
	}{
		{"0000644\x00", 0o644, true}, {"   644 \x00", 0o644, true}, {"\x00\x00\x00\x00", 0, true}, {"77777777", 0o77777777, true},
		{"12\x00garba", 0o12, true}, {"0000648\x00", 0, false}, {"-0000001", 0, false}, {"12 34\x00\x00\x00", 0, false}, {"much", 0, false},
		{"\x80\x00\x00\x00\x00\x00\x00\x03", 3, true}, {"\x80\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09", 0, false},
		{"\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff", 1<<63 - 1, true}, {"\x80\x00\x00\x00\x80\x00\x00\x00\x00\x00\x00\x00", 0, false},
		{"\xff\xff\xff\xff\xff\xff\xff\xff", -1, true}, {"\xff\xff\xff\xfe", -2, true}, {"\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\x00\x00", -1 << 63, true},
		{"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 0, false}, {"\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 0, false},
		{"777777777777777777777", 1<<63 - 1, true}, {"1000000000000000000000", 0, false}, {"100000000000000000000", 1 << 60, true},
	} {
		if got, ok := tarNumber([]byte(c.field)); ok != c.ok || ok && got != c.want {
			t.Errorf("%q: got %d, %t; want %d, %t", c.field, got, ok, c.want, c.ok)
		}
	}
}

func TestIsTarHeader(t *testing.T) {
	b := packTar(t, file("f", "hi"))[:tarBlock]
	if !isTarHeader(b) {
		t.Error("a header is none")
	}
	for i := range b {
		b[i]++
		if isTarHeader(b) && (i < 148 || i > 155) {
			t.Errorf("a header with another byte %d is one", i)
		}
		b[i]--
	}
	if isTarHeader(make([]byte, tarBlock)) {
		t.Error("zeros are a header")
	}
	signed := edited(b, 0, "\xe9")
	copy(signed[148:], fmt.Sprintf("%06o\x00 ", mustNumber(t, signed[148:156])-256))
	if !isTarHeader(signed) {
		t.Error("a header with the sum of signed bytes is none")
	}
	if copy(signed[148:], "much"); isTarHeader(signed) {
		t.Error("a header with a word as its sum is one")
	}
}

func mustNumber(t *testing.T, b []byte) int64 {
	t.Helper()
	n, ok := tarNumber(b)
	if !ok {
		t.Fatalf("%q is no number", b)
	}
	return n
}

// TestParseTar reads headers of each dialect, in which fields have their bytes.
func TestParseTar(t *testing.T) {
	plain := tarball{tar.Header{Name: "name", Linkname: "to", Typeflag: tar.TypeSymlink, Mode: 0o755, Uid: 7, Gid: 8, ModTime: time.Unix(9, 0)}, ""}
	b := packTar(t, plain)
	gnu := edited(b, 257, gnuMagic)
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"plain", b, "link name to 755 7 8 0 0 9 false"},
		{"a prefix", edited(b, 345, "before"), "link before/name to 755 7 8 0 0 9 false"},
		{"a long prefix", edited(b, 345, string(bytes.Repeat([]byte("x"), 155))), "link " + string(bytes.Repeat([]byte("x"), 155)) + "/name to 755 7 8 0 0 9 false"},
		{"star's prefix", edited(edited(b, 345, string(bytes.Repeat([]byte("x"), 155))), 508, starEnd), "link " + string(bytes.Repeat([]byte("x"), 131)) + "/name to 755 7 8 0 0 9 false"},
		{"GNU has no prefix", edited(gnu, 345, "before"), "link name to 755 7 8 0 0 9 false"},
		{"no dialect", edited(b, 257, "\x00\x00\x00\x00\x00\x00before"), "link name to 755 7 8 0 0 9 false"},
		{"no link has content", edited(b, 124, "00000000005\x00"), "link name to 755 7 8 0 0 9 false"},
		{"a file has", edited(edited(b, 124, "00000000005\x00"), 156, "0"), "file name to 755 7 8 5 5 9 false"},
		{"holes", edited(edited(edited(gnu, 124, "00000000005\x00"), 156, "S"), 483, "00000000100\x00"), "file name to 755 7 8 5 64 9 true"},
		{"holes that are no number", edited(edited(edited(gnu, 124, "00000000005\x00"), 156, "S"), 483, "much"), "file name to 755 7 8 5 5 9 true"},
		{"holes of others", edited(edited(b, 156, "S"), 483, "00000000100\x00"), "file name to 755 7 8 0 0 9 false"},
		{"a full name", edited(b, 0, string(bytes.Repeat([]byte("y"), 100))), "link " + string(bytes.Repeat([]byte("y"), 100)) + " to 755 7 8 0 0 9 false"},
		{"an old folder", edited(edited(b, 0, "name/"), 156, "\x00"), "dir name/ to 755 7 8 0 0 9 false"},
		{"an old file", edited(b, 156, "\x00"), "file name to 755 7 8 0 0 9 false"},
		{"a folder that says it is a file", edited(edited(b, 0, "name/"), 156, "0"), "file name/ to 755 7 8 0 0 9 false"},
	} {
		h, ok := parseTar(c.b)
		h.finish()
		got := fmt.Sprintf("%s %s %s %o %d %d %d %d %d %t", h.kind(), h.name, h.link, h.mode, h.uid, h.gid, h.stored, h.size, h.mtime.Unix(), h.sparse)
		if !ok || got != c.want {
			t.Errorf("%s: got %s, %t; want %s", c.name, got, ok, c.want)
		}
	}
	if _, ok := parseTar(edited(b, 124, "much")); ok {
		t.Error("a word is a size")
	}
	if h, _ := parseTar(edited(b, 136, "00000000000\x00")); !h.mtime.IsZero() {
		t.Errorf("no time is %v", h.mtime)
	}
}

func TestTarKinds(t *testing.T) {
	for flag, want := range map[byte]string{'0': "file", '1': "hardlink", '2': "link", '3': "char", '4': "block", '5': "dir", '6': "fifo", '7': "file", '8': "other", '/': "other", 'S': "file", 'V': "other"} {
		h := tarHeader{flag: flag, stored: 5, size: 5}
		h.finish()
		if got := h.kind(); got != want || h.isFile() != (want == "file") {
			t.Errorf("%c is %s, want %s", flag, got, want)
		}
		if empty := flag >= '1' && flag <= '6'; (h.stored == 0) != empty || (h.size == 0) != empty {
			t.Errorf("%c has %d bytes", flag, h.stored)
		}
		if h.announces() {
			t.Errorf("%c announces something", flag)
		}
	}
	for _, flag := range "xgLK" {
		if h := (tarHeader{flag: byte(flag)}); !h.announces() {
			t.Errorf("%c announces nothing", flag)
		}
	}
}
