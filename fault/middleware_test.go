//go:build unix

package fault

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// served answers requests with what the daemon of the rig would, behind a plan.
func served(t *testing.T, texts ...string) (*Plan, string) {
	t.Helper()
	p := NewPlan(1, rules(t, texts...)...)
	s := httptest.NewServer(p.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/big":
			_, _ = io.WriteString(w, big)
		case "/attach":
			c, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			defer c.Close()
			_, _ = rw.WriteString("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nfirst ")
			_ = rw.Flush()
			_, _ = io.WriteString(c, big)
		default:
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, r.RequestURI)
		}
	})))
	t.Cleanup(s.Close)
	return p, strings.TrimPrefix(s.URL, "http://")
}

// connect connects to a server.
func connect(t *testing.T, addr string) *client {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return &client{c, t, bufio.NewReader(c)}
}

// TestMiddleware: a server does what a relay does.
func TestMiddleware(t *testing.T) {
	p, addr := served(t, `ContainerStart: 500 "no space left" x1`, "/_ping: 304", "/late: delay 20ms", "/big: cut after 1000", "/attach: cut after 100", "/reset: reset", "/stall: stall")
	c := connect(t, addr)
	c.send(post(start, strings.Repeat("x", 1<<20))).expect("POST", 500, noRoom, ours)
	c.send(post(start, "{}")).expect("POST", 200, start, "")
	c.send(get("/_ping")).expect("GET", 304, "", "/_ping: 304")
	began := time.Now()
	c.send(get("/late")).expect("GET", 200, "/late", "")
	if took := time.Since(began); took < 20*time.Millisecond {
		t.Errorf("it took %s", took)
	}
	if _, body, _, err := c.send(get("/big")).answer("GET"); body != big[:1000] || err == nil {
		t.Errorf("got %d bytes, %v", len(body), err)
	}
	b, err := io.ReadAll(connect(t, addr).send("POST /attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n").in)
	if _, body, _ := strings.Cut(string(b), "\r\n\r\n"); body != ("first " + big)[:100] || err != nil {
		t.Errorf("of the stream: %q, %v", b, err)
	}
	if _, _, _, err := connect(t, addr).send(get("/reset")).answer("GET"); err == nil {
		t.Error("it was answered")
	}
	stalls := connect(t, addr).send(post("/stall", "{}"))
	connect(t, addr).send(get("/a")).expect("GET", 200, "/a", "")
	stalls.Close()
	for _, n := range p.Counts()[1:6] {
		if n.Applied != 1 {
			t.Errorf("%s: %d times", n.Rule.Text, n.Applied)
		}
	}
}

// TestLeftMeanwhile: who leaves, or whose server is closed, while a request is delayed gets no
// answer that nobody gave.
func TestLeftMeanwhile(t *testing.T) {
	p := NewPlan(1, rules(t, "/late: delay 1h")...)
	h := p.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it went on") }))
	ctx, leave := context.WithCancel(context.Background())
	leave()
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("it ended with %v", got)
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/late", nil).WithContext(ctx))
}

// ExamplePlan_Middleware has the first start of a container fail.
func ExamplePlan_Middleware() {
	rule, err := Parse(`ContainerStart: 500 "no space left" x1`)
	if err != nil {
		fmt.Println(err)
		return
	}
	daemon := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	faulty := NewPlan(1, rule).Middleware(daemon)
	for range 2 {
		w := httptest.NewRecorder()
		faulty.ServeHTTP(w, httptest.NewRequest("POST", "/containers/web/start", nil))
		fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	}
	// Output:
	// 500 {"message":"no space left"}
	// 204
}
