//go:build unix

package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// idle is a daemon that nobody talks to.
func idle(t testing.TB) string { return fakeDaemon(t, func(net.Conn) {}) }

// TestRunFailures checks what run itself fails with: exit status and message.
func TestRunFailures(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	daemon := idle(t)
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := "/" + strings.Repeat("x", 120)
	up := []string{"run", "--upstream", "unix://" + daemon}
	upstreamHint := "socktrace: hint: is the daemon running? --upstream names another\n"
	flagHint := "socktrace: hint: see socktrace run --help; flags of the command go behind --\n"
	for _, test := range []struct {
		name   string
		args   []string
		status string
		stderr string
	}{
		{"not found", append(up, "--", "no-such-command"), "exit status 127",
			"socktrace: run no-such-command: executable file not found in $PATH\n"},
		{"no such file", append(up, "--", dir+"/nothing"), "exit status 127",
			"socktrace: run " + dir + "/nothing: no such file or directory\n"},
		{"not executable", append(up, "--", plain), "exit status 126",
			"socktrace: run " + plain + ": permission denied\n"},
		{"a directory", append(up, "--", dir), "exit status 126",
			"socktrace: run " + dir + ": is a directory\n"},
		{"no command", []string{"run"}, "exit status 125",
			"socktrace: run: no command\nsocktrace: hint: socktrace run -- docker ps\n"},
		{"unknown flag", []string{"run", "--no-such-flag", "--", "true"}, "exit status 125",
			"socktrace: unknown flag: --no-such-flag\n" + flagHint},
		{"bad size", []string{"run", "--max-body", "many", "--", "true"}, "exit status 125",
			"socktrace: --max-body \"many\": not a size such as 4096, 64k or 10M\n"},
		{"bad format", append(up, "-f", "yaml", "--", "true"), "exit status 125",
			"socktrace: --format \"yaml\": not one of " + strings.Join(formatWords(), ", ") + "\n"},
		{"quiet output", append(up, "-q", "-o", "x", "--", "true"), "exit status 125",
			"socktrace: --quiet and --output exclude each other: there is no live output to write to x\n"},
		{"output nowhere", append(up, "-o", dir+"/no/file", "--", "true"), "exit status 125",
			"socktrace: output: open " + dir + "/no/file: no such file or directory\n"},
		{"no daemon", []string{"run", "--upstream", "unix://" + dir + "/none", "--", "true"}, "exit status 125",
			"socktrace: upstream unix://" + dir + "/none: no such file or directory\n" + upstreamHint},
		{"no daemon on TCP", []string{"run", "--upstream", "tcp://" + refusing(t), "--", "true"}, "exit status 125",
			"socktrace: upstream tcp://" + refusing(t) + ": connection refused\n" + upstreamHint},
		{"no socket", []string{"run", "--upstream", "unix://" + plain, "--", "true"}, "exit status 125",
			"socktrace: upstream unix://" + plain + ": not a socket but a regular file\n" + upstreamHint},
		{"long path", []string{"run", "--upstream", "unix://" + long, "--", "true"}, "exit status 125",
			"socktrace: upstream unix://" + long + ": path of 121 bytes; a unix socket's has at most 107\n" + upstreamHint},
		{"bad address", []string{"run", "--upstream", "npipe:////./pipe/x", "--", "true"}, "exit status 125",
			"socktrace: address \"npipe:////./pipe/x\": only Windows has named pipes; " +
				"want unix:///path, tcp://host:port[/base], https://host[:port] or ssh://[user@]host[:port][/path]\n"},
		{"two daemons", []string{"run", "--upstream", "unix://" + daemon, "--context", "x", "--", "true"}, "exit status 125",
			"socktrace: --upstream and --context exclude each other: x has an address of its own\n"},
		{"bad wait", []string{"run", "--wait=long", "--", "true"}, "exit status 125",
			"socktrace: --wait \"long\": not a time such as 500ms or 2s\n"},
		{"no time to wait", []string{"run", "--wait=0s", "--", "true"}, "exit status 125",
			"socktrace: --wait \"0s\": not a time such as 500ms or 2s\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := socktrace(t, nil, test.args...).end()
			check(t, "status", got.status, test.status)
			check(t, "stdout", got.out, "")
			check(t, "stderr", got.err, test.stderr)
		})
	}
}

