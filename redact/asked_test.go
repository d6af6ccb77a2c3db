package redact

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestAsked: what an exchange was asked for, and the types of its bodies, decide what is
// hidden in them, each in its own direction.
func TestAsked(t *testing.T) {
	const form, mixed = "Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data; boundary=B"
	text := func(s string) wire.Event { return &wire.Message{Kind: wire.KindText, Data: []byte(s)} }
	raw := func(s string) wire.Event { return &wire.Message{Kind: wire.KindRaw, Data: []byte(s)} }
	json := func(s string) wire.Event { return &wire.Message{Kind: wire.KindJSON, Data: []byte(s)} }
	named := func(name, s string) wire.Event {
		return &wire.Message{Kind: wire.KindText, Name: name, Data: []byte(s)}
	}
	body := func(kind wire.Kind, s string) wire.Event {
		return &wire.Body{Content: kind, Data: []byte(s), Bytes: int64(len(s)), Complete: true}
	}
	quoted := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	part := func(head, s string) wire.Event {
		return body(wire.KindParts, "--B\r\n"+head+"\r\n\r\n"+s+"\r\n--B--\r\n")
	}
	field := func(name, s string) wire.Event { return part(`Content-Disposition: form-data; name="`+name+`"`, s) }
	const up, down = wire.ToServer, wire.ToClient
	for _, c := range []struct {
		asked string // method, target
		typed string // the field of the request and of the response
		dir   wire.Dir
		ev    wire.Event
		want  string // a piece of what is shown
		names string
	}{
		{"POST /x", form, up, body(wire.KindText, "p%69n=QQ&a=b"), "p%69n=*&a=b", "request.body.pin"},
		{"POST /x", form, down, body(wire.KindText, "p%69n=QQ&a=b"), "p%69n=*&a=b", "response.body.pin"},
		{"POST /x", "", up, text("p%69n=QQ&a=b"), "p%69n=*&a=b", "request.body.pin"},
		{"POST /x", "", down, text("p%69n=QQ&a=b"), "p%69n=*&a=b", "response.body.pin"},
		{"POST /x", "Content-Type: text/plain", up, text("p%69n=QQ&a=b"), "p%69n=*&a=b", "request.body.pin"},
		{"POST /x", form, up, text("p%69n=QQ&a=b"), "p%69n=*&a=b", "request.body.pin"},
		{"POST /x", form, down, text("p%69n=QQ&a=b"), "p%69n=*&a=b", "response.body.pin"},
		{"POST /x", form, up, named("x", "p%69n=QQ&a=b"), "p%69n=*&a=b", "request.body.pin"},
		{"POST /x", form, up, named("x", "p%69n x=d"), "p%69n x=d", ""},
		{"POST /x", "", up, text("a=b&x=%7B%22pin%22%3A%22QQ%22%7D"), "a=b&x=%7B%22pin%22%3A%22*%22%7D", "request.body.x"},
		{"POST /x", "", down, raw("x=%7B%22pin%22%3A%22QQ%22%7D"), "x=%7B%22pin%22%3A%22*%22%7D", "response.raw.x"},
		{"POST /x", "", up, text("--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\nQQ\r\n--B--\r\n"), "\r\n\r\n~\r\n--B--\r\n", "request.body.pin"},
		{"POST /x", "Content-Type: multipart/form-data; boundary=A", up, text("--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\nQQ\r\n--B--\r\n"), "\r\n\r\n~\r\n--B--\r\n", "request.body.pin"},
		{"POST /x", "", up, text("Content-Disposition: form-data; name=\"pin\"\r\n\r\nQQ"), "\r\n\r\n~", "request.body.pin"},
		{"POST /x", "Content-Type: application/json", up, body(wire.KindText, "--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\nQQ\r\n--B--\r\n"), "\r\n\r\n*\r\n--B--\r\n", "request.body.pin"},
		{"POST /x", "Content-Type: application/json", up, body(wire.KindJSON, "--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\nQQ\r\n--B--\r\n"), "\r\n\r\n*\r\n--B--\r\n", "request.body.pin"},
		{"POST /x", mixed, up, named("a/pin", "QQ"), "~", "request.body.a/pin"},
		{"POST /x", mixed, up, named("pin/a", "QQ"), "~", "request.body.pin/a"},
		{"POST /x", mixed, up, named("a/b", "c"), "c", ""},
		{"POST /x", mixed, up, text("a, token: QQ\n"), "a, token: *\n", "request.body.token"},
		{"POST /x", mixed, up, named("x", "a, token: QQ\n"), "a, token: QQ\n", ""},
		{"POST /x", "", up, text("a, token: QQ\n"), "a, token: QQ\n", ""},

		{"PUT /containers/x/archive", "", up, text("abc"), "~", "request.body"},
		{"PUT /containers/x/archive", "", down, text("abc"), "abc", ""},
		{"PUT /containers/x/archive", "", up, raw("abc"), "~", "request.body"},
		{"GET /containers/x/archive", "", down, text("abc"), "abc", ""},
		{"GET /containers/x/archive", "", down, raw("abc"), "~", "response.body"},
		{"GET /containers/x/archive", "", up, raw("abc"), "abc", ""},
		{"POST /auth", "", up, text("abc"), "~", "request.body"},
		{"POST /auth", "", down, body(wire.KindText, "abc"), "*", "response.body"},
		{"POST /v5.0.0/libpod/play/kube", "", up, json(`{"a":"b"}`), `"~"`, "request.body"},
		{"POST /v5.0.0/libpod/play/kube", "", up, body(wire.KindJSON, `{"a":"b"}`), `"*"`, "request.body"},
		{"POST /v5.0.0/libpod/play/kube", "", down, json(`{"a":"b"}`), `{"a":"b"}`, ""},
		{"GET /x", "", up, raw(strings.Repeat("x", 257) + "ustar"), "~", "request.body"},
		{"GET /x", "", down, body(wire.KindBinary, strings.Repeat("x", 257)+"ustar"), "", "response.body"},

		{"POST /x", mixed, up, field("pin", "QQ"), "*\r\n--B", "request.body.pin"},
		{"POST /x", mixed, down, field("pin", "QQ"), "*\r\n--B", "response.body.pin"},
		{"POST /x", mixed, up, field("KEY", "abc"), "*\r\n--B", "request.body.KEY"},
		{"POST /x", mixed, up, field("auth", "required"), "required\r\n--B", ""},
		{"POST /x", mixed, up, field("auth", "anonymous"), "*\r\n--B", "request.body.auth"},
		{"POST /x", mixed, up, field("auth", ""), "\r\n\r\n--B", ""},
		{"POST /x", mixed, up, field("", "abc"), "abc\r\n--B", ""},
		{"POST /x", mixed, up, field("a", `{"pin":"QQ"}`), `{"pin":"*"}`, "request.body.pin"},
		{"POST /x", mixed, up, part("X-Api-Key: QQ\r\na: b", "c"), "X-Api-Key: *\r\na: b\r\n\r\nc", "request.body.X-Api-Key"},
		{"POST /x", mixed, up, part("Content-Transfer-Encoding: base64", "eyJh\r\nIjoiYiJ9"), "eyJh\r\nIjoiYiJ9", ""},
		{"POST /x", "Content-Type: text/event-stream", down, body(wire.KindText, "id: 1\ndata: {\"pin\":\ndata: \"QQ\"}\n\ndata: {\"a\":\"b\"}\n\npin=QQ \n"), "id: 1\ndata: {\"pin\":\ndata: \"*\"}\n\ndata: {\"a\":\"b\"}\n\npin=* \n", "response.body.pin"},

		{"POST /AuthZPlugin.AuthZReq", "", up, json(`{"RequestUri":"/x?pin=QQ&a=b","RequestBody":"` + quoted(`{"a":"b"}`) + `"}`), `{"RequestUri":"/x?pin=*&a=b","RequestBody":"` + quoted(`{"a":"b"}`) + `"}`, "request.body.RequestUri.query.pin"},
		{"POST /AuthZPlugin.AuthZReq", "", up, json(`{"RequestBody":"` + quoted(`[1`) + `"}`), quoted(`[1`), ""},
		{"POST /AuthZPlugin.AuthZReq", "", up, json(`{"RequestBody":"` + quoted(`{"a" "b"}`) + `"}`), `{"RequestBody":"*"}`, "request.body.RequestBody"},
		{"POST /AuthZPlugin.AuthZReq", "", up, json(`{"RequestBody":"` + quoted(`abc`) + `"}`), `{"RequestBody":"*"}`, "request.body.RequestBody"},
		{"POST /AuthZPlugin.AuthZReq", "", up, json(`{"RequestBody":"%%%"}`), `{"RequestBody":"*"}`, "request.body.RequestBody"},
		{"POST /x", "", up, json(`{"RequestBody":"abc"}`), `{"RequestBody":"abc"}`, ""},
	} {
		conv := newConv()
		method, target, _ := strings.Cut(c.asked, " ")
		q := &wire.Request{Meta: conv.meta(1, up), Method: method, Target: target}
		p := &wire.Response{Meta: conv.meta(1, down), Status: 200}
		if c.typed != "" && c.dir == up {
			q.Fields = []wire.Field{headerField(c.typed)}
		} else if c.typed != "" {
			p.Fields = []wire.Field{headerField(c.typed)}
		}
		conv.r.Event(q)
		conv.r.Event(p)
		got := ""
		switch ev := c.ev.(type) {
		case *wire.Message:
			ev.Meta = conv.meta(1, c.dir)
			got = string(conv.r.Event(ev).(*wire.Message).Data)
		case *wire.Body:
			ev.Meta = conv.meta(1, c.dir)
			got = string(conv.r.Event(ev).(*wire.Body).Data)
		}
		if got = told(got); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s, %s of the %s:\n got %q\nwant %q", c.asked, c.typed, side(c.dir), got, c.want)
		}
		var want []string
		if c.names != "" {
			want = strings.Split(c.names, " ")
		}
		if end := conv.r.Event(&wire.End{Meta: conv.meta(1, c.dir)}).(*wire.End); !slices.Equal(end.Masked, want) {
			t.Errorf("%s, %s of the %s: %q: named %q, want %q", c.asked, c.typed, side(c.dir), c.want, end.Masked, want)
		}
	}
}

