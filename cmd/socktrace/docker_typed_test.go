//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// inFolder has a command run in a folder, and reach docker under that name.
func inFolder(dir string) func(*exec.Cmd) {
	return func(c *exec.Cmd) { c.Dir = dir }
}

// oneLine puts commands that take several lines on one.
func oneLine(script string) string { return strings.ReplaceAll(script, " \\\n  ", " ") }

// typedWords returns the words of a line, sorted, as the shell reads them.
func typedWords(t *testing.T, line string) []string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `for w in `+line+`; do printf '%s\n' "$w"; done`).Output()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	words := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	slices.Sort(words)
	return words
}

// unwanted are the flags that would leave something behind on the machine, or wait for what
// is not there.
var unwanted = regexp.MustCompile(`cidfile|data:|type=volume|--platform|--volume-driver`)

// tooNew are those that older daemons do not know, by which the CLI sends nothing.
var tooNew = regexp.MustCompile(`annotation|health-start-interval|bind-recursive|volume-subpath|second|gw-priority|cgroupns|mac-address`)

// TestDockerFlags: docker create with each of many flags, at a real daemon, is told with
// these flags; and so is docker run.
func TestDockerFlags(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs a hundred commands")
	}
	docker := dockers(t)[0]
	if docker.version < "28" {
		need.Skip(t, "docker", "the flags are those of version 28, not "+docker.version)
	}
	run := uniqueName()
	var script strings.Builder
	given := make(map[string]string)
	for block := range strings.SplitSeq(readFile(t, "../../equivalent/testdata/docker_create.txt"), "\n\n") {
		flags, _, _ := strings.Cut(strings.TrimSpace(block), "\n")
		if strings.HasPrefix(flags, "#") || unwanted.MatchString(flags) {
			continue
		}
		id := run + "-" + strconv.Itoa(len(given))
		given[id] = flags
		flags = strings.Replace(flags, "--name web", "--name "+run, 1)
		script.WriteString("docker create --label case=" + id + " " + flags + " " + testImage + " true\n")
	}
	// These run, so the daemon must be able to.
	for _, flags := range []string{"-e A=1 --workdir /tmp --user 1", "--memory 64m --cpus 0.5 --pids-limit 20", "--read-only --tmpfs /run --cap-drop ALL --init"} {
		id := run + "-" + strconv.Itoa(len(given))
		given[id] = flags + " --rm --network none"
		script.WriteString("docker run --label case=" + id + " --rm --network none " + flags + " " + testImage + " true\n")
	}
	dir := t.TempDir()
	t.Cleanup(func() {
		out, _ := exec.Command(docker.path, "ps", "-aq", "-f", "label=case").Output()
		for _, id := range strings.Fields(string(out)) {
			label, _ := exec.Command(docker.path, "inspect", "-f", `{{index .Config.Labels "case"}}`, id).Output()
			if strings.HasPrefix(string(label), run) {
				_ = exec.Command(docker.path, "rm", "-f", "-v", id).Run()
			}
		}
	})
	file := filepath.Join(dir, "calls.sh")
	socktrace(t, inFolder(dir), "run", "-f", "docker", "-o", file, "--show-secrets", "--op", "ContainerCreate", "--", "sh", "-c", script.String()).end()
	calls := oneLine(readFile(t, file))
	flags := 0
	for id, want := range given {
		at := strings.Index(calls, "--label case="+id+" ")
		if at < 0 {
			if !tooNew.MatchString(want) {
				t.Errorf("docker create %s: not in the trace", want)
			}
			continue
		}
		line := calls[strings.LastIndexByte(calls[:at], '\n')+1 : at+strings.IndexByte(calls[at:], '\n')]
		_, line, _ = strings.Cut(strings.TrimSuffix(line, ")"), " create ") // container1=$(docker create …)
		want = strings.Replace(want, "--name web", "--name "+run, 1)
		if got, want := typedWords(t, line), typedWords(t, "--label case="+id+" "+want+" "+testImage+" true"); !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		flags += strings.Count(" "+want, " -")
	}
	if flags < 80 {
		t.Errorf("only %d flags", flags)
	}
}

