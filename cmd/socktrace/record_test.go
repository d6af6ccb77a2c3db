//go:build unix

package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestRecordingUsage checks what is refused, and what is said.
func TestRecordingUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.har")
	if err := os.WriteFile(there, []byte(`{"log":{"version":"1.2","entries":[]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args   string
		status string
		stderr string
	}{
		{"demo --har - ", "exit status 2", "socktrace: the live output and --har cannot both have standard output\n"},
		{"demo -q --har - --pcapng -", "exit status 2", "socktrace: --har and --pcapng cannot both have standard output\n"},
		{"run --har - -- true", "exit status 125", "socktrace: the command and --har cannot both have standard output\n"},
		{"demo -o same --har ./same", "exit status 2", "socktrace: the live output and --har cannot both be same\n"},
		{"demo --har-max-size 1M", "exit status 2", "socktrace: --har-max-size needs --har FILE\n"},
		{"demo --mask a --show-secrets", "exit status 2", "socktrace: --show-secrets and --mask a exclude each other\n"},
		{"demo --har /no/such/folder/x.har", "exit status 1", "socktrace: har: open /no/such/folder/x.har: no such file or directory\n"},
		{"demo --pcapng /no/such/folder/x", "exit status 1", "socktrace: pcapng: open /no/such/folder/x: no such file or directory\n"},
		{"read", "exit status 2", "socktrace: read: no file\nsocktrace: hint: socktrace read session.har\n"},
		{"read /no/such/file", "exit status 1", "socktrace: open /no/such/file: no such file or directory\n"},
		{"read --har " + there + " " + there, "exit status 2", "socktrace: " + there + " would be written over while it is read\n"},
		{"read --pcapng " + filepath.Join(dir, "x") + " " + there, "exit status 1",
			"socktrace: " + there + ": a HAR file does not have the bytes that a pcapng file is made of\n"},
	} {
		t.Run(test.args, func(t *testing.T) {
			got := socktrace(t, nil, strings.Fields(test.args)...).end()
			check(t, "status", got.status, test.status)
			if !strings.Contains(got.err, test.stderr) {
				t.Errorf("stderr %q, want %q in it", got.err, test.stderr)
			}
		})
	}
}

// TestRecordingFiles records a session in files of at most some size, and reads
// them all.
func TestRecordingFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	older := filepath.Join(dir, "session.pcapng")
	if err := os.WriteFile(older, []byte("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := socktrace(t, nil, "demo", "-q", "--har", filepath.Join(dir, "session.har"), "--har-max-size", "16k", "--pcapng", older).end()
	check(t, "status", got.status, "exit status 0")
	files, err := filepath.Glob(filepath.Join(dir, "session*.har"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v: %s", files, err, got.err)
	}
	for _, name := range append(files, older) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "mode of "+name, info.Mode().Perm(), fs.FileMode(0o600))
		if strings.HasSuffix(name, ".har") && info.Size() > 16<<10 {
			t.Errorf("%s has %d bytes", name, info.Size())
		}
		if !strings.Contains(got.err, name) {
			t.Errorf("%s is not named: %s", name, got.err)
		}
	}
	whole := socktrace(t, nil, "read", "-f", "jsonl", older).end()
	parts := socktrace(t, nil, append([]string{"read", "-f", "jsonl"}, files...)...).end()
	check(t, "exchanges", len(parseEvents(t, parts.out).of("exchange")), len(parseEvents(t, whole.out).of("exchange")))
}

// TestRecordingToStdout records into a pipe, and reads from one.
func TestRecordingToStdout(t *testing.T) {
	t.Parallel()
	for flag, begin := range map[string]string{"--har": `{"log":`, "--pcapng": "\x0a\x0d\x0d\x0a"} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			got := socktrace(t, nil, "demo", "-q", flag, "-").end()
			check(t, "status", got.status, "exit status 0")
			check(t, "begin", strings.HasPrefix(got.out, begin), true)
			read := socktrace(t, func(c *exec.Cmd) { c.Stdin = strings.NewReader(got.out) }, "read", "-f", "jsonl", "-").end()
			check(t, "status", read.status, "exit status 0")
			check(t, "exchanges", len(parseEvents(t, read.out).of("exchange")), 18)
		})
	}
}

// TestRecordingFails lets a recording come to a limit: it is said once, the
// traffic goes on, and the exit status tells.
func TestRecordingFails(t *testing.T) {
	t.Parallel()
	limited := func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `ulimit -f 64; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
	}
	for _, flag := range []string{"--har", "--pcapng"} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			l := listenWith(t, limited, fakeDaemon(t, pong), "-q", flag, filepath.Join(t.TempDir(), "trace"))
			c := l.dial()
			await(t, "the limit", func() bool {
				for range 20 {
					ping(t, c)
				}
				return strings.Contains(l.process.err.String(), " ends here: ")
			})
			ping(t, c)
			got := l.stop(syscall.SIGTERM)
			check(t, "status", got.status, "exit status 1")
			check(t, "complaints", strings.Count(got.err, " ends here: "), 1)
		})
	}
}

