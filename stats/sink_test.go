package stats

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

const ms = time.Millisecond

func TestOperations(t *testing.T) {
	body := func(x *wire.Exchange) {
		x.RequestBody = &wire.Body{WireBytes: 5}
		x.ResponseBody = &wire.Body{WireBytes: 7}
		x.Interim = []*wire.Response{{HeadBytes: 1}, {HeadBytes: 2}}
	}
	r := gathered(t,
		call("A", 0, 10, body),
		call("B", 10, 40),
		call("A", 20, 25, status(404, "Not Found")),
		call("A", 30, 31, ended(wire.StateOpen)),
		call("A", 40, 90, ended(wire.StatePartial)),
		call("W", 50, 5000, waiting),
		call("A", 60, 61, waiting),
		call("", 70, 71, asked("GET", "/v1.41/x/1?a")),
		call("", 72, 74, asked("GET", "/v1.41/x/2")),
		call("GRPCMethod", 80, 81, asked("POST", "/a.B/C")),
		call("", 90, 91, asked("PUT", "/x/1")),
		call("C", 95, 96, func(x *wire.Exchange) { x.Request = nil }),
	).Report()
	want := []Operation{
		{Name: "B", Totals: Totals{1, 0, 0, 30 * ms, [2]int64{100, 10}}, Timed: 1, P50: 30 * ms, P95: 30 * ms, Max: 30 * ms},
		{Name: "A", Totals: Totals{4, 1, 1, 15 * ms, [2]int64{405, 50}}, Timed: 2, P50: 5 * ms, P95: 10 * ms, Max: 10 * ms},
		{Method: "GET", Path: "/x/{id}", Totals: Totals{2, 0, 0, 3 * ms, [2]int64{200, 20}}, Timed: 2, P50: ms, P95: 2 * ms, Max: 2 * ms},
		{Method: "PUT", Path: "/x/{id}", Totals: Totals{1, 0, 0, ms, [2]int64{100, 10}}, Timed: 1, P50: ms, P95: ms, Max: ms},
		{Name: "GRPCMethod", Path: "/a.B/C", Totals: Totals{1, 0, 0, ms, [2]int64{100, 10}}, Timed: 1, P50: ms, P95: ms, Max: ms},
		{Totals: Totals{1, 0, 0, 0, [2]int64{0, 10}}},
		{Name: "W", Waits: true, Totals: Totals{1, 0, 0, 4950 * ms, [2]int64{100, 10}}, Timed: 1, P50: 4950 * ms, P95: 4950 * ms, Max: 4950 * ms},
		{Name: "A", Waits: true, Totals: Totals{1, 0, 0, ms, [2]int64{100, 10}}, Timed: 1, P50: ms, P95: ms, Max: ms},
	}
	if !reflect.DeepEqual(r.Operations, want) {
		t.Errorf("got\n%+v\nwant\n%+v", r.Operations, want)
	}
	if all := (Totals{12, 1, 1, 50 * ms, [2]int64{1105, 130}}); r.All != all || r.Waited != 4951*ms {
		t.Errorf("in all %+v, waited %v; want %+v", r.All, r.Waited, all)
	}
	if !r.Start.Equal(at(0)) || !r.End.Equal(at(5000)) {
		t.Errorf("from %v to %v", r.Start, r.End)
	}
}

