package equivalent

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// sentRequest is what a daemon got.
type sentRequest struct {
	method, path string // without the version
	query        map[string][]string
	body         any // what is empty in it is left out
}

// newSentRequest returns a request by its meaning.
func newSentRequest(method, target string, body []byte) sentRequest {
	path, query, _ := strings.Cut(target, "?")
	if rest, is := strings.CutPrefix(path, "/v1."); is {
		_, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	r := sentRequest{method: method, path: path, query: make(map[string][]string)}
	values, _ := url.ParseQuery(query)
	for name, all := range values {
		for _, v := range all {
			if doc := meaningOf([]byte(v)); name == "filters" || strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[") {
				b, _ := json.Marshal(listsOf(doc))
				v = string(b)
			}
			switch {
			case name == "isolation" && v == "default", name == "rm" && v == "1", name == "version" && path == "/build" && v == "1", name == "noOverwriteDirNonDir":
				continue // which clients say or do not
			}
			switch v {
			case "", "0", "false", "null", "{}", "[]":
				continue
			case "true", "True":
				v = "1"
			}
			r.query[name] = append(r.query[name], strings.TrimPrefix(v, "docker.io/library/"))
		}
	}
	r.body = meaningOf(body)
	r.leaveOut()
	return r
}

// leaveOut removes what some clients say and others do not, and means the same.
func (r *sentRequest) leaveOut() {
	if tag := r.query["tag"]; r.query["fromSrc"] != nil && tag != nil {
		r.query["repo"][0] += ":" + tag[0]
		delete(r.query, "tag")
	}
	doc, is := r.body.(map[string]any)
	if !is {
		return
	}
	drop := func(doc map[string]any, name string, usual any) {
		if reflect.DeepEqual(doc[name], usual) {
			delete(doc, name)
		}
	}
	switch {
	case r.path == "/containers/create":
		drop(doc, "AttachStdout", true)
		drop(doc, "AttachStderr", true)
		if host, is := doc["HostConfig"].(map[string]any); is {
			drop(host, "MemorySwappiness", -1.0)
			drop(host, "NetworkMode", "default")
			drop(host, "RestartPolicy", map[string]any{"Name": "no"})
			drop(doc, "HostConfig", map[string]any{})
		}
	case r.path == "/networks/create":
		delete(doc, "CheckDuplicate")
	case r.path == "/services/create":
		drop(doc, "EndpointSpec", map[string]any{"Mode": "vip"})
	case strings.HasSuffix(r.path, "/exec"):
		delete(doc, "Detach")
	}
}

// meaningOf returns a document without what is empty in it.
func meaningOf(doc []byte) any {
	var v any
	if json.Unmarshal(doc, &v) != nil {
		return nil
	}
	return filled(v)
}

// filled returns v without what is empty in it; nil if all is.
func filled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		all := make(map[string]any)
		for name, inner := range v {
			if inner = filled(inner); inner != nil {
				all[name] = inner
			}
		}
		if len(all) == 0 {
			return nil
		}
		return all
	case []any:
		if len(v) == 0 {
			return nil
		}
		some := false
		for i := range v {
			v[i] = filled(v[i])
			some = some || v[i] != nil
		}
		if !some {
			return nil
		}
		return v
	case string:
		if v == "" {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}

// listsOf returns {"a":["b"]} for {"a":{"b":true}}, as filters are written too.
func listsOf(v any) any {
	doc, is := v.(map[string]any)
	if !is {
		return v
	}
	for name, inner := range doc {
		all, _ := inner.([]any)
		set, is := inner.(map[string]any)
		if all == nil && !is {
			continue
		}
		for value, on := range set {
			if on != true {
				return v
			}
			all = append(all, value)
		}
		if slices.ContainsFunc(all, func(v any) bool { _, is := v.(string); return !is }) {
			continue
		}
		slices.SortFunc(all, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		doc[name] = all
	}
	return doc
}

// listener is a daemon that notes what it is asked for, and answers what clients
// understand.
type listener struct {
	addr string
	mu   sync.Mutex
	got  []sentRequest
}

// newListener starts one, of which clients think that it speaks a version of the API.
func newListener(t *testing.T, version string) *listener {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	at, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	d := &listener{addr: "unix://" + socket}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		d.mu.Lock()
		d.got = append(d.got, newSentRequest(r.Method, r.URL.RequestURI(), body))
		d.mu.Unlock()
		w.Header().Set("Api-Version", version)
		w.Header().Set("Ostype", "linux")
		w.Header().Set("Docker-Experimental", "true")
		w.Header().Set("X-Docker-Container-Path-Stat", "eyJuYW1lIjoidG1wIiwibW9kZSI6MjE0NzQ4NDA5Nn0=") // a folder
		w.Header().Set("Content-Type", "application/json")
		status, answer := answerTo(r.Method, r.URL.Path)
		w.WriteHeader(status)
		io.WriteString(w, answer)
	})}
	go server.Serve(at)
	t.Cleanup(func() { server.Close() })
	return d
}

