//go:build unix

package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/render"
)

// called runs the program in this process. It is for what opens no outputs.
func called(t *testing.T, args ...string) result {
	t.Helper()
	out, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	var said syncBuffer
	code := realMain(append([]string{}, args...), std{out: out, err: newMessages(&said), getenv: func(string) string { return "" }})
	return result{readFile(t, out.Name()), said.String(), fmt.Sprint("exit status ", code)}
}

// TestHelp compares all that the program says of itself with a golden file.
func TestHelp(t *testing.T) {
	commands := []string{""}
	for _, cmd := range newRoot(processStd()).Commands() {
		commands = append(commands, cmd.Name())
	}
	var all strings.Builder
	for _, name := range commands {
		got := called(t, append(strings.Fields(name), "--help")...)
		check(t, "status", got.status, "exit status 0")
		check(t, "stderr", got.err, "")
		fmt.Fprintf(&all, "$ %s\n%s\n", strings.Join(append([]string{"socktrace"}, append(strings.Fields(name), "--help")...), " "), got.out)
	}
	check(t, "without arguments", called(t).out, called(t, "--help").out)
	golden := filepath.Join("testdata", "help.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	checkLines(t, "help", all.String(), readFile(t, golden))
}

// TestCompletes asks as a shell does.
func TestCompletes(t *testing.T) {
	interfaces := "any\n"
	all, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		interfaces += i.Name + "\n"
	}
	for _, c := range []struct{ args, want string }{
		{"demo --format", strings.Join(formatCompletions(), "\n") + "\n:4\n"},
		{"run --heads", "full\nshort\nnone\n:4\n"},
		{"listen --color", "auto\nalways\nnever\n:4\n"},
		{"sniff -i", interfaces + ":4\n"},
	} {
		got := called(t, append(append([]string{"__complete"}, strings.Fields(c.args)...), "")...)
		check(t, c.args, got.out, c.want)
		check(t, "status", got.status, "exit status 0")
		check(t, "stderr", got.err, "Completion ended with directive: ShellCompDirectiveNoFileComp\n")
	}
}

