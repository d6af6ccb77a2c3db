//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// dockerNamed returns the path of a program called docker that prints how it was
// called.
func dockerNamed(t testing.TB) string {
	t.Helper()
	path := filepath.Join(shortDir(t), "docker")
	script := "#!/bin/sh\necho \"$DOCKER_HOST\"\nfor a; do echo \"[$a]\"; done\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRunFollows gives a docker command our socket, and goes where it would have gone.
func TestRunFollows(t *testing.T) {
	t.Parallel()
	daemon, other, docker := idle(t), idle(t), dockerNamed(t)
	for _, c := range []struct {
		args []string
		out  string // S is our socket
		err  string // D is the daemon
	}{
		{[]string{"-D", "-H", "unix://" + daemon, "run", "x", "-H", "y"}, "S [--debug=true] [-H] [S] [run] [x] [-H] [y]",
			"following docker -H D"},
		{[]string{"-H", "unix://" + daemon, "--tlsverify=false", "ps"}, "S [-H] [S] [ps]", "following docker -H D --tlsverify=false"},
		{[]string{"--context", "default", "ps"}, "S [-H] [S] [ps]", "following docker --context default to O"},
		{[]string{"ps", "-H", "x"}, "S [ps] [-H] [x]", ""},
		{[]string{"--context", "default", "context", "show"}, "S [--context] [default] [context] [show]", ""},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Parallel()
			got := socktrace(t, environ("DOCKER_HOST=unix://"+other), append([]string{"run", "--", docker}, c.args...)...).end()
			check(t, "status", got.status, "exit status 0")
			host, _, _ := strings.Cut(got.out, "\n")
			check(t, "stdout", strings.Join(strings.Fields(strings.ReplaceAll(got.out, host, "S")), " "), c.out)
			at := "O"
			if strings.HasSuffix(c.err, "D") || strings.Contains(c.err, "D ") {
				at = "D"
			}
			want := ""
			if c.err != "" {
				want = "socktrace: " + c.err + "\n"
			}
			want += "socktrace: " + docker + " made no connection to " + at + "\n"
			text := strings.NewReplacer("unix://"+daemon, "D", "unix://"+other, "O").Replace(got.err)
			if c.out != "S [--context] [default] [context] [show]" {
				want += "socktrace: hint: it may not need the daemon"
			} else {
				want += "socktrace: hint: --context names a daemon past DOCKER_HOST"
			}
			check(t, "beginning of stderr", text[:min(len(want), len(text))], want)
		})
	}
}

// TestRunWarns says before a command runs that it goes past, and runs it.
func TestRunWarns(t *testing.T) {
	t.Parallel()
	daemon, docker := "unix://"+idle(t), dockerNamed(t)
	got := socktrace(t, nil, "run", "--upstream", daemon, "--", docker, "--context", "x", "ps").end()
	check(t, "status", got.status, "exit status 0")
	check(t, "its arguments", strings.HasSuffix(got.out, "\n[--context]\n[x]\n[ps]\n"), true)
	want := "socktrace: docker --context x goes past socktrace\nsocktrace: hint: what is named to socktrace counts, " +
		"without it docker's own is followed: socktrace run -- " + docker + " --context x ps\n"
	check(t, "beginning of stderr", strings.HasPrefix(got.err, want), true)
}

// TestRunNoContext names the contexts that there are.
func TestRunNoContext(t *testing.T) {
	t.Parallel()
	config := t.TempDir()
	for _, args := range [][]string{{"--context", "defualt", "--", "true"}, {"--", dockerNamed(t), "--config", config, "--context=defualt", "ps"}} {
		got := socktrace(t, environ("DOCKER_CONFIG="+config), append([]string{"run"}, args...)...).end()
		check(t, "status", got.status, "exit status 125")
		check(t, "stderr", got.err, "socktrace: docker context \"defualt\": no such context\nsocktrace: hint: did you mean default? there is none but default\n")
	}
}

// TestDockerFollows traces docker commands that name their daemon themselves, by each
// of the ways they have.
func TestDockerFollows(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			daemon := os.Getenv("DOCKER_HOST")
			if !strings.HasPrefix(daemon, "unix://") {
				need.Skip(t, "docker", "the daemon is not on a unix socket")
			}
			config := t.TempDir()
			env := environ("DOCKER_HOST=", "DOCKER_CONFIG="+config)
			got := launch(t, env, docker.path, "context", "create", "here", "--docker", "host="+daemon).end()
			check(t, "context create", got.status, "exit status 0")
			for _, flags := range []string{"--context here", "-c here", "-H " + daemon, "--host=" + daemon, "-DH" + daemon} {
				args := append(strings.Fields(flags), "run", "--rm", "--network", "none", testImage, "echo", "-H", "hi")
				direct := launch(t, env, docker.path, args...).end()
				p, file := docker.trace(t, env, args...)
				traced := p.end()
				checkAlike(t, direct, traced)
				check(t, "stdout", traced.out, "-H hi\n")
				wantIn(t, traced.err, "socktrace: following docker ")
				all := parseEvents(t, readFile(t, file))
				check(t, "frames", all.text("stdout"), "-H hi\n")
			}
			// What manages contexts is what it was.
			env = environ("DOCKER_HOST="+daemon, "DOCKER_CONFIG="+config)
			for _, args := range []string{"context ls", "context inspect here", "--context here context show", "context use here", "version"} {
				direct := launch(t, env, docker.path, strings.Fields(args)...).end()
				p, _ := docker.trace(t, env, strings.Fields(args)...)
				checkContexts(t, args, direct, p.end())
			}
			p, file := docker.trace(t, environ("DOCKER_HOST=", "DOCKER_CONFIG="+config), "ps") // of the current context
			check(t, "status", p.end().status, "exit status 0")
			all := parseEvents(t, readFile(t, file))
			check(t, "the current context", strings.Contains(strings.Join(all.exchanges(), "\n"), "GET ContainerList 200 done"), true)
		})
	}
}

