//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// straceLog is what strace has printed of docker run.
const straceLog = "../../intercept/strace/testdata/run.txt"

// TestReadStrace reads what strace has printed, and records it in every form.
func TestReadStrace(t *testing.T) {
	t.Parallel()
	r := recordingsIn(t.TempDir())
	got := socktrace(t, nil, append(append([]string{"read", straceLog}, r.flags()...), "--show-secrets")...).end()
	check(t, "status", got.status, "exit status 0")
	if strings.Contains(got.err, straceLog) {
		t.Errorf("stderr: %s", got.err)
	}
	if n := len(eventsIn(t, r.live).of("exchange")); n != 5 {
		t.Errorf("%d exchanges", n)
	}
	checkAgree(t, r, "--show-secrets")
	forced := socktrace(t, nil, "read", "-f", "jsonl", "--show-secrets", "--strace", straceLog).end()
	checkLines(t, "--strace", forced.out, readFile(t, r.live))
}

// TestReadStraceLive shows what comes on a pipe before that ends.
func TestReadStraceLive(t *testing.T) {
	t.Parallel()
	text := readFile(t, straceLog)
	middle := strings.Index(text, "POST /") // a write that has begun
	middle += strings.Index(text[middle:], "\n") + 1
	var in interface{ Write([]byte) (int, error) }
	p := socktrace(t, func(c *exec.Cmd) {
		pipe, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		in = pipe
		t.Cleanup(func() { pipe.Close() })
	}, "read", "--strace", "-")
	if _, err := in.Write([]byte(text[:middle])); err != nil {
		t.Fatal(err)
	}
	p.out.await(t, "200 OK")
	if _, err := in.Write([]byte("1795793749.1 not of strace")); err != nil {
		t.Fatal(err)
	}
	in.(interface{ Close() error }).Close()
	got := p.end()
	check(t, "status", got.status, "exit status 1")
	if !strings.Contains(got.err, "standard input: it ends within a line: unexpected EOF\n") {
		t.Errorf("stderr: %s", got.err)
	}
}

// TestReadStraceCut says what strace has cut, and what to do.
func TestReadStraceCut(t *testing.T) {
	t.Parallel()
	got := socktrace(t, nil, "read", "-f", "compact", filepath.Join(filepath.Dir(straceLog), "cut.txt")).end()
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "cut.txt: strace cut strings at 32 bytes: 1352 bytes are missing (strace -s 1048576 prints them)\n") {
		t.Errorf("stderr: %s", got.err)
	}
}
