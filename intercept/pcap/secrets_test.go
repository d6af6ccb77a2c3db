package pcap

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

// keyLogs returns the key logs in a file, or of what it lacks an error.
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
	long := strings.Repeat("# a line of a key log\n", 100_000)
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
		{"longer than the buffer", append(slices.Clone(head), secretsBlock(order, secretsKeyLog, long, len(long))...), []string{long}},
	} {
		got, err := keyLogs(t, tt.file)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %d key logs, %v", tt.name, len(got), err)
		}
	}
	if _, err := keyLogs(t, append(head, secretsBlock(order, secretsKeyLog, long, len(long))[:1<<20]...)); err == nil {
		t.Error("a key log without its end is whole")
	}
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
