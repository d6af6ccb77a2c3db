package keylog

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
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

// TestBounded has more secrets than there is memory for.
func TestBounded(t *testing.T) {
	s, said := store(memory.New(100 << 10))
	for i := range 1000 {
		s.Add("log", fmt.Appendf(nil, "CLIENT_RANDOM %064x %s\n", i, hexOf(1, 48)))
	}
	if n := len(s.secrets); n == 0 || n > (100<<10)/secretCost {
		t.Errorf("%d secrets are kept", n)
	}
	if len(*said) != 1 || !strings.Contains((*said)[0], "are kept") {
		t.Errorf("warned %q", *said)
	}
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