// TestRunNoPermission runs as another user, if the tests are root's.
func TestRunNoPermission(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	if err := os.Chmod(filepath.Dir(daemon), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(daemon, 0); err != nil {
		t.Fatal(err)
	}
	got := socktrace(t, func(c *exec.Cmd) {
		c.Dir = "/"
		if os.Getuid() == 0 {
			c.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
		}
	}, "run", "--upstream", "unix://"+daemon, "--", "true").end()
	check(t, "status", got.status, "exit status 125")
	check(t, "stderr", got.err, "socktrace: upstream unix://"+daemon+": permission denied\n"+
		"socktrace: hint: run it with sudo: the socket is for its owner alone\n")
}

// TestRunStatus checks that run ends as its command does.
func TestRunStatus(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	for _, script := range []string{
		"exit 0", "exit 1", "exit 3", "exit 125", "exit 255",
		"kill -TERM $$", "kill -INT $$", "kill -KILL $$", "kill -HUP $$",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			script := "echo out; echo err >&2; " + script
			direct := launch(t, nil, "sh", "-c", script).end()
			traced := socktrace(t, nil, "run", "-q", "--upstream", "unix://"+daemon, "--", "sh", "-c", script).end()
			check(t, "status", traced.status, direct.status)
			check(t, "stdout", traced.out, direct.out)
			check(t, "beginning of stderr", strings.HasPrefix(traced.err, direct.err), true)
		})
	}
	// By these a Go program cannot die, or not without a stack trace: it exits
	// as a shell would.
	for signal, status := range map[string]string{"QUIT": "exit status 131", "PIPE": "exit status 141"} {
		t.Run(signal, func(t *testing.T) {
			t.Parallel()
			got := socktrace(t, nil, "run", "-q", "--upstream", "unix://"+daemon, "--", "sh", "-c", "ulimit -c 0; kill -"+signal+" $$").end()
			check(t, "status", got.status, status)
		})
	}
}

// TestRunPast says why the daemon that is not there does not matter: the command goes to
// another; and it is said once.
func TestRunPast(t *testing.T) {
	t.Parallel()
	daemon, none := fakeDaemon(t, pong), filepath.Join(t.TempDir(), "none")
	got := socktrace(t, nil, "run", "--upstream", "unix://"+none, "--", "sh", "-c", "docker -H unix:///other ps").end()
	check(t, "no daemon", got, result{"", "socktrace: upstream unix://" + none + ": no such file or directory; and docker -H unix:///other goes past socktrace\n" +
		"socktrace: hint: leave it out of the script, and say socktrace run --upstream unix:///other -- …\n", "exit status 125"})
	got = socktrace(t, nil, "run", "-q", "--pcapng", filepath.Join(t.TempDir(), "x"), "--upstream", "unix://"+daemon, "--", "sh", "-c", "exit 0; docker -H unix:///other ps").end()
	if n := strings.Count(got.err, "hint:"); n != 1 || strings.Contains(got.err, "made no connection") {
		t.Errorf("%d hints: %s", n, got.err)
	}
	hint := "have it use the socket of: socktrace listen --upstream unix:///a"
	if runtime.GOOS == "linux" {
		hint = "socktrace run --via strace -- curl -s --unix-socket=/a http://x/"
	}
	check(t, "curl", goesPast([]string{"curl", "-s", "--unix-socket=/a", "http://x/"}, false), past{"curl --unix-socket /a goes past socktrace", hint})
	if got := goesPast([]string{"curl", "--unix-socket", "/b", "http://x/"}, false); got.what != "curl --unix-socket /b goes past socktrace" {
		t.Errorf("%+v", got)
	}
}

