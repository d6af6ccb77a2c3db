package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/audit"
	"github.com/socktrace/socktrace/audit/chain"
	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

var t0 = time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)

// session is a connection whose bytes a test sends, as a relay would with its tap first.
type session struct {
	sink *audit.Sink // nil: another sink is looked at
	conn *wire.Conn
	tap  *decode.Conn
	now  time.Time
	stop func() // ends the sink
}

// connect returns a connection before a sink.
func connect(t *testing.T, sink *audit.Sink, c *wire.Conn) *session {
	t.Helper()
	return connected(t, sink, c)
}

// connected is connect for any sink.
func connected(t testing.TB, sink wire.Sink, c *wire.Conn) *session {
	t.Helper()
	return connectWith(t, sink, subject.NewReader(), c)
}

// connectWith is connected, with what is known of names.
func connectWith(t testing.TB, sink wire.Sink, names *subject.Reader, c *wire.Conn) *session {
	t.Helper()
	book := flow.New(flow.Options{Mask: redact.New(redact.Options{}).Event, Learn: names.Learn,
		Failed: func(name string, err error) { t.Errorf("%s: %v", name, err) }})
	outlet := book.Add("audit", sink, flow.Delivery{})
	if c == nil {
		c = &wire.Conn{ID: 1, Start: t0, Server: wire.Peer{Addr: "unix:///run/docker.sock"}}
	}
	d := decode.New(c, decode.Options{Needs: book.Needs()}, book.Of(c))
	d.Open()
	own, _ := sink.(*audit.Sink)
	return &session{own, c, d, t0, func() { book.Close(); _ = outlet.Close() }}
}

// say sends bytes of one direction, and settles as the relay would before they go on.
func (s *session) say(d wire.Dir, text string) {
	s.now = s.now.Add(time.Millisecond)
	s.tap.Chunk(wire.Chunk{Conn: s.conn, Time: s.now, Dir: d, Data: []byte(text)})
	if s.sink != nil {
		s.sink.Settle(s.conn)
	}
}

func (s *session) end() { s.tap.End(s.now, nil) }

// post returns a request with a document.
func post(target, doc string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", target, len(doc), doc)
}

func get(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: docker\r\n\r\n" }

// answer returns an answer with a document.
func answer(status, doc string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(doc), doc)
}

// line is what tests look at of one.
type line struct {
	Event, Operation, Target, State, Error string
	Status, Conn, Exchange                 int
	Exit                                   *int `json:"exit_code"`
	Subject                                struct{ Type, ID, Name, Container string }
	Parameters                             map[string]any
	Client                                 struct {
		PID         int
		Name, User  string
		Container   struct{ Runtime, ID, Name string }
		Parents     []struct{ Name string }
		Certificate struct{ Subject string }
	}
	Risks []struct{ Mark, Why string }
	Lines int
}

