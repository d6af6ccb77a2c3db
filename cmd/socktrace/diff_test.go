//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiff tells what two recordings of the demo differ in: nothing, whatever form they have; and
// what was changed in one of them, in each format.
func TestDiff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := recordingsIn(dir)
	check(t, "status", socktrace(t, nil, append([]string{"demo"}, files.flags()...)...).end().status, "exit status 0")
	all := []string{files.har, files.pcapng, files.live}
	for _, a := range all {
		for _, b := range all {
			got := socktrace(t, nil, "diff", a, b).end()
			if got.status != "exit status 0" || !strings.Contains(got.out, "\nno difference: ") {
				t.Errorf("%s, %s: %s\n%s%s", filepath.Base(a), filepath.Base(b), got.status, got.out, got.err)
			}
		}
	}
	other := changedRecording(t, files.har, `\"Memory\":0,`, `\"Memory\":536870912,`)
	got := socktrace(t, nil, "diff", files.har, other).end()
	check(t, "status", got.status, "exit status 1")
	want := "    body HostConfig.Memory  0 → 512m\n"
	if !strings.Contains(got.out, want) || !strings.Contains(got.out, "\n2 exchanges differ; ") {
		t.Errorf("%q is not there:\n%s%s", want, got.out, got.err)
	}
	for format, says := range map[string]string{
		"markdown": "| `body HostConfig.Memory` | <del>`0`</del> | <ins>`512m`</ins> |",
		"html":     "<del><code>0</code></del>",
		"json":     `"b": 536870912`,
	} {
		name := filepath.Join(dir, "report."+format)
		for range 2 {
			got := socktrace(t, nil, "diff", "-f", format, "-o", name, files.har, other).end()
			check(t, "status", got.status, "exit status 1")
		}
		b := readFile(t, name)
		if !strings.Contains(b, says) {
			t.Errorf("%s: %q is not there:\n%s", format, says, b)
		}
		if format == "json" && !json.Valid([]byte(b)) {
			t.Errorf("no JSON: %s", b)
		}
	}
	for _, place := range []string{"HostConfig.Memory", "HostConfig.*", "*:hostconfig"} {
		got := socktrace(t, nil, "diff", "--ignore", place, files.har, other).end()
		check(t, "--ignore "+place, got.status, "exit status 0")
	}
	got = socktrace(t, nil, "diff", "--ignore", "HostConfig.Binds", files.har, other).end()
	check(t, "status", got.status, "exit status 1")
	if !strings.Contains(got.err, "--ignore HostConfig.Binds: nothing differs there") {
		t.Error(got.err)
	}
}

// changedRecording returns a copy of a recording in which one text is another, wherever it stands.
func changedRecording(t *testing.T, name, from, to string) string {
	t.Helper()
	text := readFile(t, name)
	if !strings.Contains(text, from) {
		t.Fatalf("%s is not in %s", from, name)
	}
	other := filepath.Join(t.TempDir(), "other.har")
	if err := os.WriteFile(other, []byte(strings.ReplaceAll(text, from, to)), 0o600); err != nil {
		t.Fatal(err)
	}
	return other
}

// TestDiffFlags refuses what diff does not do: what cannot be told is another status than what
// differs.
func TestDiffFlags(t *testing.T) {
	t.Parallel()
	for args, says := range map[string]string{
		"diff":                             "diff: 0 files, not two",
		"diff a.har":                       "diff: 1 file, not two",
		"diff - -":                         "standard input can be one of both only",
		"diff -f htm a.har b.har":          "did you mean html?",
		"diff --same a a.har b.har":        `--same "a": not A=B`,
		"diff --ignore= a.har b.har":       "--ignore: an empty place",
		"diff no-such.har b.har":           "no-such.har",
		"diff --color x a.har b.har":       `--color "x"`,
		"diff --max-memory 1k a.har b.har": "--max-memory 1k",
	} {
		got := socktrace(t, nil, strings.Fields(args)...).end()
		check(t, args, got.status, "exit status 2")
		if !strings.Contains(got.err, says) {
			t.Errorf("%s: %s", args, got.err)
		}
	}
}
