package otlp

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

// script tells a Sink exchanges, in the way of decoders.
type script struct {
	collected
	sink *Sink
	book *flow.Book
	out  *flow.Outlet
	now  time.Time
}

func newScript(t *testing.T) *script {
	return newScriptWith(t, SinkOptions{})
}

func newScriptWith(t *testing.T, o SinkOptions) *script {
	s := &script{now: t0}
	s.sink = NewSink(s, o)
	s.book = flow.New(flow.Options{Still: true, Failed: func(_ string, err error) { t.Error(err) }})
	s.out = s.book.Add("otlp", s.sink, flow.Delivery{})
	return s
}

// after lets time pass.
func (s *script) after(d time.Duration) *script { s.now = s.now.Add(d); return s }

func (s *script) meta(c *wire.Conn, n int) wire.Meta {
	return wire.Meta{Conn: c, Exchange: n, Start: s.now, End: s.now}
}

func (s *script) open(c *wire.Conn) *wire.Conn {
	c.Start = s.now
	s.book.Event(&wire.Open{Meta: s.meta(c, 0)})
	return c
}

func (s *script) ask(c *wire.Conn, n int, target string, fields ...wire.Field) {
	s.book.Event(&wire.Request{Meta: s.meta(c, n), Method: "GET", Target: target, Version: "HTTP/1.1", Fields: fields})
}

func (s *script) end(c *wire.Conn, n int) { s.book.Event(&wire.End{Meta: s.meta(c, n)}) }

func (s *script) whole(c *wire.Conn, n int, target string, fields ...wire.Field) {
	s.ask(c, n, target, fields...)
	s.end(c, n)
}

func (s *script) close(c *wire.Conn) { s.book.Event(&wire.Close{Meta: s.meta(c, 0)}) }

// spans ends all, and returns what was made, by the path of the request; commands by their
// names.
func (s *script) spansOf(t *testing.T) map[string]ptrace.Span {
	t.Helper()
	s.book.Close()
	_ = s.out.Close()
	all := make(map[string]ptrace.Span)
	for _, sp := range decodeSpans(t, s.collected.spans) {
		name := text(sp.Attributes(), "url.path")
		if name == "" {
			name = sp.Name()
		}
		if _, twice := all[name]; twice {
			t.Errorf("%s is there twice", name)
		}
		all[name] = sp
	}
	return all
}

func process(pid int, name string) *wire.Conn {
	return &wire.Conn{Client: wire.Peer{Process: &wire.Process{PID: pid, UID: 1, Name: name}}, Server: wire.Peer{Addr: "unix:///d.sock"}}
}

// TestTraces: which exchanges are one trace.
func TestTraces(t *testing.T) {
	s := newScript(t)
	a, b, other := s.open(process(1, "docker")), s.open(process(1, "docker")), s.open(process(2, "curl"))
	s.whole(a, 1, "/a1")
	s.whole(b, 1, "/b1")
	s.whole(other, 1, "/other")
	s.close(a)
	s.close(b)
	soon := s.after(lull).open(process(1, "docker"))
	s.whole(soon, 1, "/soon")
	s.after(idle).whole(soon, 2, "/later")
	s.after(idle+time.Nanosecond).whole(soon, 3, "/idle")
	s.close(soon)
	again := s.after(lull + time.Nanosecond).open(process(1, "git"))
	s.whole(again, 1, "/git")
	unknown, unknown2 := s.open(&wire.Conn{}), s.open(&wire.Conn{})
	s.whole(unknown, 1, "/u1", wire.Field{Name: "User-Agent", Value: "python/3 x"})
	s.whole(unknown2, 1, "/u2")
	all := s.spansOf2(t)
	one := func(names ...string) {
		t.Helper()
		for _, name := range names {
			if all[name].TraceID() != all[names[0]].TraceID() || all[name].ParentSpanID() != all[names[0]].ParentSpanID() {
				t.Errorf("%s is not of the trace of %s", name, names[0])
			}
		}
	}
	one("/a1", "/b1", "/soon", "/later")
	traces := make(map[string]string)
	for _, name := range []string{"/a1", "/other", "/idle", "/git", "/u1", "/u2"} {
		id := all[name].TraceID().String()
		if before := traces[id]; before != "" {
			t.Errorf("%s and %s are one trace", before, name)
		}
		traces[id] = name
	}
}

