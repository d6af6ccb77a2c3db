package replay

import (
	"net/url"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/wire"
)

// TestWhy: what cannot be sent again says why, and what is sent otherwise says how.
func TestWhy(t *testing.T) {
	masked := func(names ...string) func(*wire.Exchange) { return func(x *wire.Exchange) { x.Masked = names } }
	const placeholder = "[masked 7 bytes #137e115e]"
	const twoHeads = "its head has what no method, target or field may have: it may be more than one request"
	for _, c := range []struct {
		name string
		call call
		why  string
		note string
	}{
		{"all", call{request: "GET /info"}, "", ""},
		{"HTTP/2", call{request: "GET /info", change: func(x *wire.Exchange) { x.Request.Version = "HTTP/2.0" }}, "HTTP/2 is not spoken yet", ""},
		{"a session", call{request: "POST /session", input: []string{""}, change: func(x *wire.Exchange) { x.Upgrade.Protocol = "h2c" }},
			"its connection carries HTTP/2, which is not spoken yet", ""},
		{"a WebSocket", call{request: "GET /containers/c/attach/ws", socket: []string{"> 1 hi", "< 1 ho"}}, "", ""},
		{"a WebSocket that is masked", call{request: "GET /containers/c/attach/ws", socket: []string{"> 1 secret", "> 8 \x03\xe8secret"}, change: masked("request.stdin")}, "",
			"was sent without its input, which is masked in the recording"},
		{"channels in a WebSocket", call{request: "GET /containers/c/attach/ws", socket: []string{}, input: []string{"in a channel"}},
			"its WebSocket has what is no message, or in channels of Kubernetes, which is not done again yet", ""},
		{"BuildKit", call{request: "POST /build?t=x&version=2"}, "it needs a session of BuildKit, which is not done again yet", ""},
		{"a tunnel", call{request: "CONNECT h:1"}, "it asks for a tunnel", ""},
		{"two targets", call{request: "GET /info HTTP/1.1\r\n\r\nDELETE /x"}, twoHeads, ""},
		{"no target", call{request: "GET "}, twoHeads, ""},
		{"two methods", call{request: "DELETE\t/x\n\nGET /info"}, twoHeads, ""},
		{"two fields in one", call{request: "GET /info", fields: []wire.Field{field("X", "a\r\n\r\nDELETE /x HTTP/1.1")}}, twoHeads, ""},
		{"two fields in a name", call{request: "GET /info", fields: []wire.Field{field("X:\nY", "a")}}, twoHeads, ""},
		{"a field of any bytes", call{request: "GET /info", fields: []wire.Field{field("X", "\tä: b")}}, "", ""},
		{"nested", call{request: "GET /info", change: func(x *wire.Exchange) {
			inner := *x.Conn
			inner.Parent = wire.Parent{Conn: x.Conn, Exchange: 1}
			x.Conn = &inner
		}}, "it was inside of another connection, which is not done again yet", ""},
		{"a body that is cut", call{request: "POST /build", body: "{}", change: func(x *wire.Exchange) { x.RequestBody.Truncated = true }},
			"not all of its body was recorded, or there was no room to keep it", ""},
		{"a body that ended early", call{request: "POST /build", body: "{}", change: func(x *wire.Exchange) { x.RequestBody.Complete = false }},
			"not all of its body was recorded, or there was no room to keep it", ""},
		{"a body that is masked", call{request: "POST /build", body: "{}", change: masked("request.body")}, "a secret is masked in the recording: request body", ""},
		{"a password", call{request: "POST /auth", body: "{}", change: masked("request.body.password")}, "a secret is masked in the recording: password in request body", ""},
		{"a masked variable", call{request: "POST /containers/create", body: "{}", change: masked("request.body.Env.TOKEN")}, "",
			"was sent with a placeholder for what was masked: Env.TOKEN in request body"},
		{"a masked field", call{request: "POST /images/create?fromImage=x", change: masked("request.headers.X-Registry-Auth")}, "",
			"was sent without what was masked: header X-Registry-Auth"},
		{"what the answer masks", call{request: "GET /info", change: masked("response.body.token")}, "", ""},
		{"masked input", call{request: "POST /exec/e/start", input: []string{"secret", ""}, change: masked("request.stdin")}, "",
			"was sent without its input, which is masked in the recording"},
		{"a masked field that is not listed", call{request: "POST /images/create?fromImage=x", fields: []wire.Field{field("X-Registry-Auth", placeholder)}}, "",
			"was sent without what was masked: header X-Registry-Auth"},
		{"a masked variable that is not listed", call{request: "POST /containers/create", body: `{"Env":["TOKEN=` + placeholder + `"]}`}, "",
			"was sent with a placeholder for what was masked: a value in request body"},
		{"a password that is not listed", call{request: "POST /auth", body: `{"password":"` + placeholder + `"}`},
			"a secret is masked in the recording: a value in request body", ""},
		{"a masked parameter that is not listed", call{request: "POST /build?buildargs=" + url.QueryEscape(`{"A":"`+placeholder+`"}`), body: "x"}, "",
			"was sent with a placeholder for what was masked: parameter buildargs"},
	} {
		c.call.conn, c.call.status = 1, 200
		step := recorded(t, Options{}, c.call).Steps[0]
		check(t, c.name+": why", step.Why, c.why)
		check(t, c.name+": notes", strings.Join(step.Notes, "; "), c.note)
		if step.input != nil && c.note != "" {
			check(t, c.name+": pieces", len(step.input.pieces), 1)
		}
	}
}

