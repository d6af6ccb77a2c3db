//go:build unix

package main

import (
	"strings"
	"testing"
)

// withFaults runs a command with rules, each "rule|rule", and returns what it says itself.
func withFaults(t *testing.T, rules string, command ...string) result {
	t.Helper()
	args := []string{"run", "-q"}
	for rule := range strings.SplitSeq(rules, "|") {
		args = append(args, "--fault", rule)
	}
	return socktrace(t, nil, append(append(args, "--"), command...)...).end()
}

// TestDockerFault: docker sees each kind of fault as it would see that of a daemon.
func TestDockerFault(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			name := uniqueName()
			docker.must(t, "create", "--name", name, "--network", "none", testImage, "sh", "-c", "echo one; echo two")
			t.Cleanup(func() { docker.must(t, "rm", "-f", name) })

			got := withFaults(t, `ContainerStart: 500 "no space left" x1`, docker.path, "start", name)
			if got.status == "exit status 0" || !strings.Contains(got.err, "Error response from daemon: no space left\n") {
				t.Errorf("start: %s\n%s%s", got.status, got.out, got.err)
			}
			check(t, "the container", docker.must(t, "inspect", "-f", "{{.State.Status}}", name), "created")

			got = withFaults(t, "ContainerStart: delay 10ms", docker.path, "start", "-a", name)
			check(t, "start later", got.out+got.status, "one\ntwo\nexit status 0")

			// Two frames, each of a head of 8 bytes and a line of 4: one and a half come.
			got = withFaults(t, "ContainerLogs: cut after 18", docker.path, "logs", name)
			if got.out == "one\ntwo\n" || got.status == "exit status 0" && strings.Contains(got.out, "two") {
				t.Errorf("logs: %s\n%s%s", got.status, got.out, got.err)
			}

			got = withFaults(t, "ContainerDelete: reset", docker.path, "rm", name)
			if got.status == "exit status 0" || !strings.Contains(got.err, "EOF") {
				t.Errorf("rm: %s\n%s%s", got.status, got.out, got.err)
			}
			check(t, "the container", docker.must(t, "inspect", "-f", "{{.State.Status}}", name), "exited")

			got = withFaults(t, "ContainerInspect: stall", "timeout", "1", docker.path, "container", "inspect", name)
			check(t, "inspect", got.status, "exit status 124")
			if !strings.Contains(got.err, "ContainerInspect: stall: applied to 1 of 1 request\n") {
				t.Errorf("inspect: %s", got.err)
			}
		})
	}
}

// TestDockerRunFault: docker run says what the daemon would have said.
func TestDockerRunFault(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			name := uniqueName()
			t.Cleanup(func() { docker.must(t, "rm", "-f", name) })
			got := withFaults(t, `(operation == "ContainerStart"): 500 "no space left"`, docker.path, "run", "--name", name, "--network", "none", testImage, "echo", "hi")
			if got.status != "exit status 125" || got.out != "" || !strings.Contains(got.err, "docker: Error response from daemon: no space left") {
				t.Errorf("%s\n%s%s", got.status, got.out, got.err)
			}
		})
	}
}

// TestDockerPyFault: docker-py raises what the status says, with the message; the second time it
// gets what the daemon says.
func TestDockerPyFault(t *testing.T) {
	docker := dockers(t)[0]
	for _, py := range pythons(t) {
		t.Run(py.version, func(t *testing.T) {
			t.Parallel()
			name := uniqueName()
			docker.must(t, "create", "--name", name, "--network", "none", testImage, "true")
			t.Cleanup(func() { docker.must(t, "rm", "-f", name) })
			got := withFaults(t, `ContainerStart: 500 "no space left" x1|ContainerRestart: reset|/containers/*/json: 404 "gone" skip 1 x1`, py.path, "testdata/dockerpy/faults.py", name)
			check(t, "what it saw", got.out+got.status, "APIError 500 no space left\nstarted\nNotFound 404 gone\nConnectionError\nexit status 0")
		})
	}
}
