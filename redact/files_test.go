package redact

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

// ghToken looks like what it is.
var ghToken = "ghp_" + strings.Repeat("S3Cret", 6)

func (c *conv) file(exchange int, dir wire.Dir, name, text string) *wire.Message {
	return c.r.Event(&wire.Message{Meta: c.meta(exchange, dir), Kind: wire.KindText, Name: name, Data: []byte(text), Size: int64(len(text))}).(*wire.Message)
}

// sent returns a conversation in which an archive is sent.
func sent(line string) *conv {
	c := newConv()
	method, target, _ := strings.Cut(line, " ")
	c.r.Event(&wire.Request{Meta: c.meta(1, wire.ToServer), Method: method, Target: target})
	return c
}

// TestEntries: of an archive its list is shown, but what looks like a secret in names.
func TestEntries(t *testing.T) {
	for _, line := range []string{"POST /build", "PUT /containers/x/archive?path=/", "POST /images/load"} {
		c := sent(line)
		const plain = `{"name":"a/b","type":"link","mode":"0644","size":120,"mtime":"2026-01-02T03:04:05Z","uid":7,"gid":8,"link":"secret","sparse":true}`
		if m := c.message(1, wire.ToServer, wire.KindEntry, plain); m.Masked != nil || string(m.Data) != plain {
			t.Errorf("%s: %s", line, m.Data)
		}
		m := c.message(1, wire.ToServer, wire.KindEntry, `{"name":"`+ghToken+`","type":"file","link":"`+ghToken+`"}`)
		if bare := masktest.Bare(string(m.Data)); bare != `{"name":"ghp_*","type":"file","link":"ghp_*"}` || !json.Valid(m.Data) {
			t.Errorf("%s: %s", line, m.Data)
		}
		m = c.message(1, wire.ToServer, wire.KindEntry, `{"name":"a/password=hunter2","type":"link","link":"token=hunter2&x"}`)
		if bare := masktest.Bare(string(m.Data)); bare != `{"name":"a/password=*","type":"link","link":"token=*&x"}` || m.Masked == nil {
			t.Errorf("%s: %s", line, m.Data)
		}
	}
}

// TestFiles: files that people read are masked as text, and nothing else of an archive
// is shown.
func TestFiles(t *testing.T) {
	const file = "FROM x\nARG API_TOKEN=hunter2\nENV DB_PASSWORD hunter2\nENV A=1 API_KEY=hunter2\nRUN curl -u me:hunter2 x && login --password=hunter2\nRUN make\n"
	const want = "FROM x\nARG API_TOKEN=*\nENV DB_PASSWORD *\nENV A=1 API_KEY=*\nRUN curl -u me:* x && login --password=*\nRUN make\n"
	const entry = `{"name":"Dockerfile","type":"file"}`
	c := sent("POST /build")
	if m := c.file(1, wire.ToServer, "Dockerfile", file); strings.Contains(string(m.Data), "FROM") {
		t.Errorf("what is not in a list is shown: %s", m.Data)
	}
	c.message(1, wire.ToServer, wire.KindEntry, entry)
	for range 2 { // they are texts of their own
		if m := c.file(1, wire.ToServer, "Dockerfile", file); masktest.Bare(string(m.Data)) != want || !slices.Contains(m.Masked, "request.body.API_TOKEN") {
			t.Errorf("got %s, masked %q", m.Data, m.Masked)
		}
		c.file(1, wire.ToServer, "Dockerfile", `{"a":`)
	}
	if m := c.file(1, wire.ToServer, "d/"+ghToken, "FROM x"); masktest.Bare(m.Name) != "d/ghp_*" || !slices.Equal(m.Masked, []string{"request.body"}) {
		t.Errorf("got %s with %s, masked %q", m.Name, m.Data, m.Masked)
	}
	if m := c.file(1, wire.ToServer, "pin=hunter2/Dockerfile", "FROM x"); masktest.Bare(m.Name) != "pin=*" || m.Masked == nil {
		t.Errorf("got %s, masked %q", m.Name, m.Masked)
	}
	if m := c.file(1, wire.ToServer, ".dockerignore", "*.log\n"); m.Masked != nil {
		t.Errorf("got %s", m.Data)
	}
	for _, kind := range []wire.Kind{wire.KindText, wire.KindRaw} {
		if m := c.message(1, wire.ToServer, kind, "FROM x"); m.Masked == nil {
			t.Errorf("%v without a name: %s", kind, m.Data)
		}
	}
	if m := c.file(1, wire.ToClient, "Dockerfile", "API_TOKEN=hunter2"); strings.Contains(string(m.Data), "hunter2") {
		t.Errorf("the other direction: %s", m.Data)
	}
	cut := c.r.Event(&wire.Message{Meta: c.meta(1, wire.ToServer), Kind: wire.KindText, Name: "Dockerfile", Data: []byte("ARG API_TOKEN=hun"), Size: 99, Truncated: true}).(*wire.Message)
	if string(cut.Data) != "ARG API_TOKEN=[masked 3 bytes]" { // whose mark would be another
		t.Errorf("cut: %s", cut.Data)
	}
	c = sent("POST /auth")
	c.message(1, wire.ToServer, wire.KindEntry, entry)
	if m := c.file(1, wire.ToServer, "Dockerfile", "FROM x"); string(m.Data) == "FROM x" {
		t.Errorf("where all is secret: %s", m.Data)
	}
}

// TestTarBody: of the body itself nothing is shown, and of its sum a name.
func TestTarBody(t *testing.T) {
	body := func(largest string) *wire.Body {
		return &wire.Body{Content: wire.KindTar, Data: []byte("a secret"), Bytes: 8, Complete: true, Digest: "sha256:0", Files: &wire.Files{Files: 2, Bytes: 9, Largest: largest, Most: 8, Role: "r"}}
	}
	show := func(line string, b *wire.Body) *wire.Body {
		c := sent(line)
		b.Meta = c.meta(1, wire.ToServer)
		return c.r.Event(b).(*wire.Body)
	}
	for _, line := range []string{"POST /build", "POST /x"} {
		b := show(line, body("a/b"))
		if len(b.Data) > 0 || !b.Truncated || b.Digest != "sha256:0" || *b.Files != *body("a/b").Files || !slices.Equal(b.Masked, []string{"request.body"}) {
			t.Errorf("%s: %+v %+v", line, b, b.Files)
		}
		sum := body(ghToken)
		if b = show(line, sum); masktest.Bare(b.Files.Largest) != "ghp_*" || b.Files.Files != 2 || b.Files.Most != 8 || sum.Files.Largest != ghToken {
			t.Errorf("%s: %+v", line, b.Files)
		}
		none := body("")
		none.Data = nil
		if b = show(line, none); b != none {
			t.Errorf("%s: %+v", line, b)
		}
	}
	if b := show("POST /auth", body("a/b")); strings.Contains(b.Files.Largest, "a") && b.Files.Largest == "a/b" {
		t.Errorf("where all is secret: %+v", b.Files)
	}
	for _, whole := range []int64{8, 9} {
		b := body("")
		b.Bytes = whole
		if isWhole(b) != (whole == 8) {
			t.Errorf("%d bytes of 8 are all", whole)
		}
	}
}
