package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// soakClients talk to a soakDaemon by way of a socket.
type soakClients struct {
	daemon *soakDaemon
	socket string
	dialed atomic.Int64 // connections
	fault  func(format string, args ...any)

	mu    sync.Mutex // guards what follows
	right map[string]int
}

// dial connects, and counts that.
func (s *soakClients) dial(context.Context, string, string) (net.Conn, error) {
	c, err := net.Dial("unix", s.socket)
	if err == nil {
		s.dialed.Add(1)
	}
	return c, err
}

// run does things until ctx ends, and checks what comes of them. An error counts only
// where the daemon was there all the time.
func (s *soakClients) run(ctx context.Context, id int) {
	transport := &http.Transport{DialContext: s.dial, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for n := 0; ctx.Err() == nil; n++ {
		if n%7 == 0 {
			transport.CloseIdleConnections()
		}
		name := fmt.Sprintf("c%d-%d", id, n)
		kind := []string{"json", "json", "json", "update", "logs", "attach", "export"}[rand.IntN(7)]
		before := s.daemon.epoch.Load()
		err := s.one(client, kind, name)
		switch {
		case err == nil:
			s.mu.Lock()
			s.right["/v1.41/containers/"+name+"/"+kind]++
			s.mu.Unlock()
		case before%2 == 0 && s.daemon.epoch.Load() == before:
			s.fault("%s of %s: %v", kind, name, err)
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

// one does one thing, and checks what comes of it.
func (s *soakClients) one(client *http.Client, kind, name string) error {
	url := "http://docker/v1.41/containers/" + name + "/" + kind
	if kind == "attach" {
		return s.attach(name)
	}
	var res *http.Response
	var err error
	sent := soakBytes(name, 1000)
	if kind == "update" {
		res, err = client.Post(url, "application/octet-stream", bytes.NewReader(sent))
	} else {
		res, err = client.Get(url)
	}
	if err != nil {
		return err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var want []byte
	switch kind {
	case "json":
		want = fmt.Appendf(nil, `{"Id":%q,"Name":"/%s","State":{"Running":true}}`+"\n", hex.EncodeToString(soakBytes(name, 32)), name)
	case "update":
		sum := sha256.Sum256(sent)
		want = fmt.Appendf(nil, `{"Warnings":[%q]}`, hex.EncodeToString(sum[:]))
	case "export":
		want = soakBytes(name, soakBulk)
	case "logs":
		for i := range soakLines {
			want = append(want, soakFrame(soakLine(name, i))...)
		}
	}
	if res.StatusCode != http.StatusOK || !bytes.Equal(got, want) {
		return fmt.Errorf("status %d with %d bytes, want %d others", res.StatusCode, len(got), len(want))
	}
	return nil
}

// attach sends lines, ends its half, and reads them back.
func (s *soakClients) attach(name string) error {
	c, err := s.dial(context.Background(), "", "")
	if err != nil {
		return err
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /v1.41/containers/%s/attach HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n", name)
	var want []byte
	for i := range soakLines {
		line := soakLine(name, i)
		if _, err := io.WriteString(c, line); err != nil {
			return err
		}
		want = append(want, soakFrame(line)...)
	}
	if err := c.(*net.UnixConn).CloseWrite(); err != nil {
		return err
	}
	got, err := io.ReadAll(c)
	if err != nil {
		return err
	}
	head, rest, _ := bytes.Cut(got, []byte("\r\n\r\n"))
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) || !bytes.Equal(rest, want) {
		return fmt.Errorf("%d bytes, want %d others", len(rest), len(want))
	}
	return nil
}

// vanish is a client that goes away in the middle of something, again and again.
func (s *soakClients) vanish(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		s.vanishOnce(rand.IntN(4))
		pause(ctx, time.Duration(rand.IntN(30))*time.Millisecond)
	}
}

func (s *soakClients) vanishOnce(how int) {
	c, err := s.dial(context.Background(), "", "")
	if err != nil {
		return
	}
	defer c.Close()
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

// dawdle is a client that reads slowly, again and again.
func (s *soakClients) dawdle(ctx context.Context) {
	for ctx.Err() == nil {
		c, err := s.dial(ctx, "", "")
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