// spansOf2 is spansOf without the commands, of which some have one name.
func (s *script) spansOf2(t *testing.T) map[string]ptrace.Span {
	t.Helper()
	s.book.Close()
	_ = s.out.Close()
	all := make(map[string]ptrace.Span)
	roots := make(map[string]string)
	spans := decodeSpans(t, s.collected.spans)
	for _, sp := range spans {
		if sp.Kind() == ptrace.SpanKindInternal {
			roots[sp.SpanID().String()] = sp.Name()
			if !sp.ParentSpanID().IsEmpty() {
				t.Errorf("%s is no root", sp.Name())
			}
		}
	}
	for _, sp := range spans {
		if sp.Kind() == ptrace.SpanKindClient {
			all[text(sp.Attributes(), "url.path")] = sp
			if roots[sp.ParentSpanID().String()] == "" {
				t.Errorf("%s has no command", sp.Name())
			}
		}
	}
	want := map[string]string{"/a1": "docker", "/other": "curl", "/git": "git", "/u1": "python/3", "/u2": "client"}
	for name, command := range want {
		equal(t, name, roots[all[name].ParentSpanID().String()], command)
	}
	return all
}

// TestLongTrace: a trace has so many exchanges, however many its client has.
func TestLongTrace(t *testing.T) {
	s := newScript(t)
	c := s.open(process(1, "agent"))
	for n := range 2*maxSpans + 1 {
		s.whole(c, n+1, "/x")
	}
	s.book.Close()
	_ = s.out.Close()
	count := make(map[string]int)
	for _, sp := range exchanges(decodeSpans(t, s.collected.spans)) {
		count[sp.TraceID().String()]++
	}
	equal(t, "traces", len(count), 3)
	for id, n := range count {
		if n > maxSpans {
			t.Errorf("%s has %d", id, n)
		}
	}
}

// TestParents: what a client names is the parent; else what travels inside an exchange is
// below that.
func TestParents(t *testing.T) {
	s := newScript(t)
	field := func(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }
	c := s.open(process(1, "docker"))
	s.whole(c, 1, "/named", field("Traceparent", parent), field("tracestate", "v=1"))
	s.whole(c, 2, "/unsampled", field("traceparent", strings.TrimSuffix(parent, "1")+"0"))
	s.whole(c, 3, "/bad", field("traceparent", parent+"x"))
	s.ask(c, 4, "/session")
	in := s.open(&wire.Conn{Parent: wire.Parent{Conn: c, Exchange: 4}, Via: "h2c", Reversed: true})
	s.whole(in, 1, "/in")
	s.whole(in, 2, "/both", field("traceparent", parent))
	s.ask(in, 3, "/tunnel")
	deep := s.open(&wire.Conn{Parent: wire.Parent{Conn: in, Exchange: 3}, Via: "connect"})
	s.end(in, 3)
	s.whole(deep, 1, "/deep")
	s.end(c, 4)
	s.whole(in, 4, "/late")
	d := s.open(process(2, "buildx"))
	s.ask(d, 1, "/traced", field("traceparent", parent))
	e := s.open(&wire.Conn{Parent: wire.Parent{Conn: d, Exchange: 1}, Via: "h2c"})
	s.whole(e, 1, "/same", field("traceparent", strings.Replace(parent, "-00f0", "-11f0", 1)))
	s.ask(e, 2, "/open")
	all := s.spansOf(t)
	trace := func(name string) string { id := all[name].TraceID(); return hex.EncodeToString(id[:]) }
	for name, want := range map[string]string{"/in": "/session", "/tunnel": "/session", "/deep": "/tunnel", "/late": "/session", "/bad": "docker", "/session": "docker", "/open": "/traced"} {
		equal(t, "parent of "+name, all[name].ParentSpanID(), all[want].SpanID())
		equal(t, "trace of "+name, trace(name), trace(want))
		equal(t, "flags of "+name, all[name].Flags()&flagRemote, 0)
	}
	for name, want := range map[string]string{"/named": "00f067aa0ba902b7", "/unsampled": "00f067aa0ba902b7", "/traced": "00f067aa0ba902b7", "/both": "00f067aa0ba902b7", "/same": "11f067aa0ba902b7"} {
		id := all[name].ParentSpanID()
		equal(t, "parent of "+name, hex.EncodeToString(id[:]), want)
		equal(t, "trace of "+name, trace(name), parent[3:35])
		equal(t, "flags of "+name, all[name].Flags()&^1, flagKnown|flagRemote)
	}
	equal(t, "state", all["/named"].TraceState().AsRaw(), "v=1")
	equal(t, "sampled", all["/named"].Flags()&1, 1)
	equal(t, "sampled", all["/unsampled"].Flags()&1, 0)
	for name, want := range map[string]string{"/both": "/session", "/same": "/traced"} {
		links := all[name].Links()
		equal(t, "links of "+name, links.Len(), 1)
		equal(t, "link of "+name, links.At(0).SpanID(), all[want].SpanID())
		equal(t, "link of "+name, links.At(0).TraceID(), all[want].TraceID())
		equal(t, "flags of the link of "+name, links.At(0).Flags()&^1, flagKnown)
	}
	equal(t, "links", all["/in"].Links().Len()+all["/named"].Links().Len(), 0)
	for _, name := range []string{"/in", "/deep"} {
		a := all[name].Attributes()
		equal(t, name+" is reversed", text(a, "socktrace.reversed"), "true")
		equal(t, "what else is at the ends of "+name, text(a, "process.pid")+text(a, "server.address")+text(a, "network.peer.address"), "")
	}
	equal(t, "/same is reversed", text(all["/same"].Attributes(), "socktrace.reversed"), "")
	equal(t, "server", text(all["/same"].Attributes(), "server.address"), "/d.sock")
	equal(t, "state", text(all["/open"].Attributes(), "socktrace.state"), "open")
	if _, is := all["buildx"]; is {
		t.Error("a command of which all exchanges have another trace has a span")
	}
}

