package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/need"
)

// chronicle is an HTTP server that keeps what it is asked and what it answers.
type chronicle struct {
	*httptest.Server
	mu   sync.Mutex
	said []string
}

// chronicleAt runs a server on addr.
func chronicleAt(t *testing.T, addr string) *chronicle {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		need.Skip(t, "ipv6", err)
	}
	c := new(chronicle)
	c.Server = httptest.NewUnstartedServer(c)
	c.Listener.Close()
	c.Listener = l
	c.Start()
	t.Cleanup(c.Close)
	return c
}

func (c *chronicle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = []byte(err.Error())
	}
	status := 200 + len(body)%7
	answer := strings.Repeat("answer to "+r.URL.Path+"\n", len(body))
	c.mu.Lock()
	c.said = append(c.said, fmt.Sprintf("%s %s %q %d %q", r.Method, r.RequestURI, body, status, answer))
	c.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer) // a client that is gone fails the test
}

// all returns what was said, sorted.
func (c *chronicle) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(slices.Values(c.said))
}

// port returns the port of the server.
func (c *chronicle) port() string { return strconv.Itoa(c.Listener.Addr().(*net.TCPAddr).Port) }

// ask sends requests from some clients, each of which has connections of its
// own.
func (c *chronicle) ask(t *testing.T, clients, requests int) {
	t.Helper()
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			client := &http.Client{Transport: new(http.Transport), Timeout: patience}
			defer client.CloseIdleConnections()
			for j := range requests {
				url := fmt.Sprintf("%s/%d/%d?x=y", c.URL, i, j)
				r, err := client.Post(url, "text/plain", strings.NewReader(strings.Repeat("?", 1+j*j)))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					t.Error(err)
				}
				r.Body.Close()
			}
		})
	}
	all.Wait()
}

// sniffing starts socktrace sniff on the loopback.
func sniffing(t *testing.T, args ...string) *process {
	t.Helper()
	i, err := pcap.OpenInterface("lo", 0)
	if errors.Is(err, os.ErrPermission) {
		need.Skip(t, "sniff", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	i.Close()
	p := socktrace(t, nil, append([]string{"sniff", "-i", "lo"}, args...)...)
	p.err.await(t, "sniffing on lo")
	return p
}

// TestSniff shows each exchange once, and records it, with nothing of another
// port.
func TestSniff(t *testing.T) {
	for name, addr := range map[string]string{"IPv4": "127.0.0.1:0", "IPv6": "[::1]:0"} {
		t.Run(name, func(t *testing.T) {
			server, other := chronicleAt(t, addr), chronicleAt(t, addr)
			files := recordingsIn(t.TempDir())
			p := sniffing(t, append(files.flags(), "--port", server.port())...)
			other.ask(t, 2, 5)
			server.ask(t, 5, 20)
			other.ask(t, 2, 5)
			got := p.stop(os.Interrupt)
			check(t, "status", got.status, "exit status 0")
			check(t, "stdout", got.out, "")
			if strings.Contains(got.err, "gap") || strings.Contains(got.err, "dropped") || !strings.Contains(got.err, " packets\n") {
				t.Errorf("stderr %q", got.err)
			}
			var said []string
			for _, x := range parseExchanges(t, readFile(t, files.live)) {
				ev := x.event
				request, response := ev["request"].(map[string]any), ev["response"].(map[string]any)
				said = append(said, fmt.Sprintf("%s %s %q %v %q", ev["method"], ev["target"], request["body"], ev["status"], response["body"]))
				check(t, "state", ev["state"], any("done"))
			}
			slices.Sort(said)
			checkLines(t, "exchanges", strings.Join(said, "\n"), strings.Join(server.all(), "\n"))
			checkAgree(t, files)
		})
	}
}

// TestSniffText is what people see, live, and at the end.
func TestSniffText(t *testing.T) {
	server := chronicleAt(t, "127.0.0.1:0")
	p := sniffing(t, "--port", server.port(), "--color", "never")
	server.ask(t, 1, 1)
	p.out.await(t, "= 201 ") // before it ends
	got := p.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	for _, want := range []string{"> POST /0/0?x=y HTTP/1.1", "answer to /0/0", "socktrace: 1 connection, 1 exchange, "} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in %q", want, tail(got.out))
		}
	}
	if want := "socktrace: sniffing on lo, port " + server.port() + "\n"; !strings.HasPrefix(got.err, want) {
		t.Errorf("stderr %q", got.err)
	}
}

// TestSniffClosed is "socktrace sniff | head -1".
func TestSniffClosed(t *testing.T) {
	server := chronicleAt(t, "127.0.0.1:0")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	sniffing(t, "-q", "--port", server.port()).stop(os.Interrupt) // or skip
	p := socktrace(t, func(c *exec.Cmd) { c.Stdout = w }, "sniff", "-i", "lo", "--port", server.port(), "-f", "jsonl")
	p.err.await(t, "sniffing on lo")
	shut(r)
	server.ask(t, 1, 3)
	check(t, "status", p.end().status, "exit status 0")
}

// TestSniffErrors says what is wrong, and what to do.
func TestSniffErrors(t *testing.T) {
	program := testedProgram(t)
	dir := shortDir(t)
	if err := os.Chmod(dir, 0o777); err != nil { // another user could write there
		t.Fatal(err)
	}
	har := filepath.Join(dir, "x.har")
	for _, c := range []struct {
		args   string
		status string
		want   string
	}{
		{"", "exit status 2", "socktrace: sniff: no interface\nsocktrace: hint: -i takes one of any, lo"},
		{"-i eth99", "exit status 1", "socktrace: sniff eth99: no such network interface\nsocktrace: hint: there are any, lo"},
		{"-i lo", "exit status 1", "socktrace: sniff lo: operation not permitted\nsocktrace: hint: it needs root or CAP_NET_RAW: sudo setcap cap_net_raw+ep " + program + "\n"},
		{"-i lo --port 70000", "exit status 2", `socktrace: --port "70000": not a port such as 2375`},
		{"-i lo rest", "exit status 2", `socktrace: sniff: unexpected argument "rest"`},
	} {
		got := socktrace(t, func(cmd *exec.Cmd) {
			if os.Geteuid() == 0 {
				cmd.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
			}
		}, append(append([]string{"sniff"}, strings.Fields(c.args)...), "--har", har)...).end()
		check(t, "status of "+c.args, got.status, c.status)
		if !strings.HasPrefix(got.err, c.want) || got.out != "" {
			t.Errorf("%s: got %q, %q, want %q", c.args, got.out, got.err, c.want)
		}
	}
	if _, err := os.Stat(har); !os.IsNotExist(err) {
		t.Errorf("a file was made: %v", err)
	}
}

// TestSniffNowhere cannot open its output, and captures nothing.
func TestSniffNowhere(t *testing.T) {
	sniffing(t, "-q").stop(os.Interrupt) // or skip
	none := filepath.Join(t.TempDir(), "none", "x")
	got := socktrace(t, nil, "sniff", "-i", "lo", "-o", none).end()
	check(t, "end", got, result{"", "socktrace: output: open " + none + ": no such file or directory\n", "exit status 1"})
}