// take returns what was asked for since the last time.
func (d *listener) take() []sentRequest {
	d.mu.Lock()
	defer d.mu.Unlock()
	got := d.got
	d.got = nil
	return got
}

// answerTo returns what clients go on with.
func answerTo(method, path string) (status int, body string) {
	end := path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case end == "secrets":
		return 200, `[{"ID":"s","Spec":{"Name":"key"}}]`
	case end == "configs":
		return 200, `[{"ID":"c","Spec":{"Name":"conf"}}]`
	case end == "api":
		return 200, `{"ID":"api","Spec":{"Name":"api","TaskTemplate":{"ContainerSpec":{}}}}`
	case end == "t1" && strings.Contains(path, "/services/"):
		return 404, `{"message":"service t1 not found"}`
	case end == "t1":
		return 200, `{"ID":"t1","ServiceID":"api","Spec":{"ContainerSpec":{}}}`
	case end == "mine":
		return 200, `{"Id":"mine","Name":"mine","Scope":"swarm","Driver":"overlay"}`
	case end == "_ping":
		return 200, "OK"
	case strings.HasSuffix(path, "/containers/create"):
		return 201, `{"Id":"0123456789ab"}`
	case end == "attach" || strings.Contains(path, "/exec/") && end == "start":
		return 400, `{"message":"no streams here"}`
	case strings.HasSuffix(path, "/containers/json"), end == "networks", end == "nodes", end == "services", end == "tasks", end == "plugins",
		end == "history", end == "search", end == "changes", end == "privileges", strings.HasSuffix(path, "/images/json"),
		method == "DELETE" && strings.Contains(path, "/images/"), end == "checkpoints" && method == "GET":
		return 200, "[]"
	case strings.Contains(path, "/containers/") && end == "json":
		return 200, `{"Id":"0123456789ab","Name":"/web","State":{"Running":true,"Status":"running"},"Config":{"Tty":false,"Image":"busybox","OpenStdin":true},"HostConfig":{"LogConfig":{"Type":"json-file"}}}`
	case end == "wait":
		return 200, `{"StatusCode":0}`
	case end == "exec":
		return 201, `{"Id":"e1"}`
	case end == "events" || end == "logs" || end == "export" || end == "get" || end == "pull" || end == "push" || end == "upgrade":
		return 200, ""
	}
	return 200, `{}`
}

// TestGoAgain: the calls, run, send the requests that they were made of.
func TestGoAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the client")
	}
	d := newListener(t, "1.41")
	lines, all := requests(t)
	program, from := goHead, []int{}
	for i, x := range all {
		call := goClient(x, Options{Daemon: d.addr})
		if call.Text == "" || strings.HasSuffix(x.Request.Target, "/attach/ws?stream=1") {
			continue
		}
		from = append(from, i)
		for _, line := range append(call.Setup, call.Text) {
			program += line + "\n"
		}
		program += `request("GET", "/next", nil)` + "\n"
	}
	program = strings.ReplaceAll(program+goFoot, `open("`, `strings.NewReader("`)
	program = strings.Replace(program, "func main() {", "func main() {\ncli = connect("+`"`+d.addr+`")`, 1)
	dir := vetGo(t, program)
	c := exec.Command(need.Program(t, "go"), "run", ".")
	c.Dir = dir
	c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	of := 0
	var got []sentRequest
	for _, r := range d.take() {
		if r.path != "/next" {
			got = append(got, r)
			continue
		}
		if !lacks(goClient(all[from[of]], Options{})) {
			compare(t, lines[from[of]], all[from[of]], got, goOtherwise)
		}
		got = nil
		of++
	}
	if of != len(from) {
		t.Errorf("%d of %d calls\n%s", of, len(from), out)
	}
}

