//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// TestWord: what is written fits the name, and what was there; or it is said.
func TestWord(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"old.har":   `{"log":{"version":"1.2","entries":[]}}`,
		"old.jsonl": `{"event":"open","time":"2026-01-02T03:04:05Z","conn":1}` + "\n",
		"old.pcap":  "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00",
		"old.txt":   "1.1 > GET / HTTP/1.1\n",
		"name":      `{"log":{"version":"1.2","entries":[]}}`,
		"wrong.har": "17:00:00.000  1.1  200\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("old.har", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ format, output, har, pcapng, want string }{
		{output: "new.txt", har: "new.har", pcapng: "new.pcapng"},
		{output: "old.txt", har: "old.har", pcapng: "old.pcap"},
		{format: "jsonl", output: "old.jsonl", har: "new.HAR.gz"},
		{format: "jsonl", output: "name.json", har: "-"},
		{output: "dir/nowhere", har: "link", pcapng: "-"},
		{output: "new.har", want: "new.har: the live output is text; --har FILE records HAR"},
		{output: "new.har.gz", format: "jsonl", want: "new.har.gz: the live output is JSON lines; --har FILE records HAR"},
		{output: "new.pcapng", format: "compact", want: "new.pcapng: the live output is text; --pcapng FILE records a capture"},
		{output: "new.jsonl.zst", want: "new.jsonl.zst: the live output is text; -f jsonl writes JSON lines"},
		{output: "old.har", want: "old.har: the live output is text, and replaces HAR that was there; --har FILE records HAR"},
		{output: "name", want: "name: the live output is text, and replaces HAR that was there"},
		{output: "name.txt", format: "jsonl", har: "old.har"},
		{output: "wrong.har", want: "wrong.har: the live output is text; --har FILE records HAR"},
		{har: "old.pcap", want: "old.pcap: --har records HAR, and replaces a capture that was there; --pcapng FILE records a capture"},
		{har: "new.jsonl", want: "new.jsonl: --har records HAR; -f jsonl writes JSON lines"},
		{pcapng: "old.jsonl", want: "old.jsonl: --pcapng records a capture, and replaces JSON lines that was there; -f jsonl writes JSON lines"},
	} {
		in := func(name string) string {
			if name == "" || name == "-" {
				return name
			}
			return filepath.Join(dir, name)
		}
		var out bytes.Buffer
		(&options{format: c.format, output: in(c.output), har: in(c.har), pcapng: in(c.pcapng)}).checkOutputs(t.Context(), &out)
		want := c.want
		if want != "" {
			want = "socktrace: " + want + "\n"
		}
		if got := strings.ReplaceAll(out.String(), dir+"/", ""); got != want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

// TestAgain: what was written in any format is replaced when it is written again, whatever
// it begins with.
func TestAgain(t *testing.T) {
	c := &wire.Conn{ID: 1, Server: wire.Peer{Addr: "unix:///run/docker.sock"}}
	named := func(operation, target string, fields ...wire.Field) *wire.Exchange {
		r := &wire.Request{Meta: wire.Meta{Conn: c, Exchange: 1}, Method: "POST", Target: target, Fields: fields, Call: wire.Call{Operation: operation}}
		return &wire.Exchange{Meta: r.Meta, Request: r}
	}
	secret := named("ImageCreate", "/images/create?fromImage=a&tag=b", wire.Field{Name: "X-Registry-Auth", Value: "[masked 3 bytes]", Masked: true})
	secret.Masked = []string{"request.headers.X-Registry-Auth"}
	begin := map[string]wire.Event{
		"a call": named("ContainerStart", "/containers/a/start"), "no call": named("Session", "/session"), "a secret": secret,
		"missing": &wire.Dropped{Events: 5}, "nothing": nil,
	}
	for _, format := range formatWords() {
		for what, ev := range begin {
			for _, color := range []bool{false, true} {
				var out bytes.Buffer
				sink := (&options{format: format}).newSink(render.Options{Color: color})(&out)
				if ev != nil {
					x, _ := ev.(*wire.Exchange)
					if err := sink.Event(ev, x); err != nil {
						t.Fatal(err)
					}
				}
				if err := sink.Close(); err != nil {
					t.Fatal(err)
				}
				name := filepath.Join(t.TempDir(), "out")
				if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				if _, strange := kindThere(t.Context(), name); strange {
					t.Errorf("%s, %s, in colour %v: strange is\n%.200s", format, what, color, &out)
				}
			}
		}
	}
	for _, text := range []string{"# Notes\n", "// a comment\n", "package main\n", "import sys\n"} {
		if isCalls([]byte(text)) {
			t.Errorf("%q is taken for calls", text)
		}
	}
}
