//go:build linux

package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// TestDockerLogsFollow follows a container: each line is in the trace as soon
// as it is printed, while the container runs on.
func TestDockerLogsFollow(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			c := docker.container(t, "sh", "-c", "mkfifo /f; exec 3<>/f; echo ready; while read l <&3; do echo $l; done")
			p, file := docker.trace(t, nil, "logs", "-f", c)
			p.out.await(t, "ready\n")
			for n := range 3 {
				line := fmt.Sprintf("line %d\n", n)
				docker.must(t, "exec", c, "sh", "-c", fmt.Sprintf("echo line %d >/f", n))
				p.out.await(t, line)
				await(t, "the line in the trace", func() bool {
					return strings.HasSuffix(eventsIn(t, file).text("stdout"), line)
				})
			}
			select {
			case <-p.done:
				t.Fatal("it ended early")
			default:
			}
			docker.must(t, "kill", c)
			check(t, "status", p.end().status, "exit status 0")
			all := parseEvents(t, readFile(t, file))
			check(t, "stdout", all.text("stdout"), "ready\nline 0\nline 1\nline 2\n")
			checkAgree(t, recordingsIn(filepath.Dir(file)), "--show-secrets")
			check(t, "state", all.operation(t, "ContainerLogs").State, "done")
		})
	}
}

// TestDockerEventsInterrupted ends "docker events" by an interrupt that only
// socktrace gets: it ends as it does directly.
func TestDockerEventsInterrupted(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			c := docker.container(t, "sleep", "1000")
			args := []string{"events", "--filter", "container=" + c, "--format", "{{.Action}}"}
			interrupt := func(p *process) result {
				for n := 0; !strings.Contains(p.out.String(), "exec_die"); n++ {
					if n == 100 {
						t.Fatalf("%s shows no event: %q, %q", p, p.out.String(), p.err.String())
					}
					docker.must(t, "exec", c, "true")
					time.Sleep(20 * time.Millisecond)
				}
				return p.stop(syscall.SIGINT)
			}
			direct := interrupt(launch(t, nil, docker.path, args...))
			p, file := docker.trace(t, nil, args...)
			traced := interrupt(p)
			check(t, "status", traced.status, direct.status)
			checkLines(t, "stderr", ownLines.ReplaceAllString(traced.err, ""), direct.err)
			checkAgree(t, recordingsIn(filepath.Dir(file)), "--show-secrets")
			all := parseEvents(t, readFile(t, file))
			check(t, "status of the answer", all.operation(t, "SystemEvents").Status, 200)
			check(t, "events in the trace", strings.Contains(all.jsonText(), `"status":"exec_die"`), true)
		})
	}
}

// jsonText returns all JSON messages, one a line.
func (all events) jsonText() string {
	var b strings.Builder
	for _, ev := range all.of("message") {
		b.Write(ev.JSON)
		b.WriteByte('\n')
	}
	return b.String()
}

// TestDockerKilled kills the client of a container that reads its input: the
// container is released as without socktrace.
func TestDockerKilled(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			name := uniqueName()
			t.Cleanup(func() { _ = exec.Command(docker.path, "rm", "-f", name).Run() })
			in, hold, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			defer hold.Close() // the input does not end by itself
			p, file := docker.trace(t, func(c *exec.Cmd) { c.Stdin = in },
				"run", "-i", "--rm", "--network", "none", "--name", name, testImage, "sh", "-c", "echo ready; cat")
			p.out.await(t, "ready\n")
			client := processChildren(t, p.Process.Pid)
			if len(client) != 1 {
				t.Fatalf("children of socktrace: %v", client)
			}
			if err := syscall.Kill(client[0], syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			check(t, "status", p.end().status, "signal: killed")
			await(t, "the end of the container", func() bool {
				return docker.must(t, "ps", "-a", "--format", "{{.Names}}", "--filter", "name="+name) == ""
			})
			all := parseEvents(t, readFile(t, file))
			check(t, "stdout", all.operation(t, "ContainerAttach").Streams["stdout"].Bytes, int64(len("ready\n")))
			check(t, "status of the wait", all.operation(t, "ContainerWait").Status, 200)
			check(t, "connections closed", len(all.of("close")), len(all.of("open")))
		})
	}
}

