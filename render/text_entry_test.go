package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// archive shows the entries of an archive, and texts where there is a name before a
// colon, and its sum.
func archive(o Options, sum *wire.Files, entries ...string) string {
	m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 2, Dir: wire.ToServer}
	x := &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m}}
	var out bytes.Buffer
	t := NewText(&out, o).(interface {
		Event(wire.Event, *wire.Exchange) error
	})
	for i, e := range entries {
		ev := &wire.Message{Meta: m, Kind: wire.KindEntry, Index: i, Data: []byte(e), Size: 512}
		if name, text, is := strings.Cut(e, ":"); is && e[0] != '{' {
			ev.Kind, ev.Name, ev.Data = wire.KindText, name, []byte(text)
		}
		if x.Messages[0]++; ev.Kind == wire.KindEntry {
			x.Streams[wire.KindEntry].Frames++
		}
		t.Event(ev, x)
	}
	t.Event(&wire.Body{Meta: m, Content: wire.KindTar, Bytes: 2048, WireBytes: 2060, Digest: "sha256:0123456789abcdef", Complete: true, Files: sum, Masked: []string{"request.body"}}, x)
	var lines []string
	for line := range strings.Lines(out.String()) {
		if _, rest, is := strings.Cut(line, "1.2    > "); is {
			lines = append(lines, rest)
		}
	}
	return strings.Join(lines, "")
}

