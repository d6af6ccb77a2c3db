package decode_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

var recordTLSHTTP2 = flag.Bool("record-tls-h2", false, "record the transcript of HTTP/2 over TLS anew, and its key log")

// oneTapped is a listener that records what its only connection says.
type oneTapped struct {
	net.Listener
	to *transcript.Conn
	mu *sync.Mutex
}

func (l *oneTapped) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &tapped{c, l.to, l.mu, wire.ToClient}, nil
}

// TestRecordTLSHTTP2 records HTTP/2 that was agreed on by ALPN: plain requests, and a call of
// gRPC.
func TestRecordTLSHTTP2(t *testing.T) {
	if !*recordTLSHTTP2 {
		t.Skip("without -record-tls-h2")
	}
	c := &transcript.Conn{Close: &transcript.Close{}}
	var mu sync.Mutex
	var keys bytes.Buffer
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{certOf(t, "daemon")}, SessionTicketsDisabled: true}}
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Content-Type") != "application/grpc" {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"ID":"daemon","asked":`+string(body)+`}`)
			return
		}
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Trailer", "Grpc-Status")
		w.Write([]byte{0, 0, 0, 0, 2, 8, 1})
		w.Header().Set("Grpc-Status", "0")
	})
	go server.ServeTLS(&oneTapped{inner, c, &mu}, "", "")
	transport := &http.Transport{ForceAttemptHTTP2: true, DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := net.Dial(network, inner.Addr().String())
		if err != nil {
			return nil, err
		}
		s := tls.Client(&tapped{conn, c, &mu, wire.ToServer}, &tls.Config{ServerName: "d", InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}, KeyLogWriter: &keys})
		return s, s.HandshakeContext(ctx)
	}}
	ask := func(method, path, contentType, body string) {
		r, err := http.NewRequest(method, "https://d"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		answer, err := (&http.Client{Transport: transport}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.ProtoMajor != 2 {
			t.Fatal(answer.Proto)
		}
	}
	ask("POST", "/v1.41/containers/create?name=x", "application/json", `{"Image":"busybox"}`)
	ask("POST", "/grpc.health.v1.Health/Check", "application/grpc", "\x00\x00\x00\x00\x00")
	ask("POST", "/v1.41/build", "application/json", `"`+strings.Repeat("built ", 200)+`"`)
	transport.CloseIdleConnections()
	server.Shutdown(t.Context())
	mu.Lock()
	defer mu.Unlock()
	at := c.Chunks[len(c.Chunks)-1].At
	for dir := range wire.Dir(2) {
		c.Chunks = append(c.Chunks, transcript.Chunk{At: at, Dir: dir, EOF: true})
	}
	c.Close.At = at
	text := (&transcript.Session{Conns: []*transcript.Conn{c}}).Format()
	if err := os.WriteFile("testdata/transcripts/tls_h2.txt", append([]byte("# HTTP/2 over TLS 1.3, by ALPN, with a call of gRPC; the keys are known\n"), text...), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/tls_h2.keys", keys.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}