func TestClients(t *testing.T) {
	tcp := func(port int) *wire.Conn {
		return &wire.Conn{ID: port, Client: wire.Peer{Addr: fmt.Sprint("tcp://192.0.2.1:", port)}}
	}
	nameless := &wire.Conn{Client: wire.Peer{Process: &wire.Process{PID: 3}}}
	version := func(v string) func(*wire.Exchange) {
		return func(x *wire.Exchange) { x.Request.Call.Version = v }
	}
	r := gathered(t,
		call("A", 0, 10, version("")),
		call("B", 10, 30, version("1.40")),
		call("A", 30, 31, version("1.41"), status(500, "")),
		call("A", 31, 32, version("1.41")),
		call("W", 40, 1000, waiting),
		call("A", 50, 52, of(tcp(5000)), agent("py")),
		call("A", 52, 54, of(tcp(5001)), agent("py")),
		call("A", 54, 56, of(tcp(5002)), agent("go")),
		call("A", 60, 61, of(nameless)),
		call("A", 61, 62, of(nil), version("")),
	).Report()
	want := []Client{
		{Name: "docker", Versions: []Version{{Name: "1.41", Count: 3}, {Name: "1.40", Count: 1}}, Totals: Totals{5, 1, 0, 32 * ms, [2]int64{500, 50}}},
		{Addr: "tcp://192.0.2.1", Agent: "py", Versions: []Version{{Name: "1.41", Count: 2}}, Totals: Totals{2, 0, 0, 4 * ms, [2]int64{200, 20}}},
		{Versions: []Version{{Name: "1.41", Count: 1}}, Totals: Totals{2, 0, 0, 2 * ms, [2]int64{200, 20}}},
		{Addr: "tcp://192.0.2.1", Agent: "go", Versions: []Version{{Name: "1.41", Count: 1}}, Totals: Totals{1, 0, 0, 2 * ms, [2]int64{100, 10}}},
	}
	if !reflect.DeepEqual(r.Clients, want) {
		t.Errorf("got\n%+v\nwant\n%+v", r.Clients, want)
	}
}

func TestHosts(t *testing.T) {
	for addr, want := range map[string]string{
		"tcp://192.0.2.1:80": "tcp://192.0.2.1", "tcp://[::1]:80": "tcp://[::1]", "tcp://[::1]": "tcp://[::1]", "tcp://a": "tcp://a", "tcp://:80": "tcp://",
		"unix:///a:1": "unix:///a:1", "": "", "vsock://2:3": "vsock://2:3",
	} {
		if got := host(addr); got != want {
			t.Errorf("%s: got %s, want %s", addr, got, want)
		}
	}
}

// TestFailed has every way in which an exchange ends.
func TestFailed(t *testing.T) {
	said := func(x *wire.Exchange) { x.Outcome.Error = "no such image" }
	left := func(x *wire.Exchange) { x.Outcome.Left = true }
	for _, tt := range []struct {
		what  string
		edits []func(*wire.Exchange)
		why   string // empty: it has not
	}{
		{"done", nil, ""},
		{"redirected", []func(*wire.Exchange){status(399, "")}, ""},
		{"refused", []func(*wire.Exchange){status(400, "Bad Request")}, "Bad Request"},
		{"refused without a reason", []func(*wire.Exchange){status(500, "")}, "status 500"},
		{"an error in the stream", []func(*wire.Exchange){said}, "no such image"},
		{"an error in words", []func(*wire.Exchange){status(404, "Not Found"), said}, "no such image"},
		{"broken off", []func(*wire.Exchange){ended(wire.StateAborted)}, "broken off"},
		{"left", []func(*wire.Exchange){ended(wire.StateAborted), left}, ""},
		{"refused and left", []func(*wire.Exchange){ended(wire.StateAborted), left, status(404, "x")}, "x"},
		{"left before an answer", []func(*wire.Exchange){ended(wire.StateAborted), unanswered, left}, ""},
		{"no answer", []func(*wire.Exchange){ended(wire.StateAborted), unanswered}, "no answer"},
		{"ended without an answer", []func(*wire.Exchange){unanswered}, "no answer"},
		{"open", []func(*wire.Exchange){ended(wire.StateOpen), unanswered}, ""},
		{"not seen", []func(*wire.Exchange){ended(wire.StatePartial), unanswered}, ""},
		{"open, refused", []func(*wire.Exchange){ended(wire.StateOpen), status(404, "x")}, "x"},
	} {
		x := call("A", 0, 1, tt.edits...)
		if x.Failed() != (tt.why != "") || x.Failed() && why(x) != tt.why {
			t.Errorf("%s: failed %t, %q; want %q", tt.what, x.Failed(), why(x), tt.why)
		}
	}
}

