package demo

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
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
	var mu sync.Mutex
	var typed []string
	begins := func(command string) {
		mu.Lock()
		defer mu.Unlock()
		typed = append(typed, strings.Join(strings.Fields(command)[:2], " "))
	}
	if err := s.Ask(ctx, dial, begins); err != nil {
		t.Error(err)
	}
	slices.Sort(typed) // a machine may be too busy to keep their order
	want := []string{"docker events", "docker logs", "docker ps", "docker rm", "docker run", "docker start", "docker version"}
	if !slices.Equal(typed, want) {
		t.Errorf("typed: %q; want %q", typed, want)
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
	reversed := Session{Session: &transcript.Session{}}
	for _, rec := range slices.Backward(s.Conns) {
		early := *rec
		early.Start = 0
		reversed.Conns = append(reversed.Conns, &early)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dial := func() (net.Conn, error) { return net.Dial("unix", l.Addr().String()) }
	if err := reversed.Ask(ctx, dial, nil); err != nil {
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
	begins := func(command string) { t.Errorf("%s after the interrupt", command) }
	if err := s.Ask(ctx, dial, begins); err != nil {
		t.Error(err)
	}
}

// TestCommands: each is at the first connection that it made, in the order of time.
func TestCommands(t *testing.T) {
	t.Parallel()
	s, err := Recorded()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range s.Conns {
		if command := s.Commands[c]; command != "" {
			sent := c.Bytes(wire.ToServer)
			got = append(got, strings.Fields(command)[1]+" "+strings.Fields(string(sent[bytes.Index(sent, []byte("\r\n\r\n"))+4:]))[1])
		}
	}
	want := []string{"events /v1.41/events", "version /v1.41/version", "ps /v1.41/containers/json?all=1", "start /v1.41/containers/web/start",
		"run /v1.41/containers/create?name=demo", "logs /v1.41/containers/demo/json", "rm /v1.41/containers/demo"}
	if !slices.Equal(got, want) || len(s.Commands) != len(want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
