package body

import (
	"fmt"
	"strings"
	"testing"
)

// TestTerminalsForget remembers the latest of very many containers.
func TestTerminalsForget(t *testing.T) {
	k := NewTerminals()
	name := func(n int) string { return fmt.Sprint("c", n) }
	for n := range 4096 {
		k.learn([]byte(name(n)), ttyOne)
	}
	k.learn([]byte(name(0)), ttyNone) // it does not become younger
	k.learn([]byte(name(1)), ttyOne)
	for n := range 3 {
		if k.tty(name(n)) == ttyUnknown {
			t.Errorf("container %d is forgotten while there is room", n)
		}
		k.learn([]byte(name(4096+n)), ttyNone)
		for m := range 4096 + 3 {
			want := ttyOne
			switch {
			case m <= n, m > 4096+n:
				want = ttyUnknown
			case m >= 4096:
				want = ttyNone
			}
			if got := k.tty(name(m)); got != want {
				t.Fatalf("behind %d: container %d: got %d, want %d", 4096+n, m, got, want)
			}
		}
	}
	for n := range 4096 { // once around
		k.learn([]byte(name(2*4096+n)), ttyOne)
	}
	if len(k.known) != 4096 || len(k.names) != 4096 || k.tty(name(4096+2)) != ttyUnknown || k.tty(name(2*4096)) != ttyOne {
		t.Errorf("%d are known by %d names", len(k.known), len(k.names))
	}
}

// TestTerminalsNames remembers only what has a name that ids may be.
func TestTerminalsNames(t *testing.T) {
	k := NewTerminals()
	for n, want := range map[int]tty{0: ttyUnknown, 1: ttyOne, 256: ttyOne, 257: ttyUnknown} {
		id := strings.Repeat("i", n)
		if k.learn([]byte(id), ttyOne); k.tty(id) != want {
			t.Errorf("a name of %d bytes: got %d, want %d", n, k.tty(id), want)
		}
	}
	var none *Terminals
	if none.learn([]byte("id"), ttyOne); none.tty("id") != ttyUnknown {
		t.Error("nothing remembers")
	}
}