// TestTimed has what has a time.
func TestTimed(t *testing.T) {
	for _, tt := range []struct {
		x    *wire.Exchange
		want bool
	}{
		{call("A", 1, 5), true},
		{call("A", 1, 5, ended(wire.StateAborted)), true},
		{call("A", 1, 5, ended(wire.StateOpen)), false},
		{call("A", 1, 5, ended(wire.StatePartial)), false},
		{call("A", 1, 5, func(x *wire.Exchange) { x.Start = time.Time{} }), false},
		{call("A", 1, 5, func(x *wire.Exchange) { x.End = time.Time{} }), false},
		{call("A", 1, 5, func(x *wire.Exchange) { x.Request = nil }), false},
	} {
		if d, ok := took(tt.x); ok != tt.want || ok && d != 4*ms {
			t.Errorf("%+v: took %v, %t", tt.x, d, ok)
		}
	}
}

// TestNeeds: what is in bodies is not looked at.
func TestNeeds(t *testing.T) {
	if got, want := New().Needs(), (wire.Needs{Lines: true, Fields: true, Telling: true, Concurrent: true}); got != want {
		t.Errorf("got %+v", got)
	}
	if err := New().Close(); err != nil {
		t.Error(err)
	}
}

// TestMoments: of events that have no time, nothing is known.
func TestMoments(t *testing.T) {
	r := gathered(t, call("A", 5, 6, func(x *wire.Exchange) { x.Start, x.End = time.Time{}, time.Time{} })).Report()
	if !r.Start.IsZero() || !r.End.IsZero() {
		t.Errorf("from %v to %v", r.Start, r.End)
	}
	r = gathered(t, call("A", 5, 9), call("A", 2, 3), &wire.Close{Meta: wire.Meta{Conn: docker, Start: at(0), End: at(20)}}, &wire.Open{Meta: wire.Meta{End: at(50)}}).Report()
	if !r.Start.Equal(at(2)) || !r.End.Equal(at(20)) {
		t.Errorf("from %v to %v", r.Start, r.End)
	}
}