// TestEvents: so many messages are events; the others are counted, as all are over the bound
// for all exchanges.
func TestEvents(t *testing.T) {
	s := newScript(t)
	c := s.open(process(1, "docker"))
	s.ask(c, 1, "/logs")
	for i := range maxEvents + 7 {
		s.book.Event(&wire.Message{Meta: s.meta(c, 1), Kind: wire.KindStdout, Index: i, Data: []byte("x"), Size: 9})
		s.book.Event(&wire.Message{Meta: s.meta(c, 1), Kind: wire.KindStdout, Index: i, Size: 9}) // another piece
	}
	s.end(c, 1)
	equal(t, "held", s.sink.held, 0)
	equal(t, "spans", s.sink.spans, 0)
	s.ask(c, 2, "/full")
	s.sink.held = maxHeld
	s.book.Event(&wire.Message{Meta: s.meta(c, 2), Kind: wire.KindStderr})
	s.end(c, 2)
	all := s.spansOf(t)
	equal(t, "events", all["/logs"].Events().Len(), maxEvents)
	equal(t, "dropped", all["/logs"].DroppedEventsCount(), 7)
	equal(t, "event", all["/logs"].Events().At(0).Name(), "stdout")
	equal(t, "size", text(all["/logs"].Events().At(0).Attributes(), "socktrace.message.size"), "9")
	equal(t, "events", all["/full"].Events().Len(), 0)
	equal(t, "dropped", all["/full"].DroppedEventsCount(), 1)
}

// TestForgets: when all connections have closed, nothing is known of any.
func TestForgets(t *testing.T) {
	for _, c := range sessions(t) {
		got := play(t, c, SinkOptions{}, nil)
		if len(got.spans) < len(got.exchanges) {
			t.Errorf("%s: %d spans", c.Name, len(got.spans))
		}
	}
	s := newScript(t)
	for i := range 100 {
		c := s.open(process(i, "x"))
		s.whole(c, 1, "/")
		s.ask(c, 2, "/cut")
		s.end(c, 2)
		s.close(c)
		_ = s.sink.Tick(s.after(2*lull).now, nil)
	}
	equal(t, "known", len(s.sink.conns)+s.sink.spans+s.sink.held+len(s.sink.commands.all), 0)
}

// TestNames: names of spans are few.
func TestNames(t *testing.T) {
	for _, tt := range []struct {
		q    *wire.Request
		want string
	}{
		{nil, "HTTP"},
		{&wire.Request{Method: "GET", Target: "/x/1"}, "GET"},
		{&wire.Request{Method: "BREW", Target: "/x"}, "HTTP"},
		{&wire.Request{Method: "POST", Target: "/v1.41/containers/abc/start?x", Call: wire.Call{Operation: "ContainerStart"}}, "POST /containers/{id}/start"},
		{&wire.Request{Method: "POST", Target: "/grpc.health.v1.Health/Check", Stream: 1, Call: wire.Call{Operation: "GRPCMethod"}, Fields: []wire.Field{{Name: "content-type", Value: "application/grpc"}}}, "grpc.health.v1.Health/Check"},
	} {
		x := &wire.Exchange{Request: tt.q}
		g, is := x.GRPC()
		equal(t, tt.want, spanNameOf(make(asks).of(tt.q, callOf(x)), &g, is), tt.want)
	}
	for s, want := range map[string]string{"OK": "OK", "": "", "NotFound": "NOT_FOUND", "DeadlineExceeded": "DEADLINE_EXCEEDED", "Canceled": "CANCELLED", "99": "99", "DataLoss": "DATA_LOSS"} {
		equal(t, s, statusName(s), want)
	}
}

