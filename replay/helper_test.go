package replay

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Two ids of the recording, and what the daemon calls the same now.
const (
	idThen  = "1111111111aa22222222222222222222222222222222222222222222222222aa"
	idNow   = "9999999999ff88888888888888888888888888888888888888888888888888ff"
	idOther = "3333333333bb44444444444444444444444444444444444444444444444444bb"
)

// call is an exchange of a recording, in short.
type call struct {
	conn    int
	times   [3]int // in milliseconds: when it began, when it was answered, when it ended
	request string // "GET /path"
	fields  []wire.Field
	body    string // JSON
	status  int
	answer  string   // JSON
	input   []string // behind an upgrade; "" ends it
	output  string   // the same
	left    bool     // the client went away
	socket  []string // instead of input and output: of a WebSocket, "> 1 text" and "< 8 \x03\xe8", or "> eof"
	change  func(*wire.Exchange)
}

// field is a header field.
func field(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }

// recorded returns a script of calls: what is shown is what was sent.
func recorded(t *testing.T, o Options, calls ...call) *Script {
	t.Helper()
	shown, sent := diff.NewSink("then", 0, 1<<20), NewSink("then", 1<<20, 1<<20)
	conns := make(map[int]*wire.Conn)
	counts := make(map[int]int)
	tell := func(ev wire.Event) {
		for _, s := range []wire.Sink{shown, sent} {
			if err := s.Event(ev, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range calls {
		if conns[c.conn] == nil {
			conns[c.conn] = &wire.Conn{ID: c.conn}
		}
		counts[c.conn]++
		c.tell(wire.Meta{Conn: conns[c.conn], Exchange: counts[c.conn]}, tell)
	}
	return New(shown.Session(), sent, o)
}

// tell tells the events of a call.
func (c *call) tell(m wire.Meta, tell func(wire.Event)) {
	at := func(i int) time.Time { return time.UnixMilli(int64(1000 + c.times[i])) }
	meta := func(dir wire.Dir, i int) wire.Meta {
		m := m
		m.Dir, m.Start, m.End = dir, at(i), at(i)
		return m
	}
	method, target, _ := strings.Cut(c.request, " ")
	op, _ := dockerapi.Match(method, target)
	x := &wire.Exchange{
		Meta:      meta(wire.ToServer, 0),
		FirstByte: at(1),
		Request:   &wire.Request{Meta: meta(wire.ToServer, 0), Method: method, Target: target, Version: "HTTP/1.1", Fields: append([]wire.Field{field("Host", "docker")}, c.fields...), Call: op.Told()},
		Response:  &wire.Response{Meta: meta(wire.ToClient, 1), Version: "HTTP/1.1", Status: c.status},
	}
	x.End = at(2)
	x.Outcome.Left = c.left
	if c.body != "" {
		tell(&wire.Message{Meta: meta(wire.ToServer, 0), Kind: wire.KindJSON, Data: []byte(c.body), Size: int64(len(c.body))})
		x.RequestBody = &wire.Body{Meta: meta(wire.ToServer, 0), Content: wire.KindJSON, Data: []byte(c.body), Bytes: int64(len(c.body)), Complete: true}
	}
	if c.input != nil {
		x.Upgrade = &wire.Upgrade{Meta: meta(wire.ToClient, 1), Protocol: "tcp"}
		tell(x.Upgrade)
	}
	if c.socket != nil {
		x.Upgrade = &wire.Upgrade{Meta: meta(wire.ToClient, 1), Protocol: "websocket"}
		tell(x.Upgrade)
	}
	for _, line := range c.socket {
		m := meta(wire.ToServer, 1)
		if line[0] == '<' {
			m.Dir = wire.ToClient
		}
		if line[2:] == "eof" {
			tell(&wire.EOF{Meta: m})
			continue
		}
		opcode, data, _ := strings.Cut(line[2:], " ")
		n, _ := strconv.Atoi(opcode)
		tell(&wire.Message{Meta: m, Kind: wire.KindWebSocket, Opcode: byte(n), Data: []byte(data), Size: int64(len(data))})
	}
	for i, doc := range strings.Split(c.answer, "\n") {
		if doc != "" {
			tell(&wire.Message{Meta: meta(wire.ToClient, 1), Kind: wire.KindJSON, Index: i, Data: []byte(doc), Size: int64(len(doc))})
		}
	}
	for i, in := range c.input {
		if in == "" {
			tell(&wire.EOF{Meta: meta(wire.ToServer, 1)})
			continue
		}
		tell(&wire.Message{Meta: meta(wire.ToServer, 1), Kind: wire.KindStdin, Index: i, Data: []byte(in), Size: int64(len(in))})
	}
	if c.output != "" {
		tell(&wire.Message{Meta: meta(wire.ToClient, 2), Kind: wire.KindTerminal, Data: []byte(c.output), Size: int64(len(c.output))})
	}
	if c.change != nil {
		c.change(x)
	}
	tell(x)
}

// daemon serves h on a unix socket until the test ends.
func daemon(t *testing.T, h http.Handler) *Player {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return dialling(path)
}

// dialling returns a player for the socket at a path. It numbers connections.
func dialling(path string) *Player {
	var numbers atomic.Int64
	return &Player{Dial: func(ctx context.Context) (net.Conn, int, error) {
		c, err := new(net.Dialer).DialContext(ctx, "unix", path)
		return c, int(numbers.Add(1)), err
	}}
}

// check fails the test if got is not want.
func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
