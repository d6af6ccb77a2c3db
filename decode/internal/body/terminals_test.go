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
	for n := range maxKnown {
		k.learn([]byte(name(n)), ttyOne)
	}
	k.learn([]byte(name(0)), ttyNone) // it does not become younger
	k.learn([]byte(name(1)), ttyOne)
	for n := range 3 {
		if k.tty(name(n)) == ttyUnknown {
			t.Errorf("container %d is forgotten while there is room", n)
		}
		k.learn([]byte(name(maxKnown+n)), ttyNone)
		for m := range maxKnown + 3 {
			want := ttyOne
			switch {
			case m <= n, m > maxKnown+n:
				want = ttyUnknown
			case m >= maxKnown:
				want = ttyNone
			}
			if got := k.tty(name(m)); got != want {
				t.Fatalf("behind %d: container %d: got %d, want %d", maxKnown+n, m, got, want)
			}
		}
	}
	for n := range maxKnown { // once around
		k.learn([]byte(name(2*maxKnown+n)), ttyOne)
	}
	if len(k.known) != maxKnown || len(k.names) != maxKnown || k.tty(name(maxKnown+2)) != ttyUnknown || k.tty(name(2*maxKnown)) != ttyOne {
		t.Errorf("%d are known by %d names", len(k.known), len(k.names))
	}
}

// TestTerminalsNames remembers only what has a name that ids may be.
func TestTerminalsNames(t *testing.T) {
	k := NewTerminals()
	for n, want := range map[int]tty{0: ttyUnknown, 1: ttyOne, maxID: ttyOne, maxID + 1: ttyUnknown} {
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
