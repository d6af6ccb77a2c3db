package demo

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
)

// TestSession lets the recorded client ask the recorded daemon: each must hear
// all that it waits for, in the order of the recording.
func TestSession(t *testing.T) {
	t.Parallel()
	s, err := Recorded()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Conns) < 5 {
		t.Fatalf("only %d connections", len(s.Conns))
	}
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	dial := func() (net.Conn, error) { return net.Dial("unix", l.Addr().String()) }
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := s.Ask(ctx, dial); err != nil {
		t.Error(err)
	}
	l.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// TestDisorder lets all clients come at once, in the opposite order: none may
// wait for an answer that another one gets.
func TestDisorder(t *testing.T) {
	t.Parallel()
	s, err := Recorded()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	reversed := Session{&transcript.Session{}}
	for _, rec := range slices.Backward(s.Conns) {
		early := *rec
		early.Start = 0
		reversed.Conns = append(reversed.Conns, &early)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dial := func() (net.Conn, error) { return net.Dial("unix", l.Addr().String()) }
	// Two of the connections differ in their last request only: the daemon
	// may answer one in the place of the other, which it notices.
	_ = reversed.Ask(ctx, dial)
	if ctx.Err() != nil {
		t.Error("a client waits for ever")
	}
	l.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// TestInterrupted ends the session in the middle.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	s, err := Recorded()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dial := func() (net.Conn, error) { t.Error("dialled after the interrupt"); return nil, net.ErrClosed }
	if err := s.Ask(ctx, dial); err != nil {
		t.Error(err)
	}
}