// TestEntries: an archive is shown as people list one.
func TestEntries(t *testing.T) {
	sum := &wire.Files{Files: 3, Others: 2, Bytes: 46_123_456, Listed: 46_123_456, Largest: "node_modules/x\x1b", Most: 12_000_000, Role: "build context"}
	entries := []string{
		`{"name":"Dockerfile","type":"file","mode":"0644","size":120,"mtime":"2026-01-02T03:04:05Z"}`,
		"Dockerfile:FROM x\nRUN y\n",
		`{"name":"src/","type":"dir","mode":"0755"}`,
		`{"name":"bin/sh","type":"link","mode":"0777","link":"busybox"}`,
	}
	last := []string{
		`{"name":"x\u001b[2J","type":"hardlink","link":"y"}`,
		`{"name":"[masked 3 bytes]","type":"file","mode":"0644","size":182400}`,
	}
	const first = "file 0644    120 B  Dockerfile\n" +
		"Dockerfile:\n  FROM x\n  RUN y\n" +
		"dir  0755           src/\n" +
		"link 0777           bin/sh → busybox\n"
	const rest = "hardlink            x\\e[2J → y\n" +
		"file 0644 182.4 kB  [masked 3 bytes]\n"
	const summed = "build context: 3 files, 46.1 MB; largest: node_modules/x\\e 12.0 MB\n"
	const digest = "tar 2048 B, masked\n"
	for _, c := range []struct {
		name string
		o    Options
		sum  *wire.Files
		want string
	}{
		{"full", Options{}, sum, first + rest + digest + summed},
		{"short", Options{Heads: HeadsShort, Bodies: BodiesShort}, sum, first + rest + summed},
		{"short heads", Options{Heads: HeadsShort}, sum, first + rest + summed},
		{"none", Options{Bodies: BodiesNone}, sum, "2048 B tar\n" + summed},
		{"no sum", Options{Heads: HeadsShort, Bodies: BodiesShort}, nil, first + rest + digest},
		{"one file", Options{Heads: HeadsShort}, &wire.Files{Files: 1, Bytes: 9, Listed: 9, Largest: "f", Most: 9}, first + rest + "archive: 1 file, 9 B\n"},
		{"no file", Options{Heads: HeadsShort}, &wire.Files{Others: 1}, first + rest + "archive: 0 files, 0 B\n"},
		{"empty files", Options{Heads: HeadsShort}, &wire.Files{Files: 2}, first + rest + "archive: 2 files, 0 B\n"},
	} {
		if got := archive(c.o, c.sum, append(entries, last...)...); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

// TestManyEntries: where bodies are short, the first entries are enough, and it is told
// how many there are.
func TestManyEntries(t *testing.T) {
	for n, more := range map[int]string{20: "", 21: "… 1 more entry (--bodies full)\n", 312: "… 292 more entries (--bodies full)\n"} {
		var entries []string
		want := ""
		for i := range n {
			entries = append(entries, fmt.Sprintf(`{"name":"f%d","type":"file"}`, i))
			if i < 20 {
				want += fmt.Sprintf("file                f%d\n", i)
			}
		}
		sum := &wire.Files{Files: int64(n) - 2, Others: 2}
		const summed = "archive: %d files, 0 B\n"
		if got := archive(Options{Heads: HeadsShort, Bodies: BodiesShort}, sum, entries...); got != want+more+fmt.Sprintf(summed, n-2) {
			t.Errorf("%d entries: got\n%s", n, got)
		}
		if got := archive(Options{Heads: HeadsShort}, sum, entries...); strings.Count(got, "\n") != n+1 {
			t.Errorf("all of %d entries: got\n%s", n, got)
		}
	}
}

// TestOddEntries: what nobody can read is shown as bytes, and columns are as wide as they
// have to be.
func TestOddEntries(t *testing.T) {
	for data, want := range map[string]string{
		"":                      "file\n",
		"[]":                    "file\n00  5b 5d ",
		`{"name":"x"}`:          "file",
		`{"name":"x","type":7}`: "file",
		`{"type":"hardlink","mode":"4755","size":123456}`:          "hardlink 4755 123.5 kB  \n",
		`{"type":"file","mode":"0644","size":9223372036854775807}`: "file 0644   9.2 EB  \n",
		`{"type":"file","name":"a","link":"b\u202e"}`:              "file                a → b\\u202e\n",
	} {
		got := archive(Options{Heads: HeadsShort}, nil, data)
		got, _, _ = strings.Cut(got, "tar 2048 B")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want %q", data, got, want)
		}
	}
}

// TestFilesOfRow: compact tells the sum of an archive.
func TestFilesOfRow(t *testing.T) {
	s := &script{}
	s.open(1, 0)
	s.request(0, "POST", "/build", "ImageBuild", "Host: x")
	s.body(1, wire.ToServer, wire.KindTar, 2_000_000, "x").Files = &wire.Files{Files: 312, Bytes: 46_100_000, Listed: 46_100_000, Role: "build context"}
	s.response(2, 200, "OK", "Content-Length: 3")
	s.body(3, wire.ToClient, wire.KindTar, 3, "x").Files = &wire.Files{Files: 1, Bytes: 5, Listed: 5}
	s.done(4)
	got := showCompact(t, Options{}, s.events...)
	if want := "ImageBuild            build context: 312 files, 46.1 MB, 1 file, 5 B  ↑ 2.0 MB  docker[4711]\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNothingSent: files that were listed, and not asked for.
func TestNothingSent(t *testing.T) {
	s := answers()
	s.response(1.5, 200, "", "content-type: application/grpc")
	s.body(2, wire.ToClient, wire.KindGRPC, 9, "").Files = &wire.Files{Files: 3, Listed: 15, Largest: "a", Most: 12}
	if got, want := briefOf(t, briefBodies, s.events...), "< files: 3 files, 15 B, nothing sent; largest: a 12 B\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	s = answers()
	s.response(1.5, 200, "", "content-type: application/grpc")
	s.body(2, wire.ToClient, wire.KindGRPC, 9, "").Files = &wire.Files{Files: 1, Bytes: 3, Listed: 15, Largest: "a", Most: 12}
	if got, want := briefOf(t, briefBodies, s.events...), "< files: 1 file, 15 B, 3 B sent\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	s.done(4)
	if got, want := showCompact(t, Options{}, s.events...), "1 file, 15 B, 3 B sent"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}

// TestTransfer: what BuildKit has fetched is told in sum.
func TestTransfer(t *testing.T) {
	for role, want := range map[string]string{
		"build context": "build context: 3 files, 46.1 MB; largest: node_modules/x 12.0 MB\n",
		"":              "files: 3 files, 46.1 MB; largest: node_modules/x 12.0 MB\n",
	} {
		s := answers()
		s.response(1.5, 200, "", "content-type: application/grpc")
		b := s.body(2, wire.ToClient, wire.KindGRPC, 9, "")
		b.Files = &wire.Files{Files: 3, Bytes: 46_100_000, Listed: 46_100_000, Largest: "node_modules/x", Most: 12_000_000, Role: role}
		if got := briefOf(t, briefBodies, s.events...); !strings.HasSuffix(got, "< "+want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
