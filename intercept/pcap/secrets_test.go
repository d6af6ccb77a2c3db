package pcap

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

// keyLogs returns the key logs in a file, as they are handed on, or of what it lacks an
// error.
func keyLogs(t *testing.T, file []byte) (all []string, err error) {
	t.Helper()
	_, err = Read(context.Background(), bytes.NewReader(file), Options{KeyLog: func(b []byte) {
		if b != nil {
			all = append(all, string(b))
		} else if len(all) > 0 {
			t.Error("the file begins behind a key log")
		}
	}}, new(collector).tap)
	return all, err
}

// secretsBlock returns a block of secrets in a byte order.
func secretsBlock(o binary.AppendByteOrder, typ uint32, text string, length int) []byte {
	n := uint32(20 + (len(text)+3)&^3)
	b := o.AppendUint32(nil, blockSecrets)
	b = o.AppendUint32(b, n)
	b = o.AppendUint32(b, typ)
	b = o.AppendUint32(b, uint32(length))
	b = append(append(b, text...), make([]byte, -len(text)&3)...)
	return o.AppendUint32(b, n)
}

func TestKeyLogs(t *testing.T) {
	head := appendSection(nil, "", "", "")
	big := append([]byte{0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0}, bytes.Repeat([]byte{0xff}, 8)...)
	big = append(big, 0, 0, 0, 28)
	for _, tt := range []struct {
		name string
		file []byte
		want []string
	}{
		{"none", head, nil},
		{"written by us", appendSecrets(slices.Clone(head), []byte("one\n")), []string{"one\n"}},
		{"two", appendSecrets(appendSecrets(slices.Clone(head), []byte("one\n")), []byte("three\n")), []string{"one\n", "three\n"}},
		{"the other order of bytes", append(slices.Clone(big), secretsBlock(binary.BigEndian, secretsKeyLog, "abcde", 5)...), []string{"abcde"}},
		{"of another protocol", append(slices.Clone(head), secretsBlock(order, 0x57474b4c, "abcd", 4)...), nil},
		{"longer than its block", append(slices.Clone(head), secretsBlock(order, secretsKeyLog, "abcd", 1<<30)...), []string{"abcd"}},
	} {
		got, err := keyLogs(t, tt.file)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %d key logs, %v", tt.name, len(got), err)
		}
	}
}

// TestLargeKeyLogs has key logs that are longer than the buffer: they come in pieces that
// end where lines do, and nothing is missing but the rest of lines that are too long.
func TestLargeKeyLogs(t *testing.T) {
	head := appendSection(nil, "", "", "")
	line := "# a line of a key log\n"
	long := strings.Repeat(line, 100_000)
	tooLong := strings.Repeat("x", 3*keyLogPiece)
	after := appendSecrets(nil, []byte("behind it\n"))
	for _, tt := range []struct {
		name, text string
		length     int // that the block says; 0: that of text
		want       string
	}{
		{"lines", long, 0, long},
		{"without an end", long + "one", 0, long + "one"},
		{"a line that is too long", long + tooLong + "\n" + line + long, 0, ""},
		{"its end is that of a piece", long + tooLong[1:] + "\n" + line, 0, ""},
		{"one line", strings.Repeat("x", 2<<20), 0, strings.Repeat("x", keyLogPiece)},
		{"longer than its block", long, 1 << 31, long},
		{"shorter than its block", long, len(line), line},
		{"empty", long, -1 << 32, ""},
	} {
		length := tt.length
		if length == 0 {
			length = len(tt.text)
		}
		got, err := keyLogs(t, append(append(slices.Clone(head), secretsBlock(order, secretsKeyLog, tt.text, length)...), after...))
		if err != nil || len(got) == 0 || got[len(got)-1] != "behind it\n" {
			t.Errorf("%s: %d pieces, %v", tt.name, len(got), err)
			continue
		}
		got = got[:len(got)-1]
		for i, piece := range got {
			if len(piece) > keyLogPiece || i < len(got)-1 && len(piece) < keyLogPiece && !strings.HasSuffix(piece, "\n") {
				t.Errorf("%s: piece %d has %d bytes and ends in %q", tt.name, i, len(piece), piece[max(0, len(piece)-10):])
			}
		}
		want, all := tt.want, strings.Join(got, "")
		if strings.Contains(tt.text, tooLong[1:]+"\n") { // what is cut has no end
			before, _, _ := strings.Cut(tt.text, "x")
			_, behind, _ := strings.Cut(tt.text, "x\n")
			if !strings.HasPrefix(all, before) || !strings.HasSuffix(all, behind) || strings.Count(all, "x") != keyLogPiece || strings.Count(all, line) != strings.Count(tt.text, line) {
				t.Errorf("%s: %d bytes, %d of the line", tt.name, len(all), strings.Count(all, "x"))
			}
			continue
		}
		if all != want {
			t.Errorf("%s: %d bytes, want %d", tt.name, len(all), len(want))
		}
	}
	if _, err := keyLogs(t, append(head, secretsBlock(order, secretsKeyLog, long, len(long))[:1<<20]...)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a key log without its end: %v", err)
	}
}

