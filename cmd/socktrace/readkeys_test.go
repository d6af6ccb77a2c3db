//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/keylog"
)

// foreignKey is a line of a key log that no connection needs.
var foreignKey = "CLIENT_RANDOM " + strings.Repeat("0f", 32) + " " + strings.Repeat("1e", 48) + "\n"

// captureTLS records two connections with TLS in a file, and their secrets in another, with
// those of somebody else.
func captureTLS(t *testing.T) (capture, keys string) {
	t.Helper()
	dir := t.TempDir()
	capture, keys = filepath.Join(dir, "tls.pcapng"), filepath.Join(dir, "keys.txt")
	if err := os.WriteFile(keys, []byte(foreignKey+readFile(t, "../../decode/testdata/tls.keys")), 0o600); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := pcap.NewWriter(&b, pcap.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range tracetest.Load(t, "../../decode/testdata/transcripts/tls1[23].txt") {
		for _, conn := range c.Conns {
			n++
			one := conn.Wire(n, time.Unix(1_700_000_000, 0))
			conn.Play(one, w.Tap(one))
		}
	}
	if err := w.Close(); err != nil || n != 2 {
		t.Fatalf("%d connections, %v", n, err)
	}
	if err := os.WriteFile(capture, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return capture, keys
}

// inject returns a copy of a capture that has a key log inside.
func inject(t *testing.T, capture, keys string) string {
	t.Helper()
	out := strings.TrimSuffix(capture, ".pcapng") + "-injected.pcapng"
	if said, err := exec.Command(need.Program(t, "editcap"), "--inject-secrets", "tls,"+keys, capture, out).CombinedOutput(); err != nil {
		t.Fatalf("editcap: %v\n%s", err, said)
	}
	return out
}

// decrypts checks that a capture is decrypted with what is in it, by us and by tshark, and
// that it has no secrets of others.
func decrypts(t *testing.T, what, capture, want string) {
	t.Helper()
	got := socktrace(t, nil, "read", "-f", "jsonl", capture).end()
	if got.out != want || got.status != "exit status 0" || strings.Count(got.out, `"/v1.41/info"`) == 0 {
		t.Errorf("%s: %s, %s\n%s\nwant\n%s", what, got.status, got.err, got.out, want)
	}
	if strings.Contains(readFile(t, capture), strings.Repeat("0f", 32)) {
		t.Errorf("%s has secrets of a connection that is not in it", what)
	}
	shark, err := exec.LookPath("tshark")
	if err != nil {
		return
	}
	cmd := exec.Command(shark, "-r", capture, "-d", "tcp.port==80,tls", "-Y", "http.request.uri", "-T", "fields", "-e", "http.request.uri")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	out, err := cmd.Output()
	if lines := strings.Count(string(out), "/v1.41/info"); err != nil || lines != 4 {
		t.Errorf("%s: tshark finds %q, %v", what, out, err)
	}
}

// TestCopyWithKeys copies captures as pcapng: the copy can be read as they can, by what is
// in it alone, however little else is made of them.
func TestCopyWithKeys(t *testing.T) {
	t.Parallel()
	capture, keys := captureTLS(t)
	dir := t.TempDir()
	want := socktrace(t, nil, "read", "-f", "jsonl", "--keylog", keys, capture).end().out
	for i, args := range [][]string{{"-f", "jsonl"}, {"-q"}, {"-q", "--max-body", "0"}} {
		copied := filepath.Join(dir, string(rune('a'+i))+".pcapng")
		got := socktrace(t, nil, append([]string{"read", "--keylog", keys, "--pcapng", copied, capture}, args...)...).end()
		check(t, "status", got.status, "exit status 0")
		decrypts(t, strings.Join(args, " "), copied, want)
	}
	copied, again := filepath.Join(dir, "injected.pcapng"), filepath.Join(dir, "again.pcapng")
	check(t, "status", socktrace(t, nil, "read", "-q", "--pcapng", copied, inject(t, capture, keys)).end().status, "exit status 0")
	decrypts(t, "with the key log inside", copied, want)
	check(t, "status", socktrace(t, nil, "read", "-q", "--pcapng", again, copied).end().status, "exit status 0")
	decrypts(t, "a copy of the copy", again, want)
	check(t, "the copy of the copy", readFile(t, again), readFile(t, copied))

	without := filepath.Join(dir, "without.pcapng")
	socktrace(t, nil, "read", "-q", "--pcapng", without, capture).end()
	if text := readFile(t, without); strings.Contains(text, "CLIENT_") {
		t.Error("secrets from nowhere")
	}
}

// TestNoKeys reads a capture without its secrets: every format says how to give them, once,
// and that which has a line for an exchange why there is none.
func TestNoKeys(t *testing.T) {
	t.Parallel()
	capture, keys := captureTLS(t)
	foreign := filepath.Join(t.TempDir(), "foreign.txt")
	if err := os.WriteFile(foreign, []byte(foreignKey), 0o600); err != nil {
		t.Fatal(err)
	}
	const sum = "socktrace: 2 connections of TLS not decrypted"
	for _, args := range [][]string{{"read"}, {"read", "-f", "compact"}, {"read", "-f", "jsonl"}, {"read", "-q"}, {"stats"}} {
		got := socktrace(t, nil, append(args, capture)...).end()
		if n := strings.Count(got.out+got.err, sum+": no key log was given (--keylog FILE takes one: socktrace help keylog)\n"); n != 1 || got.status != "exit status 0" {
			t.Errorf("%s: the hint is there %d times: %s, %s", args, n, got.status, got.out+got.err)
		}
		got = socktrace(t, nil, append(args, "--keylog", foreign, capture)...).end()
		if !strings.Contains(got.out+got.err, sum+"\n") {
			t.Errorf("%s: with a key log of others: %s", args, got.err)
		}
		got = socktrace(t, nil, append(args, "--keylog", keys, capture)...).end()
		if strings.Contains(got.out+got.err, "not decrypted") {
			t.Errorf("%s: with the key log: %s", args, got.err)
		}
	}
	for why, more := range map[string][]string{"there is no key log": nil, "its keys are not in the key log": {"--keylog", foreign}} {
		got := socktrace(t, nil, append([]string{"read", "-f", "compact", capture}, more...)...).end()
		for _, version := range []string{"1.2", "1.3"} {
			if n := strings.Count(got.out, "! TLS "+version+" to "); n != 1 || strings.Count(got.out, ", not decrypted: "+why+"\n") != 2 {
				t.Errorf("%s of TLS %s: %s", why, version, got.out)
			}
		}
	}
	got := socktrace(t, nil, "read", keys).end()
	if !strings.Contains(got.err, keys+": neither HAR, JSON lines, pcap, pcapng nor strace: it is a key log of TLS: read --keylog FILE decrypts a capture with it\n") || got.status != "exit status 1" {
		t.Errorf("a key log as a capture: %s, %s", got.status, got.err)
	}
}

// TestKeyLogNotThere names a key log that is not there: it is waited for live, and else
// an error.
func TestKeyLogNotThere(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "live.txt")
	var said []error
	o := newOptions()
	o.keyLogs = []string{name}
	s, err := o.openKeyLogs(true, nil, func(err error) { said = append(said, err) })
	if err != nil || len(said) != 1 || said[0].Error() != "key log "+name+" is not there yet: it is read as soon as it is" || !s.Expects() || !s.Given() {
		t.Fatalf("live: %v, %v", err, said)
	}
	if err := os.WriteFile(name, []byte(foreignKey), 0o600); err != nil {
		t.Fatal(err)
	}
	if s.Secret(keylog.Master, keylog.Random(bytes.Repeat([]byte{0x0f}, 32))) == nil {
		t.Error("it is not read when it is there")
	}
	o.keyLogs = []string{filepath.Join(filepath.Dir(name), "gone.txt")}
	if _, err := o.openKeyLogs(false, nil, nil); err == nil || err.Error() != "key log "+o.keyLogs[0]+": no such file or directory" {
		t.Errorf("read: %v", err)
	}
	o.keyLogs[0] = filepath.Dir(name)
	for _, live := range []bool{true, false} {
		if _, err := o.openKeyLogs(live, nil, nil); err == nil || err.Error() != "key log "+o.keyLogs[0]+": not a regular file" {
			t.Errorf("a folder: %v", err)
		}
	}
}

// TestLargeKeyLogInside reads a capture whose key log is larger than the memory that there
// is for it: the last secrets are used.
func TestLargeKeyLogInside(t *testing.T) {
	t.Parallel()
	capture, keys := captureTLS(t)
	var b bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&b, "CLIENT_RANDOM %064x %s\n", i, strings.Repeat("1e", 48))
	}
	b.WriteString(readFile(t, "../../decode/testdata/tls.keys"))
	if err := os.WriteFile(keys, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	want := socktrace(t, nil, "read", "-f", "jsonl", "--keylog", "../../decode/testdata/tls.keys", capture).end().out
	for _, args := range [][]string{{"--keylog", keys, capture}, {inject(t, capture, keys)}} {
		got := socktrace(t, nil, append([]string{"read", "-f", "jsonl", "--max-memory", "32m"}, args...)...).end()
		if got.out != want || got.status != "exit status 0" || strings.Count(got.err, "only the last ") != 1 {
			t.Errorf("%s: %s, %s\n%s", args, got.status, got.err, got.out)
		}
	}
}
