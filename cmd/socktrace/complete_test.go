package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// completions returns what is proposed behind args, and what the shell is to do.
func completions(t *testing.T, args ...string) string {
	t.Helper()
	return strings.Join(strings.Fields(answerOf(t, append([]string{"__completeNoDesc"}, args...)...)), " ")
}

// TestComplete proposes commands and files behind run, recordings behind read, and
// nothing where nothing can be.
func TestComplete(t *testing.T) {
	if runtime.GOOS == "windows" {
		need.Skip(t, "modes of files", "no file says that it is a program")
	}
	bin, other := t.TempDir(), t.TempDir()
	for path, mode := range map[string]os.FileMode{
		filepath.Join(bin, "dockx"): 0o755, filepath.Join(other, "dockx"): 0o755, filepath.Join(other, "docky"): 0o700,
		filepath.Join(bin, "dockfile"): 0o644, filepath.Join(bin, "podx"): 0o755,
	} {
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(bin, "dockdir"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOCKER_CONFIG", other)
	t.Setenv("PATH", strings.Join([]string{bin, "/no/such", other}, string(filepath.ListSeparator)))
	const files, nothing, byEnd = ":0", ":4", ":8"
	for args, want := range map[string]string{
		"run|--|dock":            "dockx docky " + files,
		"run|dock":               "dockx docky " + files,
		"run|-q|--|pod":          "podx " + files,
		"run|--|nothing":         files,
		"run|--|./dock":          files,
		"run|--|dockx|dock":      files,
		"run|--|dockx|--":        files, // not flags of ours
		"run|-o|":                files,
		"run|--env|":             "CONTAINER_HOST " + nothing,
		"run|--context|":         "default " + nothing,
		"listen|--context|":      "default " + nothing,
		"run|--har|":             "har har.gz " + byEnd,
		"read|--pcapng|":         "pcapng " + byEnd,
		"read|":                  strings.Join(recordingEnds, " ") + " " + byEnd,
		"read|x.har|":            strings.Join(recordingEnds, " ") + " " + byEnd,
		"read|--max-body|":       nothing,
		"listen|":                nothing,
		"sniff|":                 nothing,
		"demo|":                  nothing,
		"operations|containercr": "ContainerCreate ContainerCreateLibpod " + nothing,
		"operations|Control/S":   "Control/Solve Control/Status Control/Session " + nothing,
		"operations|zzz":         nothing,
		"operations|docker|":     nothing,
		"version|":               nothing,
		"help|run|":              nothing,
		"run|-f|js":              strings.Join(formatWords(), " ") + " " + nothing,
		"listen|--color|al":      "auto always never " + nothing,
	} {
		if got := completions(t, strings.Split(args, "|")...); got != want {
			t.Errorf("%s: got %q; want %q", args, got, want)
		}
	}
	if all := strings.Fields(completions(t, "help", "")); !slices.Contains(all, "run") || !slices.Contains(all, "secrets") {
		t.Errorf("help: %q", all)
	}
}