// compare looks for the request of x among those that were sent.
func compare(t *testing.T, line string, x *wire.Exchange, got []sentRequest, otherwise map[string]string) {
	t.Helper()
	for beginning, why := range otherwise {
		if strings.HasPrefix(line, beginning) {
			t.Logf("%s: not compared: %s", line, why)
			return
		}
	}
	var sent []byte
	if x.RequestBody != nil {
		sent = x.RequestBody.Data
	}
	want := newSentRequest(x.Request.Method, x.Request.Target, sent)
	for _, r := range got {
		if reflect.DeepEqual(r, want) {
			return
		}
	}
	w, _ := json.Marshal(want.body)
	t.Errorf("%s\nwant %v %s", line, want.query, w)
	for _, r := range got {
		g, _ := json.Marshal(r.body)
		t.Errorf("     got %s %s %v %s", r.method, r.path, r.query, g)
	}
}

// TestDockerAgain: the commands, typed, send the requests that they were made of.
func TestDockerAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs a hundred commands")
	}
	version, _ := exec.Command(need.Program(t, "docker"), "--version").Output()
	if v := strings.TrimPrefix(string(version), "Docker version "); v < "28" {
		need.Skip(t, "docker", "the flags are those of version 28, not "+v)
	}
	shell := need.Program(t, "bash")
	d := newListener(t, "1.50")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"archive.tar": "", "images.tar": "", "Dockerfile": "FROM busybox\n", "D": "FROM busybox\n", "profile.json": `{"defaultAction":"SCMP_ACT_ALLOW"}`,
		"config/config.json": "{}", "plugin/config.json": "{}", "plugin/rootfs/x": "",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines, all := requests(t)
	for i, x := range all {
		call := docker(x, Options{})
		if call.Text == "" {
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		c := exec.CommandContext(ctx, shell, "-c", call.Text)
		c.Dir = dir
		c.Env = append(os.Environ(), "DOCKER_HOST="+d.addr, "DOCKER_CONFIG="+filepath.Join(dir, "config"), "DOCKER_CONTEXT=", "DOCKER_API_VERSION=")
		out, _ := c.CombinedOutput()
		cancel()
		before := t.Failed()
		got := d.take()
		if !lacks(call) {
			compare(t, lines[i], x, got, dockerOtherwise)
		}
		if t.Failed() && !before {
			t.Logf("%s\n%s", call.Text, out)
		}
	}
}

// lacks says whether a call's notes say that there is more to its request.
func lacks(call Call) bool {
	return slices.ContainsFunc(call.Notes, func(n string) bool {
		return strings.HasPrefix(n, "No flag gives") || strings.HasPrefix(n, "The client has no field for")
	})
}

// goOtherwise is why calls send other requests, by how these begin.
var goOtherwise = map[string]string{
	"GET /v1.41/containers/web/logs?stdout=1&stderr=1&follow=1&tail=10": "the client makes times of durations",
	"GET /v1.41/images/busybox/get":                                     "a note says that it asks for several",
	"GET /_ping":                                                        "a note says that it asks by HEAD first",
}

// dockerOtherwise is why commands send other requests, by how these begin.
var dockerOtherwise = map[string]string{
	`POST /v1.41/containers/create {"Image":"busybox","Volumes":{"/t":{}`:           "what is bound is no volume",
	`POST /v1.41/containers/create {"Image":"busybox","Healthcheck":{"Test":["CMD"`: "a note tells of the shell; what is left is Windows'",
	"GET /v1.41/containers/web/logs?stdout=1&stderr=1&follow=1&tail=10":             "the client makes times of durations",
	"GET /v1.41/containers/web/logs?stderr=1":                                       "a note says that docker logs asks for both",
	"POST /v1.41/containers/web/attach?stream=1&stdout=1&logs=1":                    "a note says how",
	"POST /v1.41/containers/web/wait?condition":                                     "a note says how",
	`POST /v1.41/containers/web/exec {"AttachStdin":true`:                           "it wants a terminal",
	"POST /v1.41/build?remote":                                                      "a note says that the CLI fetches it",
	"POST /v1.41/build?version=2":                                                   "it wants BuildKit",
	"GET /v1.41/images/busybox/get":                                                 "a note says that it asks for several",
	"PUT /v1.42/volumes/data":                                                       "it wants a volume of a cluster",
	"POST /v1.41/plugins/pull":                                                      "the CLI writes names in full",
	"POST /v1.41/plugins/c/upgrade":                                                 "the CLI writes names in full",
	"POST /v1.41/plugins/c/push":                                                    "the CLI writes names in full",
	"POST /v1.41/nodes/n1/update":                                                   "the CLI sends all of the node",
	"POST /v1.41/swarm/init":                                                        "the CLI sends the lock twice, and no name",
	"POST /v1.41/swarm/update":                                                      "the CLI sends all of the swarm",
	"POST /v1.41/services/api/update":                                               "the CLI sends all of the service",
	"GET /v1.41/tasks?":                                                             "the CLI looks for the service's id",
}
