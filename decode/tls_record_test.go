package decode_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"flag"
	"io"
	"math/big"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

var recordTLS = flag.Bool("record-tls", false, "record the transcripts of TLS anew, and their key log")

// tapped is an end of a connection, whose writes are recorded.
type tapped struct {
	net.Conn
	to  *transcript.Conn
	mu  *sync.Mutex
	dir wire.Dir
}

func (e *tapped) add(b []byte, eof bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	at := time.Duration(len(e.to.Chunks)+1) * time.Millisecond
	e.to.Chunks = append(e.to.Chunks, transcript.Chunk{At: at, Dir: e.dir, Data: bytes.Clone(b), EOF: eof})
}

func (e *tapped) Write(b []byte) (int, error) {
	e.add(b, false)
	return e.Conn.Write(b)
}

// certOf makes a certificate, signed by itself.
func certOf(t *testing.T, name string) tls.Certificate {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"d"}, NotBefore: t0, NotAfter: t0.AddDate(9, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: k}
}

// TestRecordTLS records small sessions, with -record-tls.
func TestRecordTLS(t *testing.T) {
	if !*recordTLS {
		t.Skip("without -record-tls")
	}
	var keys bytes.Buffer
	server := &tls.Config{Certificates: []tls.Certificate{certOf(t, "daemon")}, NextProtos: []string{"http/1.1"}, SessionTicketsDisabled: true}
	asksWho := server.Clone()
	asksWho.ClientAuth = tls.RequireAnyClientCert
	client := &tls.Config{ServerName: "d", InsecureSkipVerify: true, Certificates: []tls.Certificate{certOf(t, "client")}, KeyLogWriter: &keys}
	old := client.Clone()
	old.MaxVersion = tls.VersionTLS12
	nobody := client.Clone()
	nobody.KeyLogWriter = nil
	nobody.CipherSuites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256}
	nobody.MaxVersion = tls.VersionTLS12

	// tunnel says what comes before TLS.
	exchange := func(client, server *tls.Config, tunnel bool) *transcript.Conn {
		c := &transcript.Conn{Close: &transcript.Close{}}
		var mu sync.Mutex
		a, b := tcpEnds(t)
		defer a.Close()
		near, far := &tapped{a, c, &mu, wire.ToServer}, &tapped{b, c, &mu, wire.ToClient}
		if tunnel {
			near.add([]byte("CONNECT d:2376 HTTP/1.1\r\nHost: d:2376\r\n\r\n"), false)
			far.add([]byte("HTTP/1.1 200 OK\r\n\r\n"), false)
		}
		done := make(chan bool)
		const question = "GET /v1.41/info HTTP/1.1\r\nHost: d\r\n\r\n"
		const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"ID\":\"daemon\""
		go func() {
			defer close(done)
			s := tls.Server(far, server)
			for {
				q := make([]byte, len(question))
				if _, err := io.ReadFull(s, q); err != nil {
					break
				}
				io.WriteString(s, answer[:80])
				io.WriteString(s, answer[80:]+"}")
			}
			s.Close()
			far.add(nil, true)
		}()
		s := tls.Client(near, client)
		for range 2 {
			if _, err := io.WriteString(s, question); err != nil {
				break
			}
			got := make([]byte, len(answer)+1)
			if _, err := io.ReadFull(s, got); err != nil {
				break
			}
		}
		s.CloseWrite()
		near.add(nil, true)
		<-done
		c.Close.At = c.Chunks[len(c.Chunks)-1].At
		return c
	}
	refuses := server.Clone()
	refuses.MinVersion = tls.VersionTLS13
	for name, s := range map[string]struct {
		about string
		conn  *transcript.Conn
	}{
		"tls13":        {"HTTP over TLS 1.3, with a certificate of the client; the keys are known", exchange(client, asksWho, false)},
		"tls12":        {"HTTP over TLS 1.2; the keys are known", exchange(old, server, false)},
		"tls_unknown":  {"TLS 1.2 without keys", exchange(nobody, server, false)},
		"tls_refused":  {"a server that has no version of TLS in common with its client", exchange(old, refuses, false)},
		"tls_tunnel":   {"TLS 1.3 in a tunnel; the keys are known", exchange(client, server, true)},
		"tls_to_plain": {"a client of TLS asks a server of plain HTTP", nil},
	} {
		if s.conn == nil {
			hello := exchange(old, refuses, false).Chunks[0]
			s.conn = &transcript.Conn{Close: &transcript.Close{At: 4 * time.Millisecond}, Chunks: []transcript.Chunk{hello,
				{At: 2 * time.Millisecond, Dir: wire.ToClient, Data: []byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request"), EOF: true},
				{At: 4 * time.Millisecond, Dir: wire.ToServer, EOF: true}}}
		}
		text := (&transcript.Session{Conns: []*transcript.Conn{s.conn}}).Format()
		if err := os.WriteFile("testdata/transcripts/"+name+".txt", append([]byte("# "+s.about+"\n"), text...), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("testdata/tls.keys", []byte("# of the transcripts\n"+strings.TrimSpace(keys.String())+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}
