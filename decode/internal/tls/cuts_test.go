package tls

import (
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

// shortTalks are sessions that can be cut everywhere.
func shortTalks(t testing.TB) map[string]*tape {
	v12 := &tls.Config{MaxVersion: tls.VersionTLS12}
	server := &tls.Config{Certificates: []tls.Certificate{ecCert()}}
	asks := &tls.Config{Certificates: []tls.Certificate{ecCert()}, ClientAuth: tls.RequireAnyClientCert, SessionTicketsDisabled: true}
	return map[string]*tape{
		"1.3":        talk(t, &tls.Config{}, server, "one", "two", "three"),
		"1.3 client": talk(t, &tls.Config{Certificates: []tls.Certificate{clientCert()}}, asks, "one", "two"),
		"retry":      talk(t, &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256}}, &tls.Config{Certificates: server.Certificates, CurvePreferences: []tls.CurveID{tls.CurveP256}}, "one", "two"),
		"1.2":        talk(t, v12, server, "one", "two", "three"),
		"ChaCha20":   talk(t, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256}}, server, "one", "two", "three"),
		"CBC":        talk(t, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}, server, "one", "two", "three"),
	}
}

// cutUp plays chunks cut into pieces, none of which is longer than size says.
func cutUp(chunks []chunk, keys Keys, size func() int) *told {
	p := newPlayer(keys)
	for _, c := range chunks {
		p.n++
		at := t0.Add(time.Duration(p.n) * time.Millisecond)
		for b := c.data; len(b) > 0; {
			n := min(size(), len(b))
			p.piece(chunk{dir: c.dir, data: b[:n]}, at)
			b = b[n:]
		}
		p.piece(chunk{dir: c.dir, lost: c.lost, eof: c.eof}, at)
	}
	return p.end()
}

func TestCuts(t *testing.T) {
	for name, r := range shortTalks(t) {
		t.Run(name, func(t *testing.T) {
			for _, keys := range []Keys{keysOf(r.keys.Bytes()), nil} {
				want := strings.Join(decoded(r.chunks, keys).log, "\n")
				random := rand.New(rand.NewPCG(1, 2))
				for how, size := range map[string]func() int{
					"one": func() int { return 1 }, "two": func() int { return 2 }, "random": func() int { return 1 + random.IntN(300) },
				} {
					if got := strings.Join(cutUp(r.chunks, keys, size).log, "\n"); got != want {
						t.Errorf("%s:\n%s\nwant\n%s", how, got, want)
					}
				}
			}
		})
	}
}

// without returns chunks of which the bytes from one place of a direction to another
// are missing; if unknown, nobody knows how many.
func without(chunks []chunk, dir wire.Dir, from, to int, unknown bool) (all []chunk) {
	at, lost := 0, int64(0)
	for _, c := range chunks {
		if c.dir != dir {
			all = append(all, c)
			continue
		}
		n := len(c.data)
		a, b := min(max(from-at, 0), n), min(max(to-at, 0), n)
		if a > 0 {
			all = append(all, chunk{dir: dir, data: c.data[:a], lost: lost})
			lost = 0
		}
		if unknown && b > a || lost < 0 {
			lost = -1
		} else {
			lost += int64(b - a)
		}
		if b < n || c.eof {
			all = append(all, chunk{dir: dir, data: c.data[b:], lost: lost, eof: c.eof})
			lost = 0
		}
		at += n
	}
	return all
}

// pieces reports whether got is want with something missing at each zero byte.
func pieces(got, want string) bool {
	for i, p := range strings.Split(got, "\x00") {
		at := strings.Index(want, p)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		want = want[at+len(p):]
	}
	return true
}

// TestGaps drops every range of bytes of some lengths: what is told was said, in that
// order, and all is told that is far enough from the gap.
func TestGaps(t *testing.T) {
	for name, r := range shortTalks(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := keysOf(r.keys.Bytes())
			whole := decoded(r.chunks, keys)
			for dir := range wire.Dir(2) {
				size := 0
				for _, c := range r.chunks {
					if c.dir == dir {
						size += len(c.data)
					}
				}
				for _, length := range []int{1, 5, 30, 70, 400} {
					for from := 0; from+length <= size; from += 1 + length/20 {
						for _, unknown := range []bool{false, true} {
							o := decoded(without(r.chunks, dir, from, from+length, unknown), keys)
							for d := range wire.Dir(2) {
								if !pieces(string(o.plain[d]), string(whole.plain[d])) {
									t.Fatalf("%v %d+%d: %v is %q, of %q\n%s", dir, from, length, d, o.plain[d], whole.plain[d], strings.Join(o.log, "\n"))
								}
							}
							said := strings.Join(o.log, "\n")
							if !strings.Contains(said, "missed") && !strings.Contains(said, "lost") && !strings.Contains(said, "bad-tls") && o.info.Opaque == "" {
								t.Fatalf("%v %d+%d: nobody says that something is missing\n%s", dir, from, length, said)
							}
						}
					}
				}
			}
		})
	}
}