// TestServers: what is told of addresses.
func TestServers(t *testing.T) {
	for addr, want := range map[string][4]string{
		"unix:///d.sock":           {"unix", "/d.sock", "", "/d.sock"},
		"unix://@x":                {"unix", "@x", "", "@x"},
		"tcp://127.0.0.1:80":       {"tcp", "127.0.0.1", "80", "127.0.0.1"},
		"tcp://[::1]:2375":         {"tcp", "::1", "2375", "::1"},
		"tcp://host:2376":          {"tcp", "host", "2376", ""},
		"npipe:////./pipe/d":       {"pipe", "//./pipe/d", "", "//./pipe/d"},
		"ssh://u@h":                {"", "u@h", "", ""},
		"":                         {"", "", "", ""},
		"tcp://127.0.0.1:99999999": {"tcp", "127.0.0.1", "", "127.0.0.1"},
	} {
		s := newScript(t)
		c := s.open(&wire.Conn{Server: wire.Peer{Addr: addr}})
		s.whole(c, 1, "/x")
		a := s.spansOf(t)["/x"].Attributes()
		for i, key := range []string{"network.transport", "server.address", "server.port", "network.peer.address"} {
			equal(t, addr+" "+key, text(a, key), want[i])
		}
	}
}

// TestHiddenCarriers: what travels inside exchanges that were not told is below spans that
// stand for those.
func TestHiddenCarriers(t *testing.T) {
	for _, open := range []bool{false, true} { // when all ends
		s := newScript(t)
		hidden := func(c *wire.Conn) *wire.Conn {
			c.Start = s.now
			_ = s.sink.Event(&wire.Open{Meta: s.meta(c, 0)}, nil)
			return c
		}
		told := func(c *wire.Conn, n int, target string) {
			q := &wire.Request{Meta: s.meta(c, n), Method: "GET", Target: target, Version: "HTTP/1.1"}
			_ = s.sink.Event(q, nil)
			s.after(time.Second)
			_ = s.sink.Event(&wire.Exchange{Meta: wire.Meta{Conn: c, Exchange: n, Start: q.Start, End: s.now}, Request: q}, nil)
		}
		c := hidden(process(1, "docker"))
		in := hidden(&wire.Conn{Parent: wire.Parent{Conn: c, Exchange: 1}, Via: "h2c"})
		deep := hidden(&wire.Conn{Parent: wire.Parent{Conn: in, Exchange: 1}, Via: "h2c"})
		none := hidden(&wire.Conn{Parent: wire.Parent{Conn: c, Exchange: 2}, Via: "h2c"}) // of which nothing is told
		told(deep, 1, "/first")
		told(deep, 2, "/second")
		if !open {
			for _, c := range []*wire.Conn{deep, none, in, c} {
				_ = s.sink.Event(&wire.Close{Meta: s.meta(c, 0)}, nil)
			}
		}
		_ = s.sink.Close()
		ids := make(map[string]ptrace.Span)
		var first, second ptrace.Span
		all := decodeSpans(t, s.collected.spans)
		equal(t, "spans", len(all), 5)
		for _, sp := range all {
			ids[sp.SpanID().String()] = sp
			switch text(sp.Attributes(), "url.path") {
			case "/first":
				first = sp
			case "/second":
				second = sp
			}
		}
		equal(t, "parent of both", first.ParentSpanID(), second.ParentSpanID())
		sp := first
		for _, want := range []string{hiddenName, hiddenName, "docker"} {
			up, is := ids[sp.ParentSpanID().String()]
			if !is {
				t.Fatalf("%s: its parent is nowhere", sp.Name())
			}
			sp = up
			equal(t, "name", sp.Name(), want)
			equal(t, "kind", sp.Kind(), ptrace.SpanKindInternal)
			equal(t, "trace", sp.TraceID(), first.TraceID())
			if want == hiddenName {
				equal(t, "state", text(sp.Attributes(), "socktrace.state"), "hidden")
				equal(t, "start", sp.StartTimestamp(), first.StartTimestamp())
				equal(t, "end", sp.EndTimestamp(), second.EndTimestamp())
			}
		}
		equal(t, "root", sp.ParentSpanID().IsEmpty(), true)
		equal(t, "known", len(s.sink.conns)+s.sink.spans+s.sink.held+len(s.sink.commands.all), 0)
	}
}
