package dockercli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/need"
)

// TestSSH runs a command named ssh that is its own daemon.
func TestSSH(t *testing.T) {
	if runtime.GOOS == "windows" {
		need.Skip(t, "shebang", "scripts are no programs here")
	}
	dir := t.TempDir()
	script := "#!/bin/sh\nread -r line\nfor a in \"got $line\" \"$@\"; do printf '%s\\n' \"$a\"; done\n"
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	u, err := Upstream(func(name string) string {
		return map[string]string{"DOCKER_HOST": "ssh://me@example:2222/run/it's here.sock"}[name]
	}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Check(); err != nil {
		t.Error(err)
	}
	c, err := u.Dial(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "request\n"); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	want := []string{"got request", "-T", "-p", "2222", "-l", "me", "-o", "ConnectTimeout=30", "--", "example",
		"docker", `'--host=unix:///run/it'\''s here.sock'`, "system", "dial-stdio", ""}
	if err != nil || string(b) != strings.Join(want, "\n") {
		t.Errorf("got %q, %v\nwant %q", b, err, want)
	}
}

// TestShellQuote quotes what means something to a shell, and only that.
func TestShellQuote(t *testing.T) {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=@+,%"
	for r := rune(1); r < 0x180; r++ {
		s := "a" + string(r) + "b"
		want := "'" + s + "'"
		switch {
		case strings.ContainsRune(plain, r):
			want = s
		case r == '\'':
			want = `'a'\''b'`
		}
		if got := shellQuote(s); got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	}
	for s, want := range map[string]string{"'": `''\'''`, "a;": "'a;'", ";a": "';a'", "a": "a"} {
		if got := shellQuote(s); got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	}
}

// FuzzSSHCommand: every address leads to a command.
func FuzzSSHCommand(f *testing.F) {
	for _, s := range []string{"u@h:1/p", "a%41", "0//", "h/it's", "[::1]:2/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := intercept.ParseAddr("ssh://" + s)
		if err != nil {
			return
		}
		if command, err := sshCommand(a); err != nil || command[0] != "ssh" {
			t.Errorf("%q: %q, %v", s, command, err)
		}
	})
}
