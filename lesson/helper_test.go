package lesson

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// began is when recorded sessions begin in tests.
var began = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// taught returns the lesson of a session, with secrets masked, and its account.
func taught(t testing.TB, session *transcript.Session, o Options) (string, *account) {
	t.Helper()
	var out bytes.Buffer
	o.Zone = time.UTC
	s := New(&out, o)
	book := flow.New(flow.Options{
		Mask: redact.New(redact.Options{}).Event, Learn: subject.NewReader().Learn,
		Failed: func(_ string, err error) { t.Error(err) }, Still: true, Unhurried: true,
	})
	outlet := book.Add("the lesson", s, flow.Delivery{})
	var numbers wire.Numbers
	do := decode.Options{Needs: book.Needs(), MaxMessage: 1 << 20, Numbers: &numbers, Terminals: decode.NewTerminals()}
	for _, c := range session.Conns {
		conn := c.Wire(numbers.Next(), began)
		if conn.Server.Addr == "" {
			conn.Server.Addr = "unix:///var/run/docker.sock"
		}
		d := decode.New(conn, do, book.Of(conn))
		d.Open()
		c.Play(conn, d)
	}
	book.Close()
	if err := outlet.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), s.account
}

// sessionOf returns the session in a transcript.
func sessionOf(t testing.TB, text string) *transcript.Session {
	t.Helper()
	s, err := transcript.Parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = sums.ReplaceAllString(got, "$1$2-")
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (-update writes it anew): %s", name, firstDifference(got, string(want)))
	}
}

// sums are those of what is masked, which are others each time.
var sums = regexp.MustCompile(`(masked(?: |%20)\d+(?: |%20)bytes(?: |%20))(#|%23|&#35;)[0-9a-f]{8}`)

// firstDifference returns the first lines in which two texts differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: got %q; want %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("got %d lines; want %d", len(g), len(w))
}
