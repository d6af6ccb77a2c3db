package redact

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

const secret = masktest.Secret

func newRedactor() *Redactor { return New(Options{Key: []byte("test")}) }

// conv is one connection's events, made one after another.
type conv struct {
	r    *Redactor
	conn *wire.Conn
}

func newConv() *conv { return &conv{newRedactor(), &wire.Conn{ID: 1}} }

func (c *conv) meta(exchange int, dir wire.Dir) wire.Meta {
	return wire.Meta{Conn: c.conn, Exchange: exchange, Dir: dir}
}

// known returns the state of the connection, nil if it has none.
func (c *conv) known() *connState {
	s, _ := c.r.conns.all.Load(c.conn)
	state, _ := s.(*connState)
	return state
}

func headerField(line string) wire.Field {
	name, value, _ := strings.Cut(line, ":")
	return wire.Field{Name: name, Value: strings.TrimSpace(value), Line: line}
}

func (c *conv) request(exchange int, target string, lines ...string) *wire.Request {
	q := &wire.Request{Meta: c.meta(exchange, wire.ToServer), Method: "POST", Target: target}
	for _, l := range lines {
		q.Fields = append(q.Fields, headerField(l))
	}
	return c.r.Event(q).(*wire.Request)
}

func (c *conv) message(exchange int, dir wire.Dir, kind wire.Kind, data string) *wire.Message {
	return c.r.Event(&wire.Message{Meta: c.meta(exchange, dir), Kind: kind, Data: []byte(data), Size: int64(len(data))}).(*wire.Message)
}

func TestHeaders(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"X-Registry-Auth: " + secret, "*"},
		{"x-registry-auth: " + secret, "*"},
		{"X-REGISTRY-CONFIG: " + secret, "*"},
		{"X-Registry-Auth: e30=", ""},
		{"X-Registry-Auth: e30", ""},
		{"X-Registry-Config: bnVsbA==", ""},
		{"Authorization: e30=", "*"},
		{"Authorization: Basic " + secret, "Basic *"},
		{"authorization: bearer   " + secret, "bearer *"},
		{"Proxy-Authorization: Digest username=\"" + secret + "\"", "Digest *"},
		{"X-Forwarded-Authorization: Bearer " + secret, "Bearer *"},
		{"Authorization: " + secret, "*"},
		{"Authorization: " + secret + " more", "*"}, // no scheme that is known
		{"Authorization: Basic", "*"},
		{"Cookie: a=" + secret, "*"},
		{"Set-Cookie: a=" + secret + "; Path=/", "*"},
		{"X-Vault-Token: " + secret, "*"},
		{"X-Foo-Api-Key: " + secret, "*"},
		{"Private-Token: " + secret, "*"},
		{"X-Incus-Secret: " + secret, "*"},
		{"X-Docker-Expose-Session-Uuid: " + secret, "*"},
		{"X-Docker-Expose-Session-Sharedkey: " + secret, "*"},
		{"X-Registry-Auth : " + secret, "*"},
		{"\x01X-Registry-Auth\x02: " + secret, "*"},
		{strings.Repeat("x", 1000) + "-Token: " + secret, "*"},
		{"Authorization:", ""},
		{"Host: docker", ""},
		{"X-Registry-Authx: e30=", ""},
		{"Tokens: 5", ""},
		{"X-Docker-Expose-Session-Name: n", ""},
		{"WWW-Authenticate: Basic realm=x", ""},
	} {
		c := newConv()
		q := c.request(1, "/info", "Host: d", tt.line)
		got, name := q.Fields[1], headerField(tt.line).Name
		if tt.want == "" {
			if got != headerField(tt.line) || q.Masked != nil {
				t.Errorf("%s: changed to %+v, masked %q", tt.line, got, q.Masked)
			}
			continue
		}
		if masktest.Bare(got.Value) != tt.want || got.Line != "" || got.Name != name || !reflect.DeepEqual(q.Masked, []string{"request.headers." + name}) {
			t.Errorf("%q: got %+v, masked %q; want %q", tt.line, got, q.Masked, tt.want)
		}
		if q.Fields[0] != headerField("Host: d") {
			t.Errorf("another field was changed: %+v", q.Fields[0])
		}
	}
}