// heed has what a test starts not ignore a signal. Whoever started the tests may have
// us ignore it, as nohup does: what we catch is not ignored by what we start.
func heed(t *testing.T, s os.Signal) {
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, s)
	t.Cleanup(func() { signal.Stop(caught) })
}

// TestRunPassesSignals sends signals to socktrace alone: the command gets them.
func TestRunPassesSignals(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	for name, s := range map[string]syscall.Signal{
		"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "USR1": syscall.SIGUSR1, "QUIT": syscall.SIGQUIT,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heed(t, s)
			p := socktrace(t, nil, "run", "--upstream", "unix://"+daemon, "--",
				"sh", "-c", "trap 'n=$((n+1))' "+name+"; echo ready; until [ $n ]; do sleep 0.1; done; sleep 0.3; echo $n; exit 9")
			p.out.await(t, "ready")
			got := p.stop(s)
			check(t, "status", got.status, "exit status 9")
			check(t, "stdout", got.out, "ready\n1\n")
		})
	}
}

// TestRunEnvironment checks what the command finds in its environment.
func TestRunEnvironment(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	env := environ("DOCKER_HOST=unix://"+daemon, "DOCKER_CONTEXT=elsewhere", "DOCKER_TLS=1", "DOCKER_TLS_VERIFY=1",
		"DOCKER_CERT_PATH=/certs", "DOCKER_API_VERSION=1.41", "OTHER_HOST=old", "KEPT= a=b ")
	got := socktrace(t, env, "run", "-q", "--env", "OTHER_HOST", "--env", "NEW_HOST", "--", "env").end()
	vars := map[string]string{}
	for line := range strings.Lines(got.out) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if old, ok := vars[name]; ok {
			t.Errorf("%s twice: %q and %q", name, old, value)
		}
		vars[name] = value
	}
	host := vars["DOCKER_HOST"]
	if path, ok := strings.CutPrefix(host, "unix:///"); !ok || strings.Contains(path, daemon) || len(host) > 100 {
		t.Errorf("DOCKER_HOST=%q", host)
	}
	check(t, "OTHER_HOST", vars["OTHER_HOST"], host)
	check(t, "NEW_HOST", vars["NEW_HOST"], host)
	check(t, "KEPT", vars["KEPT"], " a=b ")
	check(t, "DOCKER_API_VERSION", vars["DOCKER_API_VERSION"], "1.41")
	for _, name := range []string{"DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"} {
		if value, ok := vars[name]; ok {
			t.Errorf("%s=%q is still there", name, value)
		}
	}
	if _, err := os.Stat(filepath.Dir(strings.TrimPrefix(host, "unix://"))); !os.IsNotExist(err) {
		t.Errorf("the folder of %s is still there: %v", host, err)
	}
}

// TestRunPrivateSocket checks who may use the socket of run.
func TestRunPrivateSocket(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	got := socktrace(t, nil, "run", "-q", "--upstream", "unix://"+daemon, "--",
		"sh", "-c", `f=${DOCKER_HOST#unix://}; d=${f%/*}; ls -ld "$d" | cut -c1-10; ls -l "$f" | cut -c1-10`).end()
	check(t, "modes", got.out, "drwx------\nsrw-------\n")
}

// TestRunNoConnection checks what run says if its command made no connection.
func TestRunNoConnection(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	hint := "socktrace: hint: it may not need the daemon, or not look at DOCKER_HOST (--env sets other variables; " + forAll() + " is for what looks at none)\n"
	for _, test := range []struct {
		command []string
		hint    string
	}{
		{[]string{"true"}, hint},
		{[]string{"echo", "-H", "unix:///x"}, "socktrace: hint: -H names a daemon past DOCKER_HOST; use socktrace run --upstream instead\n"},
		{[]string{"echo", "--context=x"}, "socktrace: hint: --context names a daemon past DOCKER_HOST; use socktrace run --upstream instead\n"},
	} {
		t.Run(strings.Join(test.command, " "), func(t *testing.T) {
			t.Parallel()
			got := socktrace(t, nil, append([]string{"run", "--upstream", "unix://" + daemon, "--"}, test.command...)...).end()
			check(t, "status", got.status, "exit status 0")
			check(t, "stderr", got.err, "socktrace: "+test.command[0]+" made no connection to unix://"+daemon+"\n"+test.hint+
				"socktrace: 0 connections, 0 exchanges, 0 bytes sent, 0 received\n")
		})
	}
}