// TestKeyLogMemory reads a key log of 64 MiB, which is never held.
func TestKeyLogMemory(t *testing.T) {
	const size = 64 << 20
	block := order.AppendUint32(nil, blockSecrets)
	block = order.AppendUint32(block, 20+size)
	block = order.AppendUint32(block, secretsKeyLog)
	block = order.AppendUint32(block, size)
	end := order.AppendUint32(nil, 20+size)
	line := []byte("# a line of 16.\n")
	text := io.MultiReader(bytes.NewReader(appendSection(nil, "", "", "")), bytes.NewReader(block), &repeated{line, size}, bytes.NewReader(end))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	_, err := Read(context.Background(), text, Options{KeyLog: func(b []byte) { n += len(b) }}, new(collector).tap)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; err != nil || n != size || used > 4*bufferSize {
		t.Errorf("%d bytes with %d of memory, %v", n, used, err)
	}
}

// repeated is a line that is repeated as long as n bytes are left, which are a multiple
// of its length.
type repeated struct {
	line []byte
	n    int
}

func (r *repeated) Read(b []byte) (n int, err error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	for n+len(r.line) <= len(b) && r.n > 0 {
		n += copy(b[n:], r.line)
		r.n -= len(r.line)
	}
	return n, nil
}

// tlsSessions returns those with TLS whose keys are known, and the keys.
func tlsSessions(t *testing.T) (all []session, keys []byte) {
	t.Helper()
	keys, err := os.ReadFile("../../decode/testdata/tls.keys")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sessions(t) {
		if s.name == "tls12" || s.name == "tls13" {
			all = append(all, s)
		}
	}
	if len(all) != 2 {
		t.Fatalf("%d sessions", len(all))
	}
	return all, keys
}

// TestTsharkTLS has tshark decrypt what is recorded with its key log inside: it finds the
// plain text that we do.
func TestTsharkTLS(t *testing.T) {
	need.Program(t, "tshark")
	all, keys := tlsSessions(t)
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w.KeyLog(keys)
	for _, s := range all {
		s.Play(s.conn, w.Tap(s.conn))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	store := keylog.New(nil, nil)
	plain := map[int]*[2][]byte{}
	_, err = Read(context.Background(), bytes.NewReader(b.Bytes()), Options{Recognize: decode.Recognize, KeyLog: func(text []byte) { store.Add("", text) }}, func(c *wire.Conn) wire.Tap {
		said := new([2][]byte)
		plain[c.ID] = said
		return decode.New(c, decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 1 << 20, Keeps: true}, Keys: store}, func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Request:
				said[0] = fmt.Appendf(said[0], "%s %s", ev.Method, ev.Target)
			case *wire.Body:
				said[1] = append(said[1], ev.Data...)
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range all {
		said := plain[s.conn.ID]
		if said == nil {
			t.Fatalf("%s is not read", s.name)
		}
		follow := fmt.Sprintf("follow,tls,raw,%d", n)
		out := tshark(t, b.Bytes(), "-d", fmt.Sprintf("tcp.port==%d,tls", serverPort), "-q", "-z", follow)
		n++
		var theirs [2][]byte
		for line := range strings.Lines(string(out)) {
			line = strings.TrimRight(line, "\n")
			dir := 0
			if strings.HasPrefix(line, "\t") {
				dir = 1
			}
			if part, err := hex.DecodeString(strings.TrimPrefix(line, "\t")); err == nil {
				theirs[dir] = append(theirs[dir], part...)
			}
		}
		if bytes.HasPrefix(theirs[0], []byte("HTTP/")) { // it may take the server for the client
			theirs[0], theirs[1] = theirs[1], theirs[0]
		}
		if bytes.Count(theirs[0], []byte("GET /v1.41/info HTTP/1.1\r\n")) != 2 || string(said[0]) != "GET /v1.41/infoGET /v1.41/info" ||
			bytes.Count(theirs[1], []byte(`{"ID":"daemon"}`)) != 2 || string(said[1]) != `{"ID":"daemon"}{"ID":"daemon"}` {
			t.Errorf("%s: tshark has %q, we have %q", s.name, theirs, *said)
		}
	}
}

// TestEditcap puts a key log into a recording with another program, which goes before the
// packets.
func TestEditcapSecrets(t *testing.T) {
	editcap := need.Program(t, "editcap")
	all, keys := tlsSessions(t)
	dir := t.TempDir()
	in, out, log := filepath.Join(dir, "in.pcapng"), filepath.Join(dir, "out.pcapng"), filepath.Join(dir, "keys")
	if err := os.WriteFile(in, record(t, all), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(log, keys, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(editcap, "--inject-secrets", "tls,"+log, in, out).CombinedOutput(); err != nil {
		t.Fatalf("editcap: %v\n%s", err, said)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := keyLogs(t, file); err != nil || len(got) != 1 || got[0] != string(keys) {
		t.Errorf("%d key logs, %v", len(got), err)
	}
}
