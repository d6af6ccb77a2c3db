//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
)

// versionsFile writes what a client said that asks for 1.41 whatever the daemon has.
func versionsFile(t *testing.T) string {
	t.Helper()
	const headers = `,"status":200,"response":{"version":"HTTP/1.1","headers":[["Api-Version","1.51"],["Server","Docker/28.5.1 (linux)"]],"header_bytes":20}`
	line := func(conn int, method, target, operation string) string {
		text := statsLine(conn, method, target, operation, "done", time.Millisecond, headers)
		return strings.Replace(text, `"headers":[]`, `"headers":[["User-Agent","traefik/3.5"]]`, 1)
	}
	file := filepath.Join(t.TempDir(), "versions.jsonl")
	text := line(1, "GET", "/v1.41/containers/json", "ContainerList") + line(2, "GET", "/v1.41/containers/json", "ContainerList") +
		line(3, "GET", "/v1.41/images/json?filter=a", "ImageList") + line(4, "POST", "/session", "Session")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestStatsVersions asks which version a client asks for, and what that means.
func TestStatsVersions(t *testing.T) {
	t.Parallel()
	got := socktrace(t, nil, "stats", versionsFile(t)).end()
	check(t, "status", got.status, "exit status 0")
	for _, part := range []string{
		"\nAPI versions, engine 28.5.1 has 1.51\ntraefik 3.5 (docker) asks 1.41: works with engines 20.10 to 28, 29.3 and later; 29.0 to 29.2 want 1.44 or later\n",
		"\ndeprecated or removed\nImageList, parameter filter: deprecated since API 1.25, 1.40 is the last that has it; filters takes its place; 1 call by traefik 3.5 (docker)\n" +
			"Session: deprecated since API 1.53; 1 call by traefik 3.5 (docker)\n",
	} {
		if !strings.Contains(got.out, part) {
			t.Errorf("lacks %q:\n%s", part, got.out)
		}
	}
}

// TestStatsEngine asks what the next engine breaks: the status says it to programs.
func TestStatsEngine(t *testing.T) {
	t.Parallel()
	file := versionsFile(t)
	for _, c := range []struct{ engine, status, out, err string }{
		{"29.1", "exit status 1", "1 of 1 client would break with engine 29.1, which has API 1.44 to 1.52\n\nbreaks\ntraefik 3.5 (docker) asks 1.41 and is refused: client version 1.41 is too old. " +
			"Minimum supported API version is 1.44, please upgrade your client to a newer version; min-api-version in its daemon.json, or DOCKER_MIN_API_VERSION in its environment, can allow 1.41. It called ContainerList (2), ImageList (1)\n", ""},
		{"v29.0.2", "exit status 1", "1 of 1 client would break with engine 29.0, ", ""},
		{"19.03", "exit status 1", "1 of 1 client would break with engine 19.03, ", ""},
		{"28", "exit status 0", "nothing breaks with engine 28.0, which has API 1.24 to 1.48\n\nworth a look\ntraefik 3.5 (docker), ImageList, parameter filter does nothing: ", ""}, // as with the engine that it spoke to
		{"30.0", "exit status 2", "", `--engine "30.0": not known; known are 18.09, 19.03, 20.10, `},
		{"", "exit status 2", "", `--engine "": not known; `},
	} {
		got := socktrace(t, nil, "stats", "--engine", c.engine, file).end()
		check(t, "status with "+c.engine, got.status, c.status)
		if !strings.Contains(got.out, c.out) || !strings.Contains(got.err, c.err) || c.out == "" && got.out != "" {
			t.Errorf("engine %s:\n%s%s", c.engine, got.out, got.err)
		}
	}
	fine := filepath.Join(t.TempDir(), "fine.jsonl")
	if err := os.WriteFile(fine, []byte(statsLine(1, "GET", "/v1.41/containers/json", "ContainerList", "done", time.Millisecond, statsAnswer)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := socktrace(t, nil, "stats", "--engine", "29.3", fine).end(); got.status != "exit status 0" || got.out != "nothing breaks with engine 29.3, which has API 1.40 to 1.54\n" {
		t.Errorf("%s:\n%s", got.status, got.out)
	}
	got := socktrace(t, nil, "stats", "--engine", "29.1", "-f", "jsonl", file).end()
	check(t, "status", got.status, "exit status 1")
	var line struct {
		Event, Engine, Minimum string
		Breaks                 bool
		Changes                []struct {
			Client, Operation string
			Count             int
		}
	}
	if err := json.Unmarshal([]byte(got.out), &line); err != nil || line.Event != "engine" || line.Engine != "29.1" || line.Minimum != "1.44" || !line.Breaks || len(line.Changes) != 2 || line.Changes[0].Count != 2 {
		t.Errorf("%v in %s", err, got.out)
	}
	if got := socktrace(t, nil, "stats", "--engine", "29.3", fine, file+".none").end(); got.status != "exit status 1" {
		t.Errorf("a file that is not there: %s", got.status)
	}
}

// TestRefusals asks a real daemon for many versions: what it refuses, and with which words, is
// what is said of its series.
func TestRefusals(t *testing.T) {
	d := dockers(t)[0]
	var daemon struct{ Version, MinAPIVersion string }
	out, err := exec.Command(d.path, "version", "--format", "{{json .Server}}").Output()
	if err == nil {
		err = json.Unmarshal(out, &daemon)
	}
	if err != nil {
		t.Fatal(err)
	}
	e, known := dockerapi.EngineOf(daemon.Version)
	if !known || daemon.MinAPIVersion != e.Min.String() {
		t.Skipf("of engine %s nothing is known, or it is configured otherwise: %s", daemon.Version, daemon.MinAPIVersion)
	}
	for minor := range 70 {
		v := dockerapi.Version{Major: 1, Minor: minor}
		if got, want := daemonSays(t, "/v"+v.String()+"/containers/none/json"), e.Says(v); want != "" && got != want || want == "" && strings.Contains(got, "client version") {
			t.Errorf("%s: the daemon says %q, we %q", v, got, want)
		}
	}
}

// daemonSays returns the message with which the daemon of the tests refuses a request.
func daemonSays(t *testing.T, target string) string {
	t.Helper()
	out, err := exec.Command("curl", "-s", "--unix-socket", strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://"), "http://docker"+target).Output()
	if err != nil {
		t.Skipf("curl: %v", err)
	}
	var answer struct{ Message string }
	if json.Unmarshal(out, &answer) != nil {
		return strings.TrimSpace(string(out)) // of versions that are too old it is text
	}
	return answer.Message
}

// TestVersionsOfClients: what real clients ask for, and what other engines would make of
// that.
func TestVersionsOfClients(t *testing.T) {
	type traced struct {
		name, command string
		args          []string
		says          string // part of the sentence about it
		engine        string // that something breaks with, or does not
		status        string
	}
	var all []traced
	for _, d := range dockers(t) {
		most := dockerapi.ProgramOf("Docker-Client/" + d.version).Most
		if most == (dockerapi.Version{}) {
			t.Logf("of docker %s nothing is known", d.version)
			continue
		}
		status := "exit status 0"
		if most.Minor < 44 {
			status = "exit status 1"
		}
		all = append(all, traced{"docker " + d.version, d.path, []string{"ps"}, ": adapts to ", "29.1", status},
			traced{"docker 1.24 " + d.version, "env", []string{"DOCKER_API_VERSION=1.24", d.path, "ps"}, " asks 1.24", "29.3", "exit status 1"})
	}
	for _, py := range pythons(t) {
		const script = `import docker, os, sys
c = docker.APIClient(base_url=os.environ["DOCKER_HOST"], version=sys.argv[1])
c.containers()
`
		all = append(all, traced{"docker-py auto " + py.version, py.path, []string{"-c", script, "auto"}, ", as the daemon offers: adapts to each engine, works with all", "29.1", "exit status 0"},
			traced{"docker-py 1.30 " + py.version, py.path, []string{"-c", script, "1.30"}, "docker-py " + py.version + " (", "29.1", "exit status 1"})
	}
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "session.har")
			got := socktrace(t, nil, append([]string{"run", "-q", "--har", file, "--", c.command}, c.args...)...).end()
			if got.status != "exit status 0" {
				t.Fatalf("%s: %s", got.status, got.err)
			}
			if said := socktrace(t, nil, "stats", file).end(); !strings.Contains(said.out, c.says) {
				t.Errorf("nothing says %q:\n%s", c.says, said.out)
			}
			at := socktrace(t, nil, "stats", "--engine", c.engine, file).end()
			check(t, fmt.Sprintf("status with engine %s", c.engine), at.status, c.status)
			if at.status != c.status {
				t.Log(at.out)
			}
		})
	}
}

