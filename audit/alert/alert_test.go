//go:build unix

package alert

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/internal/testpeer"
)

// collected is what a server has got.
type collected struct {
	mu   sync.Mutex
	all  []string
	code int
}

func (c *collected) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	b, _ := io.ReadAll(q.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, q.Method+" "+q.URL.Path+" "+q.Header.Get("Content-Type")+" "+string(b))
	w.WriteHeader(c.code)
}

// offer makes alerts, offers lines, and returns what failed.
func offer(t *testing.T, target string, lines int) (failed []string, a *Alerts) {
	t.Helper()
	var mu sync.Mutex
	a, err := New(target, []string{"privileged", "exec"}, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = append(failed, err.Error())
	})
	if err != nil {
		t.Fatal(err)
	}
	for range lines {
		line := []byte("{}\n")
		a.Offer(line, []string{"device", "exec"})
		line[0] = 'x' // it is not kept
		a.Offer([]byte("no\n"), []string{"device"})
		a.Offer([]byte("no\n"), nil)
	}
	a.Close()
	a.Offer([]byte("late\n"), []string{"exec"})
	a.Close()
	return failed, a
}

// TestTargets: each kind of target gets the lines with the marks, and no others.
func TestTargets(t *testing.T) {
	dir, err := os.MkdirTemp("", "al")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	c := &collected{code: 204}
	tcp := httptest.NewServer(c)
	defer tcp.Close()
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	unix := &http.Server{Handler: c}
	go unix.Serve(l)
	defer unix.Close()
	got := filepath.Join(dir, "got")
	for target, want := range map[string]string{
		tcp.URL + "/hook":                     "POST /hook application/json {}\n",
		"unix://" + dir + "/s":                "POST / application/json {}\n",
		"unix://" + dir + "/s:/hook/x":        "POST /hook/x application/json {}\n",
		"cat >> " + got + "; echo >/dev/null": "{}\n",
	} {
		c.all = nil
		failed, a := offer(t, target, 3)
		if b, err := os.ReadFile(got); err == nil {
			c.all = strings.SplitAfter(strings.TrimSuffix(string(b), "\n"), "\n")
			c.all[len(c.all)-1] += "\n"
			os.Remove(got)
		}
		if sent, unsent, _ := a.Counts(); sent != 3 || unsent != 0 || !slices.Equal(c.all, []string{want, want, want}) {
			t.Errorf("%s: %d sent, %d not, %q; %q", target, sent, unsent, c.all, failed)
		}
	}
}

// TestFails: what goes wrong is told once, and counted.
func TestFails(t *testing.T) {
	c := &collected{code: 500}
	server := httptest.NewServer(c)
	defer server.Close()
	for target, want := range map[string]string{
		server.URL:             "answers 500 Internal Server Error",
		"http://127.0.0.1:1/":  "connection refused",
		"unix:///no/such/sock": "no such file",
		"exit 3":               "exit status 3",
	} {
		failed, a := offer(t, target, 5)
		if _, unsent, _ := a.Counts(); unsent != 5 || len(failed) != 1 || !strings.Contains(failed[0], want) {
			t.Errorf("%s: %d, %q", target, unsent, failed)
		}
	}
	for _, target := range []string{"", "unix://x", "http://", "http://[x"} {
		if _, err := New(target, nil, nil); err == nil {
			t.Errorf("%q is taken", target)
		}
	}
}

// TestNoSecretTold: the address of a hook is a secret, and a line goes to it alone.
func TestNoSecretTold(t *testing.T) {
	elsewhere := &collected{code: 204}
	other := httptest.NewServer(elsewhere)
	defer other.Close()
	moved := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer moved.Close()
	for _, target := range []string{moved.URL + "/SECRET", "http://u:SECRET@127.0.0.1:1/SECRET?k=SECRET"} {
		failed, a := offer(t, target, 1)
		if _, unsent, _ := a.Counts(); unsent != 1 || len(failed) != 1 || strings.Contains(failed[0], "SECRET") {
			t.Errorf("%d not sent, %q", unsent, failed)
		}
	}
	if len(elsewhere.all) > 0 {
		t.Errorf("sent elsewhere: %q", elsewhere.all)
	}
	for _, target := range []string{"https:///SECRET", "https://h:SECRETx/", "http://u:SECRET%zz@h/SECRET", "unix://SECRET"} {
		if _, err := New(target, nil, nil); err == nil || strings.HasPrefix(target, "http") && strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// TestSwitches: an answer that makes the connection another's, which stays open, has failed.
func TestSwitches(t *testing.T) {
	server := httptest.NewServer(testpeer.Switches(t))
	defer server.Close()
	failed, a := offer(t, server.URL, 1)
	if _, unsent, _ := a.Counts(); unsent != 1 || len(failed) != 1 || !strings.Contains(failed[0], "answers 101") {
		t.Errorf("%d not sent, %q", unsent, failed)
	}
}

// TestHangs: what does not end holds nobody, and what there is no room for is counted.
func TestHangs(t *testing.T) {
	entered, lines := make(chan struct{}, maxAtOnce), 3*maxWaiting
	var told sync.Map
	a, err := New("true", []string{"exec"}, func(err error) { told.Store(err.Error(), true) })
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	a = &Alerts{on: []string{"exec"}, queue: make(chan []byte, maxWaiting), failed: func(error) {}}
	a.ctx, a.stop = context.WithCancel(context.Background())
	a.send = func(ctx context.Context, _ []byte) error {
		entered <- struct{}{}
		<-ctx.Done()
		return errors.New("given up")
	}
	a.working.Go(a.work)
	a.Offer([]byte("x"), []string{"exec"})
	<-entered
	for range lines {
		a.Offer([]byte("x"), []string{"exec"})
	}
	a.Offer(make([]byte, maxBytes+1), []string{"exec"})
	go func() {
		for range entered {
		}
	}()
	a.stop()
	a.Close()
	sent, unsent, leftOut := a.Counts()
	if sent != 0 || unsent != maxWaiting+1 || leftOut != int64(lines-maxWaiting+1) {
		t.Errorf("%d sent, %d not, %d left out", sent, unsent, leftOut)
	}
}
