package keylog

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
)

// hexOf returns n bytes b as hexadecimal digits.
func hexOf(b byte, n int) string { return strings.Repeat(fmt.Sprintf("%02x", b), n) }

// lineOf returns a line of the handshake r, with a secret of n bytes b.
func lineOf(label string, r, b byte, n int) string {
	return label + " " + hexOf(r, 32) + " " + hexOf(b, n) + "\n"
}

func random(b byte) (r Random) {
	for i := range r {
		r[i] = b
	}
	return r
}

// store returns a store, and what it warns of.
func store(m *memory.Budget) (*Store, *[]string) {
	var said []string
	return New(m, func(err error) { said = append(said, err.Error()) }), &said
}

func TestLines(t *testing.T) {
	master := lineOf("CLIENT_RANDOM", 1, 0xab, 48)
	for _, tt := range []struct {
		name, text, want, warns string
	}{
		{"master", master, hexOf(0xab, 48), ""},
		{"upper case", strings.ToUpper(master), hexOf(0xab, 48), ""},
		{"CRLF", strings.ReplaceAll(master, "\n", "\r\n"), hexOf(0xab, 48), ""},
		{"no end", strings.TrimSuffix(master, "\n"), hexOf(0xab, 48), ""},
		{"the later counts", lineOf("CLIENT_RANDOM", 1, 7, 48) + master, hexOf(0xab, 48), ""},
		{"comment", "# " + master, "", ""},
		{"empty lines", "\n\r\n" + master, hexOf(0xab, 48), ""},
		{"unknown label", lineOf("EXPORTER_SECRET", 1, 2, 32) + "SOMETHING_NEW 1\n" + master, hexOf(0xab, 48), ""},
		{"another handshake", lineOf("CLIENT_RANDOM", 2, 0xab, 48), "", ""},
		{"short secret", lineOf("CLIENT_RANDOM", 1, 0xab, 32), "", "log: a line is no secret as RFC 9850 has it"},
		{"short random", "CLIENT_RANDOM 01 " + hexOf(1, 48), "", "log: a line is no secret as RFC 9850 has it"},
		{"no digits", strings.Replace(master, "ab", "xy", 1), "", "log: a line is no secret as RFC 9850 has it"},
		{"binary", "\x00\x01\x02\n" + master, hexOf(0xab, 48), "log: a line is no secret as RFC 9850 has it"},
		{"once", "a\nb\nc\n", "", "log: a line is no secret as RFC 9850 has it"},
		{"long line", strings.Repeat("A", 3*maxLine) + "\n" + master, hexOf(0xab, 48), "log: a line is no secret as RFC 9850 has it"},
		{"RSA", "RSA 0102030405060708 " + hexOf(1, 48) + "\n" + "RSA Session-ID:0102 Master-Key:0304\n", "", "log: lines that begin with RSA are not supported, only those of RFC 9850"},
	} {
		s, said := store(nil)
		s.Add("log", []byte(tt.text))
		if got := hex.EncodeToString(s.Secret(Master, random(1))); got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
		if got := strings.Join(*said, "; "); got != tt.warns {
			t.Errorf("%s: warned %q", tt.name, got)
		}
	}
}

// TestLabels has every label, each with a secret of its own.
func TestLabels(t *testing.T) {
	s, _ := store(nil)
	for word, l := range labels {
		s.Add("log", []byte(lineOf(word, 9, byte(l)+1, 48)))
	}
	for word, l := range labels {
		if got := hex.EncodeToString(s.Secret(l, random(9))); got != hexOf(byte(l)+1, 48) {
			t.Errorf("%s: %s", word, got)
		}
	}
}

