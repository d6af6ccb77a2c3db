package strace

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/socktrace/socktrace/wire"
)

var update = flag.Bool("update", false, "write the golden files")

// logs returns what strace has printed, by name.
func logs(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal("no logs", err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".txt")] = b
	}
	return all
}

// TestLogs reads what strace 6.1 has printed of real clients, with several flags; without
// what has nothing to do with sockets.
func TestLogs(t *testing.T) {
	for name, text := range logs(t) {
		t.Run(name, func(t *testing.T) {
			got, _, err := readAll(t, bytes.NewReader(text), Options{})
			if err != nil {
				t.Error(err)
			}
			said := strings.Join(got.lines, "\n") + "\n"
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(said), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if said != string(want) {
				t.Errorf("got\n%s\nwant\n%s", said, want)
			}
			cut, _, _ := readAll(t, iotest.OneByteReader(bytes.NewReader(text)), Options{})
			if c := strings.Join(cut.lines, "\n") + "\n"; c != said {
				t.Errorf("byte by byte:\n%s\nat once:\n%s", c, said)
			}
		})
	}
}

// TestForms reads the same two exchanges as strace prints them by several flags.
func TestForms(t *testing.T) {
	all := logs(t)
	want, _, _ := readAll(t, bytes.NewReader(all["plain"]), Options{})
	for _, name := range []string{"nameless", "stderr"} {
		got, _, _ := readAll(t, bytes.NewReader(all[name]), Options{})
		if got.bytes != want.bytes || want.bytes[0] == 0 {
			t.Errorf("%s: %d bytes, want %d", name, got.bytes, want.bytes)
		}
		if c, w := got.conns[0], want.conns[0]; c.Server.Addr != w.Server.Addr || c.Client.Process.Name != w.Client.Process.Name {
			t.Errorf("%s: %v, want %v", name, c, w)
		}
	}
}

// TestServerAlone reads what the server of a log of both ends has done: it says the same
// as the client, and so do both.
func TestServerAlone(t *testing.T) {
	text := logs(t)["both"]
	both, _, _ := readAll(t, bytes.NewReader(text), Options{})
	pid := fmt.Sprint(both.conns[0].Client.Process.PID)
	var server, client []byte
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, []byte(pid+" ")) {
			client = append(client, line...)
		} else {
			server = append(server, line...)
		}
	}
	for what, half := range map[string][]byte{"client": client, "server": server} {
		got, _, _ := readAll(t, bytes.NewReader(half), Options{})
		if len(got.conns) != len(both.conns) || got.bytes != both.bytes {
			t.Errorf("%s: %d connections with %d bytes, want %d with %d", what, len(got.conns), got.bytes, len(both.conns), both.bytes)
		}
		for i, c := range got.conns {
			if w := both.conns[i]; c.Server.Addr != w.Server.Addr || (what == "client") == (c.Client.Process == nil) {
				t.Errorf("%s: %v > %v, want %v > %v", what, c.Client, c.Server, w.Client, w.Server)
			}
		}
	}
}

// TestMissingLines leaves out each line, and ends behind each: what is told goes on, and is
// no more than there was.
func TestMissingLines(t *testing.T) {
	for name, text := range logs(t) {
		whole, _, _ := readAll(t, bytes.NewReader(text), Options{})
		lines := bytes.SplitAfter(text, []byte("\n"))
		for i := range lines {
			for what, rest := range map[string][][]byte{"behind": lines[i+1:], "nothing": nil} {
				part := bytes.Join(append(lines[:i:i], rest...), nil)
				got, _, err := readAll(t, bytes.NewReader(part), Options{})
				if err != nil {
					t.Errorf("%s without line %d (%s): %v", name, i+1, what, err)
				}
				if got.bytes[0] > whole.bytes[0] || got.bytes[1] > whole.bytes[1] {
					t.Errorf("%s without line %d (%s): %d bytes of %d", name, i+1, what, got.bytes, whole.bytes)
				}
			}
		}
	}
}

// TestLate reads each log from its middle on, as if strace had come then.
func TestLate(t *testing.T) {
	lines := bytes.SplitAfter(logs(t)["plain"], []byte("\n"))
	for i, line := range lines {
		if bytes.Contains(line, []byte("read(3<UNIX")) && bytes.Contains(line, []byte("HTTP/1.1 200")) {
			o := Options{
				Process: func(int) (int, string) { return 7, "docker" },
				Path:    func(uint64) string { return "/run/docker.sock" },
			}
			got, stats, _ := readAll(t, bytes.NewReader(bytes.Join(lines[i:], nil)), o)
			if stats.Late != 1 || len(got.conns) != 1 {
				t.Fatalf("%d late, %d connections", stats.Late, len(got.conns))
			}
			if s := got.lines[0]; s != "1 open docker[7] > unix:///run/docker.sock" {
				t.Errorf("got %s", s)
			}
			return
		}
	}
	t.Fatal("no answer in the log")
}

// TestTorn fails if the text ends within a line.
func TestTorn(t *testing.T) {
	text := logs(t)["run"]
	_, stats, err := readAll(t, bytes.NewReader(text[:len(text)/2]), Options{})
	if !errors.Is(err, io.ErrUnexpectedEOF) || !stats.Torn || stats.Strange != 0 {
		t.Errorf("got %v, %+v", err, stats)
	}
}

// TestNone fails if there is nothing of strace.
func TestNone(t *testing.T) {
	check(t, "hello\nworld (of) = 1\n", "remark: 2 lines are not strace's, or damaged", "error: no line of it is strace's")
	if got, _, err := readAll(t, strings.NewReader(""), Options{}); err != nil || len(got.lines) > 0 {
		t.Errorf("of nothing: %v, %q", err, got.lines)
	}
}

// TestStopped ends with ctx, which is looked at between lines.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	got := &told{t: t}
	newTap := func(c *wire.Conn) wire.Tap {
		stop()
		return got.tap(c)
	}
	_, err := Read(ctx, bytes.NewReader(logs(t)["plain"]), Options{}, newTap)
	if !errors.Is(err, context.Canceled) || len(got.lines) == 0 || got.lines[len(got.lines)-1] != "1 end trace stopped" {
		t.Errorf("got %v, %q", err, got.lines)
	}
}
