// Package servetest has the daemon that was recorded serve one test:
//
//	func TestPipeline(t *testing.T) {
//		d := servetest.Start(t, "testdata/session.har")
//		t.Setenv("DOCKER_HOST", d.Addr())
//		…
//	}
//
// Recordings are those of socktrace: socktrace run --har testdata/session.har -- go test ./… makes
// one of a test that talks to a real daemon.
package servetest

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/serve"
)

// Daemon answers as a recording has it, until the end of its test.
type Daemon struct {
	server *serve.Server
	addr   intercept.Addr
}

// options are what Options set.
type options struct {
	read  serve.ReadOptions
	serve serve.Options
	lax   bool
}

// An Option says how Start serves.
type Option func(*options)

// Speed has streams come in their recorded time, or a multiple of it. Otherwise nothing
// waits but for what was asked for before it in the recording: see serve.Max.
func Speed(s serve.Speed) Option { return func(o *options) { o.serve.Speed = s } }

// Strict has each recorded answer be used once: see serve.Options.
func Strict() Option { return func(o *options) { o.serve.Strict = true } }

// Ignore has requests differ from the recording in some places, such as a name that the test
// makes up: see serve.Options.
func Ignore(places ...string) Option {
	return func(o *options) { o.serve.Ignore = append(o.serve.Ignore, places...) }
}

// ShowSecrets leaves what is secret in answers as it is, where the recording has it.
func ShowSecrets() Option { return func(o *options) { o.read.ShowSecrets = true } }

// MayMiss has what is not in the recording be no error of the test: it is for those that look
// at Missed themselves.
func MayMiss() Option { return func(o *options) { o.lax = true } }

// Start serves a recording of any form that socktrace reads, on a socket of its own, for the
// time of the test. A recording that cannot be read, or is empty, ends the test. What is asked
// for and is not in the recording is an error of the test, told at its end with the time of
// the first such request.
func Start(t testing.TB, file string, with ...Option) *Daemon {
	t.Helper()
	o := options{serve: serve.Options{Speed: serve.Max}}
	for _, set := range with {
		set(&o)
	}
	o.read.Warn = func(err error) { t.Logf("servetest: %v", err) }
	script, err := serve.Read(context.Background(), []string{file}, o.read)
	if err != nil {
		t.Fatalf("servetest: %v", err)
	}
	l, err := listen(t)
	if err != nil {
		t.Fatalf("servetest: %v", err)
	}
	d := &Daemon{server: serve.New(script, o.serve), addr: l.Local()}
	done := make(chan error, 1)
	go func() { done <- d.server.Serve(l) }()
	t.Cleanup(func() {
		d.server.Close()
		if err := <-done; err != nil {
			t.Errorf("servetest: %v", err)
		}
		if !o.lax {
			d.tell(t, file)
		}
	})
	return d
}

// listen returns a socket that only this user can reach; where clients know no unix sockets,
// one that every user of the machine can.
func listen(t testing.TB) (*intercept.Listener, error) {
	if runtime.GOOS == "windows" {
		return intercept.Listen(intercept.Addr{Network: "tcp", Address: "127.0.0.1:0"}, intercept.ListenOptions{})
	}
	dir, err := os.MkdirTemp("", "serve") // t.TempDir may be too long for a socket
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return intercept.Listen(intercept.Addr{Network: "unix", Address: filepath.Join(dir, "docker.sock")}, intercept.ListenOptions{})
}

// Addr returns where it listens, as DOCKER_HOST has it: "unix:///tmp/serve123/docker.sock".
func (d *Daemon) Addr() string { return d.addr.String() }

// Missed returns what was asked for so far and is not in the recording.
func (d *Daemon) Missed() []serve.Miss { return d.server.Report().Misses }

// Answered returns how many requests were answered so far as in the recording.
func (d *Daemon) Answered() int64 { return d.server.Report().Answered }

// tell has the test fail for what was missed.
func (d *Daemon) tell(t testing.TB, file string) {
	t.Helper()
	r := d.server.Report()
	for _, m := range r.Misses {
		t.Errorf("servetest: %s: %s (%d times, first %v after the start)", file, m, m.Times, m.After)
	}
	if r.Others > 0 {
		t.Errorf("servetest: %s: %d other requests are not recorded", file, r.Others)
	}
}
