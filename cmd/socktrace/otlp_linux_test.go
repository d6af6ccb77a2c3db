package main

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestOTLPSniff captures the port of the collector itself: what others ask for there is
// exported, and our own connection to it is not traced.
func TestOTLPSniff(t *testing.T) {
	c := collectorFor(t, 200)
	port := c.URL[strings.LastIndexByte(c.URL, ':')+1:]
	p := sniffing(t, "-q", "--port", port, "--otlp", c.URL)
	sent := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.bodies["/v1/traces"])
	}
	for i := range 3 { // what is exported the second time would tell of the first
		client := &http.Client{Transport: new(http.Transport)}
		q, err := http.NewRequest("POST", c.URL+"/other", strings.NewReader(gzipped("x")))
		if err != nil {
			t.Fatal(err)
		}
		r, err := client.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		client.CloseIdleConnections()
		await(t, "spans", func() bool { return sent() > i })
	}
	got := p.stop(os.Interrupt)
	check(t, "status", got.status, "exit status 0")
	spans := c.exchanges(t)
	check(t, "spans", len(spans), 3)
	if strings.Contains(c.text(), "/v1/traces") || !strings.Contains(c.text(), "/other") {
		t.Error("our own traffic is traced")
	}
}
