package pcap

import (
	"bytes"
	"context"
	"errors"
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
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// sniffed is a capture of a test.
type sniffed struct {
	t      testing.TB
	stats  Stats
	err    error
	cancel context.CancelFunc
	done   chan struct{}
}

// sniffOn begins to capture.
func sniffOn(t testing.TB, name string, port uint16, newTap func(*wire.Conn) wire.Tap) *sniffed {
	t.Helper()
	i, err := OpenInterface(name, port)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &sniffed{t: t, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		s.stats, s.err = i.Read(ctx, asked, newTap)
		s.err = errors.Join(s.err, i.Close())
	}()
	t.Cleanup(func() { cancel(); <-s.done })
	return s
}

// wait waits for the end of the capture.
func (s *sniffed) wait() {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patient):
		s.t.Fatal("the capture does not end")
	}
}

// stop ends the capture.
func (s *sniffed) stop() {
	s.t.Helper()
	s.cancel()
	s.wait()
	if s.err != nil {
		s.t.Error(s.err)
	}
}

// witness is a connection of a server that keeps what goes through it.
type witness struct {
	net.Conn
	mu   sync.Mutex
	said [2]bytes.Buffer // by wire.Dir
}

func (w *witness) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said[wire.ToServer].Write(b[:n])
	return n, err
}

func (w *witness) Write(b []byte) (int, error) {
	w.mu.Lock()
	w.said[wire.ToClient].Write(b)
	w.mu.Unlock()
	return w.Conn.Write(b)
}

// so returns what was said so far.
func (w *witness) so(dir wire.Dir) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said[dir].String()
}

// witnesses is a listener whose connections are witnesses.
type witnesses struct {
	net.Listener
	mu  sync.Mutex
	all map[string]*witness // by the client's address
}

func (l *witnesses) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	w := &witness{Conn: c}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all[c.RemoteAddr().String()] = w
	return w, nil
}

// serve runs an HTTP server at addr, which echoes bodies.
func serve(t testing.TB, addr string) (*httptest.Server, *witnesses) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	w := &witnesses{Listener: l, all: make(map[string]*witness)}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Error(err)
		}
	}))
	server.Listener.Close()
	server.Listener = w
	server.Start()
	t.Cleanup(server.Close)
	return server, w
}

// portOf returns the port of a server.
func portOf(s *httptest.Server) uint16 {
	return uint16(s.Listener.Addr().(*net.TCPAddr).Port)
}

// post sends some requests of growing size on connections of their own.
func post(t *testing.T, url string, conns, requests int) {
	var all sync.WaitGroup
	for i := range conns {
		all.Go(func() {
			client := &http.Client{Transport: new(http.Transport), Timeout: patient}
			defer client.CloseIdleConnections()
			for j := range requests {
				body := strings.Repeat(fmt.Sprintf("%d.%d ", i, j), 1<<(2*j))
				r, err := client.Post(url, "text/plain", strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				echo, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err != nil || string(echo) != body {
					t.Errorf("echo of %d bytes has %d: %v", len(body), len(echo), err)
				}
			}
		})
	}
	all.Wait()
}

// wantSaid fails the test unless the capture has what the server has seen, once.
func (s *sniffed) wantSaid(got *collector, w *witnesses) {
	s.t.Helper()
	conns := make(map[string]*collected) // by the client's address
	for _, c := range got.conns {
		conns[strings.TrimPrefix(c.conn.Client.Addr, "tcp://")] = c
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for addr, want := range w.all {
		c := conns[addr]
		if c == nil {
			s.t.Errorf("connection of %s is missing", addr)
			continue
		}
		for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
			if g, w := c.bytes(dir), want.so(dir); g != w {
				s.t.Errorf("%s %s: %d bytes are not the %d that were sent", addr, dir, len(g), len(w))
			}
		}
	}
	if len(got.conns) != len(w.all) {
		s.t.Errorf("%d connections, the server has seen %d", len(got.conns), len(w.all))
	}
	if st := s.stats; st.Gaps+st.Dropped+st.Truncated+st.Malformed+st.NotTCP+st.Strays != 0 {
		s.t.Errorf("%+v", st)
	}
}

// retransmitted returns how many segments were sent twice in this network.
func retransmitted(t *testing.T) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/net/snmp")
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]string // names, and numbers
	for l := range strings.Lines(string(b)) {
		if strings.HasPrefix(l, "Tcp:") {
			lines = append(lines, strings.Fields(l))
		}
	}
	n, err := strconv.ParseInt(lines[1][slices.Index(lines[0], "RetransSegs")], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInterface(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	up(t, "lo")
	for name, addr := range map[string]string{"IPv4": "127.0.0.1:0", "IPv6": "[::1]:0"} {
		for _, on := range []string{"lo", AnyInterface} {
			t.Run(name+" on "+on, func(t *testing.T) {
				server, seen := serve(t, addr)
				got := new(collector)
				s := sniffOn(t, on, 0, got.tap)
				begin, before := time.Now(), retransmitted(t)
				post(t, server.URL, 8, 9)
				s.stop() // at once: what was said is seen
				s.wantSaid(got, seen)
				if sent := retransmitted(t) - before; s.stats.Repeated > sent {
					t.Errorf("%d packets were seen twice, but only %d sent", s.stats.Repeated, sent)
				}
				for _, c := range got.conns {
					if c.conn.Start.Before(begin.Add(-time.Second)) || c.conn.Start.After(time.Now().Add(time.Second)) {
						t.Errorf("it began at %v, which is not %v", c.conn.Start, begin)
					}
				}
			})
		}
	}
}

// TestInterfaceLive sees each request before the next one is sent.
func TestInterfaceLive(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	up(t, "lo")
	server, _ := serve(t, "127.0.0.1:0")
	chunks := make(chunkChan, 100)
	s := sniffOn(t, "lo", portOf(server), func(*wire.Conn) wire.Tap { return chunks })
	client := server.Client()
	for i := range 20 {
		body := fmt.Sprint("request ", i)
		r, err := client.Post(server.URL, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		for seen := 0; seen < 2; {
			select {
			case chunk := <-chunks:
				seen += strings.Count(chunk, body)
			case <-time.After(patient):
				t.Fatalf("%q was not seen", body)
			}
		}
	}
	s.stop()
}

// TestInterfacePort sees nothing of other ports.
func TestInterfacePort(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	up(t, "lo")
	server, seen := serve(t, "127.0.0.1:0")
	other, _ := serve(t, "127.0.0.1:0")
	got := new(collector)
	s := sniffOn(t, "lo", portOf(server), got.tap)
	post(t, other.URL, 4, 4)
	post(t, server.URL, 4, 4)
	post(t, other.URL, 4, 4)
	s.stop()
	s.wantSaid(got, seen)
}
