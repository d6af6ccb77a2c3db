package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/protowire"
	"github.com/socktrace/socktrace/otlp"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

const (
	fleetVar = "SOCKTRACE_FLEET"
	// exchangeEvery is how often a host has an exchange: 20 times a second.
	exchangeEvery = 50 * time.Millisecond
	// The collector is looked at for a while, when it has run for another.
	fleetBegins, fleetFor = 5 * time.Second, 30 * time.Second
)

// TestFleetLoad has many hosts, as the export of each would be, send into one collector as
// docs/fleet.md has it: what that takes is told. SOCKTRACE_FLEET says how many, such as
// 50,1000. What is sent and does not come out behind the collector fails the test.
func TestFleetLoad(t *testing.T) {
	steps := os.Getenv(fleetVar)
	if steps == "" {
		t.Skipf("%s does not say how many hosts, such as 50,1000", fleetVar)
	}
	session := recordedSteps(t)
	tellWire(t, session)
	for step := range strings.SplitSeq(steps, ",") {
		hosts, err := strconv.Atoi(step)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(step, func(t *testing.T) { loadFleet(t, session, hosts) })
	}
}

// tellWire tells what a span takes on the wire, with HTTP, without TLS.
func tellWire(t *testing.T, session [][]wire.Event) {
	b := newBackend(t)
	f := &fleet{url: b.URL}
	crowd := newHosts(t, f, session, 20)
	time.Sleep(20 * time.Second)
	sent, lost := crowd.end()
	n := b.spans.Load()
	check(t, "spans", n, sent)
	check(t, "lost spans", lost, 0)
	if n == 0 {
		t.Fatal("no spans")
	}
	t.Logf("wire: %d spans, each %d bytes with gzip and HTTP, %d before that; %.1f in a request", n, b.wire.Load()/n, b.plain.Load()/n, float64(n)/float64(b.requests.Load()))
}

// loadFleet tells what so many hosts are for a collector.
func loadFleet(t *testing.T, session [][]wire.Event, hosts int) {
	b := newBackend(t)
	f := newFleet(t, false, b.URL)
	crowd := newHosts(t, f, session, hosts)
	time.Sleep(fleetBegins)
	begin, before, own, sentBefore := time.Now(), cpuOf(t, f.collector.Process.Pid), cpuOf(t, os.Getpid()), crowd.sent()
	time.Sleep(fleetFor)
	took, cpu, ours, sent := time.Since(begin), cpuOf(t, f.collector.Process.Pid)-before, cpuOf(t, os.Getpid())-own, crowd.sent()-sentBefore
	resident := statusOf(t, f.collector.Process.Pid, "VmHWM")
	all, lost := crowd.end()
	for begin := time.Now(); b.spans.Load() < all && time.Since(begin) < patience; {
		time.Sleep(100 * time.Millisecond) // it hands on what it has
	}
	t.Logf("%d hosts: %.0f spans/s; collector %.1f %% of a core, %.1f µs a span, %d MiB at most; hosts here %.1f %%; %d spans taken, %d lost by hosts, %d behind the collector",
		hosts, float64(sent)/took.Seconds(), 100*cpu.Seconds()/took.Seconds(), float64(cpu.Microseconds())/float64(max(sent, 1)), resident>>10,
		100*ours.Seconds()/took.Seconds(), all, lost, b.spans.Load())
	if all == 0 || b.spans.Load() < all { // what had no answer may be there twice
		t.Errorf("%d spans are missing behind the collector", all-b.spans.Load())
	}
}

// recordedSteps is a session of docker as a sink sees it, in steps of one exchange.
func recordedSteps(t *testing.T) (steps [][]wire.Event) {
	t.Helper()
	session, err := demo.Examples()
	if err != nil {
		t.Fatal(err)
	}
	b := flow.New(flow.Options{Mask: redact.New(redact.Options{Key: []byte("key")}).Event, Learn: subject.NewReader().Learn, Still: true})
	var all keptEvents
	b.Add("the test", &all, flow.Delivery{})
	do := decode.Options{Needs: b.Needs(), Terminals: decode.NewTerminals(), Numbers: new(wire.Numbers)}
	do.Numbers.Claim(len(session.Conns))
	for i, c := range session.Conns {
		conn := c.Wire(i+1, time.Unix(0, 0))
		conn.Client.Process = &wire.Process{PID: i + 1, Name: "docker"}
		conn.Server.Addr = "unix:///var/run/docker.sock"
		d := decode.New(conn, do, b.Of(conn))
		d.Open()
		c.Play(conn, d)
	}
	b.Close()
	var step []wire.Event
	for _, ev := range all {
		step = append(step, ev)
		if _, ends := ev.(*wire.Exchange); ends {
			steps, step = append(steps, step), nil
		}
	}
	if len(steps) < 40 {
		t.Fatalf("%d exchanges", len(steps))
	}
	return append(steps, step)
}

// keptEvents are what a sink is told.
type keptEvents []wire.Event

func (k *keptEvents) Needs() wire.Needs {
	n := otlp.NewSink(nil, otlp.SinkOptions{}).Needs()
	n.Keeps = true
	return n
}

func (k *keptEvents) Event(ev wire.Event, _ *wire.Exchange) error {
	*k = append(*k, movedEvent(wire.Clone(ev), ev.EventMeta().Conn, 0))
	return nil
}

func (k *keptEvents) Close() error { return nil }

