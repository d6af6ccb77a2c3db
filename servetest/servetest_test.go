package servetest_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/servetest"
)

// fake is a test that is looked at.
type fake struct {
	testing.TB
	cleanups []func()
	said     []string
}

func (f *fake) Helper()                   {}
func (f *fake) Cleanup(do func())         { f.cleanups = append(f.cleanups, do) }
func (f *fake) Logf(string, ...any)       {}
func (f *fake) Errorf(s string, a ...any) { f.said = append(f.said, fmt.Sprintf(s, a...)) }

func (f *fake) Fatalf(s string, a ...any) {
	f.Errorf(s, a...)
	runtime.Goexit()
}

// run runs a test, and what it has to be cleaned up.
func (f *fake) run(test func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		test()
	}()
	<-done
	for i := len(f.cleanups) - 1; i >= 0; i-- {
		f.cleanups[i]()
	}
}

// clientOf returns a client of a daemon.
func clientOf(d *servetest.Daemon) *http.Client {
	network, address, _ := strings.Cut(d.Addr(), "://")
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return net.Dial(network, address) },
	}}
}

func ExampleStart() {
	t := new(fake) // a *testing.T
	t.run(func() {
		d := servetest.Start(t, "testdata/session.har")
		answer, err := clientOf(d).Get("http://docker/_ping")
		if err != nil {
			t.Fatalf("ping: %v", err)
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		fmt.Println(answer.Status, string(text), "API", answer.Header.Get("Api-Version"))
	})
	// Output: 200 OK OK API 1.41
}

// TestMissed: what is not in the recording is an error at the end, unless it may be.
func TestMissed(t *testing.T) {
	for _, with := range [][]servetest.Option{nil, {servetest.MayMiss()}} {
		f := new(fake)
		f.run(func() {
			d := servetest.Start(f, "testdata/session.har", with...)
			for range 2 {
				answer, err := clientOf(d).Get("http://docker/v1.41/images/json")
				if err != nil {
					f.Fatalf("%v", err)
				}
				answer.Body.Close()
			}
			if m := d.Missed(); len(m) != 1 || m[0].Times != 2 || d.Answered() != 0 {
				t.Errorf("missed: %v", m)
			}
		})
		want := 1 - len(with)
		if len(f.said) != want {
			t.Fatalf("got %q, want %d", f.said, want)
		}
		if want == 1 && !strings.Contains(f.said[0], "GET /v1.41/images/json: not recorded: there is no ImageList (2 times, first ") {
			t.Errorf("got %q", f.said[0])
		}
	}
}

// secretHAR has one answer, with a token in it.
const secretHAR = `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","time":1,
"request":{"method":"GET","url":"http://d/info","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},
"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"Content-Type","value":"application/json"}],"cookies":[],"content":{"size":21,"mimeType":"application/json","text":"{\"IdentityToken\":\"abc\"}"},"redirectURL":"","headersSize":-1,"bodySize":-1},
"cache":{},"timings":{"send":0,"wait":1,"receive":0}}]}}`

// TestOptions: what options say is done, and not without them.
func TestOptions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.har")
	if err := os.WriteFile(file, []byte(secretHAR), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		with   []servetest.Option
		shown  bool
		missed int
	}{
		"none":        {nil, false, 0},
		"ShowSecrets": {[]servetest.Option{servetest.ShowSecrets()}, true, 0},
		"Strict":      {[]servetest.Option{servetest.Strict()}, false, 1},
	} {
		f := new(fake)
		f.run(func() {
			d := servetest.Start(f, file, c.with...)
			var first string
			for i := range 2 {
				answer, err := clientOf(d).Get("http://docker/info")
				if err != nil {
					f.Fatalf("%v", err)
				}
				text, _ := io.ReadAll(answer.Body)
				answer.Body.Close()
				if i == 0 {
					first = string(text)
				}
			}
			if strings.Contains(first, `"abc"`) != c.shown || len(d.Missed()) != c.missed {
				t.Errorf("%s: %q, missed %v", name, first, d.Missed())
			}
		})
		if len(f.said) != c.missed {
			t.Errorf("%s: %q", name, f.said)
		}
	}
}

// TestUnreadable: a recording that is none, or is empty, ends the test.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"empty.har": `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}`,
		"text.har":  "no recording",
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f := new(fake)
		f.run(func() { servetest.Start(f, file) })
		if len(f.said) != 1 || !strings.Contains(f.said[0], name) {
			t.Errorf("%s: %q", name, f.said)
		}
	}
	f := new(fake)
	f.run(func() { servetest.Start(f, filepath.Join(dir, "none.har")) })
	if len(f.said) != 1 {
		t.Errorf("no file: %q", f.said)
	}
}
