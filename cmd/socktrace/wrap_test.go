//go:build unix

package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestWrapped breaks messages between words, and no command that fits.
func TestWrapped(t *testing.T) {
	for _, c := range []struct {
		width    int
		in, want string
	}{
		{0, "socktrace: of any length that there may be\n", "socktrace: of any length that there may be\n"},
		{30, "socktrace: it fits to the column\n", "socktrace: it fits to the\n  column\n"},
		{32, "socktrace: it fits to the column\n", "socktrace: it fits to the column\n"},
		{30, "socktrace: /a/path/that/is/longer/than/the/line is whole\n", "socktrace:\n  /a/path/that/is/longer/than/the/line\n  is whole\n"},
		{40, "socktrace: the end gives it back; if not: mv -f /run/.d.sock.socktrace /run/d.sock\n",
			"socktrace: the end gives it back; if\n  not: mv -f /run/.d.sock.socktrace\n  /run/d.sock\n"},
		{50, "socktrace: the end gives it back; if it is killed: socktrace restore /run/d.sock, or: mv -f a b\n",
			"socktrace: the end gives it back; if it is killed:\n  socktrace restore /run/d.sock, or: mv -f a b\n"},
		{40, "socktrace: hint: leave it out: docker run 'a b; c' d (if you can do without it)\n",
			"socktrace: hint: leave it out:\n  docker run 'a b; c' d (if you can do\n  without it)\n"},
		{30, "socktrace: of docker there is docker's own to be followed\n", "socktrace: of docker there is\n  docker's own to be followed\n"},
		{30, "socktrace: één twee drie vier vÿf\n", "socktrace: één twee drie vier\n  vÿf\n"},
		{30, "Usage:\n  socktrace run and more that is long enough\n", "Usage:\n  socktrace run and more that is long enough\n"},
		{30, "socktrace:\n", "socktrace:\n"},
		{30, "socktrace: it fits\nsocktrace: hint: the second does not\n", "socktrace: it fits\nsocktrace: hint: the second\n  does not\n"},
	} {
		got := wrapped(c.in, c.width)
		check(t, c.in, got, c.want)
		if a, b := strings.Fields(got), strings.Fields(c.in); strings.Join(a, " ") != strings.Join(b, " ") {
			t.Errorf("%q has other words than %q", got, c.in)
		}
	}
	// What is no terminal has a message in one line, whatever its length.
	var out bytes.Buffer
	m := newMessages(&out)
	long := "socktrace: " + strings.Repeat("word ", 100) + "\n"
	if _, err := m.Write([]byte(long)); err != nil || !m.flush() {
		t.Fatal(err)
	}
	check(t, "a pipe", out.String(), long)
}
