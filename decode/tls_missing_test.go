package decode_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

// questionsOverTLS is how many exchanges there are in a session.
const questionsOverTLS = 4

// askedIn and answeredIn are what the bodies of an exchange are.
func askedIn(n int) string    { return strings.Repeat(fmt.Sprintf("question %d. ", n), 60*n) }
func answeredIn(n int) string { return strings.Repeat(fmt.Sprintf("answer %d. ", n), 80*n) }

// tcpEnds returns two ends of a connection.
func tcpEnds(t *testing.T) (client, server net.Conn) {
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

// sessionOverTLS has two peers talk HTTP over TLS, one exchange at a time, and returns what was on
// the wire, in pieces no longer than a small packet, and the key log.
func sessionOverTLS(t *testing.T, client, server *tls.Config) (*transcript.Conn, []byte) {
	t.Helper()
	c := &transcript.Conn{Close: &transcript.Close{}}
	var mu sync.Mutex
	var keys bytes.Buffer
	a, b := tcpEnds(t)
	defer a.Close()
	near, far := &tapped{a, c, &mu, wire.ToServer}, &tapped{b, c, &mu, wire.ToClient}
	client, server = client.Clone(), server.Clone()
	client.InsecureSkipVerify, client.KeyLogWriter, server.SessionTicketsDisabled = true, &keys, true
	done := make(chan error, 1)
	go func() {
		defer b.Close()
		s := tls.Server(far, server)
		err := answerOverTLS(s)
		s.CloseWrite()
		far.add(nil, true)
		done <- err
	}()
	s := tls.Client(near, client)
	read := bufio.NewReader(s)
	for n := 1; n <= questionsOverTLS; n++ {
		fmt.Fprintf(s, "POST /%d HTTP/1.1\r\nHost: d\r\nContent-Length: %d\r\n\r\n%s", n, len(askedIn(n)), askedIn(n))
		answer, err := http.ReadResponse(read, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(answer.Body); string(got) != answeredIn(n) {
			t.Fatalf("answer %d is %q, %v", n, got, err)
		}
	}
	s.CloseWrite()
	near.add(nil, true)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	var pieces []transcript.Chunk
	for _, ch := range c.Chunks {
		for ; len(ch.Data) > 400; ch.Data = ch.Data[400:] {
			pieces = append(pieces, transcript.Chunk{At: ch.At, Dir: ch.Dir, Data: ch.Data[:400]})
		}
		pieces = append(pieces, ch)
	}
	c.Chunks = pieces
	c.Close.At = pieces[len(pieces)-1].At
	return c, keys.Bytes()
}

// answerOverTLS answers all questions of a session.
func answerOverTLS(s net.Conn) error {
	read := bufio.NewReader(s)
	for n := 1; n <= questionsOverTLS; n++ {
		question, err := http.ReadRequest(read)
		if err == nil {
			_, err = io.Copy(io.Discard, question.Body)
		}
		if err == nil {
			_, err = fmt.Fprintf(s, "HTTP/1.1 200 OK\r\nN: %d\r\nContent-Length: %d\r\n\r\n%s", n, len(answeredIn(n)), answeredIn(n))
		}
		if err != nil {
			return err
		}
	}
	_, err := read.ReadByte()
	if err == io.EOF {
		err = nil
	}
	return err
}

// packetsOf returns the packets of a session, as a capture of raw IP has them.
func packetsOf(t *testing.T, c *transcript.Conn) (packets [][]byte) {
	t.Helper()
	var b bytes.Buffer
	w, err := pcap.NewWriter(&b, pcap.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	conn := c.Wire(1, t0)
	c.Play(conn, w.Tap(conn))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for file := b.Bytes(); len(file) > 0; {
		size := binary.LittleEndian.Uint32(file[4:])
		if block := file[:size]; binary.LittleEndian.Uint32(block) == 6 { // an enhanced packet
			packets = append(packets, block[28:28+binary.LittleEndian.Uint32(block[20:])])
		}
		file = file[size:]
	}
	return packets
}

// captureOf returns a file of packets without what a recording says beside them, and without
// one of them; -1: all are in it.
func captureOf(packets [][]byte, without int) []byte {
	order := binary.LittleEndian
	file := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	for _, v := range []uint32{4<<16 | 2, 0, 0, 1 << 18, 101} {
		file = order.AppendUint32(file, v)
	}
	for i, p := range packets {
		if i == without {
			continue
		}
		for _, v := range []int{int(t0.Unix()), i * 1000, len(p), len(p)} {
			file = order.AppendUint32(file, uint32(v))
		}
		file = append(file, p...)
	}
	return file
}

// heard is what was told of a session: which questions and answers are whole, and what else.
type heard struct {
	asked, answered map[string]bool
	wrong           []string // what nobody has said
	said            []string // that something is missing, or cannot be read
	opaque          string
}

// hear reads a capture.
func hear(t *testing.T, file, keys []byte) *heard {
	t.Helper()
	h := &heard{asked: make(map[string]bool), answered: make(map[string]bool)}
	store := keylog.New(nil, nil)
	store.Add("keys", keys)
	emit := tracetest.Booked(func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.TLS:
			if h.opaque = ev.Opaque; h.opaque != "" {
				h.said = append(h.said, "opaque: "+h.opaque)
			}
		case *wire.Anomaly:
			h.said = append(h.said, fmt.Sprintf("%v %s %s %d", ev.Dir, ev.Code, ev.Detail, ev.Lost))
		case *wire.Exchange:
			h.exchange(ev)
		}
	})
	newTap := func(c *wire.Conn) wire.Tap {
		o := all()
		o.Keys = store
		return decode.New(c, o, emit)
	}
	if _, err := pcap.Read(context.Background(), bytes.NewReader(file), pcap.Options{Recognize: decode.Recognize}, newTap); err != nil {
		t.Fatal(err)
	}
	return h
}

// exchange takes an exchange, or what is left of it.
func (h *heard) exchange(x *wire.Exchange) {
	is := func(b *wire.Body, text string) bool {
		return b != nil && b.Complete && !b.Truncated && string(b.Data) == text
	}
	for n := 1; n <= questionsOverTLS; n++ {
		if x.Request != nil && x.Request.Target == fmt.Sprintf("/%d", n) && is(x.RequestBody, askedIn(n)) {
			h.asked[x.Request.Target] = true
		}
		if x.Response != nil && len(x.Response.Fields) > 0 && x.Response.Fields[0].Value == fmt.Sprint(n) && is(x.ResponseBody, answeredIn(n)) {
			h.answered[x.Response.Fields[0].Value] = true
		}
	}
	for _, b := range []*wire.Body{x.RequestBody, x.ResponseBody} {
		if b != nil && !b.Truncated && b.Complete && !strings.Contains(allOverTLS(), string(b.Data)) {
			h.wrong = append(h.wrong, string(b.Data))
		}
	}
}

// allOverTLS is all that was said in bodies.
var allOverTLS = sync.OnceValue(func() string {
	var b strings.Builder
	for n := 1; n <= questionsOverTLS; n++ {
		b.WriteString(askedIn(n) + "\x00" + answeredIn(n) + "\x00")
	}
	return b.String()
})

// inHello reports, for each packet, whether it has a part of a hello: those that a side begins
// with, and those of a server that has asked for another ClientHello.
func inHello(packets [][]byte) []bool {
	in := make([]bool, len(packets))
	var left [2]int
	var seen [2]bool
	for i, p := range packets {
		said, dir := p[40:], 0
		if binary.BigEndian.Uint16(p[20:]) < binary.BigEndian.Uint16(p[22:]) { // of the server, whose port is the lower one
			dir = 1
		}
		if p[33]&2 != 0 || len(said) == 0 { // SYN
			continue
		}
		hello := dir == 1 && said[0] == 22 && said[5] == 2
		if left[dir] <= 0 && (!seen[dir] || hello) {
			seen[dir], left[dir] = true, 5+int(binary.BigEndian.Uint16(said[3:]))
		}
		in[i] = left[dir] > 0
		left[dir] -= len(said)
	}
	return in
}

// TestMissingPackets drops each packet of sessions of TLS in turn: all that was said is read but
// for what was in it, nothing is told that was not said, and that something is missing is.
func TestMissingPackets(t *testing.T) {
	server := &tls.Config{Certificates: []tls.Certificate{certOf(t, "daemon")}, MinVersion: tls.VersionTLS10}
	asks := server.Clone()
	asks.ClientAuth = tls.RequireAnyClientCert
	retries := server.Clone()
	retries.CurvePreferences = []tls.CurveID{tls.CurveP384}
	suite := func(version, suite uint16) *tls.Config {
		return &tls.Config{MinVersion: version, MaxVersion: version, CipherSuites: []uint16{suite}}
	}
	for _, tt := range []struct {
		name           string
		client, server *tls.Config
	}{
		{"1.3", &tls.Config{}, server},
		{"1.3 with a client's certificate", &tls.Config{Certificates: []tls.Certificate{certOf(t, "client")}}, asks},
		{"1.3 with another hello", &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}}, retries},
		{"1.2 with GCM", suite(tls.VersionTLS12, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), server},
		{"1.2 with ChaCha20", suite(tls.VersionTLS12, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256), server},
		{"1.2 with CBC", suite(tls.VersionTLS12, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA), server},
		{"1.0", suite(tls.VersionTLS10, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA), server},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, keys := sessionOverTLS(t, tt.client, tt.server)
			packets := packetsOf(t, c)
			hellos := inHello(packets)
			for i := -1; i < len(packets); i++ {
				h := hear(t, captureOf(packets, i), keys)
				missing := i >= 0 && len(packets[i]) > 40 && packets[i][33]&2 == 0
				if len(h.wrong) > 0 {
					t.Fatalf("without packet %d it is told what nobody said: %q", i, h.wrong)
				}
				if len(h.said) > 0 != missing {
					t.Errorf("without packet %d of %d, which says something: %t, is told: %q", i, len(packets), missing, h.said)
				}
				few := 2*questionsOverTLS - 1
				if tt.name == "1.0" { // a record is read by the one before it
					few = questionsOverTLS
				}
				if !missing {
					few = 2 * questionsOverTLS
				} else if hellos[i] {
					few = 0
				}
				if h.opaque != "" && few > 0 || len(h.asked)+len(h.answered) < few {
					t.Errorf("without packet %d of %d: questions %v, answers %v are read\n%q", i, len(packets), h.asked, h.answered, h.said)
				}
			}
		})
	}
}
