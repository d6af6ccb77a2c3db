//go:build unix

package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/render"
)

// eventLines returns the lines of some kinds of events; nil: all.
func eventLines(text string, kinds []string) (all []string) {
	for line := range strings.Lines(text) {
		kind, _, _ := strings.Cut(strings.TrimPrefix(line, `{"event":"`), `"`)
		if kinds == nil || slices.Contains(kinds, kind) {
			all = append(all, line)
		}
	}
	return all
}

// TestEvents: events that are asked for by themselves say what they say among the others, and
// there are no others.
func TestEvents(t *testing.T) {
	dir := shortDir(t)
	capture, lines := filepath.Join(dir, "demo.pcapng"), filepath.Join(dir, "demo.jsonl")
	check(t, "the demo's status", socktrace(t, nil, "demo", "-f", "jsonl", "-o", lines, "--pcapng", capture).end().status, "exit status 0")
	lists := []string{"request,response", "anomaly,exchange", "open,close", "message,exchange,message"}
	for _, file := range append(recordedRuns(t), capture, lines) {
		flags := []string{"read", "--show-secrets", "-f", "jsonl", file}
		whole := called(t, flags...).out
		for _, list := range append(render.EventNames(), lists...) {
			got, want := eventLines(called(t, append(flags, "--events", list)...).out, nil), eventLines(whole, strings.Split(list, ","))
			if !slices.Equal(got, want) {
				t.Errorf("%s: --events %s: %d lines, want %d", filepath.Base(file), list, len(got), len(want))
			}
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Errorf("got\n%swant\n%s", got[i], want[i])
					break
				}
			}
		}
	}
}

// recordedRuns returns sessions of docker that tests of other packages have recorded.
func recordedRuns(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("../../diff/testdata/*.har")
	if err != nil || len(all) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	return all
}

// TestExchangesAlone: a recording of exchanges alone can be read, and says the same then.
func TestExchangesAlone(t *testing.T) {
	dir := shortDir(t)
	first, again := filepath.Join(dir, "first.jsonl"), filepath.Join(dir, "again.jsonl")
	for _, har := range recordedRuns(t) {
		for _, way := range [][2]string{{har, first}, {first, again}} {
			check(t, har, called(t, "read", "-f", "jsonl", "--events", "exchange", "-o", way[1], way[0]).status, "exit status 0")
		}
		checkLines(t, har, readFile(t, again), readFile(t, first))
	}
}