func TestNamelessField(t *testing.T) {
	c := newConv()
	q := &wire.Request{Fields: []wire.Field{
		{Value: "Authorization Basic " + secret, Line: "Authorization Basic " + secret},
		{Value: "Cookie", Line: "Cookie"},
		{Value: "hello world", Line: "hello world"},
	}}
	got := c.r.Event(q).(*wire.Request)
	if v := masktest.Bare(got.Fields[0].Value); v != "Authorization Basic *" || got.Fields[0].Line != "" {
		t.Errorf("got %+v", got.Fields[0])
	}
	if !reflect.DeepEqual(got.Fields[1:], q.Fields[1:]) {
		t.Errorf("got %+v", got.Fields[1:])
	}
}

func TestNothingToMask(t *testing.T) {
	c := newConv()
	meta := c.meta(1, wire.ToClient)
	for _, ev := range []wire.Event{
		&wire.Open{Meta: meta},
		&wire.Request{Meta: meta, Method: "POST", Target: "/containers/create", Fields: []wire.Field{headerField("Host: d")}},
		&wire.Response{Meta: meta, Fields: []wire.Field{headerField("Server: d")}},
		&wire.Message{Meta: meta, Kind: wire.KindJSON, Data: []byte(`{"passwordPolicy":"x"}`)},
		&wire.Message{Meta: meta, Kind: wire.KindStdout, Data: []byte("Authorization: x\n")},
		&wire.Message{Meta: meta, Kind: wire.KindRaw, Data: []byte("Host: x\r\nTokens: 5\r\n")},
		&wire.Body{Meta: meta, Content: wire.KindJSON, Data: []byte(`{"passwordPolicy":"x"}`), Trailer: []wire.Field{headerField("X: y")}},
		&wire.Upgrade{Meta: meta}, &wire.EOF{Meta: meta},
		&wire.Anomaly{Meta: meta, Detail: `malformed chunk size "zz: y"`},
		&wire.End{Meta: meta, Masked: []string{"before"}},
		&wire.Close{Meta: meta}, &wire.Dropped{Meta: meta},
	} {
		if got := c.r.Event(ev); got != ev {
			t.Errorf("%T: not the same event", ev)
		}
	}
	if s := c.r.Summary(); len(s) != 0 {
		t.Errorf("summary %v", s)
	}
}

func TestOff(t *testing.T) {
	q := &wire.Request{Method: "POST", Target: "/auth", Fields: []wire.Field{headerField("Authorization: Basic " + secret)}}
	if got := New(Options{Off: true}).Event(q); got != wire.Event(q) {
		t.Errorf("got %+v", got)
	}
}

