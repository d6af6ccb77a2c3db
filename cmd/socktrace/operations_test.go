//go:build unix

package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// operationsSay returns what the command prints.
func operationsSay(t *testing.T, args ...string) string {
	t.Helper()
	got := called(t, append([]string{"operations"}, args...)...)
	check(t, "status", got.status, "exit status 0")
	check(t, "stderr", got.err, "")
	return got.out
}

// TestOperations: words choose, and a list has a line for each operation.
func TestOperations(t *testing.T) {
	check(t, "docker cp", operationsSay(t, "docker", "cp"), `Container
ContainerArchiveInfo  HEAD /containers/{id}/archive  Asks what a path in a container is: its size, mode and link target.
ContainerArchive      GET /containers/{id}/archive   Reads files from a container as a tar archive.
PutContainerArchive   PUT /containers/{id}/archive   Writes the files of a tar archive into a folder of a container.
`)
	all := operationsSay(t, "*")
	for _, e := range explain.All() {
		request := e.Requests[0].Method + " " + e.Requests[0].Path + " "
		if !strings.Contains(all, "\n"+e.Name+" ") || !strings.Contains(all, request) || !strings.Contains(all, e.Short) {
			t.Errorf("%s is not in the list", e.Name)
		}
	}
}

// TestOneOperation: all about one, by its name, in any case, or by a request of it.
func TestOneOperation(t *testing.T) {
	want := operationsSay(t, "ContainerWait")
	for _, args := range [][]string{{"containerwait"}, {"POST", "/v1.41/containers/abc/wait?condition=removed"}, {"post", "/containers/{id}/wait"}} {
		check(t, strings.Join(args, " "), operationsSay(t, args...), want)
	}
	for _, part := range []string{
		"ContainerWait  Container\nPOST /containers/{id}/wait\n\nWaits until a container ends, and tells its exit code.\n",
		"\n  since       API 1.0\n  answer      a JSON document\n  lasts       until something happens, or the client leaves\n  asked by    docker run, ",
		"\n  404  There is no container of that name or id.\n       docker-py raises docker.errors.NotFound\n       try: docker ps -a lists all, ",
		"\nExample, recorded:\n  $ docker run --name demo busybox ",
		" ContainerWait demo ── docker → dockerd\n5.3    > POST /v1.41/containers/",
		"{\"Error\": null, \"StatusCode\": 0}\n",
	} {
		if !strings.Contains(want, part) {
			t.Errorf("lacks %q:\n%s", part, want)
		}
	}
	if start := operationsSay(t, "ContainerStart"); !strings.Contains(start, "< HTTP/1.1 204 No Content") || strings.Contains(start, "HTTP/1.1 404") {
		t.Errorf("the example is not the start that went well:\n%s", start)
	}
	solve := operationsSay(t, "control/solve")
	for _, part := range []string{"Control/Solve  moby.buildkit.v1.Control\ngRPC /moby.buildkit.v1.Control/Solve\n", "\n  request     moby.buildkit.v1.SolveRequest\n  answer      moby.buildkit.v1.SolveResponse\n"} {
		if !strings.Contains(solve, part) {
			t.Errorf("lacks %q:\n%s", part, solve)
		}
	}
	if packets := operationsSay(t, "FileSync/DiffCopy"); !strings.Contains(packets, "\n  answer      fsutil.types.Packet, any number\n") {
		t.Errorf("a stream of messages is not told:\n%s", packets)
	}
}

// TestOperationsFound: of one there is its page, of several a list that says why.
func TestOperationsFound(t *testing.T) {
	check(t, "a URL", operationsSay(t, "http+unix:///var/run/docker.sock/v1.41/containers/abc/wait"), operationsSay(t, "ContainerWait"))
	check(t, "a field", operationsSay(t, "StatusCode"), operationsSay(t, "ContainerWait"))
	check(t, "several", operationsSay(t, "HostConfig.Binds"), `ContainerCreate   POST /containers/create    Creates a container from an image, without starting it. [field HostConfig.Binds]
ContainerInspect  GET /containers/{id}/json  Tells all about one container. [field HostConfig.Binds of the answer]
`)
	var list []explain.Found
	if err := json.Unmarshal([]byte(operationsSay(t, "HostConfig.Binds", "--json")), &list); err != nil || len(list) != 2 || list[0].Why != "field HostConfig.Binds" {
		t.Errorf("%v, %v", list, err)
	}
}

// TestOperationsOverview: each of Docker's has a line, and each group of the others.
func TestOperationsOverview(t *testing.T) {
	all := operationsSay(t)
	check(t, "an empty word", operationsSay(t, ""), all)
	for _, e := range explain.All() {
		line := "\n" + e.Name + " "
		if service, _, _ := strings.Cut(e.Group, " "); e.IsGRPC() || strings.HasSuffix(e.Name, "Libpod") {
			line = "  " + service
		}
		if !strings.Contains(all, line) {
			t.Errorf("%s is not there", e.Name)
		}
	}
	if n := strings.Count(all, "\n"); n > 220 {
		t.Errorf("%d lines", n)
	}
}

