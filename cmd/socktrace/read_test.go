//go:build unix

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// demoCapture returns a pcapng recording of the demo.
func demoCapture(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "demo.pcapng")
	check(t, "status", socktrace(t, nil, "demo", "-q", "--pcapng", file).end().status, "exit status 0")
	return []byte(readFile(t, file))
}

// TestReadClosed is "socktrace read | head -1": it goes, quietly, also if a secret would have been
// shown, or the end came within one.
func TestReadClosed(t *testing.T) {
	t.Parallel()
	secret := `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","time":1,` +
		`"request":{"method":"GET","url":"http://docker/v1.41/x?password=hunter2","httpVersion":"HTTP/1.1","headers":[]},"response":{"status":200,"httpVersion":"HTTP/1.1","headers":[],"content":{}}}]}}`
	for name, recorded := range map[string][]byte{"a session": demoCapture(t), "a secret": []byte(secret)} {
		r, prepare := stdoutPipe(t)
		p := socktrace(t, func(c *exec.Cmd) { prepare(c); c.Stdin = bytes.NewReader(recorded) }, "read", "-")
		p.Stdout.(*os.File).Close() // ours; the program has its own
		shut(r)
		got := p.end()
		check(t, name+": status", got.status, "exit status 0")
		check(t, name+": stderr", got.err, "")
	}
}

// readHalf has the program read from a pipe that half a capture was written to,
// and awaits what it shows then. w is the end to write the rest to.
func readHalf(t *testing.T, capture []byte, format, shows string) (p *process, w *os.File, rest []byte) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	p = socktrace(t, func(c *exec.Cmd) { c.Stdin = r }, "read", "-f", format, "-")
	r.Close()
	half := len(capture) / 2
	if _, err := w.Write(capture[:half]); err != nil {
		t.Fatal(err)
	}
	p.out.await(t, shows)
	return p, w, capture[half:]
}

// TestReadPipe reads a capture that is still being written: exchanges show as
// soon as their packets are there.
func TestReadPipe(t *testing.T) {
	t.Parallel()
	p, w, rest := readHalf(t, demoCapture(t), "jsonl", `"event":"exchange"`)
	early := len(parseEvents(t, p.out.String()).of("exchange"))
	if _, err := w.Write(rest); err != nil {
		t.Fatal(err)
	}
	w.Close()
	got := p.end()
	check(t, "status", got.status, "exit status 0")
	all := len(parseEvents(t, got.out).of("exchange"))
	check(t, "exchanges", all, 18)
	if early == 0 || early == all {
		t.Errorf("%d of %d exchanges at half time", early, all)
	}
}

// TestReadBroken reads what is no whole capture: what there is of it is shown,
// and the exit status is 1.
func TestReadBroken(t *testing.T) {
	t.Parallel()
	capture := demoCapture(t)
	read := func(t *testing.T, data []byte) result {
		t.Helper()
		return socktrace(t, func(c *exec.Cmd) { c.Stdin = bytes.NewReader(data) }, "read", "-f", "compact", "-").end()
	}
	for name, test := range map[string]struct {
		data   string
		stderr string
	}{
		"nothing":     {"", "empty"},
		"a text":      {"once upon a time there was no capture", `neither HAR, JSON lines, pcap, pcapng nor strace: it begins with "once upon a time"`},
		"JSON":        {`{"a":1}`, "not a HAR"},
		"half a HAR":  {`{"log":{"version":"1.2","entries":[{"startedDa`, "cut short"},
		"a gzip only": {"\x1f\x8b\x08\x00\x00\x00\x00\x00", "gzip: unexpected EOF"},
		"a zip":       {"PK\x03\x04................", "it is a zip archive"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := read(t, []byte(test.data))
			t.Logf("%s", got.err)
			check(t, "status", got.status, "exit status 1")
			if !strings.Contains(got.err, "socktrace: standard input: ") || !strings.Contains(got.err, test.stderr) {
				t.Errorf("stderr: %q", got.err)
			}
			check(t, "what was read", got.out, "")
		})
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		data := bytes.Clone(capture)[:1+random.IntN(len(capture)-1)]
		t.Run("cut", func(t *testing.T) {
			t.Parallel()
			if got := read(t, data); got.status != "exit status 1" && !strings.HasSuffix(got.status, "exit status 0") {
				t.Errorf("%d bytes: %s: %s", len(data), got.status, got.err)
			}
		})
		flipped := bytes.Clone(capture)
		for range 1 + random.IntN(20) {
			flipped[random.IntN(len(flipped))] ^= 1 << random.IntN(8)
		}
		t.Run("flipped", func(t *testing.T) {
			t.Parallel()
			if got := read(t, flipped); got.status != "exit status 1" && got.status != "exit status 0" || strings.Contains(got.err, "panic") {
				t.Errorf("%s: %s", got.status, got.err)
			}
		})
	}
}

// TestReadNeverWaits reads from a pipe that stays open, and is interrupted.
func TestReadNeverWaits(t *testing.T) {
	t.Parallel()
	p, _, _ := readHalf(t, demoCapture(t), "jsonl", `"event":"exchange"`)
	check(t, "status", p.stop(os.Interrupt).status, "exit status 0")
}

// TestReadPause says of exchanges that are open when a capture pauses how long
// they are, by the clock of the capture.
func TestReadPause(t *testing.T) {
	t.Parallel()
	var capture bytes.Buffer
	if _, err := writeCapture(&capture, 100_000, smallChats()); err != nil {
		t.Fatal(err)
	}
	p, _, _ := readHalf(t, capture.Bytes(), "compact", "… open")
	got := p.stop(os.Interrupt)
	seconds := regexp.MustCompile(`… +\d{1,2}\.\d+ s .*… open`)
	for line := range strings.Lines(got.out) {
		if strings.Contains(line, "… open") && !seconds.MatchString(line) {
			t.Errorf("open for too long: %s", line)
		}
	}
}
