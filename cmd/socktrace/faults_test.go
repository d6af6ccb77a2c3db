//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// answering is a daemon that answers each request with its target.
func answering(c net.Conn) {
	in := bufio.NewReader(c)
	for {
		q, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, q.Body)
		_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(q.RequestURI), q.RequestURI)
	}
}

// TestFault: a fault is told, and every recording has what the client got.
func TestFault(t *testing.T) {
	dir := t.TempDir()
	har, pcapng := filepath.Join(dir, "a.har"), filepath.Join(dir, "a.pcapng")
	l := listenWith(t, nil, fakeDaemon(t, answering), "-f", "jsonl", "--har", har, "--pcapng", pcapng,
		"--fault", `ContainerStart: 500 "no space left" skip 1 x1`, "--fault", "ImageList: reset", "--fault", "/info: delay 1ms 99.99999%", "--fault-seed", "4711")
	c := l.dial()
	in := bufio.NewReader(c)
	const start = "/v1.51/containers/web/start"
	for _, x := range []struct{ method, target, status, field, body string }{
		{"GET", "/info", "200 OK", "", "/info"},
		{"POST", start, "200 OK", "", start},
		{"POST", start, "500 Internal Server Error", "ContainerStart: 500", "{\"message\":\"no space left\"}\n"},
		{"POST", start, "200 OK", "", start},
	} {
		_, _ = io.WriteString(c, x.method+" "+x.target+" HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n{}")
		a, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(a.Body)
		check(t, x.method+" "+x.target, a.Status+" "+a.Header.Get("Socktrace-Fault")+" "+string(b), x.status+" "+x.field+" "+x.body)
	}
	c.Close()
	got := l.stop(syscall.SIGINT)
	check(t, "status", got.status, "exit status 0")
	for _, want := range []string{
		`socktrace: faults on purpose: ContainerStart: 500 "no space left" skip 1 x1` + "\n",
		"socktrace: faults on purpose: --fault-seed 4711 draws the same again\n",
		"socktrace: fault on purpose: ContainerStart: 500: exchange 1.3, 1 so far\n",
		"socktrace: fault on purpose: /info: delay 1ms: exchange 1.1, 1 so far\n",
		`socktrace: faults on purpose: ContainerStart: 500 "no space left" skip 1 x1: applied to 1 of 3 requests` + "\n",
		"socktrace: faults on purpose: ImageList: reset: never applied: there was no such request, or a rule before it took each\n",
	} {
		if !strings.Contains(got.err, want) {
			t.Errorf("it was not said: %q in\n%s", want, got.err)
		}
	}
	for name, trace := range map[string]string{
		"live": got.out,
		"HAR":  socktrace(t, nil, "read", "-f", "jsonl", har).end().out,
	} {
		if !strings.Contains(trace, `"code":"fault-on-purpose"`) || !strings.Contains(trace, `"detail":"ContainerStart: 500"`) {
			t.Errorf("%s does not tell it:\n%s", name, trace)
		}
	}
	for _, file := range []string{har, pcapng} {
		if out := socktrace(t, nil, "read", "--heads", "full", file).end().out; !strings.Contains(out, "< Socktrace-Fault: ContainerStart: 500\n") || !strings.Contains(out, "no space left") {
			t.Errorf("%s has not what was sent:\n%s", file, out)
		}
	}
}

// TestFaultFlags: what makes no sense is refused before anything is done.
func TestFaultFlags(t *testing.T) {
	for flags, want := range map[string]string{
		"--fault ContanerStart:500":            "--fault: \"ContanerStart\": no operation is called so: did you mean ContainerStart?",
		"--fault ContainerStart:stal":          "--fault: stal: not a status (500 \"no space left\"), delay 2s, cut after 1kB, reset or stall; did you mean stall?",
		"--fault-seed 3":                       "--fault-seed needs --fault RULE",
		"--fault (status==500):reset":          "--fault: (status==500): what becomes of a request is decided by its head, which does not tell status",
		"--via strace --fault ImageList:500":   "--fault has no meaning with strace: nothing that is said goes through socktrace",
		"--fault ImageList:500 --fault-seed x": "--fault-seed",
	} {
		args := append(append([]string{"run"}, strings.Fields(flags)...), "--", "true")
		got := socktrace(t, nil, args...).end()
		if got.status != "exit status 125" || !strings.Contains(got.err, want) {
			t.Errorf("%s: %s\n%s", flags, got.status, got.err)
		}
	}
}