// TestGapInData loses a whole record, and a part of one: what is behind it is read, and
// the length of what is missing is known.
func TestGapInData(t *testing.T) {
	for name, r := range shortTalks(t) {
		if name == "retry" || name == "1.3 client" {
			continue // they are too short
		}
		t.Run(name, func(t *testing.T) {
			keys := keysOf(r.keys.Bytes())
			at, records := 0, []int(nil) // where those of the server begin
			for _, c := range r.chunks {
				if c.dir == wire.ToClient {
					records = append(records, at)
					at += len(c.data)
				}
			}
			records = records[len(records)-5:] // three answers, the end of TLS and of the direction
			for what, tt := range map[string]struct {
				from, to int
				missed   int
			}{
				"the middle": {records[1] + 6, records[1] + 20, len(answerTo("two"))}, "the header": {records[1], records[1] + 3, -1}, "all": {records[1], records[2], len(answerTo("two"))},
				"the border": {records[2] - 1, records[2] + 1, len(answerTo("two") + answerTo("three"))},
			} {
				o := decoded(without(r.chunks, wire.ToClient, tt.from, tt.to, false), keys)
				if name == "CBC" {
					tt.missed = -1 // how much is padding is not known
				}
				said, last := strings.Join(o.log, "\n"), answerTo("three")
				if what == "the border" {
					last = ""
				}
				if !strings.HasSuffix(string(o.plain[1]), "\x00"+last) || !strings.Contains(said, fmt.Sprintf("to_client missed %d\n", tt.missed)) {
					t.Errorf("without %s:\n%s", what, said)
				}
			}
		})
	}
}

// TestLateKeys has a key log that grows while the traffic is read.
func TestLateKeys(t *testing.T) {
	for name, r := range shortTalks(t) {
		t.Run(name, func(t *testing.T) {
			want := strings.Join(decoded(r.chunks, keysOf(r.keys.Bytes())).log, "\n")
			for n := range r.chunks {
				s := keylog.New(nil, nil)
				s.Expect()
				p := newPlayer(s)
				for i, c := range r.chunks {
					if i == n {
						s.Add("keys", r.keys.Bytes())
					}
					p.play(c)
				}
				o := p.end()
				plain := decoded(r.chunks, keysOf(r.keys.Bytes())).plain
				if string(o.plain[0]) != string(plain[0]) || string(o.plain[1]) != string(plain[1]) {
					t.Fatalf("keys before chunk %d:\n%s\nwant\n%s", n, strings.Join(o.log, "\n"), want)
				}
			}
			s := keylog.New(nil, nil)
			s.Expect()
			if o := decoded(r.chunks, s); o.info.Opaque != noKeyLog || o.opaque[0] == 0 || o.opaque[1] == 0 {
				t.Errorf("without keys: %+v", o.info)
			}
			if o := decoded(r.chunks, keysOf([]byte("# none\n"))); o.info.Opaque != noSecrets {
				t.Errorf("with the key log of others: %+v", o.info)
			}
		})
	}
}

// TestHeld looks how much waits for keys.
func TestHeld(t *testing.T) {
	r := talk(t, &tls.Config{}, &tls.Config{Certificates: []tls.Certificate{ecCert()}}, longText, longText, longText)
	s := keylog.New(nil, nil)
	s.Expect()
	p := newPlayer(s)
	for i, c := range r.chunks {
		p.play(c)
		if n := p.windows[0].Len() + p.windows[1].Len(); n > maxHeld {
			t.Fatalf("%d bytes are held behind chunk %d", n, i)
		}
	}
	if p.out.info == nil || p.out.info.Opaque != noKeyLog {
		t.Errorf("%+v", p.out.info)
	}
	p.end()
}

// FuzzDecoder feeds bytes to both directions of a session, behind as much of a real one
// as it says: nothing panics, and nothing is told that was not said.
func FuzzDecoder(f *testing.F) {
	talks := shortTalks(f)
	for i := range 40 {
		f.Add(uint8(i), uint16(100*i), []byte{0x17, 3, 3, 0, 30, 1, 2, 3}, false)
	}
	names := []string{"1.3", "1.3 client", "retry", "1.2", "ChaCha20", "CBC"}
	f.Fuzz(func(t *testing.T, which uint8, at uint16, b []byte, server bool) {
		r := talks[names[int(which)%len(names)]]
		whole := decoded(r.chunks, keysOf(r.keys.Bytes()))
		p := newPlayer(keysOf(r.keys.Bytes()))
		dir := wire.ToServer
		if server {
			dir = wire.ToClient
		}
		seen := 0
		for _, c := range r.chunks {
			if n := int(at) - seen; n >= 0 && n < len(c.data) {
				p.play(chunk{dir: c.dir, data: c.data[:n]})
				p.play(chunk{dir: dir, data: b})
				c.data = c.data[n:]
			}
			seen += len(c.data)
			p.play(c)
		}
		o := p.end()
		for d := range wire.Dir(2) {
			if !pieces(string(o.plain[d]), string(whole.plain[d])) {
				t.Error(fmt.Sprintf("%q of %q\n", o.plain[d], whole.plain[d]), strings.Join(o.log, "\n"))
			}
		}
	})
}

// FuzzHello reads hellos and certificates.
func FuzzHello(f *testing.F) {
	for _, r := range shortTalks(f) {
		for _, c := range r.chunks[:2] {
			f.Add(c.data[min(9, len(c.data)):])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, _ := parseClientHello(b)
		if len(c.protocols) > maxOffered {
			t.Errorf("%d protocols", len(c.protocols))
		}
		parseServerHello(b)
		if n := len(certificates(b, tls12)) + len(certificates(b, tls13)); n > 2*maxCertificates {
			t.Errorf("%d certificates", n)
		}
		Recognize(b)
		Answers(b)
	})
}