// marks returns the marks of the risks, sorted, each once.
func (l line) marks() string {
	var all []string
	for _, r := range l.Risks {
		all = append(all, r.Mark)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// says returns what matters of a line in a few words.
func (l line) says() string {
	return strings.TrimSpace(strings.Join([]string{l.Event, l.Operation, fmt.Sprint(l.Status), l.State, l.marks()}, " "))
}

// lines returns what was written, but for the lines of files and starts.
func lines(t *testing.T, text []byte) (all []line) {
	t.Helper()
	r, err := chain.Verify([]chain.File{{Name: "audit", R: bytes.NewReader(text)}}, chain.Want{})
	if err != nil || !r.Whole() {
		t.Fatalf("%v, %v\n%s", r, err, text)
	}
	for raw := range bytes.Lines(text) {
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		if l.Event != "file" && l.Event != "start" {
			all = append(all, l)
		}
	}
	return all
}

// said returns what lines say in a few words.
func said(t *testing.T, text []byte) (all []string) {
	t.Helper()
	for _, l := range lines(t, text) {
		all = append(all, l.says())
	}
	return all
}

func checkSaid(t *testing.T, text []byte, want ...string) {
	t.Helper()
	if got := said(t, text); !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

const (
	create     = "/v1.47/containers/create?name=web"
	privileged = `{"Image":"busybox","Cmd":["sh","-c","x"],"HostConfig":{"Privileged":true,"Binds":["/:/h"]}}`
)

// TestOneLine: an exchange whose answer comes at once has one line, with what became of it,
// before the answer goes on; whatever only reads has none.
func TestOneLine(t *testing.T) {
	var out bytes.Buffer
	s := connect(t, audit.NewSink(&out, audit.Options{Host: "h"}), &wire.Conn{ID: 7, Start: t0, Client: wire.Peer{Process: &wire.Process{
		PID: 3, UID: 1000, Name: "docker", More: &wire.ProcessFacts{User: "me", Runtime: "docker", Container: "abc", Parents: []wire.Process{{PID: 2, Name: "make"}, {PID: 1, Name: "init"}}}}}})
	s.say(wire.ToServer, get("/_ping"))
	s.say(wire.ToClient, answer("200 OK", `{}`))
	s.say(wire.ToServer, get("/v1.47/containers/json"))
	s.say(wire.ToClient, answer("200 OK", `[]`))
	s.say(wire.ToServer, post(create, privileged))
	checkSaid(t, out.Bytes())
	s.say(wire.ToClient, answer("201 Created", `{"Id":"0123456789abcdef"}`))
	checkSaid(t, out.Bytes(), "call ContainerCreate 201 done bind-root privileged")
	s.say(wire.ToServer, post("/v1.47/containers/web/start", ""))
	s.say(wire.ToClient, answer("404 Not Found", `{"message":"No such container: web"}`))
	s.say(wire.ToServer, get("/v1.47/containers/web/archive?path=/etc"))
	s.say(wire.ToClient, answer("404 Not Found", `{"message":"no"}`))
	s.end()
	checkSaid(t, out.Bytes(), "call ContainerCreate 201 done bind-root privileged", "call ContainerStart 404 done bind-root privileged", "call ContainerArchive 404 done archive-out")
	l := lines(t, out.Bytes())[0]
	c := l.Client
	if c.PID != 3 || c.Name != "docker" || c.User != "me" || c.Container.Runtime != "docker" || c.Container.ID != "abc" || len(c.Parents) != 2 || c.Parents[0].Name != "make" {
		t.Errorf("client %+v", c)
	}
	if l.Conn != 7 || l.Exchange != 3 || l.Subject.Name != "web" || l.Subject.ID != "0123456789abcdef" || l.Parameters["image"] != "busybox" || fmt.Sprint(l.Parameters["binds"]) != "[/:/h]" ||
		fmt.Sprint(l.Parameters["command"]) != "[sh -c x]" || l.Parameters["privileged"] != "true" {
		t.Errorf("%+v", l)
	}
	if l := lines(t, out.Bytes())[1]; l.Error != "No such container: web" {
		t.Errorf("error %q", l.Error)
	}
}

// TestReads: with Options.Reads what only reads has a line too; pings never have.
func TestReads(t *testing.T) {
	var out bytes.Buffer
	s := connect(t, audit.NewSink(&out, audit.Options{Reads: true}), nil)
	s.say(wire.ToServer, get("/_ping"))
	s.say(wire.ToClient, answer("200 OK", `{}`))
	s.say(wire.ToServer, get("/v1.47/containers/json"))
	s.say(wire.ToClient, answer("200 OK", `[]`))
	checkSaid(t, out.Bytes(), "call ContainerList 200 done")
}

// TestLong: where the head of the answer goes on before the rest is there, the line is
// written by then, and a second one tells the end.
func TestLong(t *testing.T) {
	var out bytes.Buffer
	s := connect(t, audit.NewSink(&out, audit.Options{}), nil)
	s.say(wire.ToServer, post("/v1.47/containers/web/wait", ""))
	s.say(wire.ToClient, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
	checkSaid(t, out.Bytes())
	s.say(wire.ToClient, "Content-Length: 16\r\n\r\n")
	checkSaid(t, out.Bytes(), "call ContainerWait 200 open")
	s.say(wire.ToClient, `{"StatusCode":3}`)
	checkSaid(t, out.Bytes(), "call ContainerWait 200 open", "end ContainerWait 0 done")
	if l := lines(t, out.Bytes())[1]; l.Exit == nil || *l.Exit != 3 {
		t.Errorf("%+v", l)
	}
	s.say(wire.ToServer, post("/v1.47/exec/e/start", "{}"))
	s.end()
	checkSaid(t, out.Bytes(), "call ContainerWait 200 open", "end ContainerWait 0 done", "call ExecStart 0 aborted exec")
}

// TestAnswer: however the answer is cut, the line is there before the end of its head goes on.
func TestAnswer(t *testing.T) {
	text := answer("201 Created", `{"Id":"0123456789abcdef"}`)
	head := strings.Index(text, "\r\n\r\n") + 4
	for cut := 1; cut < len(text); cut++ {
		var out bytes.Buffer
		s := connect(t, audit.NewSink(&out, audit.Options{}), nil)
		s.say(wire.ToServer, post(create, privileged))
		s.say(wire.ToClient, text[:cut])
		want := 0
		if cut >= head {
			want = 1
		}
		if got := said(t, out.Bytes()); len(got) != want {
			t.Errorf("cut at %d of %d: %q", cut, head, got)
		}
		s.say(wire.ToClient, text[cut:])
		s.end()
		if got := said(t, out.Bytes()); len(got) != 1+want || !strings.Contains(got[0], "privileged") {
			t.Errorf("cut at %d of %d: %q", cut, head, got)
		}
	}
}

// TestUnjudged: what could not be judged says so.
func TestUnjudged(t *testing.T) {
	for name, c := range map[string]struct{ request, want string }{
		"no JSON":          {"POST " + create + " HTTP/1.1\r\nHost: d\r\nContent-Type: text/plain\r\nContent-Length: 30\r\n\r\n" + strings.Repeat("x", 30), "unjudged"},
		"another charset":  {strings.Replace(post(create, privileged), "application/json", "application/json; charset=utf-16", 1), "bind-root privileged"},
		"another coding":   {strings.Replace(post(create, privileged), "Host: docker", "Content-Encoding: gzip", 1), "bind-root privileged"},
		"not to its end":   {strings.Replace(post(create, privileged), `"/:/h"]}}`, "", 1), "unjudged"},
		"broken":           {post(create, `{"HostConfig":{"Privileged":tru`), "unjudged"},
		"masked":           {post(create, `{"HostConfig":{"Binds":["/x/ghp_0123456789abcdefghijABCDEFGHIJ012345:/h"]}}`), "unjudged"},
		"two documents":    {post(create, `{} {"HostConfig":{"Privileged":true}}`), "privileged"},
		"unknown":          {post("/v1.99/containers/web/nuke", "{}"), "unjudged"},
		"parameters in it": {"POST /images/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nfromSrc=x", "unjudged"},
		"old start":        {post("/v1.20/containers/web/start", `{"Privileged":true}`), "privileged"},
	} {
		var out bytes.Buffer
		s := connect(t, audit.NewSink(&out, audit.Options{}), nil)
		s.say(wire.ToServer, c.request)
		s.say(wire.ToClient, answer("201 Created", `{}`))
		s.end()
		if got := lines(t, out.Bytes()); len(got) == 0 || got[0].marks() != c.want {
			t.Errorf("%s: %q", name, said(t, out.Bytes()))
		}
	}
}

// TestUnread: a client that sends what is no HTTP has a line, once.
func TestUnread(t *testing.T) {
	var out bytes.Buffer
	s := connect(t, audit.NewSink(&out, audit.Options{}), nil)
	for range 3 {
		s.say(wire.ToServer, "what is this?\r\n\r\n")
		s.say(wire.ToClient, "I do not know\r\n\r\n")
	}
	s.end()
	if got := said(t, out.Bytes()); len(got) == 0 || !strings.HasPrefix(got[0], "unread") || strings.Count(strings.Join(got, " "), "unread") != 1 {
		t.Errorf("%q", got)
	}
}

// TestCertificate: a client that has shown a certificate is told by that.
func TestCertificate(t *testing.T) {
	var out bytes.Buffer
	sink := audit.NewSink(&out, audit.Options{})
	s := connect(t, sink, nil)
	for _, peer := range []string{"client", "server"} {
		cert := []wire.Certificate{{Subject: "CN=" + peer, Fingerprint: "sha256:00"}}
		if err := sink.Event(&wire.TLS{Meta: wire.Meta{Conn: s.conn}, Peer: peer, Client: cert}, nil); err != nil {
			t.Fatal(err)
		}
	}
	s.say(wire.ToServer, post("/v1.47/containers/web/start", ""))
	s.say(wire.ToClient, answer("204 No Content", ""))
	if got := lines(t, out.Bytes()); len(got) != 1 || got[0].Client.Certificate.Subject != "CN=client" {
		t.Errorf("%+v", got)
	}
}

// moody fails while it is told to.
type moody struct {
	bytes.Buffer
	full bool
}

func (m *moody) Write(b []byte) (int, error) {
	if m.full {
		return 0, errors.New("no space left on device")
	}
	return m.Buffer.Write(b)
}

// TestStrict: a request has a line before it goes on; one that cannot be written has the
// connection refused, and others not.
func TestStrict(t *testing.T) {
	var out moody
	var told []string
	sink := audit.NewSink(&out, audit.Options{Strict: true, Failed: func(err error) { told = append(told, err.Error()) }})
	s := connect(t, sink, nil)
	request := post(create, privileged)
	s.say(wire.ToServer, request[:len(request)-1])
	checkSaid(t, out.Bytes())
	s.say(wire.ToServer, request[len(request)-1:])
	checkSaid(t, out.Bytes(), "request ContainerCreate 0  bind-root privileged")
	s.say(wire.ToClient, answer("201 Created", `{}`))
	checkSaid(t, out.Bytes(), "request ContainerCreate 0  bind-root privileged", "call ContainerCreate 201 done bind-root privileged")
	if err := sink.Refused(s.conn); err != nil {
		t.Error(err)
	}
	out.full = true
	s.say(wire.ToServer, get("/_ping"))
	if err := sink.Refused(s.conn); err != nil {
		t.Errorf("a ping is refused: %v", err)
	}
	other := connect(t, sink, &wire.Conn{ID: 2, Start: t0})
	other.say(wire.ToServer, post("/v1.47/containers/web/start", ""))
	if sink.Refused(other.conn) == nil || sink.Refused(s.conn) != nil {
		t.Error("not the one that could not be written is refused")
	}
	out.full = false
	third := connect(t, sink, &wire.Conn{ID: 3, Start: t0})
	third.say(wire.ToServer, post("/v1.47/containers/web/stop", ""))
	if err := sink.Refused(third.conn); err != nil {
		t.Errorf("it is refused when there is room again: %v", err)
	}
	got := said(t, out.Bytes())
	if len(got) != 4 || !strings.HasPrefix(got[2], "missing") || len(told) != 1 {
		t.Errorf("%q, told %q", got, told)
	}
}

// TestBounded: what is kept of open exchanges is bounded, and marks stay.
func TestBounded(t *testing.T) {
	sink := audit.NewSink(io.Discard, audit.Options{})
	doc := `{"Image":"` + strings.Repeat("i", 250) + `","HostConfig":{"Privileged":true,"Binds":[` + strings.Repeat(`"/etc/`+strings.Repeat("b", 150)+`:/b",`, 20) + `"/:/"]}}`
	for i := range 6000 {
		c := &wire.Conn{ID: i, Start: t0}
		q := &wire.Request{Meta: wire.Meta{Conn: c, Exchange: 1}, Method: "POST", Target: create, Call: wire.Call{Operation: "ContainerCreate"}}
		if err := errors.Join(sink.Event(q, nil), sink.Event(&wire.Message{Meta: q.Meta, Kind: wire.KindJSON, Data: []byte(doc), Size: int64(len(doc))}, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if n := sink.Held(); n > 17<<20 || n < 1<<20 {
		t.Errorf("%d bytes are held", n)
	}
}

// TestWritten: every line of the files is told, in order, those of the chain too: of the
// beginning of a file, and of what a kill has torn.
func TestWritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	var told []byte
	o := audit.Options{MaxSize: 3000, Written: func(line []byte, _ []string) { told = append(told, line...) }}
	for range 2 {
		sink, err := audit.Open(name, o)
		if err != nil {
			t.Fatal(err)
		}
		s := connect(t, sink, nil)
		for range 5 {
			s.say(wire.ToServer, post("/v1.47/containers/create", `{"Image":"busybox"}`))
			s.say(wire.ToClient, answer("201 Created", `{"Id":"0123456789abcdef"}`))
		}
		s.end()
		s.stop()
		if len(told) <= 3000 {
			t.Errorf("told %d bytes", len(told))
		}
		files, err := filepath.Glob(name + ".*")
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(files)
		var written []byte
		for _, f := range append(files, name) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			written = append(written, b...)
		}
		if torn := []byte("{\"seq\":"); !bytes.Equal(bytes.ReplaceAll(written, append(torn, '\n'), nil), told) {
			t.Errorf("told %s\nwritten %s", told, written)
		}
		f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("{\"seq\":"); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if !bytes.Contains(told, []byte(`"event":"mended"`)) || bytes.Count(told, []byte(`"event":"file"`)) < 2 {
		t.Errorf("told %s", told)
	}
}

// TestContainerName: the container that a client runs in is told by its name too, once that
// is known; not by one of another daemon.
func TestContainerName(t *testing.T) {
	var out bytes.Buffer
	id := strings.Repeat("ab", 32)
	names := subject.NewReader()
	s := connectWith(t, audit.NewSink(&out, audit.Options{Container: names.Container}), names, &wire.Conn{ID: 1, Start: t0, Server: wire.Peer{Addr: "unix:///run/docker.sock"},
		Client: wire.Peer{Process: &wire.Process{PID: 3, UID: 1, Name: "docker", More: &wire.ProcessFacts{Runtime: "docker", Container: id}}}})
	for range 2 {
		s.say(wire.ToServer, post("/v1.47/containers/web/start", ""))
		s.say(wire.ToClient, answer("204 No Content", ""))
		s.say(wire.ToServer, get("/v1.47/containers/json"))
		s.say(wire.ToClient, answer("200 OK", `[{"Id":"`+id+`","Names":["/ci-runner"]}]`))
	}
	if got := lines(t, out.Bytes()); len(got) != 2 || got[0].Client.Container.Name != "" || got[1].Client.Container.Name != "ci-runner" || got[1].Client.Container.ID != id {
		t.Errorf("%+v", got)
	}
	if got := names.Container(&wire.Conn{Server: wire.Peer{Addr: "unix:///other.sock"}}, id); got != "" {
		t.Errorf("another daemon's is %q", got)
	}
}