// TestTypedSides: the type of a body is that of its own direction.
func TestTypedSides(t *testing.T) {
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		conv := newConv()
		form := []wire.Field{headerField("Content-Type: application/x-www-form-urlencoded")}
		q, p := &wire.Request{Meta: conv.meta(1, wire.ToServer), Method: "POST", Target: "/x"}, &wire.Response{Meta: conv.meta(1, wire.ToClient), Status: 200}
		if dir == wire.ToServer {
			q.Fields = form
		} else {
			p.Fields = form
		}
		conv.r.Event(q)
		conv.r.Event(p)
		for _, other := range []wire.Dir{wire.ToServer, wire.ToClient} {
			m := conv.message(1, other, wire.KindText, "p%69n x=QQ")
			if masked := m.Masked != nil; masked != (other == dir) {
				t.Errorf("a form of the %s: of the %s comes %s", side(dir), side(other), m.Data)
			}
		}
	}
}

// TestQuotedNames: secrets in a body that is quoted in base64 are masked in it.
func TestQuotedNames(t *testing.T) {
	conv := newConv()
	conv.r.Event(&wire.Request{Meta: conv.meta(1, wire.ToServer), Method: "POST", Target: "/AuthZPlugin.AuthZReq"})
	in := base64.StdEncoding.EncodeToString([]byte(`{"a":"b","pin":"QQ","Data":"QQ"}`))
	m := conv.message(1, wire.ToServer, wire.KindJSON, `{"RequestBody":"`+in+`"}`)
	_, coded, _ := strings.Cut(string(m.Data), `":"`)
	out, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(coded, `"}`))
	if err != nil || told(string(out)) != `{"a":"b","pin":"*","Data":"*"}` {
		t.Errorf("got %s, %v", out, err)
	}
	if want := []string{"request.body.RequestBody.pin", "request.body.RequestBody.Data"}; !slices.Equal(m.Masked, want[:len(m.Masked)]) || len(m.Masked) == 0 {
		t.Errorf("named %q", m.Masked)
	}
}

