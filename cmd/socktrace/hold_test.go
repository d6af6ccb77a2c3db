//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"
)

// TestHoldWritesOnce has a terminal take only a part of what was held back: the
// next flush goes on from there, within a line too.
func TestHoldWritesOnce(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := &hold{tty: w, lost: 7}
	want := []byte("socktrace: 7 lines are missing here: the command had the terminal for too long\n")
	for n := range 20 {
		line := append(bytes.Repeat([]byte{'a' + byte(n)}, 9_999), '\n')
		h.held, h.size = append(h.held, line), h.size+len(line)
		want = append(want, line...)
	}
	var got []byte
	for tries := 0; len(h.held) > 0; tries++ {
		if err := w.SetWriteDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if err := h.flush(); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) || tries > 100 {
			t.Fatal(err)
		}
		size := 0
		for _, b := range h.held {
			size += len(b)
		}
		check(t, "size", h.size, size)
		part := make([]byte, 100_000)
		if n, err := r.Read(part); err != nil {
			t.Fatal(err)
		} else {
			got = append(got, part[:n]...)
		}
	}
	w.Close()
	rest, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if got = append(got, rest...); !bytes.Equal(got, want) {
		t.Errorf("%d bytes, want %d: %s", len(got), len(want), differ(got, want))
	}
}

// differ says where two texts differ first.
func differ(a, b []byte) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return fmt.Sprintf("%.20q and %.20q at offset %d", a[n:], b[n:], n)
}