// typedSession is docker commands that leave nothing behind: {c} is a container that runs,
// {n} a new name, {i} the image.
const typedSession = `
docker version; docker info; docker system df; docker ps -a -f name={c}; docker ps -n 2 -s
docker images -a -f reference={i}; docker image inspect {i}; docker history {i}
docker container inspect {c}; docker container inspect -s {c}; docker top {c}; docker diff {c}
docker logs {c}; docker logs -t --tail 2 --since 10m {c}; docker stats --no-stream {c}
docker exec {c} true; docker exec -u 0 -e A="it's" -w /tmp {c} echo 'two words'; docker exec -d {c} true
docker cp {c}:/bin - >/dev/null; docker export -o container.tar {c}; docker save -o images.tar {i}
docker pause {c}; docker unpause {c}; docker update --memory 64m --memory-swap 128m {c}
docker kill -s CONT {c}; docker rename {c} {n}; docker rename {n} {c}
docker network ls -f driver=bridge; docker network inspect none; docker network create --internal --label a=b {n}; docker network rm {n}
docker volume ls -f name={n}; docker volume create --label a=b -o type=tmpfs -o device=tmpfs {n}; docker volume inspect {n}; docker volume rm {n}
docker tag {i} {n}:1; docker rmi {n}:1; docker commit -m 'a message' -a me -p=false {c} {n}:2; docker rmi -f {n}:2
docker events --since 1 --until 2 -f type=container; docker plugin ls; docker node ls; docker service ls; docker secret ls
docker container prune -f --filter label={n}; docker image prune -f --filter label={n}
docker stop -t 0 {c}; docker start {c}; docker restart -t 0 {c}; docker inspect {n}; docker create --name {n} --memory 32m {i} true; docker rm {n}
`

// TestDockerTyped: commands are traced as commands, and those, typed, ask the real daemon
// for the same.
func TestDockerTyped(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs a hundred commands")
	}
	docker := dockers(t)[0]
	name := uniqueName()
	session := strings.NewReplacer("{c}", docker.container(t, "sleep", "1000"), "{n}", name, "{i}", testImage).Replace(typedSession)
	t.Cleanup(func() {
		_ = exec.Command(docker.path, "rm", "-f", name).Run()
		_ = exec.Command(docker.path, "network", "rm", name).Run()
		_ = exec.Command(docker.path, "volume", "rm", name).Run()
	})
	dir := t.TempDir()
	recorded := func(har, script string) []string {
		file := filepath.Join(dir, har)
		socktrace(t, inFolder(dir), "run", "-q", "--show-secrets", "--har", file, "--", "sh", "-c", script).end()
		return strings.Split(strings.TrimSpace(socktrace(t, nil, "read", "-f", "curl", "--show-secrets", file).end().out), "\n\n")
	}
	first := recorded("first.har", session)
	typed := socktrace(t, nil, "read", "-f", "docker", "--show-secrets", filepath.Join(dir, "first.har")).end().out
	commands := strings.Split(strings.TrimSpace(typed), "\n\n")
	if len(commands) < 40 || len(commands) < len(first) {
		t.Fatalf("%d commands of %d requests", len(commands), len(first))
	}
	// The name of the daemon would lead past the trace.
	again := recorded("again.har", strings.ReplaceAll(typed, " -H "+os.Getenv("DOCKER_HOST")+" ", " "))
	requests := make(map[string]bool)
	for _, call := range again {
		requests[requestOf(call)] = true
	}
	for i, call := range first {
		if !strings.Contains(commands[i], "\ndocker ") {
			continue
		}
		if want := requestOf(call); want != "" && !requests[want] {
			t.Errorf("%s\nsends no\n%s", commands[i], want)
		}
	}
}

