//go:build unix

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/need"
)

// callSession is what is done with docker to be done again with other means: {n} is a new
// name, {i} the image, {d} a folder to build from. What fails goes on.
const callSession = `
docker version; docker info; docker system df
docker create --name {n} --network none -e A=b -l x=y -v /data -h host --restart on-failure:2 {i} sleep 1000
docker start {n}
docker ps -a --filter name={n}; docker ps -s -n 1 --filter name={n}
docker inspect {n}; docker top {n}; docker logs --tail 5 -t {n}
docker exec {n} echo hi; docker exec -e X=it\'s -w /tmp -u 0 {n} true
docker stats --no-stream {n}; docker diff {n}; docker update --restart no {n}
docker pause {n}; docker unpause {n}; docker rename {n} {n}-b
docker cp {n}-b:/etc - >/dev/null; docker cp {d}/data {n}-b:/tmp/there
docker commit -m 'a message' -a me -c 'CMD echo' {n}-b {n}-img
docker tag {n}-img {n}-img:two; docker image inspect {n}-img; docker history {n}-img; docker images {n}-img; docker images --digests -a {n}-img
docker save {n}-img >saved.tar; docker load <saved.tar
docker rmi {n}-img:two; docker rmi -f --no-prune {n}-img
docker volume create -l a=b {n}-vol; docker volume ls --filter name={n}; docker volume inspect {n}-vol; docker volume rm {n}-vol
docker network ls; docker network inspect none; docker network inspect {n}-none
docker export {n}-b >exported.tar; docker import -c 'CMD sh' exported.tar {n}-imp; docker rmi {n}-imp
docker kill -s USR2 {n}-b; docker stop -t 1 {n}-b; docker start {n}-b; docker restart -t 1 {n}-b
docker attach --no-stdin nosuch{n}
docker rm -f -v {n}-b
docker run --rm --network none {i} sh -c 'echo out; echo err >&2; exit 3'
docker create --name {n}-c --network none nosuch{n}; docker create --name {n}-d --memory 32m --cap-add NET_ADMIN --tmpfs /run:rw --ulimit nofile=10 --sysctl kernel.shmmax=1000000 --init --log-opt max-size=1m --network none {i} true; docker rm {n}-d
docker inspect nosuch{n}; docker start nosuch{n}; docker rm nosuch{n}; docker rmi nosuch{n}; docker volume rm nosuch{n}; docker exec nosuch{n} true
docker pull 127.0.0.1:1/nothing; docker push 127.0.0.1:1/nothing{n}
DOCKER_BUILDKIT=0 docker build -q --build-arg A=b --label c=d -t {n}-built {d}; docker rmi {n}-built
docker events --since 1 --until 2
docker container prune -f --filter label=nosuch{n}; docker image prune -f --filter label=nosuch{n}; docker volume prune -f --filter label=nosuch{n}; docker network prune -f --filter label=nosuch{n}
docker plugin ls; docker node ls; docker service ls; docker swarm join-token worker
`

// recordedCall is an exchange of the session, and how to ask for the same.
type recordedCall struct {
	event
	waits       bool
	setup       []string
	notes, text string
	variable    string // of the shell, with the id of what it makes
}

// callTitle is how a call begins in a script.
var callTitle = regexp.MustCompile(`(?m)^# (\d+)\.(\d+) .*\n`)

// recordCalls records the session, and returns its exchanges in the order in which they
// began, in a form.
func recordCalls(t *testing.T, docker cli, form string) []recordedCall {
	t.Helper()
	name := uniqueName()
	t.Cleanup(func() {
		_ = exec.Command(docker.path, "rm", "-f", name, name+"-b", name+"-d").Run()
		_ = exec.Command(docker.path, "rmi", "-f", name+"-img", name+"-img:two", name+"-imp", name+"-built").Run()
		_ = exec.Command(docker.path, "volume", "rm", "-f", name+"-vol").Run()
	})
	dir := t.TempDir()
	script := strings.NewReplacer("{n}", name, "{i}", testImage, "{d}", buildFolder(t), "docker ", docker.path+" ").Replace(callSession)
	file := filepath.Join(dir, "session.jsonl")
	in := func(cmd *exec.Cmd) { cmd.Dir = dir }
	got := socktrace(t, in, "run", "--show-secrets", "--max-body", "64M", "-f", "jsonl", "-o", file, "--", "sh", "-c", script).end()
	all := parseEvents(t, readFile(t, file))
	if len(all.of("exchange")) < 80 {
		t.Fatalf("%d exchanges:\n%s\n%s", len(all.of("exchange")), tail(got.out), tail(got.err))
	}
	text := socktrace(t, nil, "read", "--show-secrets", "-f", form, file).end()
	check(t, "status", text.status, "exit status 0")
	return joinCalls(all, text.out)
}