// TestWebSocketPieces: a message of a WebSocket is looked at from its beginning, and
// what goes on is no beginning.
func TestWebSocketPieces(t *testing.T) {
	conv := newConv()
	for _, c := range []struct {
		data      string
		truncated bool
		want      string
	}{{`{"p\u0069n":"QQ"}`, false, `{"p\u0069n":"*"}`}, {`text `, true, `text `}, {`{"p\u0069n":"b"}`, false, `{"p\u0069n":"b"}`}, {`{"p\u0069n":"QQ"}`, false, `{"p\u0069n":"*"}`}, {`a, token: b`, false, `a, token: b`}, {`{"a" pin=QQ x`, false, `{"a" pin=* x`}} {
		m := &wire.Message{Meta: conv.meta(1, wire.ToClient), Kind: wire.KindWebSocket, Opcode: wire.OpText, Data: []byte(c.data), Truncated: c.truncated}
		if got := told(string(conv.r.Event(m).(*wire.Message).Data)); got != c.want {
			t.Errorf("%s: got %s", c.data, got)
		}
	}
}

// TestHTTP2Hidden: behind an upgrade to HTTP/2, and behind its preface, all is hidden; what
// only has the preface in it is none.
func TestHTTP2Hidden(t *testing.T) {
	for _, protocol := range []string{"h2c", "H2", "tcp"} {
		conv := newConv()
		conv.request(1, "/x")
		conv.r.Event(&wire.Upgrade{Meta: conv.meta(1, wire.ToClient), Protocol: protocol})
		m := conv.message(1, wire.ToServer, wire.KindText, "something said\n")
		if hidden := told(string(m.Data)) == "~"; hidden != (protocol != "tcp") || hidden && !slices.Equal(m.Masked, []string{"request.raw"}) {
			t.Errorf("%s: %q, named %q", protocol, m.Data, m.Masked)
		}
	}
	for _, begin := range []string{"", "x"} {
		conv := newConv()
		if begin != "" {
			conv.message(0, wire.ToServer, wire.KindRaw, begin)
		}
		conv.message(0, wire.ToServer, wire.KindRaw, wire.HTTP2Preface)
		m := conv.message(0, wire.ToServer, wire.KindRaw, "something said\n")
		if hidden := told(string(m.Data)) == "~"; hidden != (begin == "") {
			t.Errorf("behind %q and the preface: %q", begin, m.Data)
		}
	}
}