// TestOutputsStrange leaves what is no recording as it is, and runs nothing.
func TestOutputsStrange(t *testing.T) {
	t.Parallel()
	daemon, home := idle(t), t.TempDir()
	for _, text := range []string{"FROM busybox\n", "#!/bin/sh\n", "\x7fELF", "[package]\n", "{}\n"} {
		name := filepath.Join(t.TempDir(), "Dockerfile")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, flag := range []string{"-o", "--har", "--pcapng"} {
			got := socktrace(t, nil, "run", flag, name, "--upstream", "unix://"+daemon, "--", "echo", "it ran").end()
			check(t, "run "+flag, got, result{"", "socktrace: " + name + ": a file is there that is no recording: remove it, or take another name\n", "exit status 125"})
		}
		got := socktrace(t, clean(home), "listen", "--listen", "unix://"+filepath.Join(shortDir(t), "s"), "--upstream", "tcp://127.0.0.1:1", "--tls", "--keylog", name).end()
		check(t, "--keylog", got, result{"", "socktrace: --keylog: " + name + ": a file is there that is no key log: remove it, or take another name\n", "exit status 1"})
		check(t, "the file", readFile(t, name), text)
	}
}

// TestOutputsAgain takes the place of what socktrace has written, whatever that is.
func TestOutputsAgain(t *testing.T) {
	t.Parallel()
	name, recorded := filepath.Join(t.TempDir(), "trace"), filepath.Join(t.TempDir(), "demo.pcapng")
	check(t, "demo", socktrace(t, nil, "demo", "-q", "--pcapng", recorded).end().status, "exit status 0")
	for _, args := range []string{
		"-f text", "-f compact", "-f jsonl", "-f text --color always", "-f compact --color always", "-q --stats", "-q --stats --color always",
		"-f compact --stats", "-f compact --filter false --stats", "-f compact --errors", "-f text --op ContainerList",
		"-f text --heads short --bodies short", "-f text --heads short --color always", "-f text --heads none --bodies none",
	} {
		for _, again := range []string{"-f text", "-f jsonl"} {
			for _, args := range []string{args, again} {
				got := socktrace(t, environ("LC_ALL=C.UTF-8"), append([]string{"read", recorded, "-o", name}, strings.Fields(args)...)...).end()
				if got.status != "exit status 0" {
					t.Errorf("%s: %s %s", args, got.status, got.err)
				}
			}
		}
	}
}

// TestOutputsAreOurs writes over nothing that another name leads to.
func TestOutputsAreOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	victim, link := filepath.Join(dir, "victim"), filepath.Join(dir, "link")
	const old = `{"log":{"version":"1.2","entries":[]}}`
	if err := errors.Join(os.WriteFile(victim, []byte(old), 0o600), os.Symlink(victim, link)); err != nil {
		t.Fatal(err)
	}
	for flag, prefix := range map[string]string{"-o": "output", "--har": "har", "--pcapng": "pcapng"} {
		got := socktrace(t, nil, "demo", "-f", "jsonl", flag, link).end()
		check(t, "status", got.status, "exit status 1")
		check(t, "stderr", got.err, "socktrace: "+prefix+": create "+link+": it is a symbolic link; name the file itself\n")

		other := filepath.Join(dir, "other")
		if err := errors.Join(os.Link(victim, other), os.Chmod(victim, 0o644)); err != nil {
			t.Fatal(err)
		}
		got = socktrace(t, nil, "demo", "-f", "jsonl", flag, other).end()
		check(t, "status", got.status, "exit status 0")
		info, err := os.Stat(other)
		if err != nil || info.Mode() != 0o600 || info.Size() == 0 {
			t.Errorf("%s: mode %v, %d bytes, %v", flag, info.Mode(), info.Size(), err)
		}
		check(t, "the other name", readFile(t, victim), old)
		if err := os.Remove(other); err != nil {
			t.Fatal(err)
		}
	}
}