// TestOperationsNone: what is near is told.
func TestOperationsNone(t *testing.T) {
	for words, want := range map[string]string{
		"ContainerCreat3":          "none is about \"ContainerCreat3\"; did you mean ContainerCreate?",
		"GET /containers/abc/wait": "did you mean POST /containers/{id}/wait?",
		"Unavailable":              "with all it is: The server cannot be reached, or is ending.",
		"zzzz":                     "none is about \"zzzz\"\n",
	} {
		got := called(t, append([]string{"operations"}, strings.Fields(words)...)...)
		check(t, words, got.status, "exit status 1")
		if !strings.Contains(got.err, want) {
			t.Errorf("%s: %s", words, got.err)
		}
	}
}

// TestOperationsJSON: the same as JSON, an array or one object.
func TestOperationsJSON(t *testing.T) {
	var list []explain.Entry
	if err := json.Unmarshal([]byte(operationsSay(t, "--json")), &list); err != nil || len(list) != len(explain.All()) {
		t.Errorf("%d operations, %v", len(list), err)
	}
	var one explain.Entry
	if err := json.Unmarshal([]byte(operationsSay(t, "ImageInspect", "--json")), &one); err != nil {
		t.Fatal(err)
	}
	check(t, "name", one.Name, "ImageInspect")
	check(t, "request", one.Requests[0], explain.Request{Method: "GET", Path: "/images/{name}/json"})
	check(t, "error", one.Errors[0].Raises, "docker.errors.ImageNotFound")
	if text := operationsSay(t, "ContainerStart", "--json"); strings.Contains(text, `\u00`) {
		t.Errorf("escaped more than must be:\n%s", text)
	}
}

// TestOperationExamples: what is recorded is the example of its operation, and what is not
// is of none.
func TestOperationExamples(t *testing.T) {
	had := make(map[string]bool)
	for _, recorded := range []func() (demo.Session, error){demo.Recorded, demo.Examples} {
		session, err := recorded()
		if err != nil {
			t.Fatal(err)
		}
		if err := playExample(session, operationNames(had)); err != nil {
			t.Fatal(err)
		}
	}
	if len(had) < 50 {
		t.Errorf("%d operations alone", len(had))
	}
	had["SwarmInspect"] = false
	for name, is := range had {
		command, text, err := exampleOf(name, render.Options{})
		if explain.Of(name) == nil {
			t.Errorf("%s has no entry", name)
		}
		if err != nil || strings.Contains(string(text), name) != is || strings.Contains(command, "docker ") != is {
			t.Errorf("%s: %q, %d bytes, %v", name, command, len(text), err)
		}
	}
}

// TestExampleInside: what travels inside of another connection is of the command that made that.
func TestExampleInside(t *testing.T) {
	command, text, err := exampleOf("Secrets/GetSecret", render.Options{})
	check(t, "error", err, nil)
	check(t, "command", command, "DOCKER_BUILDKIT=1 docker build --network host --secret id=token,src=secret.txt -f Secretly -t kit .")
	for _, part := range []string{"{\"ID\": \"token\"}", "\"[masked 12 bytes "} {
		if !strings.Contains(string(text), part) {
			t.Errorf("lacks %q:\n%s", part, text)
		}
	}
	if strings.Contains(string(text), "aW52ZW50ZWQ") || strings.Contains(string(text), "invented") {
		t.Errorf("the secret is shown:\n%s", text)
	}
}

// operationNames is a sink that notes which operations were asked for.
type operationNames map[string]bool

func (operationNames) Needs() wire.Needs { return wire.Needs{Lines: true} }
func (operationNames) Close() error      { return nil }
func (n operationNames) Event(ev wire.Event, _ *wire.Exchange) error {
	if r, ok := ev.(*wire.Request); ok {
		n[r.Call.Operation] = true
	}
	return nil
}

// TestMessagesOfMethods: of each method it is known what goes both ways.
func TestMessagesOfMethods(t *testing.T) {
	for _, e := range explain.All() {
		for _, r := range e.Requests {
			if _, known := protobuf.Embedded().Method(r.Path); known != e.IsGRPC() {
				t.Errorf("%s: %s", e.Name, r.Path)
			}
		}
		if c := withMessages(e); e.IsGRPC() && (c.Sends == "" || c.Answers == "") {
			t.Errorf("%s sends %q and answers %q", e.Name, c.Sends, c.Answers)
		}
	}
}

// TestCommandsOfOperations: the commands that other tests run ask for what is said that they
// ask for. What all of them ask for is said once.
func TestCommandsOfOperations(t *testing.T) {
	told := 0
	for _, c := range dockerCases {
		words := append([]string{"docker"}, strings.Fields(c.args)...)
		for _, want := range c.want {
			e := explain.Of(strings.Fields(want)[1])
			if e == nil || strings.HasPrefix(e.Name, "SystemPing") {
				continue
			}
			told++
			if !slices.ContainsFunc(e.Commands, func(command string) bool {
				return strings.HasPrefix(strings.Join(words, " ")+" ", command+" ")
			}) {
				t.Errorf("%s: asked by %q, and not by %q", e.Name, e.Commands, words)
			}
		}
	}
	if told < 20 {
		t.Errorf("%d operations alone", told)
	}
}
