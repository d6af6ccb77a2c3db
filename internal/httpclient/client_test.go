package httpclient

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
)

func ask(t *testing.T, c *Client, url string) (*http.Response, error) {
	t.Helper()
	q, err := http.NewRequest(http.MethodPost, url, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	return c.Do(q)
}

// TestStays: an answer that names another address is the answer.
func TestStays(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it went elsewhere") }))
	defer other.Close()
	s := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer s.Close()
	r, err := ask(t, New(new(http.Transport), ""), s.URL)
	if err != nil || r.StatusCode != http.StatusTemporaryRedirect {
		t.Fatalf("%v, %v", r, err)
	}
	r.Body.Close()
}

// TestSocket: a socket is dialled, and no proxy, whatever the URL says.
func TestSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { _, _ = io.WriteString(w, q.Host+q.URL.Path) }), ReadHeaderTimeout: time.Minute}
	go s.Serve(l)
	defer s.Close()
	c := New(&http.Transport{Proxy: func(*http.Request) (*url.URL, error) { t.Error("a proxy is asked for"); return nil, nil }}, path)
	defer c.Close()
	r, err := ask(t, c, "http://nowhere.example/a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if b, err := io.ReadAll(r.Body); err != nil || string(b) != "nowhere.example/a" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestSwitches: an answer of 101 has no body, though its connection stays open.
func TestSwitches(t *testing.T) {
	s := httptest.NewServer(testpeer.Switches(t))
	defer s.Close()
	r, err := ask(t, New(new(http.Transport), ""), s.URL)
	if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", r, err)
	}
	if b, err := io.ReadAll(r.Body); err != nil || len(b) > 0 {
		t.Errorf("%q, %v", b, err)
	}
}

// TestNoAddress: an error does not tell the address.
func TestNoAddress(t *testing.T) {
	_, err := ask(t, New(new(http.Transport), ""), "http://127.0.0.1:1/S3cret?k=S3cret")
	if err == nil || strings.Contains(err.Error(), "S3cret") || strings.Contains(err.Error(), "Post") {
		t.Errorf("%v", err)
	}
}
