// Record makes demo/session.txt: it lets the docker CLI talk to the daemon that
// DOCKER_HOST names, which needs an image called busybox, and writes down what
// they say. Run it in the root of the module.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/socktrace/socktrace/dockercli"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/transcript"
)

const header = `# What the demo shows: docker events all along; docker version, ps -a, start of a
# container that is not there, run, logs -f and rm. The command that made a
# connection stands before it, behind a dollar sign.
# client: docker CLI 28.2.2; daemon: docker engine 20.10.24 (API 1.41)

`

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
	if err := record(); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func record() error {
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
	start := time.Now()
	r := transcript.NewRecorder(start)
	p := &intercept.Proxy{Listener: l, Upstream: upstream, Tap: r.Tap}
	served := make(chan error, 1)
	go func() { served <- p.Serve(context.Background()) }()
	docker := func(args ...string) *exec.Cmd {
		cmd := exec.Command("docker", args...)
		cmd.Env = append(os.Environ(), "DOCKER_HOST="+l.Local().String())
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		return cmd
	}
	var played []part
	play := func(args ...string) *exec.Cmd {
		played = append(played, part{time.Since(start), commandLine(args)})
		return docker(args...)
	}
	events := play("events")
	if err := events.Start(); err != nil {
		return err
	}
	for _, args := range steps {
		time.Sleep(pause)
		_ = play(args...).Run() // one is meant to fail
	}
	if err := events.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	_ = events.Wait() // it was interrupted
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
	return os.WriteFile("demo/session.txt", []byte(header+titled(s, played)), 0o666)
}

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
