//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// echoTarget is a daemon that answers each request with its target, in a JSON
// document of some size.
func echoTarget(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		padding := strings.Repeat("x", len(req.RequestURI)*37%2000)
		body := fmt.Sprintf("{\"target\":%q,\"padding\":%q}\n", req.RequestURI, padding)
		if _, err := fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body); err != nil {
			return
		}
	}
}

// askTarget makes one request.
func askTarget(c net.Conn, r *bufio.Reader, target string) error {
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: docker\r\n\r\n", target); err != nil {
		return err
	}
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// ask makes requests until the connection breaks, and returns the targets
// whose answer it has all of.
func ask(c net.Conn, worker int) (answered []string) {
	r := bufio.NewReader(c)
	for n := 0; ; n++ {
		target := fmt.Sprintf("/%d/%d", worker, n)
		if askTarget(c, r, target) != nil {
			return answered
		}
		answered = append(answered, target)
	}
}

// askTimes makes so many requests.
func askTimes(t *testing.T, c net.Conn, worker, times int) {
	r := bufio.NewReader(c)
	for n := range times {
		if err := askTarget(c, r, fmt.Sprintf("/%d/%d", worker, n)); err != nil {
			t.Error(err)
			return
		}
	}
}

// TestKilled kills a recording under load, again and again: each time the HAR
// file is valid, and both files have every exchange whose client got all of
// the answer.
func TestKilled(t *testing.T) {
	t.Parallel()
	times := 200
	if testing.Short() {
		times = 20
	}
	daemon := fakeDaemon(t, echoTarget)
	for n := range times {
		har, pcapng := filepath.Join(t.TempDir(), "killed.har"), filepath.Join(t.TempDir(), "killed.pcapng")
		flags := []string{"-q", "--har", har}
		if n%10 == 0 {
			flags = append(flags, "--pcapng", pcapng)
		}
		l := listenWith(t, nil, daemon, flags...)
		var workers sync.WaitGroup
		answered := make([][]string, 3)
		for w := range answered {
			c := l.dial()
			workers.Go(func() { answered[w] = ask(c, w) })
		}
		time.Sleep(time.Duration(rand.IntN(int(60 * time.Millisecond))))
		l.stop(syscall.SIGKILL)
		workers.Wait()

		checkHas(t, "HAR", targetsInHAR(t, readFile(t, har)), answered)
		if n%10 == 0 {
			var targets []string
			got := socktrace(t, nil, "read", "-f", "jsonl", pcapng).end()
			for _, ev := range parseEvents(t, got.out).of("exchange") {
				if ev.State == "done" {
					targets = append(targets, ev.Target)
				}
			}
			checkHas(t, "pcapng", targets, answered)
		}
		if t.Failed() {
			t.Fatalf("the %dth of %d", n+1, times)
		}
	}
}

// targetsInHAR returns the targets of all entries of a HAR file that are done.
func targetsInHAR(t *testing.T, text string) (targets []string) {
	t.Helper()
	var file struct {
		Log struct {
			Entries []struct {
				Own struct {
					Target string `json:"target"`
					State  string `json:"state"`
				} `json:"_socktrace"`
				Response struct {
					Content struct {
						Text string `json:"text"`
					} `json:"content"`
				} `json:"response"`
			} `json:"entries"`
		} `json:"log"`
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatalf("the file is not valid: %v; its end: %q", err, tail(strings.TrimRight(text, " \n")))
	}
	for _, e := range file.Log.Entries {
		if e.Own.State != "open" && strings.Contains(e.Response.Content.Text, e.Own.Target) {
			targets = append(targets, e.Own.Target)
		}
	}
	return targets
}

// checkHas fails the test if one of the wanted targets is not there.
func checkHas(t *testing.T, what string, targets []string, wanted [][]string) {
	t.Helper()
	there := make(map[string]bool, len(targets))
	for _, target := range targets {
		there[target] = true
	}
	n := 0
	for _, list := range wanted {
		n += len(list)
		for _, target := range list {
			if !there[target] {
				t.Errorf("%s has no exchange with %s", what, target)
			}
		}
	}
	t.Logf("%s: %d exchanges, %d of them answered", what, len(targets), n)
}
