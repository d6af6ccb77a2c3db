package har_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares whole recordings, indented.
func TestGolden(t *testing.T) {
	golden := map[string]bool{"version": true, "exec_early_stdin": true, "continue": true, "odd_heads": true,
		"json_streams": true, "client_hangs_up": true, "websocket_fragments": true, "orphan": true, "connect": true}
	for _, s := range sessions(t, 1<<20) {
		if !golden[s.name] {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := json.Indent(&b, record(t, s.events, har.Options{Version: "1.0"}), "", " "); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", "golden", s.name+".har")
			if *update {
				if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if want := readFile(t, file); !bytes.Equal(b.Bytes(), want) {
				t.Errorf("differs from %s (-update writes it anew): %s", file, firstDifference(b.String(), string(want)))
			}
		})
	}
}

// TestMasked checks that what was masked comes back as such.
func TestMasked(t *testing.T) {
	masked := 0
	for _, s := range sessions(t, 1<<20) {
		r := redact.New(redact.Options{Key: []byte("test")})
		var evs []wire.Event
		book := tracetest.Booked(func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) })
		for _, ev := range s.events {
			if x, ok := ev.(*wire.Exchange); ok {
				ev = &wire.End{Meta: x.Meta, State: x.State, Upgrade: x.Upgrade}
			}
			book(r.Event(ev))
		}
		doc := record(t, evs, har.Options{})
		checkRules(t, doc)
		got := read(t, doc)
		sameExchanges(t, got, evs)
		sameMessages(t, got, evs)
		for _, x := range exchanges(got) {
			masked += len(x.Masked)
		}
		for _, secret := range []string{"s3cr3t", "hunter2"} {
			if strings.Contains(string(doc), secret) {
				t.Errorf("%s: %s is in the recording", s.name, secret)
			}
		}
	}
	if masked == 0 {
		t.Error("nothing was masked")
	}
}

// TestTCP checks what is told of a server on TCP, and of clients without a
// process.
func TestTCP(t *testing.T) {
	for addr, want := range map[string]string{
		"tcp://127.0.0.1:2375":         "127.0.0.1",
		"tcp://[::1]:2375":             "::1",
		"tcp://[fe80::1%eth0]:2375":    "fe80::1",
		"tcp://[::ffff:10.0.0.1]:2375": "10.0.0.1",
		"tcp://docker.example:2375":    "",
		"unix:///var/run/docker.sock":  "",
	} {
		c := &wire.Conn{ID: 7, Start: t0, Client: wire.Peer{Addr: "tcp://10.1.2.3:5555"}, Server: wire.Peer{Addr: addr}}
		doc := record(t, exchangeEvents(c, 1), har.Options{})
		checkRules(t, doc)
		h := parse(t, doc)
		if got := h.Log.Entries[0].ServerIPAddress; got != want {
			t.Errorf("%s: serverIPAddress %q, want %q", addr, got, want)
		}
		if title := h.Log.Pages[0].Title; title != "10.1.2.3 via "+strings.TrimPrefix(addr, "unix://") {
			t.Errorf("page %q", title)
		}
		if got := *read(t, doc)[0].EventMeta().Conn; got.ID != 7 || got.Client != c.Client || got.Server != c.Server || !got.Start.Equal(t0) {
			t.Errorf("connection %+v, want %+v", got, *c)
		}
	}
}
