package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// wrapIndent stands before the lines of a message that go on.
const wrapIndent = "  "

// leastWidth is below what a terminal is too narrow for words.
const leastWidth = 20

// columns returns how wide the terminal is that something is written to; 0 if it is none.
func columns(w io.Writer) int {
	switch w := w.(type) {
	case *os.File:
		if n, _, err := term.GetSize(int(w.Fd())); err == nil {
			return n
		}
	case *output:
		return w.width()
	}
	return 0
}

// wrapping writes messages to a terminal, each with one Write, or to anything else.
type wrapping struct{ io.Writer }

// Write writes a message, broken between words.
func (w wrapping) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.Writer, wrapped(string(text), columns(w.Writer))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// wrapped returns messages of ours in lines of at most width columns, broken between words.
// A command that somebody will copy is broken only if it is longer than a line; a word,
// such as a path, never is. Other text stays as it is.
func wrapped(text string, width int) string {
	if width < leastWidth {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "socktrace: ") {
			line = wrapLine(strings.TrimSuffix(line, "\n"), width) + "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// wrapLine is wrapped for one message.
func wrapLine(line string, width int) string {
	var b strings.Builder
	at := 0 // columns of the line
	put := func(word string) {
		n := utf8.RuneCountInString(word)
		switch {
		case at == 0:
		case at+1+n > width:
			b.WriteString("\n" + wrapIndent)
			at = len(wrapIndent)
		default:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at += n
	}
	before := ""
	for words := strings.Split(line, " "); len(words) > 0; {
		n := 1
		if introduces(before) && slices.Contains(copied, words[0]) {
			n = commandLen(words)
		}
		if all := strings.Join(words[:n], " "); utf8.RuneCountInString(all) <= width-len(wrapIndent) {
			put(all)
		} else {
			for _, word := range words[:n] {
				put(word)
			}
		}
		before, words = words[n-1], words[n:]
	}
	return b.String()
}

// copied are the programs of which messages name commands, for the user to run.
var copied = []string{"socktrace", "sudo", "docker", "podman", "mv", "curl", "ssh", "kill", "tcpdump", "apt"}

// introduces reports whether a command may stand behind a word.
func introduces(word string) bool {
	return strings.HasSuffix(word, ":") || slices.Contains([]string{"see", "say", "mean"}, word)
}

// commandLen returns how many words a command has that begins with the first: what ends it
// is punctuation that is not in quotes, or a remark in brackets.
func commandLen(words []string) int {
	quoted := false
	for i, word := range words {
		if !quoted && i > 0 && strings.HasPrefix(word, "(") {
			return i
		}
		if strings.Count(word, "'")%2 == 1 {
			quoted = !quoted
		}
		if !quoted && strings.ContainsAny(word[max(0, len(word)-1):], ",;") {
			return i + 1
		}
	}
	return len(words)
}
