package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// soakClients talk to a soakDaemon by way of a socket.
type soakClients struct {
	t                testing.TB
	daemon           *soakDaemon
	network, address string
	secure           func(net.Conn) (*tls.Conn, error) // nil: they speak plain
	dialed           atomic.Int64                      // connections
	wordless         int64                             // at most so many of them on which nothing may have been said
	grace            time.Duration                     // how long what they do may take at least; 0: for ever
	all              sync.WaitGroup

	mu    sync.Mutex // guards what follows
	right map[string]int
}

// soakCrowd is how many clients of one kind there are.
const soakCrowd = 6

// newSoakClients returns those of a unix socket, or, if secure is not nil, of a port.
func newSoakClients(t testing.TB, daemon *soakDaemon, address string, secure func(net.Conn) (*tls.Conn, error)) *soakClients {
	s := &soakClients{t: t, daemon: daemon, network: "unix", address: address, secure: secure, right: map[string]int{}}
	if secure != nil {
		s.network = "tcp"
	}
	t.Cleanup(s.all.Wait)
	return s
}

// dial connects.
func (s *soakClients) dial() (net.Conn, error) {
	c, err := s.dialPlain()
	if err != nil || s.secure == nil {
		return c, err
	}
	return s.secure(c)
}

// dialPlain connects without shaking hands, and counts that.
func (s *soakClients) dialPlain() (net.Conn, error) {
	c, err := net.Dial(s.network, s.address)
	if err == nil {
		s.dialed.Add(1)
	}
	return c, err
}

// start has clients of all kinds do things until ctx ends.
func (s *soakClients) start(ctx context.Context) {
	for id := range soakCrowd {
		s.all.Go(func() {
			c := newSoakClient(s.dial)
			defer c.http.CloseIdleConnections()
			s.run(ctx, id, c.do)
		})
	}
	s.all.Go(func() { s.vanish(ctx) })
	s.all.Go(func() { s.dawdle(ctx) })
}

// run has a client do things until ctx ends. An error counts only where the daemon was
// there all the time, and since it came back the client has done something: that its
// connection has ended with the daemon before, it may see late.
func (s *soakClients) run(ctx context.Context, id int, do func(kind, name string) error) {
	var gaps int64
	for n := 0; ctx.Err() == nil; n++ {
		name := fmt.Sprintf("c%d-%d", id, n)
		kind := []string{"json", "json", "json", "update", "logs", "attach", "export"}[rand.IntN(7)]
		excused, began := s.daemon.Watch(), time.Now()
		before := gaps
		gaps = s.daemon.Count()
		err := do(kind, name)
		switch {
		case err == nil:
			s.mu.Lock()
			s.right[soakTarget(kind, name)]++
			s.mu.Unlock()
		case s.grace > 0 && time.Since(began) >= s.grace: // a program has cut it when it ended
		case gaps == before && !excused():
			s.t.Errorf("%s of %s: %v", kind, name, err)
		}
		pause(ctx, time.Duration(rand.IntN(40))*time.Millisecond)
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// vanish is a client that goes away in the middle of something, again and again.
func (s *soakClients) vanish(ctx context.Context) {
	for ctx.Err() == nil {
		if s.secure != nil && rand.IntN(3) == 0 {
			s.vanishEarly(rand.IntN(3))
		} else {
			s.vanishOnce(rand.IntN(4))
		}
		pause(ctx, time.Duration(rand.IntN(30))*time.Millisecond)
	}
}

func (s *soakClients) vanishOnce(how int) {
	c, err := s.dial()
	if err != nil {
		return
	}
	defer func() {
		if secured, ok := c.(*tls.Conn); ok {
			c = secured.NetConn() // it was killed: it says no farewell
		}
		c.Close()
	}()
	switch how {
	case 0: // it says nothing
	case 1: // it says half of a request
		_, _ = io.WriteString(c, "POST /v1.41/containers/gone/update HTTP/1.1\r\nHost: docker\r\nContent-Length: 1000\r\n\r\nhalf")
	case 2: // it leaves a stream that has no end
		_, _ = io.WriteString(c, "GET /v1.41/containers/gone/stats HTTP/1.1\r\nHost: docker\r\n\r\n")
		r := bufio.NewReader(c)
		for range 10 {
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
		}
	case 3: // it leaves what is sent to it unread
		_, _ = io.WriteString(c, "GET /v1.41/containers/gone/export HTTP/1.1\r\nHost: docker\r\n\r\n"+strings.Repeat("x", 10))
		_, _ = io.CopyN(io.Discard, c, 10_000)
	}
}

// vanishEarly goes away before hands were shaken.
func (s *soakClients) vanishEarly(how int) {
	c, err := s.dialPlain()
	if err != nil {
		return
	}
	defer c.Close()
	switch how {
	case 0: // it says nothing
	case 1: // it speaks plain HTTP
		_, _ = io.WriteString(c, "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n")
		_, _ = io.ReadAll(c)
	case 2: // it says half of a hello
		_, _ = c.Write([]byte{22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3})
	}
}

// dawdle is a client that reads slowly, again and again.
func (s *soakClients) dawdle(ctx context.Context) {
	for ctx.Err() == nil {
		c, err := s.dial()
		if err != nil {
			pause(ctx, 50*time.Millisecond)
			continue
		}
		_, _ = io.WriteString(c, "GET /v1.41/containers/slow/export HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
		b := make([]byte, 16<<10)
		for ctx.Err() == nil {
			if _, err := c.Read(b); err != nil {
				break
			}
			pause(ctx, 10*time.Millisecond)
		}
		c.Close()
	}
}
