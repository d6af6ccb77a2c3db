package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// soakDaemon answers what TestSoak asks, each time the same for the same name, and is
// torn down and made anew now and then.
type soakDaemon struct {
	path  string
	epoch atomic.Int64 // odd while it is away
	asked atomic.Int64 // requests

	mu     sync.Mutex // guards what follows
	server *http.Server
	taken  map[net.Conn]bool // connections that have left HTTP
}

// Sizes of what it answers.
const (
	soakBulk  = 3 << 20
	soakLines = 40
)

// soakBytes are the bytes that belong to a name, as long as is asked for.
func soakBytes(name string, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8(sha256.Sum256([]byte(name))).Read(b)
	return b
}

// soakLine is a line that a container of this name prints.
func soakLine(name string, i int) string { return fmt.Sprintf("line %d of %s\n", i, name) }

// soakFrame is text as one frame of standard output.
func soakFrame(text string) []byte {
	b := binary.BigEndian.AppendUint32([]byte{1, 0, 0, 0}, uint32(len(text)))
	return append(b, text...)
}

func (d *soakDaemon) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.asked.Add(1)
	parts := strings.Split(r.URL.Path, "/") // "", version, kind, name, what
	if len(parts) < 5 {
		http.Error(w, `{"message":"page not found"}`, http.StatusNotFound)
		return
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

// start listens at the path of the daemon.
func (d *soakDaemon) start() error {
	l, err := net.Listen("unix", d.path)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.server, d.taken = &http.Server{Handler: d}, map[net.Conn]bool{}
	go func(s *http.Server) { _ = s.Serve(l) }(d.server)
	return nil
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

// restart takes it away for a moment.
func (d *soakDaemon) restart() error {
	d.epoch.Add(1)
	d.stop()
	time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
	if err := os.Remove(d.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err := d.start()
	d.epoch.Add(1)
	return err
}

// newSoakDaemon starts a daemon for the time of the test.
func newSoakDaemon(t testing.TB) *soakDaemon {
	t.Helper()
	d := &soakDaemon{path: shortDir(t) + "/d.sock"}
	if err := d.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	return d
}
