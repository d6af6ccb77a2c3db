//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiffAnew compares two recordings of the demo, which is done anew each time.
func TestDiffAnew(t *testing.T) {
	t.Parallel()
	got := socktrace(t, nil, "diff", recordedDemo(t), recordedDemo(t)).end()
	if got.status != "exit status 0" || !strings.HasSuffix(got.out, "\nno difference: 18 exchanges\n") {
		t.Errorf("%s\n%s%s", got.status, got.out, got.err)
	}
}

// TestDiffStatus checks what diff says, and with which status, of sessions that differ, and of
// recordings that cannot be read, or not in full.
func TestDiffStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, err := os.ReadFile("../../diff/testdata/docker-28.har")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, text []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	a, b := write("a.har", text), write("b.har", bytes.Replace(text, []byte(`GREETING=hello`), []byte(`GREETING=hallo`), 1))
	cut, none, empty := write("cut.har", text[:len(text)/2]), write("none.har", []byte(`{"log":{"version":"1.2","entries":[]}}`)), write("empty", nil)
	many := write("many.har", manyExchanges(10000))
	for _, c := range []struct {
		args           []string
		status         string
		out, complains string // what is part of it
	}{
		{[]string{a, b}, "exit status 1", "body Env[GREETING]  GREETING=hello → GREETING=hallo\n\n1 exchange differs; 28 are the same\n", ""},
		{[]string{"--ignore", "ContainerCreate:Env", a, b}, "exit status 0", "no difference: 29 exchanges\n", ""},
		{[]string{"--ignore", "Nothing", a, a}, "exit status 0", "no difference", "--ignore Nothing: nothing differs there\n"},
		{[]string{none, none}, "exit status 0", "neither has any exchange\n", ""},
		{[]string{none, a}, "exit status 1", "29 exchanges are only in " + a + "; none is the same\n", ""},
		{[]string{"--max-memory", "32m", many, many}, "exit status 2", "no difference: ", "not compared, for want of memory: "},
		{[]string{a, cut}, "exit status 2", "are only in " + a + "; ", "compared is what could be read\n"},
		{[]string{a, empty}, "exit status 2", "", "neither HAR, JSON lines, pcap, pcapng nor strace: empty"},
		{[]string{a, filepath.Join(dir, "missing")}, "exit status 2", "", "missing"},
	} {
		got := socktrace(t, nil, append([]string{"diff"}, c.args...)...).end()
		if got.status != c.status || !strings.Contains(got.out, c.out) || c.out == "" && got.out != "" || !strings.Contains(got.err, c.complains) {
			t.Errorf("%q: %s\n%s%s", c.args, got.status, got.out, got.err)
		}
	}
}

// manyExchanges returns a recording of so many requests that are the same.
func manyExchanges(n int) []byte {
	const one = `{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/x"},"response":{"status":200}}`
	return []byte(`{"log":{"version":"1.2","entries":[` + strings.Repeat(one+",", n-1) + one + `]}}`)
}
