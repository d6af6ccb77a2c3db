package tls

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

var t0 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// chunk is what one write of a direction was.
type chunk struct {
	dir  wire.Dir
	data []byte
	lost int64
	eof  bool
}

// tape records what two peers write.
type tape struct {
	mu     sync.Mutex
	chunks []chunk
	keys   bytes.Buffer
}

func (r *tape) add(c chunk) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.chunks = append(r.chunks, c)
}

// end is one end of a connection.
type end struct {
	net.Conn
	tape *tape
	dir  wire.Dir
	once sync.Once
}

func (e *end) Write(b []byte) (int, error) {
	e.tape.add(chunk{dir: e.dir, data: bytes.Clone(b)})
	return e.Conn.Write(b)
}

func (e *end) Close() error {
	e.once.Do(func() { e.tape.add(chunk{dir: e.dir, eof: true}) })
	return e.Conn.Close()
}

// certificateOf makes a certificate, signed by itself.
func certificateOf(name string, rsaKey bool) tls.Certificate {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"daemon.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: t0, NotAfter: t0.AddDate(20, 0, 0),
	}
	var key, public any
	if rsaKey {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		key, public = k, &k.PublicKey
	} else {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		key, public = k, &k.PublicKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

var (
	ecCert     = sync.OnceValue(func() tls.Certificate { return certificateOf("server", false) })
	rsaCert    = sync.OnceValue(func() tls.Certificate { return certificateOf("server", true) })
	clientCert = sync.OnceValue(func() tls.Certificate { return certificateOf("client", false) })
)

// socketPair returns both ends of a connection on loopback.
func socketPair(t testing.TB) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return client, server
}

// answerTo is what the server of talks says to a question.
func answerTo(question string) string { return "you said: " + question }

// answer answers questions, and waits for the end of the client.
func answer(c net.Conn, questions []string) error {
	for _, q := range questions {
		b := make([]byte, len(q))
		if _, err := io.ReadFull(c, b); err != nil {
			return err
		}
		if _, err := io.WriteString(c, answerTo(string(b))); err != nil {
			return err
		}
	}
	_, err := io.Copy(io.Discard, c)
	return err
}

// talk has two peers shake hands, and the client ask questions, and returns what was
// on the wire.
func talk(t testing.TB, client, server *tls.Config, questions ...string) *tape {
	t.Helper()
	r := new(tape)
	c, s := socketPair(t)
	client, server = client.Clone(), server.Clone()
	client.KeyLogWriter = &r.keys
	client.InsecureSkipVerify = true
	if client.ServerName == "" {
		client.ServerName = "daemon.example"
	}
	cc := tls.Client(&end{Conn: c, tape: r, dir: wire.ToServer}, client)
	sc := tls.Server(&end{Conn: s, tape: r, dir: wire.ToClient}, server)
	done := make(chan error, 1)
	go func() {
		err := answer(sc, questions)
		sc.Close()
		done <- err // behind all that it has written
	}()
	for _, q := range questions {
		if _, err := io.WriteString(cc, q); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, len(answerTo(q)))
		if _, err := io.ReadFull(cc, b); err != nil || string(b) != answerTo(q) {
			t.Fatalf("%q: %v", b, err)
		}
	}
	cc.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return r
}

// told is what a Decoder has told.
type told struct {
	info   *wire.TLS
	plain  [2][]byte
	holes  [2]bool // by direction: something is missing
	log    []string
	opaque [2]int
}

func (o *told) note(format string, args ...any) { o.log = append(o.log, fmt.Sprintf(format, args...)) }

func (o *told) Shook(i *wire.TLS) {
	if o.info != nil {
		panic("the handshake is told twice")
	}
	c := *i
	o.info = &c
	o.note("shook %+v", c)
}

func (o *told) before(what string) {
	if o.info == nil {
		panic(what + " is told before the handshake")
	}
}

func (o *told) Data(dir wire.Dir, at time.Time, b []byte) {
	o.before("data")
	o.plain[dir] = append(o.plain[dir], b...)
	o.note("%v %v %q", dir, at.Sub(t0), b)
}

func (o *told) Missed(dir wire.Dir, at time.Time, n int64) {
	o.before("a loss")
	o.holes[dir] = true
	o.plain[dir] = append(o.plain[dir], 0)
	o.note("%v missed %d", dir, n)
}

func (o *told) End(dir wire.Dir, at time.Time) { o.note("%v end %v", dir, at.Sub(t0)) }

func (o *told) Lost(dir wire.Dir, _ time.Time, n int64) { o.note("%v lost %d", dir, n) }

func (o *told) Opaque(dir wire.Dir, w *window.Window, n int) {
	o.before("what is opaque")
	w.Take(n)
	o.opaque[dir] += n
}

func (o *told) Fault(dir wire.Dir, _ time.Time, f anomaly.Fault) {
	o.before("a fault")
	o.note("%v %s %s", dir, f.Code, f.Detail)
}

// player feeds a Decoder.
type player struct {
	windows [2]window.Window
	d       *Decoder
	out     told
	n       int
}

func newPlayer(keys Keys) *player {
	p := new(player)
	p.d = New(&p.windows, keys, budget.NewAccount(nil), &p.out)
	return p
}

// play gives the decoder a chunk, seen one millisecond after the one before.
func (p *player) play(c chunk) {
	p.n++
	p.piece(c, t0.Add(time.Duration(p.n)*time.Millisecond))
}

func (p *player) piece(c chunk, at time.Time) {
	w := &p.windows[c.dir]
	if c.lost != 0 {
		p.d.drive(c.dir)
		p.d.Lost(c.dir, at, c.lost)
		p.d.drive(c.dir)
	}
	if len(c.data) > 0 {
		b := bytes.Clone(c.data)
		w.Push(at, b)
		p.d.drive(c.dir)
		w.Keep()
		p.windows[c.dir.Other()].Keep()
		for i := range b {
			b[i] = 0xee
		}
	}
	if c.eof {
		w.Note(at)
		w.End()
		p.d.drive(c.dir)
	}
}

func (p *player) end() *told {
	for i := range p.windows {
		if w := &p.windows[i]; !w.Ended() {
			w.End()
			p.d.Silence(wire.Dir(i))
		}
		p.d.drive(wire.Dir(i))
	}
	p.d.End()
	return &p.out
}

// decoded is what comes of chunks with keys.
func decoded(chunks []chunk, keys Keys) *told {
	p := newPlayer(keys)
	for _, c := range chunks {
		p.play(c)
	}
	return p.end()
}

// keysOf returns the secrets of a key log.
func keysOf(text []byte) *keylog.Store {
	s := keylog.New(nil, func(err error) { panic(err) })
	s.Add("keys", text)
	return s
}