// TestFieldsOfClients: a field that is deprecated is found in what a real client sends, live
// and in each recording, and is told with its client.
func TestFieldsOfClients(t *testing.T) {
	dockers(t)
	py := pythons(t)[0]
	const script = `import docker, os, sys
c = docker.APIClient(base_url=os.environ["DOCKER_HOST"], version="auto")
c.remove_container(c.create_container(sys.argv[1], "true", name=sys.argv[2], mac_address="02:42:ac:11:00:02")["Id"])
`
	files := recordingsIn(t.TempDir())
	live := filepath.Join(t.TempDir(), "live")
	args := []string{"run", "-q", "--stats", "-o", live, "--har", files.har, "--pcapng", files.pcapng, "--", py.path, "-c", script, testImage, uniqueName()}
	if got := socktrace(t, nil, args...).end(); got.status != "exit status 0" {
		t.Fatalf("%s: %s", got.status, got.err)
	}
	lines := filepath.Join(t.TempDir(), "again.jsonl")
	check(t, "status", socktrace(t, nil, "read", "-f", "jsonl", "-o", lines, files.pcapng).end().status, "exit status 0")
	const want = "\nContainerCreate, field MacAddress: deprecated since API 1.44, 1.51 is the last that has it; NetworkingConfig.EndpointsConfig.*.MacAddress takes its place; 1 call by docker-py "
	if text := readFile(t, live); !strings.Contains(text, want) {
		t.Errorf("live:\n%s", text)
	}
	for _, file := range []string{files.har, files.pcapng, lines} {
		if got := socktrace(t, nil, "stats", file).end(); !strings.Contains(got.out, want) {
			t.Errorf("%s:\n%s", filepath.Base(file), got.out)
		}
		if got := socktrace(t, nil, "stats", "--engine", "29.1", file).end(); got.status != "exit status 1" || !strings.Contains(got.out, "ContainerCreate, field MacAddress does nothing: ") {
			t.Errorf("%s: %s:\n%s", filepath.Base(file), got.status, got.out)
		}
	}
}
