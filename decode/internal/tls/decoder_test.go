package tls

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// longText is more than fits into one record.
var longText = strings.Repeat("0123456789abcdef", 3000)

// questions are what clients of the tests ask.
var questions = []string{"GET / HTTP/1.1\r\n\r\n", "x", longText}

// checkTalk looks whether everything that was said is there.
func checkTalk(t *testing.T, o *told, questions []string) {
	t.Helper()
	var asked, answered string
	for _, q := range questions {
		asked += q
		answered += answerTo(q)
	}
	if string(o.plain[0]) != asked || string(o.plain[1]) != answered {
		t.Errorf("decrypted %d of %d and %d of %d bytes:\n%s", len(o.plain[0]), len(asked), len(o.plain[1]), len(answered), strings.Join(o.log, "\n"))
	}
	ends := 0
	for _, l := range o.log {
		if strings.Contains(l, " end ") {
			ends++
		}
		if strings.Contains(l, "bad-tls") || strings.Contains(l, "missed") || strings.Contains(l, "lost") {
			t.Error(l)
		}
	}
	if ends != 2 {
		t.Errorf("%d ends of directions", ends)
	}
}

// TestSuites has every suite that Go has.
func TestSuites(t *testing.T) {
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		for _, v := range s.SupportedVersions {
			t.Run(fmt.Sprintf("%s/%x", s.Name, v), func(t *testing.T) {
				if strings.Contains(s.Name, "RC4") {
					o := decoded(talk(t, &tls.Config{MinVersion: v, MaxVersion: v, CipherSuites: []uint16{s.ID}}, &tls.Config{MinVersion: v, Certificates: []tls.Certificate{rsaCert(), ecCert()}, CipherSuites: []uint16{s.ID}}, "x").chunks, nil)
					if !strings.Contains(o.info.Opaque, "cannot be decrypted") {
						t.Errorf("%+v", o.info)
					}
					return
				}
				server := &tls.Config{MinVersion: v, Certificates: []tls.Certificate{rsaCert()}, CipherSuites: []uint16{s.ID}}
				if strings.Contains(s.Name, "ECDSA") {
					server.Certificates[0] = ecCert()
				}
				r := talk(t, &tls.Config{MinVersion: v, MaxVersion: v, CipherSuites: []uint16{s.ID}}, server, questions...)
				o := decoded(r.chunks, keysOf(r.keys.Bytes()))
				checkTalk(t, o, questions)
				if v != tls.VersionTLS13 && o.info.Cipher != s.Name || o.info.Version != tls.VersionName(v) || o.info.ServerName != "daemon.example" || o.info.Resumed || o.info.Opaque != "" ||
					len(o.info.Server) != 1 || o.info.Server[0].Subject != "CN=server" || !slices.Equal(o.info.Server[0].Names, []string{"daemon.example", "127.0.0.1"}) || o.info.Client != nil {
					t.Errorf("%+v", o.info)
				}
			})
		}
	}
}

func TestNamesOfSuites(t *testing.T) {
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		if got := suiteOf(s.ID); got.name != s.Name || (got.algorithm == unknown) != strings.Contains(s.Name, "RC4") {
			t.Errorf("%#x is %+v, want %s", s.ID, got, s.Name)
		}
	}
	if got := suiteOf(0xfafa).name; got != "0xFAFA" {
		t.Errorf("got %s", got)
	}
}

func TestAgreed(t *testing.T) {
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(v), func(t *testing.T) {
			server := &tls.Config{Certificates: []tls.Certificate{ecCert()}, NextProtos: []string{"h2", "http/1.1"}, ClientAuth: tls.RequireAnyClientCert}
			client := &tls.Config{MaxVersion: v, NextProtos: []string{"http/1.1", "x"}, Certificates: []tls.Certificate{clientCert()}}
			r := talk(t, client, server, questions...)
			o := decoded(r.chunks, keysOf(r.keys.Bytes()))
			checkTalk(t, o, questions)
			i := o.info
			if len(i.Client) != 1 || i.Client[0].Subject != "CN=client" || i.Client[0].Issuer != "CN=client" || !i.Client[0].NotBefore.Equal(t0) || !strings.HasPrefix(i.Client[0].Fingerprint, "sha256:") ||
				len(i.Server) != 1 || i.Protocol != "http/1.1" || !slices.Equal(i.Offered, []string{"http/1.1", "x"}) || !i.Start.After(t0) || !i.End.After(i.Start) {
				t.Errorf("%+v", i)
			}
			// Without keys the certificates are not seen, but in TLS 1.2.
			o = decoded(r.chunks, nil)
			seen := v == tls.VersionTLS12
			if o.info.Opaque != noKeyLog || o.info.Version != tls.VersionName(v) || (o.info.Server != nil) != seen || (o.info.Client != nil) != seen || len(o.plain[0])+len(o.plain[1]) > 0 || o.opaque[0] < len(longText) || o.opaque[1] < len(longText) {
				t.Errorf("%+v, %v", o.info, o.opaque)
			}
		})
	}
}

// TestResumed goes on with what an earlier handshake agreed on.
func TestResumed(t *testing.T) {
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(v), func(t *testing.T) {
			server := &tls.Config{Certificates: []tls.Certificate{ecCert()}}
			server.SetSessionTicketKeys([][32]byte{{1}})
			client := &tls.Config{MaxVersion: v, ClientSessionCache: tls.NewLRUClientSessionCache(1)}
			var master string
			for n := range 2 {
				r := talk(t, client, server, questions...)
				if n == 0 {
					master = string(r.keys.Bytes()[len("CLIENT_RANDOM ")+64:])
				} else if v == tls.VersionTLS12 { // others write that too
					fmt.Fprintf(&r.keys, "CLIENT_RANDOM %x%s", r.chunks[0].data[11:43], master)
				}
				o := decoded(r.chunks, keysOf(r.keys.Bytes()))
				checkTalk(t, o, questions)
				if o.info.Resumed != (n == 1) || (o.info.Server == nil) != (n == 1) {
					t.Errorf("connection %d: %+v", n, o.info)
				}
			}
		})
	}
}

// TestRetry has the server ask for another hello.
func TestRetry(t *testing.T) {
	server := &tls.Config{Certificates: []tls.Certificate{ecCert()}, CurvePreferences: []tls.CurveID{tls.CurveP384}}
	client := &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}}
	r := talk(t, client, server, questions...)
	hellos := 0
	for _, c := range r.chunks {
		if Recognize(c.data) == Client {
			hellos++
		}
	}
	if hellos != 2 {
		t.Fatalf("%d hellos", hellos)
	}
	checkTalk(t, decoded(r.chunks, keysOf(r.keys.Bytes())), questions)
}

// TestFailed has a server that does not like its client.
func TestFailed(t *testing.T) {
	r := new(tape)
	c, s := socketPair(t)
	cc := tls.Client(&end{Conn: c, tape: r, dir: wire.ToServer}, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
	sc := tls.Server(&end{Conn: s, tape: r, dir: wire.ToClient}, &tls.Config{Certificates: []tls.Certificate{ecCert()}, MinVersion: tls.VersionTLS13})
	done := make(chan bool)
	go func() {
		sc.Handshake()
		sc.Close()
		close(done)
	}()
	if cc.Handshake() == nil {
		t.Fatal("it did not fail")
	}
	cc.Close()
	<-done
	o := decoded(r.chunks, nil)
	if log := strings.Join(o.log, "\n"); !strings.Contains(log, "tls-alert the server says: protocol version") || strings.Contains(log, "bad-tls") {
		t.Error(log)
	}
}