// TestCertified: who shows a certificate is a client of its own, wherever it connects
// from, until the connection ends; what is carried by its connection is its too.
func TestCertified(t *testing.T) {
	at := func(id int) *wire.Conn { return &wire.Conn{ID: id, Client: wire.Peer{Addr: "tcp://192.0.2.7:51034"}} }
	shows := func(c *wire.Conn, peer string, cert ...wire.Certificate) *wire.TLS {
		return &wire.TLS{Meta: wire.Meta{Conn: c}, Peer: peer, Client: cert}
	}
	alice, none, nameless, ours := at(1), at(2), at(3), at(4)
	inside := &wire.Conn{ID: 5, Client: alice.Client, Parent: wire.Parent{Conn: alice}}
	daemon := &wire.Conn{ID: 6, Parent: wire.Parent{Conn: alice}, Reversed: true}
	s := gathered(t,
		shows(alice, "client", wire.Certificate{Subject: "CN=alice"}), shows(alice, "server", wire.Certificate{Subject: "CN=us"}), shows(none, "client"),
		shows(nameless, "", wire.Certificate{Names: []string{"spiffe://x"}}), shows(ours, "server", wire.Certificate{Subject: "CN=us"}),
		call("A", 1, 2, of(alice)), call("A", 3, 4, of(alice)), call("A", 5, 6, of(inside)), call("A", 5, 6, of(daemon)),
		call("A", 7, 8, of(none)), call("A", 7, 8, of(nameless)), call("A", 7, 8, of(ours)),
		&wire.Close{Meta: wire.Meta{Conn: alice}}, &wire.Close{Meta: wire.Meta{Conn: nameless}},
	)
	got := ""
	for _, c := range s.Report().Clients {
		got += fmt.Sprintf("%s|%s %d\n", c.Subject, c.Addr, c.Count)
	}
	for _, want := range []string{"CN=alice|tcp://192.0.2.7 3\n", "spiffe://x|tcp://192.0.2.7 1\n", "|tcp://192.0.2.7 2\n", "\n| 1\n"} {
		if !strings.Contains("\n"+got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if len(s.subjects) != 0 {
		t.Errorf("connections that have ended are remembered: %v", s.subjects)
	}
}

// TestBounds: whatever crosses, there are so many rows, and what they hold of the
// traffic is cut.
func TestBounds(t *testing.T) {
	long := strings.Repeat("é", 10_000)
	var events []wire.Event
	const n = 3000
	for i := range n {
		c := &wire.Conn{ID: i, Client: wire.Peer{Process: &wire.Process{Name: fmt.Sprint(i, long)}}}
		events = append(events,
			&wire.TLS{Meta: wire.Meta{Conn: c}, Client: []wire.Certificate{{Subject: long}}},
			call(fmt.Sprint("Op", i, long), i, i+1, of(c), agent(long), func(x *wire.Exchange) { x.Request.Call.Version = fmt.Sprint(i) }),
			call("", i, i+1, asked(long, fmt.Sprint("/p", i, "x")), waiting, func(x *wire.Exchange) { x.Request.Call.Version = fmt.Sprint(i) }))
	}
	s := gathered(t, events...)
	for name := range s.clients.of {
		if len(name) > 3*maxText+4 {
			t.Errorf("a client is known by %d bytes", len(name))
		}
	}
	for name := range s.operations.of {
		if len(name) > maxPath+maxMethod+maxPath+20 {
			t.Errorf("an operation is known by %d bytes", len(name))
		}
	}
	r := s.Report()
	if len(r.Operations) != maxOperations+2 || len(r.Clients) != maxClients+1 {
		t.Errorf("%d operations, %d clients", len(r.Operations), len(r.Clients))
	}
	var others [2]int64
	var sum Totals
	for _, o := range r.Operations {
		sum.Count += o.Count
		if o.Other {
			others[flag(o.Waits)] += o.Count
		}
		if len(o.Name+o.Method+o.Path) > maxPath+maxMethod+maxPath+10 {
			t.Errorf("a name of %d bytes", len(o.Name+o.Method+o.Path))
		}
	}
	if sum.Count != 2*n || others != [2]int64{n - maxOperations/2, n - maxOperations/2} {
		t.Errorf("%d in all, %d in other rows", sum.Count, others)
	}
	last := r.Clients[maxClients]
	if !last.Other || last.Name+last.Addr+last.Agent != "" {
		t.Errorf("the last is %q", last.Name)
	}
	for _, c := range r.Clients {
		if len(c.Name) > maxText+4 || len(c.Subject) > maxText+4 || len(c.Agent) > maxText+4 {
			t.Errorf("%d and %d bytes of a client", len(c.Name), len(c.Agent))
		}
		if c.Name == "docker" && (len(c.Versions) != maxVersions+1 || c.Versions[0] != Version{Count: n - maxVersions}) {
			t.Errorf("versions %v", c.Versions)
		}
	}
}

// TestCloned cuts between characters.
func TestCloned(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""}, {"a", "a"}, {strings.Repeat("a", 300), strings.Repeat("a", 300)}, {strings.Repeat("a", 301), strings.Repeat("a", 300) + "..."},
		{strings.Repeat("a", 299) + "é", strings.Repeat("a", 299) + "..."}, {strings.Repeat("\x80", 400), strings.Repeat("\x80", 296) + "..."},
	} {
		if got := cloned(tt.in); got != tt.want {
			t.Errorf("%q: got %q", tt.in, got)
		}
	}
}

// TestConcurrent tells of connections at once, while reports are made.
func TestConcurrent(t *testing.T) {
	s := New()
	var all sync.WaitGroup
	for i := range 4 {
		c := &wire.Conn{ID: i}
		all.Go(func() {
			for n := range 500 {
				x := call("A", n, n+1, of(c))
				_, _ = s.Event(x, x), s.Event(&wire.Close{Meta: wire.Meta{Conn: c, End: at(n)}}, nil)
				if n%100 == 0 {
					s.Report()
				}
			}
		})
	}
	all.Wait()
	if r := s.Report(); r.All.Count != 2000 || r.Operations[0].Timed != 2000 {
		t.Errorf("%+v", r.All)
	}
}
