//go:build unix

package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/docs"
)

// TestTutorial types the commands of the page on docker run, in a new folder, and compares
// what they show with what the page does, but for times and numbers of processes.
func TestTutorial(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there := func(cmd *exec.Cmd) { cmd.Dir = dir }
	pages, err := docs.Pages()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range pages {
		if p.Name != "docker-run" {
			continue
		}
		for _, block := range fenced.FindAllStringSubmatch(p.Text, -1) {
			typed, shown, _ := strings.Cut(block[1], "\n")
			words := commandsIn(typed)[0]
			if len(words) < 3 || words[0] != "$" || words[1] != "socktrace" {
				t.Fatalf("no command: %q", typed)
			}
			got := socktrace(t, there, words[2:]...).end()
			check(t, "status of "+typed, got.status, "exit status 0")
			want := timeless(shown)
			begins, cut := strings.CutSuffix(want, "…\n")
			out := got.out
			if out == "" {
				out = got.err
			}
			switch out := timeless(out); {
			case cut && !strings.HasPrefix(out, begins), !cut && out != want:
				t.Errorf("%s shows\n%swant\n%s", typed, out, want)
			}
			n++
		}
	}
	if n != 6 {
		t.Errorf("%d commands were typed", n)
	}
}

// timeless returns what is shown without times, numbers of processes, and what they are
// padded with.
func timeless(text string) string {
	for _, r := range []struct{ is, becomes string }{
		{`\d\d:\d\d:\d\d\.\d{3}`, "CLOCK"}, {`\b\d+(\.\d+)? m?s\b`, "TIME"}, {`\[\d+\]`, "[PID]"}, {` +`, " "},
	} {
		text = regexp.MustCompile(r.is).ReplaceAllString(text, r.becomes)
	}
	return text
}
