package diff

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// runs returns a session of containers that are created, started and waited for, each by a process
// of its own. All processes run side by side.
func runs(seed int64, commands ...string) *Session {
	r := rand.New(rand.NewSource(seed))
	var requests []string
	var documents, answers [][]byte
	var clients []int
	order := r.Perm(len(commands))
	for _, what := range []string{"ping", "create", "start", "wait"} {
		for _, k := range order {
			id := fmt.Sprintf("a1%010x%052x", seed*1000+int64(k), 0)
			document, answer := "", ""
			switch what {
			case "ping":
				requests = append(requests, "HEAD /_ping")
			case "create":
				requests = append(requests, "POST /v1.41/containers/create")
				document, answer = fmt.Sprintf(`{"Image":"busybox","Cmd":[%q]}`, commands[k]), fmt.Sprintf(`{"Id":%q}`, id)
			default:
				requests = append(requests, "POST /v1.41/containers/"+id+"/"+what)
				if what == "wait" {
					answer = fmt.Sprintf(`{"StatusCode":%d}`, len(commands[k]))
				}
			}
			documents, answers, clients = append(documents, []byte(document)), append(answers, []byte(answer)), append(clients, 100+k)
		}
	}
	s := madeUp("s", requests...)
	for i, x := range s.Exchanges {
		x.Conn = &wire.Conn{ID: i, Client: wire.Peer{Process: &wire.Process{PID: clients[i]}}}
		x.RequestBody = &wire.Body{Content: wire.KindJSON}
		if len(documents[i]) > 0 {
			x.Documents[wire.ToServer] = [][]byte{documents[i]}
		}
		if len(answers[i]) > 0 {
			x.Documents[wire.ToClient] = [][]byte{answers[i]}
		}
	}
	return s
}

// TestSideBySide compares containers that were started side by side in orders that differ: each is
// compared with its own.
func TestSideBySide(t *testing.T) {
	commands := []string{"a", "bb", "ccc", "dddd", "eeeee"}
	for seed := range int64(20) {
		if r := Compare(runs(0, commands...), runs(seed+1, commands...), Options{}); r.Differs() {
			t.Errorf("seed %d:\n%s", seed, listing(r))
		}
	}
	other := runs(7, "a", "bb", "ccc", "dddd", "other")
	if got := listing(Compare(runs(0, commands...), other, Options{})); strings.Count(got, "\n") != 2 || !strings.Contains(got, "  body Cmd[0]: eeeee → other\n") {
		t.Errorf("one other command:\n%s", got)
	}
}

