//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dockerCase is a docker command that is run directly and traced.
type dockerCase struct {
	name string
	// args has {c} for the container's name, {i} for testImage, {d} for a
	// folder to build from, {n} for a new name of what it makes. Blanks within
	// an argument are the shell's ${IFS}.
	args      string
	stdin     string
	env       []string
	container string   // its command, as words; one is started for each run, if it is not empty
	terminal  bool     // the container has one
	exited    bool     // wait until the container has ended
	status    string   // empty: "exit status 0"
	want      []string // how exchanges begin; there may be others as well
	streams   map[string]string
}

var dockerCases = []dockerCase{
	{name: "version", args: "version", want: []string{"GET SystemVersion 200 done"}},
	{name: "ps", args: "ps -a --filter name={c} --format {{.Names}}@{{.Image}}@{{.Command}}", container: "sleep 100",
		want: []string{"GET ContainerList 200 done"}},
	{name: "run", args: "run --rm --network none {i} echo hi",
		want: []string{"POST ContainerCreate 201 done", "POST ContainerAttach 101 done", "POST ContainerStart 204 done",
			"POST ContainerWait 200 done"},
		streams: map[string]string{"stdout": "hi\n"}},
	{name: "run fails", args: "run --rm --network none {i} sh -c echo${IFS}out;echo${IFS}err>&2;exit${IFS}3", status: "exit status 3",
		want:    []string{"POST ContainerAttach 101 done"},
		streams: map[string]string{"stdout": "out\n", "stderr": "err\n"}},
	{name: "run -i", args: "run -i --rm --network none {i} cat", stdin: strings.Repeat("typed\n", 10_000),
		want:    []string{"POST ContainerAttach 101 done"},
		streams: map[string]string{"stdin": strings.Repeat("typed\n", 10_000), "stdout": strings.Repeat("typed\n", 10_000)}},
	{name: "run nothing", args: "run --name {n} --network none {i} /no/such/command", status: "exit status 127",
		want: []string{"POST ContainerStart 400 done"}},
	{name: "exec late", args: "exec -i {c} sh -c cat;sleep${IFS}3;echo${IFS}late", stdin: "early\n", container: "sleep 100",
		want:    []string{"POST ContainerExec 201 done", "POST ExecStart 101 done", "GET ExecInspect 200 done"},
		streams: map[string]string{"stdin": "early\n", "stdout": "early\nlate\n"}},
	{name: "exec late without stdin", args: "exec {c} sh -c sleep${IFS}3;echo${IFS}late;exit${IFS}4", container: "sleep 100", status: "exit status 4",
		want:    []string{"POST ExecStart 101 done"},
		streams: map[string]string{"stdout": "late\n"}},
	{name: "exec -i", args: "exec -i {c} cat", stdin: strings.Repeat("0123456789abcdef", 1<<16), container: "sleep 100",
		want:    []string{"POST ExecStart 101 done"},
		streams: map[string]string{"stdin": strings.Repeat("0123456789abcdef", 1<<16), "stdout": strings.Repeat("0123456789abcdef", 1<<16)}},
	{name: "logs", args: "logs {c}", container: "sh -c echo${IFS}one;echo${IFS}two>&2;echo${IFS}three", exited: true,
		want:    []string{"GET ContainerLogs 200 done"},
		streams: map[string]string{"stdout": "one\nthree\n", "stderr": "two\n"}},
	{name: "logs of a terminal", args: "logs {c}", container: "echo shown", terminal: true, exited: true,
		want:    []string{"GET ContainerLogs 200 done"},
		streams: map[string]string{"terminal": "shown\r\n"}},
	{name: "stats", args: "stats --no-stream --format {{.Name}}@{{.PIDs}} {c}", container: "sleep 100",
		want: []string{"GET ContainerStats 200 done"}},
	{name: "wait", args: "wait {c}", container: "sh -c sleep${IFS}1;exit${IFS}7",
		want: []string{"POST ContainerWait 200 done"}},
	{name: "inspect nothing", args: "inspect --type container nosuchcontainer", status: "exit status 1",
		want: []string{"GET ContainerInspect 404 done"}},
	{name: "name taken", args: "create --name {c} --network none {i} true", container: "sleep 100", status: "exit status 1",
		want: []string{"POST ContainerCreate 409 done"}},
	{name: "cp out", args: "cp {c}:/etc/motd -", container: "sleep 100",
		want: []string{"GET ContainerArchive 200 done"}},
	{name: "cp in", args: "cp {d}/Dockerfile {c}:/tmp/there", container: "sleep 100",
		want: []string{"PUT PutContainerArchive 200 done"}},
	{name: "pull fails", args: "pull 127.0.0.1:1/nothing", status: "exit status 1",
		want: []string{"POST ImageCreate 500 done"}},
	{name: "build", args: "build --no-cache -t {n} {d}", env: []string{"DOCKER_BUILDKIT=0"},
		want: []string{"POST ImageBuild 200 done"}},
	{name: "build fails", args: "build --no-cache --force-rm -t {n} {d}/broken", env: []string{"DOCKER_BUILDKIT=0"}, status: "exit status 7",
		want: []string{"POST ImageBuild 200 "}}, // the CLI may close before the last chunk
}

