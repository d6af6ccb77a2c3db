//go:build unix

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// figures are those of an operation, as stats and jq say them. Numbers are kept as
// they are written.
type figures struct {
	Operation string      `json:"operation"`
	Waits     bool        `json:"waits"`
	Count     json.Number `json:"count"`
	Errors    json.Number `json:"errors"`
	Open      json.Number `json:"open"`
	Total     json.Number `json:"total_ms"`
	P50       json.Number `json:"p50_ms"`
	P95       json.Number `json:"p95_ms"`
	Max       json.Number `json:"max_ms"`
	Up        json.Number `json:"bytes_to_server"`
	Down      json.Number `json:"bytes_to_client"`
}

// report is what stats -f jsonl writes.
type report struct {
	Event      string    `json:"event"`
	Count      int       `json:"count"`
	Errors     int       `json:"errors"`
	Up         int64     `json:"bytes_to_server"`
	Down       int64     `json:"bytes_to_client"`
	Operations []figures `json:"operations"`
	Clients    []struct {
		Name  string `json:"name"`
		Addr  string `json:"addr"`
		Agent string `json:"user_agent"`
		Count int    `json:"count"`
	} `json:"clients"`
	Slowest []struct {
		Operation string `json:"operation"`
		Conn      int    `json:"conn"`
	} `json:"slowest"`
}

func parseReport(t *testing.T, line string) (r report) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), &r); err != nil || r.Event != "stats" {
		t.Fatalf("%v in %q", err, line)
	}
	return r
}

// sorted returns figures by operation.
func sorted(all []figures) []figures {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b figures) int {
		return cmp.Or(strings.Compare(a.Operation, b.Operation), cmp.Compare(fmt.Sprint(a.Waits), fmt.Sprint(b.Waits)))
	})
	return all
}

// statsLine returns the line of an exchange that has taken so many nanoseconds.
func statsLine(conn int, method, target, operation, state string, took time.Duration, more string) string {
	start := time.Date(2026, 11, 26, 12, 0, 0, 500_000_000, time.UTC)
	const layout = "2006-01-02T15:04:05.000000000Z"
	if operation != "" {
		more = fmt.Sprintf(`,"operation":%q`, operation) + more
	}
	return fmt.Sprintf(`{"event":"exchange","time":%q,"conn":%d,"exchange":1,"method":%q,"target":%q,"version":"HTTP/1.1","state":%q,"start":%q,"client":{"pid":7,"name":"docker"},"request":{"headers":[],"header_bytes":%d}%s}`+"\n",
		start.Add(took).Format(layout), conn, method, target, state, start.Format(layout), 10+conn, more)
}

// statsAnswer is what a line has of an answer.
const statsAnswer = `,"status":200,"response":{"version":"HTTP/1.1","headers":[],"header_bytes":20,"content":"json","wire_bytes":7,"body_bytes":7}`

// oddLines are exchanges that a session with a daemon that works does not have.
func oddLines() string {
	var b strings.Builder
	line := func(conn int, operation, target, state string, took time.Duration, more string) {
		b.WriteString(statsLine(conn, "GET", target, operation, state, took, more))
	}
	const inspect, path = "ContainerInspect", "/v1.41/containers/a/json"
	for i := range 37 {
		line(i+1, inspect, path, "done", time.Duration(i*i%17)*time.Millisecond+time.Duration(i), statsAnswer)
	}
	line(41, inspect, path, "done", 500_123, `,"status":404,"reason":"Not Found","response":{"version":"HTTP/1.1","headers":[],"header_bytes":20}`)
	line(42, inspect, path, "aborted", 700*time.Millisecond, "")
	line(43, inspect, path, "partial", 900*time.Millisecond, statsAnswer)
	line(44, inspect, path, "open", 901*time.Millisecond, "")
	line(45, "", "/odd/1", "done", 3*time.Millisecond, statsAnswer)
	line(46, "", "/odd/2", "done", 2*time.Millisecond, statsAnswer)
	line(47, "ContainerLogs", "/v1.41/containers/a/logs?stdout=1", "done", 4*time.Millisecond, statsAnswer)
	line(48, "ContainerLogs", "/v1.41/containers/a/logs?follow=1", "done", 4*time.Second, statsAnswer)
	return b.String()
}