// joinCalls puts the exchanges and the parts of the script together.
func joinCalls(all events, script string) (calls []recordedCall) {
	ends := make(map[[2]int]*recordedCall)
	at := callTitle.FindAllStringSubmatchIndex(script, -1)
	var setup []string
	for i, m := range at {
		before, end := 0, len(script)
		if i > 0 {
			before = at[i-1][1]
		}
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		for line := range strings.SplitSeq(script[before:m[0]], "\n") {
			if strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "client = ") {
				setup = append(slices.DeleteFunc(slices.Clone(setup), func(s string) bool {
					return strings.HasPrefix(s, "client = ") && strings.HasPrefix(line, "client = ")
				}), line)
			}
		}
		conn, _ := strconv.Atoi(script[m[2]:m[3]])
		exchange, _ := strconv.Atoi(script[m[4]:m[5]])
		c := &recordedCall{setup: setup}
		for line := range strings.Lines(script[m[1]:end]) {
			switch {
			case strings.HasPrefix(line, "# "):
				c.notes += line
			case !strings.HasPrefix(line, "import ") && !strings.HasPrefix(line, "client = "):
				c.text += line
			}
		}
		c.alone()
		ends[[2]int{conn, exchange}] = c
	}
	for _, ev := range all.of("exchange") {
		if c := ends[[2]int{ev.Conn, ev.Exchange}]; c != nil {
			c.event = ev
			c.waits = slices.Contains([]string{"ContainerAttach", "ContainerWait", "ExecStart", "SystemEvents"}, ev.Operation)
		}
	}
	for _, ev := range all.of("request") {
		if c := ends[[2]int{ev.Conn, ev.Exchange}]; c != nil {
			calls = append(calls, *c)
		}
	}
	return calls
}

// How calls stand in a script that go on beside others, or make what others need.
var (
	aside = regexp.MustCompile(`(?s)^def \w+\(\):\n(.*)\n\nthreading\.Thread\(.*$`)
	makes = regexp.MustCompile(`(?s)^(\w+)=\$\((.*) \| jq -r \.\w+\)$`)
)

// alone takes the call out of its script, to be made while nothing else happens.
func (c *recordedCall) alone() {
	text := strings.TrimSpace(c.text)
	for _, pause := range []string{"sleep 1\n", "time.sleep(1)\n"} {
		text = strings.TrimPrefix(text, pause)
	}
	for _, behind := range []string{"\n\nwait", " &"} {
		text = strings.TrimSuffix(text, behind)
	}
	if m := aside.FindStringSubmatch(text); m != nil {
		text = strings.ReplaceAll(strings.TrimPrefix(m[1], "    "), "\n    ", "\n")
	}
	if m := makes.FindStringSubmatch(text); m != nil {
		c.variable, text = m[1], m[2]
	}
	c.text = text
}

// sentFile is what a note says of a file that is to be made.
var sentFile = regexp.MustCompile(`Put into (\S+) `)

// putFiles makes the files that a call reads.
func (c *recordedCall) putFiles(t *testing.T, dir string) {
	t.Helper()
	m := sentFile.FindStringSubmatch(strings.ReplaceAll(c.notes, "\n# ", " "))
	if m == nil {
		return
	}
	data := []byte(c.Request.Body)
	if c.Request.BodyBase64 != "" {
		data, _ = base64.StdEncoding.DecodeString(c.Request.BodyBase64)
	}
	if err := os.WriteFile(filepath.Join(dir, m[1]), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// notAgain are operations that cannot be done again as they were, and why.
var notAgain = map[string]string{
	"Session": "what follows is HTTP/2", "GRPC": "the same",
}

// TestCurlAgain sends every exchange of a session again, with its curl: the status must be
// the same, and the answer have the same members.
func TestCurlAgain(t *testing.T) {
	bash := need.Program(t, "bash")
	need.Program(t, "curl")
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			calls, dir := recordCalls(t, docker, "curl"), t.TempDir()
			ids, made := make(map[string]string), ""
			var waiting []func()
			for i := range calls {
				c := &calls[i]
				if c.text == "" {
					if notAgain[c.Operation] == "" {
						t.Errorf("%s %s: no curl: %s", c.Method, c.Target, c.notes)
					}
					continue
				}
				c.putFiles(t, dir)
				head := filepath.Join(dir, fmt.Sprintf("head%d", i))
				script := "curl() { command curl -sS --max-time 50 -D " + head + " \"$@\"; }\n" + made + replaced(c.text, ids)
				p := launch(t, func(cmd *exec.Cmd) { cmd.Dir = dir }, bash, "-c", script)
				finish := func() {
					got := p.end()
					c.compare(t, got, head, ids)
					if c.variable != "" {
						made += c.variable + "=" + asString(firstObject(got.out)["Id"]) + "\n"
					}
				}
				if c.waits {
					await(t, "an answer to "+c.text, func() bool { return answeredWith(head) != 0 || isDone(p) })
					waiting = append(waiting, finish)
				} else {
					finish()
				}
			}
			for _, finish := range waiting {
				finish()
			}
			t.Logf("%d exchanges", len(calls))
		})
	}
}

func isDone(p *process) bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// replaced returns text with the ids that there are now.
func replaced(text string, ids map[string]string) string {
	for was, is := range ids {
		text = strings.ReplaceAll(text, was, is)
	}
	return text
}