// once returns the arguments for one run, and what it needs.
func (c dockerCase) once(t *testing.T, docker cli) []string {
	t.Helper()
	container := ""
	if c.container != "" {
		var flags []string
		if c.terminal {
			flags = []string{"-t"}
		}
		container = docker.containerWith(t, flags, strings.Fields(c.container)...)
		if c.exited {
			docker.must(t, "wait", container)
		}
	}
	folder := ""
	if strings.Contains(c.args, "{d}") {
		folder = buildFolder(t)
	}
	name := uniqueName()
	if strings.Contains(c.args, "{n}") {
		t.Cleanup(func() {
			_ = exec.Command(docker.path, "rm", "-f", name).Run()
			_ = exec.Command(docker.path, "rmi", "-f", name).Run()
		})
	}
	r := strings.NewReplacer("{c}", container, "{i}", testImage, "{d}", folder, "{n}", name)
	words := strings.Fields(c.args)
	for i := range words {
		words[i] = r.Replace(words[i])
	}
	return words
}

// buildFolder returns a folder with a Dockerfile, and another that is broken.
func buildFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "broken"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"Dockerfile":        "FROM " + testImage + "\nCOPY data /data\nRUN cat /data\n",
		"broken/Dockerfile": "FROM " + testImage + "\nRUN exit 7\n",
		"data":              "copied into the image\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestDocker runs docker commands directly and traced: they must not differ,
// and the trace must show what they did.
func TestDocker(t *testing.T) {
	for _, docker := range dockers(t) {
		for _, test := range dockerCases {
			t.Run(docker.version+" "+test.name, func(t *testing.T) {
				t.Parallel()
				test.run(t, docker)
			})
		}
	}
}

func (c dockerCase) run(t *testing.T, docker cli) {
	prepare := func(cmd *exec.Cmd) {
		cmd.Env = append(os.Environ(), c.env...)
		if c.stdin != "" {
			cmd.Stdin = strings.NewReader(c.stdin)
		}
	}
	direct := launch(t, prepare, docker.path, c.once(t, docker)...).end()
	p, file := docker.trace(t, prepare, c.once(t, docker)...)
	traced := p.end()
	checkAlike(t, direct, traced)
	if c.status == "" {
		c.status = "exit status 0"
	}
	check(t, "status", direct.status, c.status)

	all := parseEvents(t, readFile(t, file))
	exchanges := all.exchanges()
	for _, want := range c.want {
		if !slices.ContainsFunc(exchanges, func(ev string) bool { return strings.HasPrefix(ev, want) }) {
			t.Errorf("no exchange %q in %q", want, exchanges)
		}
	}
	for _, ev := range all.of("exchange") {
		if ev.Operation == "" {
			t.Errorf("no operation for %s %s", ev.Method, ev.Target)
		}
	}
	for _, kind := range []string{"stdin", "stdout", "stderr", "systemerr", "terminal"} {
		checkLines(t, kind+" in the trace", all.text(kind), c.streams[kind])
	}
	if codes := all.anomalies(); len(codes) > 0 {
		t.Errorf("anomalies: %q", codes)
	}
	check(t, "connections closed", len(all.of("close")), len(all.of("open")))
	checkAgree(t, recordingsIn(filepath.Dir(file)), "--show-secrets")
}

// TestDockerFormats looks at the other formats, and at where they go.
func TestDockerFormats(t *testing.T) {
	docker := dockers(t)[0]
	args := []string{docker.path, "run", "--rm", "--network", "none", testImage, "sh", "-c", "echo out; echo err >&2; exit 3"}
	direct := launch(t, nil, args[0], args[1:]...).end()
	for _, format := range []string{"text", "compact"} {
		t.Run(format+" to a file", func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "trace")
			traced := socktrace(t, nil, append([]string{"run", "-f", format, "-o", file, "--"}, args...)...).end()
			checkAlike(t, direct, traced)
			checkTextTrace(t, readFile(t, file))
		})
		t.Run(format+" to stderr", func(t *testing.T) {
			t.Parallel()
			traced := socktrace(t, nil, append([]string{"run", "-f", format, "--"}, args...)...).end()
			check(t, "status", traced.status, direct.status)
			check(t, "stdout", traced.out, direct.out)
			check(t, "err within stderr", strings.Contains(traced.err, "err\n"), true)
			checkTextTrace(t, traced.err)
		})
	}
	t.Run("quiet", func(t *testing.T) {
		t.Parallel()
		traced := socktrace(t, nil, append([]string{"run", "-q", "--"}, args...)...).end()
		check(t, "status", traced.status, direct.status)
		check(t, "stdout", traced.out, direct.out)
		if !strings.HasPrefix(traced.err, direct.err+"socktrace: ") || strings.Count(traced.err, "\n") != 2 {
			t.Errorf("stderr %q", traced.err)
		}
	})
}

// checkTextTrace checks what both text formats show of a run.
func checkTextTrace(t *testing.T, text string) {
	t.Helper()
	for _, want := range []string{"ContainerCreate", "ContainerAttach", "ContainerStart", "ContainerWait", "stdout", "stderr",
		"\nsocktrace: 3 connections, 5 exchanges, "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the trace:\n%s", want, tail(text))
		}
	}
	if strings.Contains(text, "\x1b") {
		t.Error("colours in a file")
	}
}