// TestWrongUsage: status 2, or 125 of run, and what to do.
func TestWrongUsage(t *testing.T) {
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, status, err string }{
		{"nothing", "2", "unknown command \"nothing\"\nsocktrace: hint: see socktrace --help\n"},
		{"--nothing", "2", "unknown flag: --nothing\nsocktrace: hint: see socktrace --help\n"},
		{"version x", "2", "version: unexpected argument \"x\"\nsocktrace: hint: see socktrace version --help\n"},
		{"version --nothing", "2", "unknown flag: --nothing\nsocktrace: hint: see socktrace version --help\n"},
		{"demo x y", "2", "demo: unexpected argument \"x\"\nsocktrace: hint: see socktrace demo --help\n"},
		{"demo --max-memory 1", "2", "--max-memory 1: less than 32m\n"},
		{"demo -f yaml", "2", "--format \"yaml\": not one of " + strings.Join(formatWords(), ", ") + "\n"},
		{"demo --events exchange", "2", "--events needs --format jsonl\n"},
		{"demo -f jsonl --events exchnge", "2", "--events \"exchnge\": not one of " + strings.Join(render.EventNames(), ", ") + "; did you mean exchange?\n"},
		{"demo -f jsonl --events=", "2", "--events: no event is given\n"},
		{"listen x", "2", "listen: unexpected argument \"x\"\nsocktrace: hint: see socktrace listen --help\n"},
		{"listen --heads x", "2", "--heads \"x\": not one of full, short, none\n"},
		{"listen --upstream npipe://x", "2", "address \"npipe://x\": only Windows has named pipes; want unix:///path, tcp://host:port[/base], https://host[:port] or ssh://[user@]host[:port][/path]\n"},
		{"listen --upstream unix:///d --listen npipe://x", "2", "address \"npipe://x\": only Windows has named pipes; want unix:///path, tcp://host:port[/base], https://host[:port] or ssh://[user@]host[:port][/path]\n"},
		{"listen --upstream unix:///d --listen unix:///d", "2", "listen unix:///d: that is the upstream\nsocktrace: hint: name the daemon's own address with --upstream\n"},
		{"operations containercraete", "1", "operations: none is about \"containercraete\"; did you mean ContainerCreate?\nsocktrace: hint: socktrace operations gives an overview\n"},
		{"operations no such thing", "1", "operations: none is about \"no such thing\"\nsocktrace: hint: socktrace operations gives an overview\n"},
		{"operations --color alwys", "2", "--color \"alwys\": not one of auto, always, never; did you mean always?\n"},
		{"operations --nothing", "2", "unknown flag: --nothing\nsocktrace: hint: see socktrace operations --help\n"},
		{"read", "2", "read: no file\nsocktrace: hint: socktrace read session.har\n"},
		{"read --color x y", "2", "--color \"x\": not one of auto, always, never\n"},
		{"read --nothing", "2", "unknown flag: --nothing\nsocktrace: hint: see socktrace read --help\n"},
		{"read /no/such*", "1", "/no/such*: there is no such file\n"},
		{"read /no/such[", "1", "/no/such[: syntax error in pattern\n"},
		{"sniff x", "2", "sniff: unexpected argument \"x\"\nsocktrace: hint: see socktrace sniff --help\n"},
		{"sniff --format x", "2", "--format \"x\": not one of " + strings.Join(formatWords(), ", ") + "\n"},
		{"sniff --port 1", "2", "sniff: no interface\nsocktrace: hint: -i takes one of " + strings.Join(interfaces(), ", ") + "\n"},
		{"run", "125", "run: no command\nsocktrace: hint: socktrace run -- docker ps\n"},
		{"run --nothing -- x", "125", "unknown flag: --nothing\nsocktrace: hint: see socktrace run --help; flags of the command go behind --\n"},
		{"run --env = -- x", "125", "--env \"=\": not the name of a variable\n"},
		{"run --pid abc", "125", "--pid \"abc\": not the number of a process\n"},
		{"run --upstream unix:/run/x.sock -- x", "125", "address \"unix:/run/x.sock\": did you mean unix:///run/x.sock?\n"},
		{"run --upstream tcp:/far:2375 -- x", "125", "address \"tcp:/far:2375\": did you mean tcp://far:2375?\n"},
		{"run --upstream unix://tmp/no/x.sock -- x", "125", "upstream unix://tmp/no/x.sock: no such file or directory\nsocktrace: hint: is the daemon running? --upstream names another\n"},
		{"run --upstream unix://tmp/x.sock -- x", "125", "upstream unix://tmp/x.sock: no such file or directory\nsocktrace: hint: did you mean unix:///tmp/x.sock?\n"},
		{"listen --listen unix://tmp/x.sock --upstream unix:///s", "1", "listen unix://tmp/x.sock: directory " + wd + "/tmp: no such file or directory\nsocktrace: hint: did you mean unix:///tmp/x.sock?\n"},
		{"run --tls --upstream unix:///s -- x", "125", "unix:///s is spoken to without TLS\nsocktrace: hint: TLS is for daemons on TCP: --upstream tcp://HOST:2376 names one; for this one leave --tls… out\n"},
		{"run --tlsverify --tlscacert /no.pem --upstream tcp://h:1 -- x", "125", "/no.pem: no such file or directory\nsocktrace: hint: --tlscacert FILE names the CA to trust, or DOCKER_CERT_PATH the folder with ca.pem; --tls alone trusts any\n"},
		{"run --tls --tlscert /no.pem --upstream tcp://h:1 -- x", "125", "/no.pem: no such file or directory\nsocktrace: hint: --tlscert FILE and --tlskey FILE name the certificate to show and its key, or DOCKER_CERT_PATH the folder with cert.pem and key.pem\n"},
		{"run --wait 2s -- docker ps", "125", "--wait 2s: a time is joined to the flag\nsocktrace: hint: did you mean --wait=2s?\n"},
		{"run --wait forever docker ps", "125", "--wait forever: a time is joined to the flag\nsocktrace: hint: did you mean --wait=forever?\n"},
		{"listen --wait 1m", "2", "--wait 1m: a time is joined to the flag\nsocktrace: hint: did you mean --wait=1m?\n"},
		{"run --har -- docker ps", "125", "--har wants a FILE, and not \"--\" (./-- if that is its name)\n"},
		{"run -o -- docker ps", "125", "--output wants a FILE, and not \"--\" (./-- if that is its name)\n"},
		{"run --pcapng -q -- docker ps", "125", "--pcapng wants a FILE, and not \"-q\" (./-q if that is its name)\n"},
		{"run --proto a --proto -- docker ps", "125", "--proto wants a FILE, and not \"--\" (./-- if that is its name)\n"},
		{"run --keylog --har -- docker ps", "125", "--keylog wants a FILE, and not \"--har\" (./--har if that is its name)\n"},
		{"run --tlscacert -- docker ps", "125", "--tlscacert wants a FILE, and not \"--\" (./-- if that is its name)\n"},
		{"run --context -- docker ps", "125", "--context wants a value (NAME), and not \"--\"\n"},
		{"run --op -- docker ps", "125", "--op wants a value (NAMES), and not \"--\"\n"},
		{"run --har= -- docker ps", "125", "--har wants a value (FILE): it is empty\n"},
		{"listen --otlp=", "2", "--otlp wants a value (URL): it is empty\n"},
		{"listen --metrics=", "2", "--metrics wants a value (ADDR): it is empty\n"},
		{"listen --listen --", "2", "--listen wants a value (ADDR), and not \"--\"\n"},
		{"read --strace --har x", "2", "--strace wants a FILE, and not \"--har\" (./--har if that is its name)\n"},
		{"run --upstream npipe://x -- x", "125", "address \"npipe://x\": only Windows has named pipes; want unix:///path, tcp://host:port[/base], https://host[:port] or ssh://[user@]host[:port][/path]\n"},
	} {
		check(t, c.args, called(t, strings.Fields(c.args)...), result{"", "socktrace: " + c.err, "exit status " + c.status})
	}
}