// checkContexts is checkAlike for commands that tell of the environment, which is ours.
func checkContexts(t *testing.T, args string, direct, traced result) {
	t.Helper()
	if args == "context ls" || args == "context use here" || args == "version" {
		check(t, args, traced.status, direct.status) // they tell of DOCKER_HOST, or of the context in use
		return
	}
	checkAlike(t, direct, traced)
}

// sshDaemon starts an sshd on loopback that lets this user in, and returns its port and
// a folder with a command ssh that knows how.
func sshDaemon(t *testing.T) (port, bin string) {
	t.Helper()
	sshd, ssh, keygen := "/usr/sbin/sshd", need.Program(t, "ssh"), need.Program(t, "ssh-keygen")
	if _, err := os.Stat(sshd); err != nil {
		need.Skip(t, "sshd", err)
	}
	const empty = "/run/sshd" // that it wants as root
	if _, err := os.Stat(empty); err != nil && os.Getuid() == 0 {
		if err := os.Mkdir(empty, 0o755); err != nil {
			need.Skip(t, "sshd", err)
		}
		t.Cleanup(func() { os.Remove(empty) })
	}
	dir := t.TempDir()
	for _, name := range []string{"host", "user"} {
		if out, err := exec.Command(keygen, "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, name)).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	_, port, _ = strings.Cut(freePort(t), ":")
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	server := write("sshd_config", "ListenAddress 127.0.0.1\nPort "+port+"\nHostKey "+dir+"/host\nAuthorizedKeysFile "+dir+"/user.pub\n"+
		"StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\n", 0o600)
	client := write("ssh_config", "IdentityFile "+dir+"/user\nIdentitiesOnly yes\nStrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\nBatchMode yes\n", 0o600)
	bin = filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	write("bin/ssh", "#!/bin/sh\nexec "+ssh+" -F "+client+" \"$@\"\n", 0o755)
	p := launch(t, nil, sshd, "-D", "-e", "-f", server)
	await(t, "sshd", func() bool { return strings.Contains(p.err.String(), "Server listening") || ended(p) })
	if ended(p) {
		need.Skip(t, "sshd", p.err.String())
	}
	return port, bin
}

// ended reports whether a program has.
func ended(p *process) bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// TestSSH traces docker with a daemon on another machine, as which this one stands in.
func TestSSH(t *testing.T) {
	t.Parallel()
	docker := dockers(t)[0]
	daemon, ok := strings.CutPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	if !ok {
		need.Skip(t, "docker", "the daemon is not on a unix socket")
	}
	port, bin := sshDaemon(t)
	env := environ("PATH="+bin+":"+os.Getenv("PATH"), "DOCKER_HOST=")
	at := "ssh://127.0.0.1:" + port + daemon
	for _, args := range [][]string{
		{"run", "--upstream", at, "--", docker.path},
		{"run", "--", docker.path, "-H", at},
	} {
		file := filepath.Join(t.TempDir(), "trace.jsonl")
		args = append([]string{args[0], "-f", "jsonl", "-o", file}, args[1:]...)
		got := socktrace(t, env, append(args, "run", "--rm", "-i", "--network", "none", testImage, "echo", "far")...).end()
		check(t, "status", got.status, "exit status 0")
		check(t, "stdout", got.out, "far\n")
		all := parseEvents(t, readFile(t, file))
		check(t, "frames", all.text("stdout"), "far\n")
	}
	// What ssh says is told, and which daemon it is about.
	got := socktrace(t, env, "run", "-q", "--upstream", "ssh://127.0.0.1:"+port+"/no/such.sock", "--", docker.path, "version").end()
	check(t, "status", got.status, "exit status 125") // before the command runs
	wantIn(t, got.err, "socktrace: upstream ssh://127.0.0.1:"+port+"/no/such.sock: ssh: exit status 1: ")
	wantIn(t, got.err, "socktrace: hint: try whether this works: ssh -T -p "+port+" -o ConnectTimeout=30 -- 127.0.0.1 docker --host=unix:///no/such.sock version\n")
	check(t, "messages", strings.Count(got.err, "/no/such.sock: ssh: "), 1)
	_, closed, _ := strings.Cut(refusing(t), ":")
	got = socktrace(t, env, "run", "-q", "--upstream", "ssh://127.0.0.1:"+closed, "--", docker.path, "version").end()
	check(t, "status", got.status, "exit status 125")
	wantIn(t, got.err, "socktrace: upstream ssh://127.0.0.1:"+closed+": ssh: exit status 255: ssh: connect to host 127.0.0.1 port "+closed+": Connection refused")
}

func wantIn(t *testing.T, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Errorf("want %q in\n%s", want, text)
	}
}
