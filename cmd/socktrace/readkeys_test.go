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

// TestFilterTLS asks for exchanges by what their connections have agreed on, in a capture and
// in what is recorded of it: two of TLS 1.2, and two of TLS 1.3 with a client's certificate.
func TestFilterTLS(t *testing.T) {
	t.Parallel()
	capture, keys := captureTLS(t)
	r := recordingsIn(t.TempDir())
	check(t, "status", socktrace(t, nil, append([]string{"read", "--keylog", keys, capture}, r.flags()...)...).end().status, "exit status 0")
	for _, file := range []string{capture, r.pcapng, r.har, r.live} {
		for expr, want := range map[string]int{
			`tls.version == "TLS 1.3"`: 2, `tls.version startsWith "TLS"`: 4, `tls.version == ""`: 0, `tls.cipher contains "_GCM_"`: 4,
			`tls.client == "CN=client"`: 2, `tls.client == ""`: 2, `tls.server == "CN=daemon" and tls.server_name == "d" and tls.alpn == ""`: 4, `tls.alpn == "h2"`: 0,
		} {
			args := []string{"read", "-f", "jsonl", "--filter", expr, file}
			if file == capture {
				args = append(args, "--keylog", keys)
			}
			got := socktrace(t, nil, args...).end()
			if n := len(parseExchanges(t, got.out)); n != want || got.status != "exit status 0" {
				t.Errorf("%s: %s shows %d exchanges, want %d: %s", filepath.Ext(file), expr, n, want, got.err)
			}
			if handshakes := strings.Count(got.out, `{"event":"tls"`); handshakes != (want+1)/2 { // with the first exchange of each
				t.Errorf("%s: %s shows %d handshakes for %d exchanges", filepath.Ext(file), expr, handshakes, want)
			}
		}
	}
}
