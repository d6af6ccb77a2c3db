package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
	"golang.org/x/sys/unix"
)

// soakDaemon answers what a soakClient asks, each time the same for the same name, and
// is torn down and made anew now and then.
type soakDaemon struct {
	testpeer.Gaps    // while it is away
	network, address string
	tls              *tls.Config  // nil: it speaks plain
	asked            atomic.Int64 // requests

	mu     sync.Mutex // guards what follows
	server *http.Server
	taken  map[net.Conn]bool // connections that have left HTTP
	direct map[string]int    // requests of this very process, which nobody stood before
}

func (d *soakDaemon) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.asked.Add(1)
	parts := strings.Split(r.URL.Path, "/") // "", version, kind, name, what
	if len(parts) < 5 {
		http.Error(w, `{"message":"page not found"}`, http.StatusNotFound)
		return
	}
	if r.Context().Value(isDirect{}) == true {
		d.mu.Lock()
		d.direct[r.URL.Path]++
		d.mu.Unlock()
	}
	name := parts[3]
	switch parts[4] {
	case "json":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"Id":%q,"Name":"/%s","State":{"Running":true}}`+"\n", hex.EncodeToString(soakBytes(name, 32)), name)
	case "update":
		sum := sha256.New()
		_, _ = io.Copy(sum, r.Body)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"Warnings":[%q]}`, hex.EncodeToString(sum.Sum(nil)))
	case "export":
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(soakBytes(name, soakBulk))
	case "logs":
		w.Header().Set("Content-Type", "application/vnd.docker.multiplexed-stream")
		for i := range soakLines {
			_, _ = w.Write(soakFrame(soakLine(name, i)))
			_ = http.NewResponseController(w).Flush()
		}
	case "stats":
		w.Header().Set("Content-Type", "application/json")
		for i := 0; r.Context().Err() == nil; i++ {
			fmt.Fprintf(w, `{"read":%d}`+"\n", i)
			_ = http.NewResponseController(w).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	case "attach":
		d.attach(w)
	default:
		http.Error(w, `{"message":"page not found"}`, http.StatusNotFound)
	}
}

// attach sends back what it is sent, frame by frame, until it ends.
func (d *soakDaemon) attach(w http.ResponseWriter) {
	c, b, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	d.mu.Lock()
	d.taken[c] = true
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		delete(d.taken, c)
		d.mu.Unlock()
	}()
	_, _ = io.WriteString(c, "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
	for {
		line, err := b.ReadString('\n')
		if line != "" {
			if _, err := c.Write(soakFrame(line)); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// isDirect is the key of whether a connection is one of this process.
type isDirect struct{}

// start listens at the address of the daemon.
func (d *soakDaemon) start() error {
	l, err := net.Listen(d.network, d.address)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.address = l.Addr().String() // the same port from now on
	if d.tls != nil {
		l = tls.NewListener(l, d.tls)
	}
	d.taken = map[net.Conn]bool{}
	d.server = &http.Server{Handler: d, ErrorLog: log.New(io.Discard, "", 0), ConnContext: func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, isDirect{}, peerProcess(c) == os.Getpid())
	}}
	go func(s *http.Server) { _ = s.Serve(l) }(d.server)
	return nil
}

// peerProcess returns who has made the other side of a unix socket; 0 for others.
func peerProcess(c net.Conn) (pid int) {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return 0
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		if cred, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			pid = int(cred.Pid)
		}
	})
	return pid
}

// stop closes all that is open.
func (d *soakDaemon) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.server.Close()
	for c := range d.taken {
		c.Close()
	}
}

// restart takes it away for a moment, in which clients may fail.
func (d *soakDaemon) restart() error {
	d.Gap()
	defer d.Gap()
	return d.renew()
}

// renew is restart, when clients may fail anyway.
func (d *soakDaemon) renew() error {
	d.stop()
	time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
	if err := os.Remove(d.address); d.network == "unix" && err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return d.start()
}

// comeAndGo restarts it now and then, until ctx ends.
func (d *soakDaemon) comeAndGo(ctx context.Context, t testing.TB) {
	for pause(ctx, 3*time.Second); ctx.Err() == nil; pause(ctx, 3*time.Second) {
		if err := d.restart(); err != nil {
			t.Error(err)
			return
		}
	}
}

// newSoakDaemon starts a daemon for the time of the test, on a unix socket, or, if it
// speaks TLS, on a port.
func newSoakDaemon(t testing.TB, config *tls.Config) *soakDaemon {
	t.Helper()
	d := &soakDaemon{network: "unix", address: shortDir(t) + "/d.sock", tls: config, direct: map[string]int{}}
	if config != nil {
		d.network, d.address = "tcp", soakHost+":0"
	}
	if err := d.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	return d
}

// soakHost is an address of this machine that no other connection has as its own: so
// nobody takes the port while the daemon is away.
const soakHost = "127.0.0.7"