// TestQuotedLines: a start line that was not understood tells of what the client says
// behind it; what the server said, or what is of an exchange, does not.
func TestQuotedLines(t *testing.T) {
	for _, c := range []struct {
		exchange int
		dir      wire.Dir
		detail   string
		hides    bool
	}{
		{0, wire.ToServer, `"POST /auth HTTP/1.1"`, true}, {0, wire.ToServer, `'POST /auth'`, true}, {0, wire.ToServer, `"/auth HTTP/1.1"`, true}, {0, wire.ToServer, `"PUT /containers/x/archive"`, true}, {0, wire.ToServer, `"POST HTTP/auth"`, false},
		{0, wire.ToServer, `"GET /info"`, false}, {0, wire.ToClient, `"POST /auth HTTP/1.1"`, false}, {1, wire.ToServer, `"POST /auth HTTP/1.1"`, false},
	} {
		conv := newConv()
		conv.r.Event(&wire.Anomaly{Meta: conv.meta(c.exchange, c.dir), Detail: c.detail})
		got := conv.message(0, wire.ToServer, wire.KindRaw, "something said\r\n")
		if hidden := !strings.Contains(string(got.Data), "said"); hidden != c.hides {
			t.Errorf("%+v: then %q", c, got.Data)
		}
	}
}

// TestOthersStay: where one part of a head or a body is masked, the others are as they
// were.
func TestOthersStay(t *testing.T) {
	conv := newConv()
	host := []wire.Field{headerField("Host: d")}
	q := conv.r.Event(&wire.Request{Meta: conv.meta(1, wire.ToServer), Method: "GET", Target: "/x?pin=QQ", Fields: host}).(*wire.Request)
	if told(q.Target) != "/x?pin=*" || !slices.Equal(q.Fields, host) {
		t.Errorf("got %s, %+v", q.Target, q.Fields)
	}
	p := conv.r.Event(&wire.Response{Meta: conv.meta(1, wire.ToClient), Reason: "ghp_QQQQQQQQQQQQQQ", Fields: host}).(*wire.Response)
	if told(p.Reason) != "ghp_*" || !slices.Equal(p.Fields, host) {
		t.Errorf("got %s, %+v", p.Reason, p.Fields)
	}
	b := conv.r.Event(&wire.Body{Meta: conv.meta(1, wire.ToClient), Content: wire.KindText, Data: []byte("pin=QQ x"), Bytes: 8, Complete: true, Trailer: host}).(*wire.Body)
	if told(string(b.Data)) != "pin=* x" || !slices.Equal(b.Trailer, host) {
		t.Errorf("got %s, %+v", b.Data, b.Trailer)
	}
	q = conv.r.Event(&wire.Request{Meta: conv.meta(2, wire.ToServer), Method: "GET", Target: "/x?a=b", Fields: []wire.Field{headerField("X-Token: QQ")}, Call: wire.Call{Operation: "x"}}).(*wire.Request)
	if q.Target != "/x?a=b" || q.Call.Operation != "x" || told(q.Fields[0].Value) != "*" {
		t.Errorf("got %s, %+v", q.Target, q.Fields)
	}
}