// movedEvent is a copy of an event, on another connection and that much later.
func movedEvent(ev wire.Event, c *wire.Conn, later time.Duration) wire.Event {
	switch e := ev.(type) {
	case *wire.Open:
		n := *e
		ev = &n
	case *wire.Request:
		n := *e
		ev = &n
	case *wire.Message:
		n := *e
		ev = &n
	case *wire.Exchange:
		n := *e
		ev = &n
	case *wire.Close:
		n := *e
		ev = &n
	default:
		return nil // of no interest to the export
	}
	m := ev.EventMeta()
	m.Conn, m.Start, m.End = c, m.Start.Add(later), m.End.Add(later)
	return ev
}

// hosts are the exports of many hosts, in this process.
type hosts struct {
	stop chan struct{}
	all  sync.WaitGroup
	each []*otlp.Exporter
}

// newHosts has hosts send to a collector, each as often as it has exchanges.
func newHosts(t *testing.T, f *fleet, session [][]wire.Event, n int) *hosts {
	t.Helper()
	getenv := func(name string) string {
		for _, pair := range f.env {
			if value, ok := strings.CutPrefix(pair, name+"="); ok && name != "OTEL_EXPORTER_OTLP_ENDPOINT" {
				return value
			}
		}
		return ""
	}
	endpoints, err := otlp.Endpoints(f.url, getenv)
	if err != nil {
		t.Fatal(err)
	}
	h := &hosts{stop: make(chan struct{})}
	for i := range n {
		resource, _ := otlp.Resource(fmt.Sprintf("host-%04d", i), otlp.NewInstance(), "1.0", getenv)
		e := otlp.NewExporter(otlp.Options{Endpoints: endpoints, Resource: resource, Version: "1.0"})
		h.each = append(h.each, e)
		h.all.Go(func() { h.work(e, session, time.Duration(i)*exchangeEvery/time.Duration(n)) })
	}
	return h
}

// work has a host do what the session does, again and again.
func (h *hosts) work(e *otlp.Exporter, session [][]wire.Event, wait time.Duration) {
	time.Sleep(wait)
	sink := otlp.NewSink(e, otlp.SinkOptions{})
	conns := make(map[*wire.Conn]*wire.Conn)
	next := time.NewTimer(0)
	var later time.Duration
	for n, due := 0, time.Now(); ; n++ {
		due = due.Add(exchangeEvery) // none is left out where there is little time
		next.Reset(time.Until(due))
		select {
		case <-next.C:
		case <-h.stop:
			_ = sink.Close() // it never fails
			return
		}
		if n %= len(session); n == 0 {
			clear(conns)
			later = time.Since(time.Unix(0, 0))
			_ = sink.Tick(time.Now(), nil)
		}
		for _, ev := range session[n] {
			if ev == nil {
				continue
			}
			was := ev.EventMeta().Conn
			c := conns[was]
			if c == nil {
				moved := *was
				moved.Start = was.Start.Add(later)
				c = &moved
				conns[was] = c
			}
			_ = sink.Event(movedEvent(ev, c, later), nil) // it never fails
		}
	}
}

// sent returns how many spans the collector has taken.
func (h *hosts) sent() (n int64) {
	for _, e := range h.each {
		n += e.Counts(otlp.Traces).Sent
	}
	return n
}

// end has the hosts end, and returns how many spans were taken, and not.
func (h *hosts) end() (sent, lost int64) {
	close(h.stop)
	h.all.Wait()
	for _, e := range h.each {
		h.all.Go(func() { e.Close(30 * time.Second) })
	}
	h.all.Wait()
	for _, e := range h.each {
		lost += e.Counts(otlp.Traces).Lost()
	}
	return h.sent(), lost
}

// backend takes spans, and counts them.
type backend struct {
	*httptest.Server
	spans, requests, plain, wire atomic.Int64
}

func newBackend(t *testing.T) *backend { return newBackendAt(t, "127.0.0.1:0") }

func newBackendAt(t *testing.T, address string) *backend {
	t.Helper()
	b := &backend{}
	b.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		text, err := io.ReadAll(z)
		if err != nil {
			t.Error(err)
		}
		b.requests.Add(1)
		b.plain.Add(int64(len(text)))
		b.spans.Add(spansIn(text, 1, 2, 2)) // resource_spans, scope_spans, spans
	}))
	b.Listener.Close()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	b.Listener = countedListener{l, &b.wire}
	b.Start()
	t.Cleanup(b.Close)
	return b
}

// spansIn counts the messages at the end of a path of fields.
func spansIn(message []byte, path ...protowire.Number) (n int64) {
	for len(message) > 0 {
		number, typ, size := protowire.ConsumeTag(message)
		length := protowire.ConsumeFieldValue(number, typ, message[max(size, 0):])
		if size < 0 || length < 0 {
			return n
		}
		if number == path[0] && typ == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(message[size:])
			if len(path) == 1 {
				n++
			} else {
				n += spansIn(value, path[1:]...)
			}
		}
		message = message[size+length:]
	}
	return n
}

// countedListener counts the bytes that its connections bring.
type countedListener struct {
	net.Listener
	n *atomic.Int64
}

func (l countedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return countedConn{c, l.n}, err
}

type countedConn struct {
	net.Conn
	n *atomic.Int64
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// cpuOf returns how much of a processor a process has had.
func cpuOf(t *testing.T, pid int) time.Duration {
	t.Helper()
	text := readFile(t, fmt.Sprintf("/proc/%d/stat", pid))
	words := strings.Fields(text[strings.LastIndexByte(text, ')'):])
	var ticks int64
	for _, word := range words[12:14] { // utime, stime (proc(5)), in hundredths of a second
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// statusOf returns what the kernel says of a process, in KiB.
func statusOf(t *testing.T, pid int, name string) int {
	t.Helper()
	lines := strings.Split(readFile(t, fmt.Sprintf("/proc/%d/status", pid)), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, name+":") })
	n, err := strconv.Atoi(strings.Fields(lines[i])[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