// TestRunKilled kills run: the next one cleans up behind it.
func TestRunKilled(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	env := environ("TMPDIR=" + shortDir(t))
	p := socktrace(t, env, "run", "-q", "--upstream", "unix://"+daemon, "--", "sh", "-c", "echo $DOCKER_HOST; exec sleep 1000")
	p.out.await(t, "\n")
	left := strings.TrimPrefix(strings.TrimSpace(p.out.String()), "unix://")
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	await(t, "the death of run", func() bool {
		c, err := net.DialTimeout("unix", left, time.Second)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	_ = syscall.Kill(-p.Process.Pid, syscall.SIGKILL) // the orphan, which holds our pipes
	p.end()
	got := socktrace(t, env, "run", "-q", "--upstream", "unix://"+daemon, "--", "true").end()
	check(t, "status", got.status, "exit status 0")
	if _, err := os.Lstat(filepath.Dir(left)); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", filepath.Dir(left), err)
	}
}

// TestSweepOthers removes folders of this user's that nobody has locked, and nothing that
// another has made to look like one.
func TestSweepOthers(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	make := func(name string, lock func(string) error) {
		folder := filepath.Join(dir, privatePrefix+name)
		if err := errors.Join(os.Mkdir(folder, 0o700), lock(filepath.Join(folder, lockName))); err != nil {
			t.Fatal(err)
		}
	}
	file := func(lock string) error { return os.WriteFile(lock, nil, 0o600) }
	make("left", file)
	make("held", file)
	held, err := os.Open(filepath.Join(dir, privatePrefix+"held", lockName))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	check(t, "locked", tryLock(held), nil)
	make("link", func(lock string) error {
		other := filepath.Join(dir, "other")
		return errors.Join(file(other), os.Symlink(other, lock))
	})
	make("pipe", func(lock string) error { return syscall.Mkfifo(lock, 0o600) })
	want := []string{"held", "link", "pipe"}
	if os.Geteuid() == 0 {
		make("others", file)
		make("planted", func(lock string) error { return errors.Join(file(lock), os.Chown(lock, 65534, 65534)) })
		if err := os.Chown(filepath.Join(dir, privatePrefix+"others"), 65534, 65534); err != nil {
			t.Fatal(err)
		}
		want = []string{"held", "link", "others", "pipe", "planted"}
	}
	sweep(dir)
	var got []string
	folders, err := filepath.Glob(filepath.Join(dir, privatePrefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		got = append(got, strings.TrimPrefix(filepath.Base(folder), privatePrefix))
	}
	check(t, "left", strings.Join(got, " "), strings.Join(want, " "))
}

// TestRunBeside runs two at once: neither is seen in the trace of the other.
func TestRunBeside(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	env := environ("TMPDIR=" + shortDir(t))
	p := socktrace(t, env, "run", "-q", "--upstream", "unix://"+daemon, "--", "sh", "-c", "echo ready; exec sleep 1000")
	p.out.await(t, "ready")
	socktrace(t, env, "run", "-q", "--upstream", "unix://"+daemon, "--", "true").end()
	got := p.stop(syscall.SIGTERM)
	check(t, "summary", strings.Contains(got.err, "socktrace: 0 connections, "), true)
}

// TestPrivateTaken: a folder that another process is about to sweep away is not used.
func TestPrivateTaken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lock")
	mine, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Close()
	other, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "of what nobody has locked", tryLock(other), nil)
	check(t, "of what another has locked", tryLock(mine), errTaken)
	other.Close()
	check(t, "of what nobody has locked any more", tryLock(mine), nil)
}