// TestReads: with Reads what changes something is not sent.
func TestReads(t *testing.T) {
	calls := []call{{conn: 1, request: "GET /info", status: 200}, {conn: 1, request: "POST /volumes/create", status: 201}, {conn: 1, request: "HEAD /_ping", status: 200}}
	sent, change := recorded(t, Options{}, calls...).Count()
	check(t, "sent", sent, 3)
	check(t, "changing", change, 1)
	s := recorded(t, Options{Reads: true}, calls...)
	sent, change = s.Count()
	check(t, "sent of reads", sent, 2)
	check(t, "changing of reads", change, 0)
	check(t, "why", s.Steps[1].Why, "it changes the daemon")
}

// TestRequest: fields are as they were, but for those that say how a body is sent, and those
// that were masked.
func TestRequest(t *testing.T) {
	s := recorded(t, Options{}, call{conn: 1, status: 200, request: "POST /build?a=%20b", body: `{"a":1}`, fields: []wire.Field{
		field("X-One", "1"), field("transfer-encoding", "chunked"), field("Expect", "100-continue"), field("Content-Encoding", "gzip"),
		field("X-One", "2"), {Name: "X-Registry-Auth", Value: "x", Masked: true},
	}, change: func(x *wire.Exchange) { x.RequestBody.Coding = "gzip" }})
	got := s.Steps[0].request(newIDs(), "/base")
	check(t, "request", string(got), "POST /base/build?a=%20b HTTP/1.1\r\nHost: docker\r\nX-One: 1\r\nX-One: 2\r\nContent-Length: 7\r\n\r\n{\"a\":1}")
}

// TestNoRoomForInput: nor is what a client said on a connection that left HTTP.
func TestNoRoomForInput(t *testing.T) {
	for room, want := range map[int]string{inputBytes - 1: "not all of its input was recorded, or there was no room to keep it", inputBytes: ""} {
		shown, sent := diff.NewSink("", 0, 1<<20), NewSink("", room, 1<<20)
		c := call{status: 101, request: "POST /containers/a/attach?stdin=1", input: []string{""}}
		c.tell(wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1}, func(ev wire.Event) {
			_, _ = shown.Event(ev, nil), sent.Event(ev, nil)
		})
		check(t, "why", New(shown.Session(), sent, Options{}).Steps[0].Why, want)
	}
}

// TestNoRoom: bodies that there is no room for are not kept, and their requests not sent.
func TestNoRoom(t *testing.T) {
	shown, sent := diff.NewSink("", 0, 1<<20), NewSink("", 10, 1<<20)
	c := call{status: 200, request: "POST /volumes/create", body: `{"Name":"long enough"}`}
	c.tell(wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1}, func(ev wire.Event) {
		_, _ = shown.Event(ev, nil), sent.Event(ev, nil)
	})
	check(t, "why", New(shown.Session(), sent, Options{}).Steps[0].Why, "not all of its body was recorded, or there was no room to keep it")
}
