// Record makes demo/session.txt, or demo/examples.txt if its argument is examples: it
// lets the docker CLI talk to the daemon that DOCKER_HOST names, which needs an image
// called busybox, and writes down what they say. Run it in the root of the module, for
// the examples with a daemon of its own that has its data where they usually are, and with
// the path of a CLI that has BuildKit in it in KIT_DOCKER.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/socktrace/socktrace/dockercli"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/transcript"
)

// recording is what is recorded in a file.
type recording struct {
	file, header string
	events       bool       // docker events runs all along
	steps        [][]string // what is typed behind docker, one after another
	files        map[string]string
}

const header = `# What the demo shows: docker events all along; docker version, ps -a, start of a
# container that is not there, run, logs -f and rm. The command that made a
# connection stands before it, behind a dollar sign.
# client: docker CLI 28.2.2; daemon: docker engine 20.10.24 (API 1.41)

`

const examplesHeader = `# Examples of operations that the demo does not have, for socktrace operations. The
# command that made a connection stands before it, behind a dollar sign.
# client: docker CLI 28.2.2, and 20.10.24 with BuildKit; daemon: docker engine 20.10.24 (API 1.41)

`

// examples are commands that end soon and say little. What the last ones build needs
// BuildKit, which the other CLI has in it.
var examples = [][]string{
	{"run", "-d", "--network", "none", "--name", "web", "busybox", "sleep", "60"},
	{"exec", "web", "echo", "hi"},
	{"inspect", "web"},
	{"top", "web"},
	{"stats", "--no-stream", "web"},
	{"cp", "hello.txt", "web:/hello.txt"},
	{"cp", "web:/hello.txt", "back.txt"},
	{"diff", "web"},
	{"pause", "web"},
	{"unpause", "web"},
	{"update", "--cpu-shares", "512", "web"},
	{"rename", "web", "site"},
	{"kill", "-s", "HUP", "site"},
	{"restart", "-t", "0", "site"},
	{"stop", "-t", "0", "site"},
	{"commit", "site", "site:v1"},
	{"rm", "site"},
	{"images"},
	{"image", "inspect", "busybox"},
	{"history", "busybox"},
	{"tag", "busybox", "tools"},
	{"rmi", "tools"},
	{"pull", "127.0.0.1:1/none"},
	{"push", "127.0.0.1:1/none"},
	{"build", "--network", "none", "-t", "built", "."},
	{"image", "prune", "-f"},
	{"container", "prune", "-f"},
	{"volume", "create", "data"},
	{"volume", "ls"},
	{"volume", "inspect", "data"},
	{"volume", "rm", "data"},
	{"volume", "prune", "-f"},
	{"network", "ls"},
	{"network", "inspect", "none"},
	{"network", "create", "--driver", "null", "other"},
	{"network", "rm", "no-such"},
	{"network", "prune", "-f"},
	{"plugin", "ls"},
	{"plugin", "inspect", "no-such"},
	{"swarm", "leave"},
	{"service", "ls"},
	{"node", "ls"},
	{"secret", "ls"},
	{"config", "ls"},
	{"build", "--network", "host", "--secret", "id=token,src=secret.txt", "-f", "Secretly", "-t", "kit", "."},
	{"builder", "prune", "-f"},
}

// exampleFiles are what they need, by name, in the folder that they run in.
var exampleFiles = map[string]string{
	"hello.txt":     "hello\n",
	"secret.txt":    "invented\n",
	"Dockerfile":    "FROM busybox\nCOPY hello.txt /\nRUN cat /hello.txt\n",
	"Secretly":      "FROM busybox\nRUN --mount=type=secret,id=token test -s /run/secrets/token\n",
	".dockerignore": "secret.txt\nback.txt\n",
}

// steps are what the CLI is asked to do, one after another.
var steps = [][]string{
	{"version"},
	{"ps", "-a"},
	{"start", "web"},
	{"run", "--name", "demo", "busybox", "sh", "-c", "echo hello from the container; sleep 0.3; echo this is stderr >&2; sleep 0.3; echo bye"},
	{"logs", "-f", "demo"},
	{"rm", "demo"},
}

// pause is between the commands, so that who looks on sees one after another.
const pause = 150 * time.Millisecond

func main() {
	what := recording{file: "demo/session.txt", header: header, events: true, steps: steps}
	if len(os.Args) > 1 && os.Args[1] == "examples" {
		what = recording{file: "demo/examples.txt", header: examplesHeader, steps: examples, files: exampleFiles}
	}
	if err := record(what); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func record(what recording) error {
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	upstream, err := dockercli.Upstream(os.Getenv, home)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "record-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := intercept.Listen(intercept.Addr{Network: "unix", Address: filepath.Join(dir, "docker.sock")}, intercept.ListenOptions{})
	if err != nil {
		return err
	}
	for name, text := range what.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	start := time.Now()
	r := transcript.NewRecorder(start)
	p := &intercept.Proxy{Listener: l, Upstream: upstream, Tap: r.Tap}
	served := make(chan error, 1)
	go func() { served <- p.Serve(context.Background()) }()
	docker := func(args ...string) *exec.Cmd {
		cmd := exec.Command("docker", args...)
		cmd.Env = append(os.Environ(), "DOCKER_HOST="+l.Local().String())
		if kit(args) {
			cmd = exec.Command(cmp.Or(os.Getenv("KIT_DOCKER"), "docker"), args...)
			cmd.Env = append(os.Environ(), "DOCKER_HOST="+l.Local().String(), withKit)
		}
		if what.files != nil {
			cmd.Dir = dir
		}
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		return cmd
	}
	var played []part
	play := func(args ...string) *exec.Cmd {
		command := commandLine(args)
		if kit(args) {
			command = withKit + " " + command
		}
		played = append(played, part{time.Since(start), command})
		return docker(args...)
	}
	var events *exec.Cmd
	if what.events {
		events = play("events")
		if err := events.Start(); err != nil {
			return err
		}
	}
	for _, args := range what.steps {
		time.Sleep(pause)
		_ = play(args...).Run() // some are meant to fail
	}
	if events != nil {
		if err := events.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		_ = events.Wait() // it was interrupted
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	p.Drain(ctx)
	if err := <-served; err != nil {
		return err
	}
	s := r.Session()
	for _, c := range s.Conns {
		c.Client.Process, c.Client.Addr, c.Server.Addr, c.Server.Process = nil, "", "", nil
	}
	return os.WriteFile(what.file, []byte(what.header+titled(s, played)), 0o666)
}

// withKit has the CLI build with BuildKit.
const withKit = "DOCKER_BUILDKIT=1"

// kit reports whether a command needs that.
func kit(args []string) bool { return slices.Contains(args, "--secret") }

// part is a command of the session, and when it began.
type part struct {
	at      time.Duration
	command string
}

// titled returns the text of s with each command before its first connection.
func titled(s *transcript.Session, played []part) string {
	var b strings.Builder
	n := 0 // connections
	for line := range strings.Lines(string(s.Format())) {
		if strings.HasPrefix(line, "conn") {
			command := ""
			for len(played) > 0 && played[0].at <= s.Conns[n].Start {
				command, played = played[0].command, played[1:]
			}
			if command != "" {
				b.WriteString("# $ " + command + "\n")
			}
			n++
		}
		b.WriteString(line)
	}
	return b.String()
}

// commandLine returns what is typed to run docker with args.
func commandLine(args []string) string {
	words := []string{"docker"}
	for _, a := range args {
		if strings.ContainsAny(a, " ;>&") {
			a = "'" + a + "'"
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}
