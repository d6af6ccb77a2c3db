package demo

import (
	"context"
	"net"
	"path/filepath"
	"testing"
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
	if err := s.Ask(t.Context(), dial); err != nil {
		t.Error(err)
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