// TestDockerSaveLoad moves an image of 200 MB out and in.
func TestDockerSaveLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("moves 200 MB several times")
	}
	docker := dockers(t)[0]
	t.Parallel()
	name := bigImage(t, docker)
	dir := t.TempDir()
	direct, traced := filepath.Join(dir, "direct.tar"), filepath.Join(dir, "traced.tar")
	into := func(file string) func(*exec.Cmd) {
		return func(c *exec.Cmd) {
			f, err := os.Create(file)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			c.Stdout = f
		}
	}
	check(t, "direct", launch(t, into(direct), docker.path, "save", name).end().status, "exit status 0")
	p, file := docker.trace(t, into(traced), "save", name)
	check(t, "traced", p.end().status, "exit status 0")
	check(t, "archive", fileSum(t, traced), fileSum(t, direct))
	info, err := os.Stat(direct)
	if err != nil {
		t.Fatal(err)
	}
	saved := eventsIn(t, file).operation(t, "ImageGetAll")
	check(t, "size in the trace", saved.Response.BodyBytes, info.Size())
	check(t, "truncated", saved.Response.Truncated, true)
	checkAgree(t, recordingsIn(filepath.Dir(file)), "--show-secrets")

	from := func(c *exec.Cmd) {
		f, err := os.Open(direct)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		c.Stdin = f
	}
	loaded := launch(t, from, docker.path, "load", "-q").end()
	p, file = docker.trace(t, from, "load", "-q")
	checkAlike(t, loaded, p.end())
	all := eventsIn(t, file)
	check(t, "size in the trace", all.operation(t, "ImageLoad").Request.BodyBytes, info.Size())
	check(t, "answer", strings.Contains(all.jsonText(), "Loaded image: "+name), true)
	checkAgree(t, recordingsIn(filepath.Dir(file)), "--show-secrets")
}

// bigImage imports an image of one file that does not compress.
func bigImage(t *testing.T, docker cli) string {
	t.Helper()
	const size = 200 << 20
	name := uniqueName() + ":latest"
	t.Cleanup(func() { _ = exec.Command(docker.path, "rmi", "-f", name).Run() })
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(writeBigTar(w, size)) }()
	got := launch(t, func(c *exec.Cmd) { c.Stdin = r }, docker.path, "import", "-", name).end()
	check(t, "import", got.status, "exit status 0")
	return name
}

func fileSum(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestDockerBuildKit builds through connections that are upgraded to HTTP/2.
func TestDockerBuildKit(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			env := environ("DOCKER_BUILDKIT=1")
			name := ""
			args := func() []string {
				name = uniqueName()
				image := name
				t.Cleanup(func() { _ = exec.Command(docker.path, "rmi", "-f", image).Run() })
				return []string{"build", "--progress=plain", "--no-cache", "-t", image, buildFolder(t)}
			}
			direct := launch(t, env, docker.path, args()...).end()
			if strings.Contains(direct.err, "buildx component is missing") {
				need.Skip(t, "buildx", "this docker builds only with it, and it is not here")
			}
			check(t, "status of the direct build", direct.status, "exit status 0")
			p, file := docker.trace(t, env, args()...)
			traced := p.end()
			check(t, "status", traced.status, direct.status)
			check(t, "RUN in the output", strings.Contains(traced.out+traced.err, "copied into the image"), true)
			check(t, "in the image", docker.must(t, "run", "--rm", "--network", "none", name, "cat", "/data"), "copied into the image")
			all := parseEvents(t, readFile(t, file))
			check(t, "session", all.operation(t, "Session").Upgrade, "h2c")
			if !slices.Contains(all.exchanges(), "POST ImageBuild 200 done") {
				t.Errorf("exchanges: %q", all.exchanges())
			}
			check(t, "context in the trace", slices.ContainsFunc(all.of("message"), func(ev event) bool {
				return ev.Type == "fsutil.types.Packet" && strings.Contains(string(ev.JSON), "copied into the image")
			}), true)
			checkAgree(t, recordingsIn(filepath.Dir(file)), "--show-secrets")
		})
	}
}