// TestStatsAgrees compares with what jq makes of the same recording, to the byte.
func TestStatsAgrees(t *testing.T) {
	t.Parallel()
	jq := need.Program(t, "jq")
	dir := t.TempDir()
	files := recordingsIn(dir)
	check(t, "status", socktrace(t, nil, append([]string{"demo"}, files.flags()...)...).end().status, "exit status 0")
	odd := filepath.Join(dir, "odd.jsonl")
	if err := os.WriteFile(odd, []byte(oddLines()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{files.pcapng, files.har, files.live, odd} {
		got := socktrace(t, nil, "stats", "-f", "jsonl", file).end()
		check(t, "status of "+file, got.status, "exit status 0")
		r := parseReport(t, got.out)
		cmd := exec.Command(jq, "-c", "--slurp", "-f", filepath.Join("testdata", "stats.jq"))
		cmd.Stdin = strings.NewReader(socktrace(t, nil, "read", "-f", "jsonl", file).end().out)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("jq: %v\n%s", err, out)
		}
		var want []figures
		for line := range strings.Lines(string(out)) {
			var f figures
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			want = append(want, f)
		}
		if len(want) < 3 {
			t.Errorf("%s: only %d operations", file, len(want))
		}
		ours, theirs := fmt.Sprintf("%+v", normal(t, sorted(r.Operations))), fmt.Sprintf("%+v", normal(t, sorted(want)))
		checkLines(t, filepath.Base(file), strings.ReplaceAll(ours, "}", "}\n"), strings.ReplaceAll(theirs, "}", "}\n"))
	}
}

// normal returns figures with sums to the nanosecond, which jq has as floating point
// numbers.
func normal(t *testing.T, all []figures) []figures {
	t.Helper()
	for i := range all {
		ms, err := all[i].Total.Float64()
		if err != nil {
			t.Fatal(err)
		}
		all[i].Total = json.Number(fmt.Sprintf("%.6f", ms))
	}
	return all
}

// TestStatsCarried: the bytes of all exchanges are those that the connections have
// carried, streams and all.
func TestStatsCarried(t *testing.T) {
	t.Parallel()
	files := recordingsIn(t.TempDir())
	check(t, "status", socktrace(t, nil, append([]string{"demo"}, files.flags()...)...).end().status, "exit status 0")
	var carried [2]int64
	for _, ev := range parseEvents(t, readFile(t, files.live)).of("close") {
		carried[0] += ev.ToServer
		carried[1] += ev.ToClient
	}
	r := parseReport(t, socktrace(t, nil, "stats", "-f", "jsonl", files.pcapng).end().out)
	check(t, "bytes", [2]int64{r.Up, r.Down}, carried)
	check(t, "exchanges", r.Count, 18)
}

// TestStatsPlaces says where statistics go: behind the live output, before the
// summary, and alone if there is no live output.
func TestStatsPlaces(t *testing.T) {
	t.Parallel()
	first := func(text, what string) int {
		t.Helper()
		i := strings.Index(text, what)
		if i < 0 {
			t.Errorf("no %q in\n%s", what, tail(text))
		}
		return i
	}
	shown := socktrace(t, nil, "demo", "-f", "compact", "--stats").end()
	if live, stats, sum := first(shown.out, "ContainerAttach"), first(shown.out, "\n\n18 exchanges in "), first(shown.out, "socktrace: 9 connections"); live > stats || stats > sum {
		t.Errorf("out of order:\n%s", shown.out)
	}
	alone := socktrace(t, nil, "demo", "-q", "--stats").end()
	if !strings.HasPrefix(alone.out, "18 exchanges in ") || strings.Contains(alone.out, "socktrace:") {
		t.Errorf("got\n%s", alone.out)
	}
	first(alone.err, "socktrace: 9 connections")
	lines := socktrace(t, nil, "demo", "-f", "jsonl", "--stats").end()
	all := slices.Collect(strings.Lines(lines.out))
	last := all[len(all)-1]
	check(t, "exchanges in the last line", parseReport(t, last).Count, 18)
	check(t, "stderr", lines.err, "")
	read := func(in string, flags ...string) result {
		return socktrace(t, func(c *exec.Cmd) { c.Stdin = strings.NewReader(in) }, append([]string{"read", "-f", "jsonl", "-"}, flags...)...).end()
	}
	plain := read(lines.out)
	check(t, "lines read back", strings.Count(plain.out, "\n"), len(all)-1)
	check(t, "stderr of read", plain.err, "")
	if again := read(plain.out, "--stats").out; !strings.HasPrefix(again, plain.out) || parseReport(t, again[len(plain.out):]).Count != 18 {
		t.Errorf("with statistics:\n%s", tail(again))
	}
}

// TestStatsFiles reads what there is of files, and says what there is not.
func TestStatsFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	odd, out := filepath.Join(dir, "odd.jsonl"), filepath.Join(dir, "out")
	if err := os.WriteFile(odd, []byte(oddLines()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args             string
		status, out, err string
	}{
		{"stats", "exit status 2", "", "socktrace: stats: no file"},
		{"stats " + dir + "/none", "exit status 1", "", "none: no such file"},
		{"stats -f yaml " + odd, "exit status 2", "", "not one of " + strings.Join(formatWords(), ", ")},
		{"stats " + odd, "exit status 0", "45 exchanges in ", "socktrace: 45 connections"},
		{"stats -f compact " + odd + " " + odd, "exit status 0", "90 exchanges in ", ""},
		{"stats " + odd + " " + dir + "/none", "exit status 1", "45 exchanges in ", "none: no such file"},
		{"stats -o " + out + " " + odd, "exit status 0", "", ""},
		{"read -q --stats -o " + out + "2 " + odd, "exit status 0", "", ""},
		{"stats -o " + odd + " " + odd, "exit status 2", "", "would be written over"},
	} {
		got := socktrace(t, nil, strings.Fields(tt.args)...).end()
		check(t, tt.args, got.status, tt.status)
		if !strings.HasPrefix(got.out, tt.out) || tt.out == "" && got.out != "" || !strings.Contains(got.err, tt.err) {
			t.Errorf("%s:\n%s%s", tt.args, got.out, got.err)
		}
	}
	for _, file := range []string{out, out + "2"} {
		if !strings.HasPrefix(readFile(t, file), "45 exchanges in ") {
			t.Errorf("%s:\n%s", file, readFile(t, file))
		}
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		need.Skip(t, "/dev/full", err)
	}
	defer full.Close()
	got := socktrace(t, func(c *exec.Cmd) { c.Stdout = full }, "stats", odd).end()
	if check(t, "status", got.status, "exit status 1"); !strings.Contains(got.err, "the live output ends here") {
		t.Errorf("got %s", got.err)
	}
}

// TestStatsUnread ends although nobody reads what it says: quietly if the reader has
// gone, with a word if it reads nothing.
func TestStatsUnread(t *testing.T) {
	t.Parallel()
	in, lines, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r, prepare := stdoutPipe(t)
	p := socktrace(t, func(c *exec.Cmd) { prepare(c); c.Stdin = in }, "stats", "-")
	p.Stdout.(*os.File).Close() // ours; the program has its own
	shut(r)
	if _, err := lines.WriteString(oddLines()); err != nil {
		t.Error(err)
	}
	lines.Close()
	gone := p.end()
	check(t, "status", gone.status, "exit status 0")
	check(t, "stderr", gone.err, "")

	_, prepare = stdoutPipe(t)
	l := listenWith(t, func(c *exec.Cmd) {
		prepare(c)
		w := c.Stdout.(*os.File)
		_ = w.SetWriteDeadline(time.Now().Add(time.Second))
		if n, err := w.Write(make([]byte, 4<<20)); err == nil {
			t.Errorf("a pipe takes %d bytes", n)
		}
	}, fakeDaemon(t, func(net.Conn) {}), "-q", "--stats")
	if got := l.stop(os.Interrupt); !strings.Contains(got.err, "the output does not move: its end was not written") {
		t.Errorf("%s: %s", got.status, got.err)
	}
}
