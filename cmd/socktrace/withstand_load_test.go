//go:build unix

package main

import (
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestManyConnections makes 10,000 connections, 1,000 of them at once.
func TestManyConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	const total, together = 10_000, 1_000
	l := listenTo(t, fakeDaemon(t, pong), "-f", "jsonl")
	var clients sync.WaitGroup
	full := make(chan struct{}) // closed when all of the first round are connected
	var connected sync.WaitGroup
	connected.Add(together)
	go func() {
		connected.Wait()
		close(full)
	}()
	for range together {
		clients.Go(func() {
			for round := range total / together {
				c, err := net.Dial("unix", l.path)
				if err != nil {
					t.Error(err)
				} else if err := tryPing(c); err != nil {
					t.Error(err)
				}
				if round == 0 {
					connected.Done()
					<-full
				}
				if err == nil {
					if err := tryPing(c); err != nil {
						t.Error(err)
					}
					c.Close()
				}
			}
		})
	}
	clients.Wait()
	await(t, "the end of all connections", func() bool { return strings.Count(l.saved(), `{"event":"close"`) == total })
	checkPeak(t, l.process, 144<<20)
	got := l.stop(syscall.SIGINT)
	check(t, "status", got.status, "exit status 0")
	check(t, "lines on stderr", strings.Count(got.err, "\n"), 2)
	all := parseEvents(t, l.saved())
	check(t, "connections", len(all.of("open")), total)
	for _, ev := range all.exchanges() {
		if ev != "GET SystemPing 200 done" {
			t.Fatal(ev)
		}
	}
	check(t, "exchanges", len(all.of("exchange")), 2*total)
}