// answeredWith returns the status in a file of heads; 0 if there is none yet.
func answeredWith(file string) (status int) {
	b, _ := os.ReadFile(file) // it may come later
	for line := range strings.Lines(string(b)) {
		if words := strings.Fields(line); strings.HasPrefix(line, "HTTP/") && len(words) > 1 && words[1] != "100" {
			status, _ = strconv.Atoi(words[1])
		}
	}
	return status
}

// compare compares what came with what was recorded.
func (c *recordedCall) compare(t *testing.T, got result, head string, ids map[string]string) {
	t.Helper()
	status := answeredWith(head)
	if c.isBusy(status) {
		return
	}
	if status != c.Status {
		t.Errorf("%s %s: status %d, was %d\n%s\n%s%s", c.Method, c.Target, status, c.Status, c.text, got.out, got.err)
		return
	}
	was, is := firstObject(c.Response.Body), firstObject(got.out)
	if was == nil {
		return
	}
	for _, key := range []string{"Id", "ID"} {
		if a, b := asString(was[key]), asString(is[key]); a != "" && b != "" && a != b && c.Status == 201 {
			ids[a] = b
		}
	}
	keys := func(m map[string]json.RawMessage) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }
	if c.Operation != "SystemEvents" && keys(was) != keys(is) {
		t.Errorf("%s %s: has %s\nhad %s", c.Method, c.Target, keys(is), keys(was))
	}
}

func asString(v json.RawMessage) (s string) {
	_ = json.Unmarshal(v, &s) // what is no string is empty
	return s
}

// firstObject returns the first object in a body of JSON; nil if there is none.
func firstObject(body string) map[string]json.RawMessage {
	var v json.RawMessage
	if json.NewDecoder(strings.NewReader(body)).Decode(&v) != nil {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(v, &list) == nil && len(list) > 0 {
		v = list[0]
	}
	var m map[string]json.RawMessage
	_ = json.Unmarshal(v, &m) // what is no object is nil
	return m
}

// pythonRan is what a call in Python did.
type pythonRan struct {
	ID    string
	Asked []struct {
		Method, Path string
		Status       int
		Keys         []string
	}
	Raised string
}

// TestPythonAgain asks docker-py for every exchange of a session: it must send the same
// request, and get the same status.
func TestPythonAgain(t *testing.T) {
	docker := dockers(t)[0]
	for _, py := range pythons(t) {
		t.Run(py.version, func(t *testing.T) {
			t.Parallel()
			calls, dir := recordCalls(t, docker, "python"), t.TempDir()
			type one struct {
				ID     string          `json:"id"`
				Setup  []string        `json:"setup"`
				Text   string          `json:"text"`
				Waits  bool            `json:"waits"`
				Answer json.RawMessage `json:"answer"`
			}
			var list []one
			for i := range calls {
				c := &calls[i]
				c.putFiles(t, dir)
				answer := json.RawMessage(c.Response.Body)
				if !json.Valid(answer) {
					answer = json.RawMessage("null")
				}
				list = append(list, one{strconv.Itoa(i), c.setup, c.text, c.waits, answer})
			}
			in, err := json.Marshal(list)
			if err != nil {
				t.Fatal(err)
			}
			script, err := filepath.Abs("testdata/dockerpy/calls.py")
			if err != nil {
				t.Fatal(err)
			}
			p := launch(t, func(cmd *exec.Cmd) { cmd.Dir, cmd.Stdin = dir, bytes.NewReader(in) }, py.path, script)
			for i := range calls {
				p.err.await(t, fmt.Sprintf("%d\n", i))
			}
			got := p.end()
			var ran []pythonRan
			if err := json.Unmarshal([]byte(got.out), &ran); err != nil || len(ran) != len(calls) {
				t.Fatalf("%v\n%s", err, got.err)
			}
			for i := range calls {
				calls[i].ran(t, &ran[i])
			}
			t.Logf("%d exchanges", len(calls))
		})
	}
}

// isBusy reports whether the daemon has not done it since it does it for another test.
func (c *recordedCall) isBusy(status int) bool {
	return c.Operation == "SystemDataUsage" && (status == 500 || c.Status == 500)
}

// ran compares what docker-py did with what was recorded.
func (c *recordedCall) ran(t *testing.T, r *pythonRan) {
	t.Helper()
	if c.text == "" {
		if notAgain[c.Operation] == "" {
			t.Errorf("%s %s: no Python: %s", c.Method, c.Target, c.notes)
		}
		return
	}
	same, status := c.Operation == "SystemPingHead", false
	for _, a := range r.Asked {
		asked, _ := dockerapi.Match(a.Method, a.Path) // what an object was asked for has its id, where there was a name
		same = same || asked.Name() == c.Operation
		status = status || a.Status == c.Status
		if c.isBusy(a.Status) {
			return
		}
	}
	if c.Status < 400 && (r.Raised != "" || !same) || !status {
		t.Errorf("%s %s, status %d: %+v\n%s", c.Method, c.Target, c.Status, r, c.text)
	}
}