// TestPings checks that of pings that are all the same it is told which one is missing.
func TestPings(t *testing.T) {
	session := func(leave int) *Session {
		var all []string
		for i := range 6 {
			if i != leave {
				all = append(all, "HEAD /_ping")
			}
			all = append(all, fmt.Sprintf("GET /v1.41/containers/c%d/json", i))
		}
		return madeUp("s", all...)
	}
	for leave := range 6 {
		want := fmt.Sprintf("missing SystemPingHead #%d\n", 2*leave+1)
		if got := listing(Compare(session(-1), session(leave), Options{})); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestMoved checks that what was done one after the other has an order, and what overlaps has none.
func TestMoved(t *testing.T) {
	a, b := madeUp("a", "GET /info", "GET /version", "GET /events"), madeUp("b", "GET /version", "GET /info", "GET /events")
	if got := Compare(a, b, Options{}).Count(Moved); got != 1 {
		t.Errorf("%d have moved", got)
	}
	for _, s := range []*Session{a, b} {
		for _, x := range s.Exchanges {
			x.End = x.Start.Add(time.Hour)
		}
	}
	if r := Compare(a, b, Options{}); r.Differs() {
		t.Errorf("what overlaps has moved:\n%s", listing(r))
	}
}

// TestArchives compares archives whose entries are named by ids, which decide their order.
func TestArchives(t *testing.T) {
	build := func(names ...string) *Session {
		s := madeUp("s", "POST /v1.41/images/load")
		x := s.Exchanges[0]
		x.RequestBody = &wire.Body{Content: wire.KindTar}
		for _, n := range names {
			x.Documents[wire.ToServer] = append(x.Documents[wire.ToServer], []byte(fmt.Sprintf(`{"name":%q,"type":"file","mode":"0644"}`, n)))
		}
		return s
	}
	const one, two = "a1b2c3d4e5f60718", "f1e2d3c4b5a69788"
	if r := Compare(build(one+".json", two+"/layer.tar", "manifest.json"), build(one+"/layer.tar", two+".json", "manifest.json"), Options{}); r.Differs() {
		t.Errorf("other ids:\n%s", listing(r))
	}
	if r := Compare(build("x", "y"), build("x", "z"), Options{}); !r.Differs() {
		t.Error("another file makes no difference")
	}
}

// TestShared checks what is told once: what most exchanges have in common, and those of several
// operations.
func TestShared(t *testing.T) {
	requests := []string{"GET /a", "GET /b", "GET /c", "GET /d", "POST /v1.41/containers/x/start", "POST /v1.41/containers/x/kill", "POST /v1.41/containers/x/stop", "GET /e", "GET /f"}
	a, b := madeUp("a", requests...), madeUp("b", requests...)
	for i := range requests {
		a.Exchanges[i].Request.Fields = []wire.Field{{Name: "User-Agent", Value: "old"}}
		b.Exchanges[i].Request.Fields = []wire.Field{{Name: "User-Agent", Value: "new"}}
		if strings.HasPrefix(requests[i], "POST") {
			b.Exchanges[i].Request.Fields = append(b.Exchanges[i].Request.Fields, wire.Field{Name: "Content-Type", Value: "text/plain"})
		}
	}
	r := Compare(a, b, Options{})
	if len(r.Items) != 0 || len(r.Common) != 2 || r.Common[0].Exchanges != 9 || r.Common[0].Aside() != "" || r.Common[1].Aside() != " (3 of 9)" || !r.Differs() {
		t.Errorf("told is\n%s", listing(r))
	}
}

// TestMethods has calls of gRPC of two methods, which docker's API has one name for: none is the other,
// changed.
func TestMethods(t *testing.T) {
	a, b := madeUp("a", "POST /a.B/C"), madeUp("b", "POST /a.B/D")
	for _, s := range []*Session{a, b} {
		r := s.Exchanges[0].Request
		r.Stream, r.Fields = 1, []wire.Field{{Name: "content-type", Value: "application/grpc"}}
	}
	if r := Compare(a, b, Options{}); r.Count(Missing) != 1 || r.Count(Extra) != 1 || r.Count(Changed) != 0 {
		t.Error(listing(r))
	}
}

// TestTelemetry has a client that reports its times: they are no difference, but that it reports them is.
func TestTelemetry(t *testing.T) {
	reported := func(path, doc string) *Session {
		s := madeUp("s", "POST "+path)
		x := s.Exchanges[0]
		x.Request.Stream, x.Request.Fields = 1, []wire.Field{{Name: "content-type", Value: "application/grpc"}}
		x.RequestBody = &wire.Body{Content: wire.KindGRPC}
		x.Documents[wire.ToServer] = [][]byte{[]byte(doc)}
		return s
	}
	const export = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
	a := `{"spans":[{"name":"a","startTimeUnixNano":"1795907966048168488"}]}`
	b := `{"spans":[{"name":"b","startTimeUnixNano":"1795907966419647323"}]}`
	if r := Compare(reported(export, a), reported(export, b), Options{}); r.Differs() {
		t.Error(listing(r))
	}
	if r := Compare(reported("/a.B/C", a), reported("/a.B/C", b), Options{}); r.Count(Changed) != 1 {
		t.Errorf("of another method:\n%s", listing(r))
	}
	if r := Compare(reported(export, a), madeUp("s"), Options{}); r.Count(Missing) != 1 {
		t.Errorf("without a report:\n%s", listing(r))
	}
}