// TestVersion: what a release is called, and what is none.
func TestVersion(t *testing.T) {
	defer func(v string) { version = v }(version)
	version = "v1.2.3"
	want := fmt.Sprintf("socktrace v1.2.3 %s/%s %s\n", runtime.GOOS, runtime.GOARCH, runtime.Version())
	check(t, "socktrace version", called(t, "version"), result{want, "", "exit status 0"})
	version = ""
	info, _ := debug.ReadBuildInfo()
	check(t, "without one", versionString(), builtVersion(info))
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "unknown"},
		{new(debug.BuildInfo), "devel"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v1.0.0"}, Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}}}, "v1.0.0"},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{{Key: "vcs", Value: "0123456789abcdef"}, {Key: "vcs.revision", Value: "123456789abcdef0"}}}, "devel-123456789abc"},
		{&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abc"}}}, "devel-0123456789ab"},
		{&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789ab"}}}, "devel"},
	} {
		check(t, fmt.Sprint(c.info), builtVersion(c.info), c.want)
	}
}

// TestEndWaits: what the program has said is written when it ends, if its output
// takes it then.
func TestEndWaits(t *testing.T) {
	t.Parallel()
	for args, status := range map[string]string{"version": "0", "version x": "2"} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer null.Close()
			out := &shutOutput{begun: make(chan struct{}), open: make(chan struct{})}
			m := newMessages(out)
			_, _ = m.Write([]byte("held\n"))
			ended := make(chan result, 1)
			go func() {
				code := realMain(strings.Fields(args), std{out: null, err: m})
				ended <- result{err: out.String(), status: fmt.Sprint(code)}
			}()
			waits := 1 // for the end
			if status != "0" {
				waits = 3 // and two messages
			}
			await(t, "the end to wait", func() bool { return len(m.queue) == waits || len(ended) > 0 })
			close(out.open)
			got := <-ended
			check(t, "messages", strings.Count(got.err, "\n"), waits)
		})
	}
}
