package tls

import (
	"bytes"
	"crypto/tls"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// falsify returns a key log whose secrets are wrong where the label of their line
// contains one of these; if there are none, all of them.
func falsify(keys []byte, labels ...string) []byte {
	var out []byte
	for line := range bytes.Lines(keys) {
		line = bytes.Clone(line)
		wrong := len(labels) == 0
		for _, l := range labels {
			wrong = wrong || bytes.HasPrefix(line, []byte(l))
		}
		if last := len(line) - 2; wrong && line[last] == '0' {
			line[last] = '1'
		} else if wrong {
			line[last] = '0'
		}
		out = append(out, line...)
	}
	return out
}

// TestWrongSecrets has key logs whose secrets do not fit: that is said, once, and nothing
// is said to be missing.
func TestWrongSecrets(t *testing.T) {
	for name, r := range shortTalks(t) {
		t.Run(name, func(t *testing.T) {
			for _, labels := range [][]string{nil, {"CLIENT_RANDOM", "CLIENT_HANDSHAKE"}, {"CLIENT_RANDOM", "SERVER_HANDSHAKE"}} {
				o := decoded(r.chunks, keysOf(falsify(r.keys.Bytes(), labels...)))
				if said := strings.Join(o.log, "\n"); o.info.Opaque != wrongSecrets || strings.Contains(said, "lost") || strings.Contains(said, "missed") || strings.Contains(said, "bad-tls") {
					t.Errorf("%v:\n%s", labels, said)
				}
				if o.info.Version == "" || o.info.Cipher == "" || o.info.ServerName != "daemon.example" {
					t.Errorf("%v: %+v", labels, o.info)
				}
				// What is not read has its size told, as without keys, but for what was
				// read before it came to light: of the client, a ChangeCipherSpec.
				blind := decoded(r.chunks, nil)
				if len(o.plain[0])+len(o.plain[1]) > 0 || o.opaque[wire.ToServer] < blind.opaque[wire.ToServer]-6 || o.opaque[wire.ToClient] == 0 || labels == nil && o.opaque != blind.opaque {
					t.Errorf("%v: %v are opaque, without keys %v", labels, o.opaque, blind.opaque)
				}
			}
		})
	}
}

// TestWrongSecretsCut has them with every cut.
func TestWrongSecretsCut(t *testing.T) {
	for name, r := range shortTalks(t) {
		keys := keysOf(falsify(r.keys.Bytes()))
		want := strings.Join(decoded(r.chunks, keys).log, "\n")
		if got := strings.Join(cutUp(r.chunks, keys, func() int { return 1 }).log, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestWrongTraffic has only secrets of the handshake that fit: it is told, and of what
// follows that they do not fit, once, and nothing is said to be missing.
func TestWrongTraffic(t *testing.T) {
	for name, r := range shortTalks(t) {
		if bytes.Contains(r.keys.Bytes(), []byte("CLIENT_RANDOM")) {
			continue // has one secret for both
		}
		for _, label := range []string{"CLIENT_TRAFFIC", "SERVER_TRAFFIC"} {
			keys := keysOf(falsify(r.keys.Bytes(), label))
			o := decoded(r.chunks, keys)
			said := strings.Join(o.log, "\n")
			inEvent, behind := o.info.Opaque == wrongSecrets, strings.Count(said, "bad-tls what follows cannot be read: "+wrongSecrets)
			if o.info.Server == nil || inEvent != (behind == 0) || behind > 1 || strings.Count(said, "bad-tls") != behind || strings.Contains(said, "lost") || strings.Contains(said, "missed") || o.opaque[0] == 0 || o.opaque[1] == 0 {
				t.Errorf("%s, %s: %v\n%s", name, label, o.opaque, said)
			}
			if got := strings.Join(cutUp(r.chunks, keys, func() int { return 1 }).log, "\n"); got != said {
				t.Errorf("%s, %s, byte by byte:\n%s\nwant\n%s", name, label, got, said)
			}
		}
	}
}

// TestRenegotiatedWithout has secrets of the first handshake of two, and none or wrong ones
// of the other: what was said before that is read.
func TestRenegotiatedWithout(t *testing.T) {
	for _, name := range []string{"renegotiated", "renegotiated_cbc"} {
		chunks, keys := recorded(t, name)
		lines := bytes.SplitAfter(keys, []byte("\n"))
		first, second := string(lines[1]), string(lines[2])
		for reason, log := range map[string]string{noSecrets: first, wrongSecrets: first + string(falsify([]byte(second)))} {
			o := decoded(chunks, keysOf([]byte(log)))
			said := strings.Join(o.log, "\n")
			if string(o.plain[0]) != "before\n" || len(o.plain[1]) > 0 || o.opaque[0] == 0 || o.opaque[1] == 0 || strings.Count(said, "bad-tls") != 1 || !strings.Contains(said, "what follows cannot be read: "+reason) {
				t.Errorf("%s: %v\n%s", name, o.opaque, said)
			}
		}
	}
}

// TestOnlyWrongTraffic has a key log without secrets of the handshake, and others that do
// not fit: it is not known with which record those begin.
func TestOnlyWrongTraffic(t *testing.T) {
	r := talk(t, &tls.Config{}, &tls.Config{Certificates: []tls.Certificate{ecCert()}}, "one", "two")
	var keys []byte
	for line := range bytes.Lines(r.keys.Bytes()) {
		if bytes.HasPrefix(line, []byte("CLIENT_TRAFFIC")) || bytes.HasPrefix(line, []byte("SERVER_TRAFFIC")) {
			keys = append(keys, line...)
		}
	}
	if o := decoded(r.chunks, keysOf(keys)); o.info.Opaque != "" || string(o.plain[1]) != answerTo("one")+answerTo("two") {
		t.Errorf("with those that fit: %s", strings.Join(o.log, "\n"))
	}
	for _, chunks := range [][]chunk{r.chunks, r.chunks[:len(r.chunks)-2]} { // with their ends, and without
		if o := decoded(chunks, keysOf(falsify(keys))); o.info.Opaque != wrongSecrets {
			t.Error(strings.Join(o.log, "\n"))
		}
	}
}

// helloOf returns how long the first record of the server is.
func helloOf(r *tape) int {
	for _, c := range r.chunks {
		if c.dir == wire.ToClient {
			h, _ := headOf(c.data)
			return headSize + h.size()
		}
	}
	return 0
}

// TestWrongBehindGap loses something first: what cannot be opened is searched for.
func TestWrongBehindGap(t *testing.T) {
	for name, r := range shortTalks(t) {
		keys := keysOf(falsify(r.keys.Bytes()))
		at := helloOf(r)
		o := decoded(without(r.chunks, wire.ToClient, at, at+3, false), keys)
		if said := strings.Join(o.log, "\n"); o.info.Opaque == wrongSecrets || !strings.Contains(said, "lost") && !strings.Contains(said, "missed") {
			t.Errorf("%s:\n%s", name, said)
		}
	}
}

// TestGarbageIsNoSecret has something else than a record where the first protected one
// would be: that says nothing of the secrets.
func TestGarbageIsNoSecret(t *testing.T) {
	r := talk(t, &tls.Config{}, &tls.Config{Certificates: []tls.Certificate{ecCert()}}, "one")
	p := newPlayer(keysOf(r.keys.Bytes()))
	first := true
	for _, c := range r.chunks {
		if c.dir == wire.ToServer || !first {
			p.play(c)
			continue
		}
		first = false
		hello := helloOf(r)
		p.play(chunk{dir: c.dir, data: c.data[:hello]})
		p.play(chunk{dir: c.dir, data: []byte("garbage")})
		p.play(chunk{dir: c.dir, data: c.data[hello:]})
	}
	if o := p.end(); o.info.Opaque != "" || string(o.plain[wire.ToClient]) != answerTo("one") {
		t.Error(strings.Join(o.log, "\n"))
	}
}