// TestAuthExchange goes through POST /auth, pipelined behind another request.
func TestAuthExchange(t *testing.T) {
	c := newConv()
	const plain = `{"authors":"kept"}`
	q1 := c.request(1, "/containers/create")
	q2 := c.request(2, "/v1.41/auth", "X-Registry-Auth: "+secret)
	if m := c.message(1, wire.ToServer, wire.KindJSON, plain); string(m.Data) != plain {
		t.Errorf("the exchange before was masked: %s", m.Data)
	}
	const login = `{"username":"u","password":"` + secret + `"}`
	m := c.message(2, wire.ToServer, wire.KindJSON, login)
	if got := masktest.Bare(string(m.Data)); got != `{"username":"u","password":"*"}` || m.Size != int64(len(login)) {
		t.Errorf("got %s, size %d", m.Data, m.Size)
	}
	if !reflect.DeepEqual(m.Masked, []string{"request.body.password"}) {
		t.Errorf("masked %q", m.Masked)
	}
	reqBody := &wire.Body{Meta: c.meta(2, wire.ToServer), Content: wire.KindJSON, Data: []byte(login), Bytes: int64(len(login)), Complete: true,
		Trailer: []wire.Field{headerField("X-Amz-Security-Token: " + secret)}}
	masked := c.r.Event(reqBody).(*wire.Body)
	if !bytes.Equal(masked.Data, m.Data) || masktest.Bare(masked.Trailer[0].Value) != "*" || masked.Bytes != reqBody.Bytes {
		t.Errorf("got %s, %+v", masked.Data, masked.Trailer)
	}
	resp := &wire.Response{Meta: c.meta(2, wire.ToClient), Status: 200, Fields: []wire.Field{headerField("Set-Cookie: " + secret)}}
	answer := &wire.Body{Meta: c.meta(2, wire.ToClient), Content: wire.KindJSON, Data: []byte(`{"IdentityToken":"` + secret + `","Status":"ok"}`)}
	shownResponse, shownAnswer := c.r.Event(resp), c.r.Event(answer).(*wire.Body)
	raw := c.message(2, wire.ToClient, wire.KindRaw, secret)
	if got := string(raw.Data); got != "[masked 12 bytes]" {
		t.Errorf("raw: %s", got)
	}

	hint := &wire.Response{Meta: c.meta(2, wire.ToClient), Interim: true, Fields: []wire.Field{headerField("X-Foo-Token: " + secret)}}
	odd := &wire.Anomaly{Meta: c.meta(2, wire.ToServer), Detail: `odd "` + secret + `"`}
	all := fmt.Sprintf("%+v %+v %s %+v %+v", q2, shownResponse, shownAnswer.Data, c.r.Event(hint), c.r.Event(odd))
	if strings.Contains(all, "S3C") {
		t.Errorf("secret in %s", all)
	}
	if got := masktest.Bare(string(shownAnswer.Data)); got != `{"IdentityToken":"*","Status":"ok"}` {
		t.Errorf("answer %s", got)
	}
	x := &wire.End{Meta: c.meta(2, wire.ToServer)}
	got := c.r.Event(x).(*wire.End)
	want := []string{"request.body", "request.body.password", "request.headers.X-Registry-Auth", "request.trailers.X-Amz-Security-Token",
		"response.body", "response.body.IdentityToken", "response.headers.Set-Cookie", "response.headers.X-Foo-Token"}
	slices.Sort(got.Masked)
	if !reflect.DeepEqual(got.Masked, want) {
		t.Errorf("masked\n%q, want\n%q", got.Masked, want)
	}
	if x.Masked != nil || !strings.Contains(string(reqBody.Data), secret) || !strings.Contains(hint.Fields[0].Line, secret) || !strings.Contains(odd.Detail, secret) {
		t.Error("the given event was changed")
	}
	if q1.Masked != nil {
		t.Errorf("first request masked: %q", q1.Masked)
	}
	for _, s := range c.r.Summary() {
		if s.Exchanges != 1 {
			t.Errorf("%s counted %d times", s.Name, s.Exchanges)
		}
	}
	if n := len(c.r.Summary()); n != len(want) {
		t.Errorf("%d names in the summary, want %d", n, len(want))
	}
}

func TestAuthBodyThatIsNotJSON(t *testing.T) {
	c := newConv()
	c.request(1, "/auth")
	for _, content := range []wire.Kind{wire.KindText, wire.KindBinary, wire.KindTerminal} {
		b := c.r.Event(&wire.Body{Meta: c.meta(1, wire.ToServer), Content: content, Data: []byte("password=" + secret), Complete: true}).(*wire.Body)
		if got := masktest.Bare(string(b.Data)); got != "*" || !reflect.DeepEqual(b.Masked, []string{"request.body"}) {
			t.Errorf("%v: got %s, masked %q", content, b.Data, b.Masked)
		}
	}
	for kind := wire.KindRaw; kind < wire.KindCount; kind++ {
		if m := c.message(1, wire.ToServer, kind, "password="+secret); masktest.Bare(string(m.Data)) != "*" {
			t.Errorf("%v: got %s", kind, m.Data)
		}
	}
}