func TestFollow(t *testing.T) {
	name := filepath.Join(t.TempDir(), "keys")
	s, said := store(nil)
	if err := s.Follow(name); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := s.Follow(t.TempDir()); err == nil {
		t.Error("a directory is followed")
	}
	write := func(flag int, text string) {
		t.Helper()
		f, err := os.OpenFile(name, flag|os.O_WRONLY|os.O_CREATE, 0o600)
		if err == nil {
			_, err = f.WriteString(text)
			f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	has := func(what string, r, b byte) {
		t.Helper()
		if got := hex.EncodeToString(s.Secret(Master, random(r))); got != hexOf(b, 48) {
			t.Errorf("%s: %q", what, got)
		}
	}
	write(0, "")
	if s.Expects() {
		t.Error("an empty store expects secrets")
	}
	if err := s.Follow(name); err != nil {
		t.Fatal(err)
	}
	if !s.Expects() {
		t.Error("a file that may grow is not waited for")
	}
	if s.Secret(Master, random(1)) != nil {
		t.Error("a secret from nowhere")
	}
	line := lineOf("CLIENT_RANDOM", 1, 5, 48)
	write(os.O_APPEND, line[:100])
	if s.Secret(Master, random(1)) != nil {
		t.Error("a part of a line is a secret")
	}
	write(os.O_APPEND, line[100:])
	has("a line in two parts", 1, 5)
	write(os.O_APPEND, strings.TrimSuffix(lineOf("CLIENT_RANDOM", 2, 6, 48), "\n"))
	s.Secret(Master, random(2))
	has("a line without an end", 2, 6)
	write(os.O_TRUNC, lineOf("CLIENT_RANDOM", 3, 7, 48))
	has("a file that became shorter", 3, 7)
	if err := os.Rename(name, name+".old"); err != nil {
		t.Fatal(err)
	}
	has("a file that is gone", 1, 5)
	write(0, lineOf("CLIENT_RANDOM", 4, 8, 48))
	has("a new file", 4, 8)
	if len(*said) > 1 { // the part of a line
		t.Errorf("warned %q", *said)
	}
}

// numbered returns a line of the handshake i.
func numbered(label string, i int) string {
	return fmt.Sprintf("%s %064x %s\n", label, i, hexOf(1, 48))
}

func randomOf(i int) (r Random) {
	r[31], r[30] = byte(i), byte(i>>8)
	return r
}

// TestBounded has more secrets than there is room for: the last are kept, and the first
// to go is the one that was not asked for longest.
func TestBounded(t *testing.T) {
	few := func(s *Store) { s.sessions.most = 100 }
	for _, tt := range []struct {
		name  string
		m     *memory.Budget
		bound func(*Store)
		most  int
	}{{"memory", memory.New(100 << 10), func(*Store) {}, (100 << 10) / secretCost}, {"number", nil, few, 100}} {
		s, said := store(tt.m)
		tt.bound(s)
		for i := range 1000 {
			s.Add("log", []byte(numbered("CLIENT_RANDOM", i)))
			if i > 0 && s.Secret(Master, randomOf(0)) == nil { // a connection that goes on
				t.Fatalf("%s: a secret that is in use went behind %d others", tt.name, i)
			}
		}
		n := s.sessions.n
		if n < 2 || n > tt.most || n != len(s.sessions.of) || n != s.sessions.order.Len() {
			t.Errorf("%s: %d secrets are kept, of %d and %d handshakes", tt.name, n, len(s.sessions.of), s.sessions.order.Len())
		}
		for i := range 1000 {
			if got, want := s.Secret(Master, randomOf(i)) != nil, i == 0 || i > 1000-n; got != want {
				t.Fatalf("%s: of %d that are kept, secret %d is %t", tt.name, n, i, got)
			}
		}
		if want := fmt.Sprintf("[log: only the last %d secrets are kept]", n); fmt.Sprint(*said) != want {
			t.Errorf("%s: warned %q, want %q", tt.name, *said, want)
		}
	}
}

// TestBoundedSessions has handshakes with several secrets go as a whole, and their memory
// be used again.
func TestBoundedSessions(t *testing.T) {
	m := memory.New(1 << 20)
	s, _ := store(m)
	s.sessions.most = 10
	for i := range 100 {
		for word := range labels {
			s.Add("log", []byte(numbered(word, i)))
		}
		for word := range labels {
			s.Add("log", []byte(numbered(word, i))) // it costs nothing
		}
	}
	if s.sessions.n != 6 && s.sessions.n != 10 || s.sessions.memory.Used() != int64(s.sessions.n)*secretCost {
		t.Errorf("%d secrets are kept, which cost %d bytes", s.sessions.n, s.sessions.memory.Used())
	}
	for word, l := range labels {
		if s.Secret(l, randomOf(99)) == nil {
			t.Errorf("%s of the last handshake is missing", word)
		}
	}
}

// TestNoRoom has no memory at all, and room for fewer secrets than a handshake has.
func TestNoRoom(t *testing.T) {
	s, said := store(memory.New(0))
	s.Add("log", []byte(numbered("CLIENT_RANDOM", 1)))
	if s.Secret(Master, randomOf(1)) != nil || fmt.Sprint(*said) != "[log: only the last 0 secrets are kept]" {
		t.Errorf("warned %q", *said)
	}
	s, said = store(nil)
	s.sessions.most = 1
	s.Add("log", []byte(numbered("CLIENT_TRAFFIC_SECRET_0", 1)+numbered("SERVER_TRAFFIC_SECRET_0", 1)))
	if s.Secret(ClientTraffic, randomOf(1)) == nil || s.Secret(ServerTraffic, randomOf(1)) != nil || fmt.Sprint(*said) != "[log: only the last 1 secret is kept]" {
		t.Errorf("warned %q", *said)
	}
}

// TestUsed tells the lines of the handshakes that are asked for, once, and what comes
// later of them.
func TestUsed(t *testing.T) {
	s, _ := store(nil)
	var told []string
	s.Used(func(lines []byte) { told = append(told, string(lines)) })
	check := func(what string, want ...string) {
		t.Helper()
		if !slices.Equal(told, want) {
			t.Errorf("%s: told %q, want %q", what, told, want)
		}
		told = nil
	}
	client, server := numbered("CLIENT_HANDSHAKE_TRAFFIC_SECRET", 1), numbered("SERVER_HANDSHAKE_TRAFFIC_SECRET", 1)
	s.Add("log", []byte("# a comment\n"+client+strings.ToUpper(server)+numbered("CLIENT_RANDOM", 2)+numbered("EXPORTER_SECRET", 1)))
	check("a log")
	s.Secret(ClientHandshake, randomOf(3))
	check("another handshake")
	s.Secret(ClientEarly, randomOf(1))
	check("a secret that it has not", client+server)
	s.Secret(ClientHandshake, randomOf(1))
	check("another secret")
	later := numbered("CLIENT_TRAFFIC_SECRET_0", 1)
	s.Add("log", []byte(later+numbered("CLIENT_TRAFFIC_SECRET_0", 4)))
	check("a line that comes later", later)
	s.Add("log", []byte(client))
	check("the same line again")
}

func FuzzAdd(f *testing.F) {
	f.Add([]byte(lineOf("CLIENT_RANDOM", 1, 2, 48)))
	f.Add([]byte(lineOf("CLIENT_TRAFFIC_SECRET_0", 1, 2, 32) + "#\r\nRSA 1 2\n\xff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, said := store(nil)
		s.Add("log", text)
		for _, w := range *said {
			if strings.Contains(w, hexOf(1, 8)) {
				t.Errorf("%q", w)
			}
		}
		var l lines
		n := 0
		for i := range text {
			l.write(text[i:i+1], func([]byte) { n++ })
		}
		if n != strings.Count(string(text), "\n") {
			t.Errorf("%d lines", n)
		}
	})
}
