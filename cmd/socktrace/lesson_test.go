//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLesson writes what the demo records as a lesson, in the format that the name of the
// output says, and again over it; what is no lesson stays.
func TestLesson(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := recordingsIn(dir)
	check(t, "status", socktrace(t, nil, append([]string{"demo"}, files.flags()...)...).end().status, "exit status 0")
	markdown := socktrace(t, nil, "lesson", files.har).end()
	check(t, "status", markdown.status, "exit status 0")
	for _, says := range []string{"# What was said to the daemon\n", "\n## docker run\n\n5 requests on 3 connections, ", "```mermaid\n", "18 requests on 9 connections", "stdout     hello from the container", "--unix-socket /var/run/docker.sock ", "at `unix:///var/run/docker.sock`"} {
		if !strings.Contains(markdown.out, says) {
			t.Errorf("%q is not there:\n%.2000s", says, markdown.out)
		}
	}
	for _, other := range []string{files.pcapng, files.live} { // all say the same of the session
		check(t, "lesson of "+other, socktrace(t, nil, "lesson", other).end().out, markdown.out)
	}
	said := filepath.Join(dir, "said.jsonl")
	check(t, "status", socktrace(t, nil, "demo", "--explain", "-f", "jsonl", "-o", said).end().status, "exit status 0")
	if got := socktrace(t, nil, "lesson", said).end(); !strings.Contains(got.out, "\n## docker start\n\n2 requests on 1 connection, ") || strings.Contains(got.out, "\n## docker\n") || strings.Contains(got.out, "\n- docker: ") {
		t.Errorf("other stories than the recording tells:\n%.2000s", got.out)
	}
	for _, hidden := range []string{"-q", "--stats", "--explain", "--heads=none", "--bodies=none", "--all", "--paths", "--color=always"} {
		got := socktrace(t, nil, "lesson", hidden, files.har).end()
		check(t, hidden, got.out, markdown.out)
		check(t, hidden, got.err, markdown.err)
	}
	for name, begins := range map[string]string{"x.md": "<!-- Written by socktrace lesson. -->\n# ", "x.html": "<!DOCTYPE html>\n<!-- Written by socktrace lesson. -->\n<html"} {
		name = filepath.Join(dir, name)
		for range 2 {
			check(t, "status", socktrace(t, nil, "lesson", files.har, "-o", name).end().status, "exit status 0")
		}
		if b, err := os.ReadFile(name); err != nil || !strings.HasPrefix(string(b), begins) {
			t.Errorf("%s: %v, %.90q", name, err, b)
		}
	}
	if got := socktrace(t, nil, "lesson", "-f", "html", "--title", "<b>", files.har).end(); !strings.Contains(got.out, "<h1>&lt;b&gt;</h1>") {
		t.Errorf("%.300s", got.out)
	}
	one := socktrace(t, nil, "lesson", "--filter", `operation == "ContainerCreate"`, files.har).end()
	if !strings.Contains(one.out, "\n1 request on 1 connection in ") || strings.Contains(one.out, "## 2.") {
		t.Errorf("%.600s", one.out)
	}
	strange := filepath.Join(dir, "notes.md")
	if err := os.WriteFile(strange, []byte("# My notes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := socktrace(t, nil, "lesson", files.har, "-o", strange).end()
	if b, _ := os.ReadFile(strange); got.status != "exit status 1" || string(b) != "# My notes\n" {
		t.Errorf("%s: %s, %q", got.status, got.err, b)
	}
}

// TestLessonFlags refuses what a lesson is not.
func TestLessonFlags(t *testing.T) {
	t.Parallel()
	for args, says := range map[string]string{
		"lesson":                   "lesson: no file",
		"lesson -f text x.har":     `--format "text": not one of markdown, html`,
		"lesson -f htm x.har":      "did you mean html?",
		"lesson -f jsonl x.har":    `--format "jsonl": not one of markdown, html`,
		"lesson no-such.har":       "no-such.har",
		"read -f markdown x.har":   `--format "markdown": not one of text`,
		"lesson --heads x x.har":   `--heads "x"`,
		"lesson --color x x.har":   `--color "x"`,
		"lesson -o x.har x.har -q": "x.har",
	} {
		got := socktrace(t, nil, strings.Fields(args)...).end()
		if got.status == "exit status 0" || !strings.Contains(got.err, says) {
			t.Errorf("%s: %s, %q", args, got.status, got.err)
		}
	}
}