// goSession is docker commands whose requests a program of Go sends again: what they are
// about has names, not ids. {n} is a new name, {i} the image.
const goSession = `
docker version; docker info; docker ps -a -f name={n}; docker images -a -f reference={i}; docker image inspect {i}; docker history {i}
docker create --name {n} --network none -e A="it's" -v /data --memory 64m --restart on-failure:2 --init --label a=b --tmpfs /run {i} sleep 1000
docker start {n}; docker inspect {n}; docker top {n}; docker diff {n}; docker stats --no-stream {n}; docker exec -d {n} true
docker pause {n}; docker unpause {n}; docker update --memory 32m --memory-swap 64m {n}; docker kill -s CONT {n}; docker stop -t 0 {n}; docker rm -v {n}
docker network create --internal --label a=b {n}; docker network inspect {n}; docker network rm {n}
docker volume create --label a=b {n}; docker volume inspect {n}; docker volume rm {n}; docker tag {i} {n}:1; docker rmi {n}:1
docker events --since 1 --until 2 -f type=container; docker container prune -f --filter label={n}
`

// TestGoTyped: a session as a program of Go, run, asks the real daemon for the same.
func TestGoTyped(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the client")
	}
	docker, goCommand := dockers(t)[0], need.Program(t, "go")
	name, dir := uniqueName(), t.TempDir()
	t.Cleanup(func() {
		_ = exec.Command(docker.path, "rm", "-f", name).Run()
		_ = exec.Command(docker.path, "network", "rm", name).Run()
		_ = exec.Command(docker.path, "volume", "rm", name).Run()
	})
	first, again := filepath.Join(dir, "first.har"), filepath.Join(dir, "again.har")
	session := strings.NewReplacer("{n}", name, "{i}", testImage).Replace(goSession)
	socktrace(t, inFolder(dir), "run", "-q", "--show-secrets", "--har", first, "--", "sh", "-c", session).end()
	program := socktrace(t, nil, "read", "-f", "go", "--show-secrets", first).end().out
	// The name of the daemon would lead past the trace.
	program = strings.ReplaceAll(program, strconv.Quote(os.Getenv("DOCKER_HOST")), `os.Getenv("DOCKER_HOST")`)
	for file, text := range map[string]string{"main.go": program, "go.mod": "module calls\n\ngo 1.24\n"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"get", "github.com/docker/docker@v28.5.1+incompatible"}, {"mod", "tidy"}, {"build", "-o", "calls", "."}} {
		c := exec.Command(goCommand, args...)
		c.Dir, c.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		if out, err := c.CombinedOutput(); err != nil && args[0] != "build" {
			need.Skip(t, "the client for Go", string(out))
		} else if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	ran := socktrace(t, inFolder(dir), "run", "-q", "--show-secrets", "--har", again, "--", "./calls").end()
	if ran.status != "exit status 0" {
		t.Fatalf("%s\n%s", ran.status, ran.err)
	}
	commands := func(har string) []string {
		out := socktrace(t, nil, "read", "-f", "docker", "--show-secrets", har).end().out
		return strings.Split(strings.TrimSpace(title.ReplaceAllString(out, "")), "\n\n")
	}
	sent := commands(again)
	n := 0
	for _, want := range commands(first) {
		if want = strings.TrimSpace(want); want == "" {
			continue
		}
		n++
		if !slices.ContainsFunc(sent, func(c string) bool { return strings.TrimSpace(c) == want }) {
			t.Errorf("%s: not sent by the program\n%s", want, ran.err)
		}
	}
	if n < 30 {
		t.Errorf("only %d commands", n)
	}
}

// title begins a call: which exchange it is, and what became of it.
var title = regexp.MustCompile(`(?m)^#.*\n`)

// requestOf returns the request in a call of curl.
func requestOf(call string) string {
	return strings.TrimSpace(oneLine(title.ReplaceAllString(call+"\n", "")))
}