// TestBodyAtTheEnd masks bodies that become known with the end of their exchange,
// also of exchanges beyond the bound, and does not take the beginning of one for
// all of it.
func TestBodyAtTheEnd(t *testing.T) {
	c := newConv()
	for n := range 1024 {
		c.request(n+1, "/auth")
	}
	const login = `{"password":"` + secret + `"}`
	for _, n := range []int{1, 1024 + 1} {
		body := &wire.Body{Meta: c.meta(n, wire.ToServer), Content: wire.KindJSON, Data: []byte(login), Complete: true}
		end := &wire.End{Meta: c.meta(n, wire.ToServer), Bodies: [2]*wire.Body{wire.ToServer: body}}
		got := c.r.Event(end).(*wire.End)
		if b := got.Bodies[wire.ToServer]; masktest.Bare(string(b.Data)) != `{"password":"*"}` || got.Bodies[wire.ToClient] != nil {
			t.Errorf("exchange %d: %s", n, b.Data)
		}
		if end.Bodies[wire.ToServer] != body || string(body.Data) != login {
			t.Error("the given event was changed")
		}
	}
	begin := &wire.Body{Meta: c.meta(2, wire.ToClient), Content: wire.KindBinary, Data: []byte("ghp_" + strings.Repeat("x", 20)), Bytes: 100, Complete: true}
	if isWhole(begin) {
		t.Error("the beginning of a body is taken for all of it")
	}
}

// TestAfterBrokenAuth: what follows a body whose framing broke belongs to no
// exchange, but may be the rest of it.
func TestAfterBrokenAuth(t *testing.T) {
	c := newConv()
	c.request(1, "/auth")
	c.r.Event(&wire.End{Meta: c.meta(1, wire.ToServer), State: wire.StateAborted})
	if m := c.message(0, wire.ToServer, wire.KindRaw, `"password":"`+secret); masktest.Bare(string(m.Data)) != "*" {
		t.Errorf("got %s", m.Data)
	}
	if m := c.message(2, wire.ToServer, wire.KindJSON, `{"authors":"kept"}`); m.Masked != nil {
		t.Errorf("another exchange was masked: %s", m.Data)
	}
}

func TestAnomalyDetails(t *testing.T) {
	for _, tt := range []struct{ detail, want string }{
		{`"X-Registry-Auth : ` + secret + `"`, `"X-Registry-Auth : *"`},
		{`malformed field "authorization:Basic ` + secret + `"`, `malformed field "authorization:Basic *"`},
		{`bad line Cookie: ` + secret, `bad line Cookie: *`},
		{`"Authorization Basic ` + secret + `"`, `"Authorization Basic *"`},
		{`"Authorization\tBasic ` + secret + `"`, `"Authorization Basic *"`},
		{`" ` + secret + `"`, `"*"`}, // a folded line
		{`"\t` + secret + `"`, `"*"`},
		{`"X-Registry-Auth: ` + secret + `\r\nHost: d"`, `"X-Registry-Auth: *"`},
		{`"GET  / HTTP/1.1"`, ""},
		{`"Host: docker"`, ""},
		{`"Cookie "`, ""},
		{`" "`, ""},
		{`""`, ""},
		{`"`, ""},
		{``, ""},
	} {
		c := newConv()
		got := c.r.Event(&wire.Anomaly{Meta: c.meta(1, wire.ToServer), Detail: tt.detail}).(*wire.Anomaly)
		if want := tt.want; want == "" && got.Detail != tt.detail || want != "" && masktest.Bare(got.Detail) != want {
			t.Errorf("%s: got %s, want %s", tt.detail, got.Detail, want)
		}
		if strings.Contains(got.Detail, "S3C") {
			t.Errorf("secret in %s", got.Detail)
		}
	}
}

func TestMarks(t *testing.T) {
	c := newConv()
	a := c.request(1, "/", "Cookie: "+secret).Fields[0].Value
	b := c.request(2, "/", "X-Token: "+secret).Fields[0].Value
	other := c.request(3, "/", "X-Token: "+secret+"2").Fields[0].Value
	if a != b || a == other {
		t.Errorf("marks: %s, %s, %s", a, b, other)
	}
	if !regexp.MustCompile(`^\[masked 12 bytes #[0-9a-f]{8}\]$`).MatchString(a) {
		t.Errorf("placeholder %s", a)
	}
}

