package decode_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// witness is between a client and a server: it relays, decodes, records, and keeps what
// has crossed.
type witness struct {
	t       testing.TB
	address string
	proxy   *intercept.Proxy
	served  chan struct{} // closed when all connections have ended
	options func() decode.Options

	mu    sync.Mutex
	conns []*witnessed
	file  bytes.Buffer // pcapng
	w     *pcap.Writer
}

// witnessed is one connection.
type witnessed struct {
	conn   *wire.Conn
	taps   wire.Taps
	kept   transcript.Conn
	events []wire.Event // that were told live
	err    error
}

// newWitness relays to l.
func newWitness(t testing.TB, l net.Listener, options func() decode.Options) *witness {
	t.Helper()
	front, err := intercept.Listen(intercept.Addr{Network: "tcp", Address: "127.0.0.1:0"}, intercept.ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{t: t, address: front.Local().Address, served: make(chan struct{}), options: options}
	if w.w, err = pcap.NewWriter(&w.file, pcap.WriterOptions{}); err != nil {
		t.Fatal(err)
	}
	w.proxy = &intercept.Proxy{Listener: front, Upstream: intercept.Upstream{Addr: intercept.Addr{Network: "tcp", Address: l.Addr().String()}}, Tap: w.tap, TapFirst: true}
	go func() {
		defer close(w.served)
		if err := w.proxy.Serve(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	return w
}

func (w *witness) tap(c *wire.Conn) wire.Tap {
	c.Start = c.Start.Round(0)
	k := &witnessed{conn: c}
	k.taps = wire.Taps{decode.New(c, w.options(), tracetest.Booked(func(ev wire.Event) { k.events = append(k.events, wire.Clone(ev)) })), w.w.Tap(c)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns = append(w.conns, k)
	return k
}

// Chunk keeps a chunk. Its time is that of the clock on the wall, as captures have it.
func (k *witnessed) Chunk(c wire.Chunk) {
	c.Time = c.Time.Round(0)
	k.taps.Chunk(c)
	k.kept.Chunks = append(k.kept.Chunks, transcript.Chunk{At: c.Time.Sub(k.conn.Start), Dir: c.Dir, Data: bytes.Clone(c.Data), Lost: c.Lost, EOF: c.EOF})
}

func (k *witnessed) End(t time.Time, err error) {
	t = t.Round(0)
	k.taps.End(t, err)
	k.kept.Close = &transcript.Close{At: t.Sub(k.conn.Start)}
	k.err = err
}

// end waits for the end of all connections, which their peers have closed.
func (w *witness) end() {
	w.proxy.Listener.Close()
	<-w.served
	if err := w.w.Close(); err != nil {
		w.t.Error(err)
	}
}

// told returns what was told live of all connections.
func (w *witness) told() (evs []wire.Event) {
	for _, k := range w.conns {
		evs = append(evs, k.events...)
	}
	return evs
}

// read returns what is told of a capture, in the order of its connections.
func (w *witness) read(file []byte) (evs []wire.Event) {
	var conns []*witnessed
	_, err := pcap.Read(context.Background(), bytes.NewReader(file), pcap.Options{Recognize: decode.Recognize}, func(c *wire.Conn) wire.Tap {
		k := &witnessed{conn: c}
		conns = append(conns, k)
		return decode.New(c, w.options(), tracetest.Booked(func(ev wire.Event) { k.events = append(k.events, wire.Clone(ev)) }))
	})
	if err != nil {
		w.t.Error(err)
	}
	for _, k := range conns {
		evs = append(evs, k.events...)
	}
	return evs
}
