//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNear finds what was meant, and nothing where nothing is near.
func TestNear(t *testing.T) {
	commands := []string{"run", "listen", "read", "sniff", "demo", "version", ""}
	formats := []string{"text", "compact", "jsonl"}
	for _, c := range []struct {
		word  string
		words []string
		want  string
	}{
		{"lisen", commands, "listen"}, // a letter is missing
		{"liisten", commands, "listen"},
		{"lizten", commands, "listen"},
		{"lsiten", commands, "listen"},
		{"Listen", commands, "listen"},
		{"listne", commands, "listen"},
		{"lsitne", commands, "listen"}, // two slips of six letters
		{"lsitnx", commands, ""},
		{"eror", []string{"errors", "env"}, "errors"},
		{"listen-to", commands, "listen"}, // a third of the longer one
		{"listen-tos", commands, ""},
		{"rnu", commands, "run"},
		{"rxx", commands, ""},
		{"red", commands, "read"},
		{"rm", commands, ""},
		{"ver", commands, "version"}, // how it begins
		{"r", commands, ""},          // two begin so
		{"docker", commands, ""},
		{"", commands, ""},
		{"json", formats, "jsonl"},
		{"json-lines", formats, ""},
		{"yaml", formats, ""},
	} {
		if got := near(c.word, c.words); got != c.want {
			t.Errorf("%q: got %q, want %q", c.word, got, c.want)
		}
	}
}

// TestCommandHint says what was meant by what is no command.
func TestCommandHint(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	recording := filepath.Join(dir, "a b.har")
	for path, mode := range map[string]os.FileMode{filepath.Join(dir, "docker"): 0o755, filepath.Join(dir, "red"): 0o755, recording: 0o644} {
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	for args, want := range map[string]string{
		"docker|ps":              "did you mean socktrace run -- docker ps?",
		"docker|run|-it|sh|-c|x": "did you mean socktrace run -- docker run -it sh -c x?",
		"docker|exec|a b||it's":  `did you mean socktrace run -- docker exec 'a b' '' 'it'\''s'?`,
		"red|x":                  "did you mean socktrace read?", // although there is such a program
		recording:                "did you mean socktrace read '" + recording + "'?",
		"nothing":                "see socktrace --help",
	} {
		root := newRoot(processStd())
		root.SetArgs(strings.Split(args, "|"))
		err := root.Execute()
		var f *failure
		if !errors.As(err, &f) || f.code != exitUsage || f.hint != want {
			t.Errorf("%s: %+v\nwant the hint %q", args, f, want)
		}
	}
}

// TestFlagHint says what was meant by what is no flag, and by what is no value.
func TestFlagHint(t *testing.T) {
	for args, want := range map[string]string{
		"run --formt x":       "did you mean --format? see socktrace run --help; flags of the command go behind --",
		"read --show-secret":  "did you mean --show-secrets? see socktrace read --help",
		"read --nothing":      "see socktrace read --help",
		"read -x":             "see socktrace read --help",
		"read -o":             "see socktrace read --help",
		"-q read x":           "flags go behind the command; see socktrace --help",
		"--quiet read y":      "flags go behind the command; see socktrace --help",
		"-x read y":           "see socktrace --help",
		"--vresion":           "did you mean --version? see socktrace --help",
		"read --eror":         "did you mean --errors? see socktrace read --help",
		"read --slower 5":     "",
		"run --slower 5 -- x": "",
		"listen --exposed x":  "did you mean --expose? see socktrace listen --help",
	} {
		root := newRoot(processStd())
		root.SetArgs(strings.Fields(args))
		err := root.Execute()
		var f *failure
		if !errors.As(err, &f) || f.hint != want {
			t.Errorf("%s: %+v\nwant the hint %q", args, f, want)
		}
	}
	for args, want := range map[string]string{
		"read --slower 5 x":    `--slower "5": not a time such as 500ms or 2s`,
		"read --max-body x x":  `--max-body "x": not a size such as 4096, 64k or 10M`,
		"read --all=maybe x":   `--all "maybe": not one of true, false`,
		"sniff --port http":    `--port "http": not a port such as 2375`,
		"read -f json x":       `--format "json": not one of ` + strings.Join(formatWords(), ", ") + `; did you mean jsonl?`,
		"read --heads shor x":  `--heads "shor": not one of full, short, none; did you mean short?`,
		"read --color yes x":   `--color "yes": not one of auto, always, never`,
		"read --bodies many x": `--bodies "many": not one of full, short, none`,
	} {
		root := newRoot(processStd())
		root.SetArgs(strings.Fields(args))
		if err := root.Execute(); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", args, err, want)
		}
	}
}

// TestCompletionShell refuses a shell that is none, and says more of completion if none
// is named.
func TestCompletionShell(t *testing.T) {
	for args, want := range map[string]string{
		"completion basch": `completion: unknown shell "basch"; did you mean bash?`, "completion tcsh x": `completion: unknown shell "tcsh"`,
	} {
		root := newRoot(processStd())
		root.SetArgs(strings.Fields(args))
		var f *failure
		if err := root.Execute(); !errors.As(err, &f) || f.Error() != want || f.code != exitUsage || f.hint != "there are bash, zsh, fish, powershell" {
			t.Errorf("%s: %+v; want %s", args, f, want)
		}
	}
	for args, want := range map[string]string{"completion": "powershell ", "completion bash": "__start_socktrace"} {
		if got := socktrace(t, nil, strings.Fields(args)...).end(); !strings.Contains(got.out, want) || got.status != "exit status 0" {
			t.Errorf("%s: no %s in %.200s, %s", args, want, got.out, got.status)
		}
	}
}

// TestShortened: what is longer than all names is near to none, and messages have its beginning,
// with whole letters.
func TestShortened(t *testing.T) {
	whole := strings.Repeat("a", maxWord)
	for text, want := range map[string]string{
		"":                        "",
		whole:                     whole,
		whole + "b":               whole + "…",
		whole[1:] + "é":           whole[1:] + "…",
		whole[2:] + "éb":          whole[2:] + "é…",
		strings.Repeat("é", 1000): strings.Repeat("é", maxWord/2) + "…",
	} {
		if got := shortened(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := near(whole, []string{whole + "b"}); got != whole+"b" {
		t.Errorf("near to a long word: %q", got)
	}
	if got := near(whole+"b", []string{whole + "bc"}); got != "" {
		t.Errorf("near to a word that is too long: %q", got)
	}
}

// TestLongWords: messages about long words, and about many, are short.
func TestLongWords(t *testing.T) {
	long := strings.Repeat("a", 100000)
	short := `"` + long[:maxWord] + `…"`
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"operations", long}, "operations: none is about " + short + "\n"},
		{append([]string{"operations"}, strings.Fields(strings.Repeat("zzz ", 10000))...), `operations: none is about "` + strings.Repeat("zzz ", maxWord/4) + "…\"\n"},
		{[]string{long}, "unknown command " + short + "\n"},
		{[]string{"help", long}, "help: no command and no page " + short + "\n"},
		{[]string{"completion", long}, "completion: unknown shell " + short + "\n"},
		{[]string{"operations", "--color", long}, "--color " + short + ": not one of auto, always, never\n"},
		{[]string{"run", "--format", long, "true"}, "--format " + short + ": not one of "},
	} {
		got := called(t, c.args...)
		if !strings.Contains(got.err, c.want) {
			t.Errorf("%.30q: got %.300q, want %.300q", c.args, got.err, c.want)
		}
		if len(got.err) > 1000 {
			t.Errorf("%.30q: %d bytes", c.args, len(got.err))
		}
	}
}