// TestStateIsFreed: nothing is kept of what has ended.
func TestStateIsFreed(t *testing.T) {
	c := newConv()
	for n := 1; n <= 10; n++ {
		c.request(n, "/auth", "Cookie: x")
	}
	s := c.known()
	for n := 1; n <= 9; n++ {
		c.r.Event(&wire.End{Meta: c.meta(n, wire.ToServer)})
	}
	if len(s.exchanges) != 1 {
		t.Errorf("%d exchanges kept, want 1", len(s.exchanges))
	}
	c.r.Event(&wire.Close{Meta: c.meta(0, wire.ToServer)})
	if c.known() != nil {
		t.Error("the connection is kept")
	}
}

// TestBounds: too many open exchanges, too many names.
func TestBounds(t *testing.T) {
	c := newConv()
	for n := range 1024 {
		c.request(n+1, "/auth")
	}
	c.request(1024+1, "/auth")
	if m := c.message(1024+1, wire.ToServer, wire.KindJSON, `{"password":"`+secret+`"}`); m.Masked == nil {
		t.Errorf("beyond the bound: %s", m.Data)
	}
	for n := range 2 * mask.MaxNames {
		c.request(1, "/", fmt.Sprintf("X%d-Token: x", n))
		c.request(2, "/", fmt.Sprintf("Y%d-Token: x", n))
	}
	if n := len(c.r.Summary()); n != mask.MaxNames+1 {
		t.Errorf("%d names in the summary", n)
	}
	if n := len(c.known().exchange(1).names); n != mask.MaxNames {
		t.Errorf("%d names of an exchange", n)
	}
}

func TestConcurrentConnections(t *testing.T) {
	r := newRedactor()
	var wg sync.WaitGroup
	for id := range 8 {
		wg.Go(func() {
			c := conv{r, &wire.Conn{ID: id}}
			for n := 1; n <= 100; n++ {
				c.request(n, "/auth", "Cookie: "+secret)
				c.message(n, wire.ToServer, wire.KindJSON, `{"auth":"`+secret+`"}`)
				r.Event(&wire.End{Meta: c.meta(n, wire.ToServer)})
			}
			r.Summary()
			r.Event(&wire.Close{Meta: c.meta(0, wire.ToServer)})
		})
	}
	wg.Wait()
	want := []Count{{"request.body.auth", 800}, {"request.headers.Cookie", 800}}
	if got := r.Summary(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkEvent(b *testing.B) {
	c := newConv()
	q := &wire.Request{Meta: c.meta(1, wire.ToServer), Method: "GET", Target: "/v1.41/containers/json",
		Fields: []wire.Field{headerField("Host: docker"), headerField("User-Agent: Docker-Client/28.2.2 (linux)"), headerField("Accept-Encoding: gzip")}}
	m := &wire.Message{Meta: c.meta(1, wire.ToClient), Kind: wire.KindRaw, Data: bytes.Repeat([]byte("some output: of a container\n"), 100)}
	b.Run("request", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.r.Event(q)
		}
	})
	b.Run("raw", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(m.Data)))
		for b.Loop() {
			c.r.Event(m)
		}
	})
}

// TestAside: what nobody shows is masked all the same, and the summary says nothing
// of it.
func TestAside(t *testing.T) {
	for _, aside := range []bool{false, true} {
		r := New(Options{})
		m := &wire.Message{Meta: wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1}, Kind: wire.KindJSON, Data: []byte(`{"Password":"hunter22"}`), Aside: aside}
		got := r.Event(m).(*wire.Message)
		if strings.Contains(string(got.Data), "hunter22") || len(got.Masked) != 1 || got.Aside != aside {
			t.Errorf("aside %t: got %q, masked %q", aside, got.Data, got.Masked)
		}
		if n := len(r.Summary()); (n == 0) != aside {
			t.Errorf("aside %t: the summary has %d names", aside, n)
		}
	}
}
