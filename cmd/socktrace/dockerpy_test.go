//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// python is an interpreter that has docker-py.
type python struct{ path, version string }

var findPythons = sync.OnceValues(func() ([]python, error) {
	var found []python
	var errs []string
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		out, err := exec.Command(name, "-c", "import docker; print(docker.__version__)").CombinedOutput()
		if err != nil {
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			errs = append(errs, fmt.Sprintf("%s: %v: %s", name, err, lines[len(lines)-1]))
			continue
		}
		version := string(bytes.TrimSpace(out))
		if len(found) == 0 || found[0].version != version {
			found = append(found, python{name, version})
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no docker-py: %s", strings.Join(errs, "; "))
	}
	return found, nil
})

// pythons returns the interpreters to test with, or skips the test aloud.
func pythons(t testing.TB) []python {
	t.Helper()
	found, err := findPythons()
	if err == nil {
		return found
	}
	need.Skip(t, "docker-py", err)
	return nil
}

// TestDockerPy runs a script that uses much of docker-py, directly and traced
// in two ways: what it sees must not differ.
func TestDockerPy(t *testing.T) {
	dockers(t)
	const script = "testdata/dockerpy/behaviour.py"
	for _, py := range pythons(t) {
		t.Run(py.version, func(t *testing.T) {
			t.Parallel()
			direct := launch(t, nil, py.path, script, testImage, uniqueName()).end()
			check(t, "status of the direct run", direct.status, "exit status 0")
			if direct.status != "exit status 0" {
				t.Fatal(direct.err)
			}
			t.Run("run", func(t *testing.T) {
				t.Parallel()
				r := recordingsIn(t.TempDir())
				args := append(append([]string{"run", "--show-secrets"}, r.flags()...), "--", py.path, script, testImage, uniqueName())
				checkAlike(t, direct, socktrace(t, nil, args...).end())
				checkPyTrace(t, parseEvents(t, readFile(t, r.live)))
				checkAgree(t, r, "--show-secrets")
			})
			t.Run("listen on tcp", func(t *testing.T) {
				t.Parallel() // here docker-py reuses a connection, up to an upgrade
				file := filepath.Join(t.TempDir(), "trace.jsonl")
				addr := listenTCP(t, "--show-secrets", "-f", "jsonl", "-o", file)
				checkAlike(t, direct, launch(t, environ("DOCKER_HOST="+addr), py.path, script, testImage, uniqueName()).end())
				checkPyTrace(t, eventsIn(t, file))
			})
		})
	}
}

// listenTCP starts socktrace listen on a port, before the daemon of the tests,
// and returns its address.
func listenTCP(t testing.TB, args ...string) string {
	t.Helper()
	p := socktrace(t, nil, append([]string{"listen", "--listen", "tcp://127.0.0.1:0"}, args...)...)
	p.err.await(t, " for ")
	_, rest, _ := strings.Cut(p.err.String(), "listening on ")
	addr, _, _ := strings.Cut(rest, " ")
	return addr
}

// checkPyTrace checks what the trace has of behaviour.py.
func checkPyTrace(t *testing.T, all events) {
	t.Helper()
	exchanges := all.exchanges()
	for _, want := range []string{
		"GET ContainerInspect 404 done", "GET ImageInspect 404 done", "POST ContainerCreate 409 done", "POST ContainerCreate 404 done",
		"POST ImageCreate 500 done", "POST ExecStart 101 done", "POST ContainerAttach 101 done", "GET ContainerArchive 200 done",
		"POST ContainerStart 400 done",
	} {
		if !slices.Contains(exchanges, want) {
			t.Errorf("no exchange %q in %q", want, exchanges)
		}
	}
	for _, want := range []string{"hi\n", "executed\n", "through a socket\n", "to cat\n", "9999\n"} {
		if !strings.Contains(all.text("stdout"), want) {
			t.Errorf("no %q among the frames", want)
		}
	}
	for _, want := range []string{"through a socket\n", "to cat\n"} {
		if !strings.Contains(all.text("stdin"), want) {
			t.Errorf("no %q among the input", want)
		}
	}
	if !strings.Contains(all.text("terminal"), "tty\r\n") {
		t.Error("no output of a terminal")
	}
	for _, code := range all.anomalies() {
		if code != "incomplete" { // it gives up logs and events in the middle
			t.Errorf("anomaly %s", code)
		}
	}
}

// TestDockerPyExecs runs 300 execs. docker-py loses output that comes in one
// read with the head of the response; an interposer must not make it so.
func TestDockerPyExecs(t *testing.T) {
	docker, py := dockers(t)[0], pythons(t)[0]
	t.Parallel()
	many := "300"
	if testing.Short() {
		many = "30"
	}
	c := docker.container(t, "sleep", "1000")
	got := socktrace(t, nil, "run", "-q", "--", py.path, "testdata/dockerpy/execs.py", c, many).end()
	check(t, "outputs", got.out, `Counter({"ExecResult(exit_code=0, output=b'executed\\n')": `+many+"})\n")
	check(t, "status", got.status, "exit status 0")
}
