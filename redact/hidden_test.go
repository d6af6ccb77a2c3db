package redact

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestNotUnderstood: what is not understood of an exchange with secrets is masked: raw
// bytes and text, of it or left of it, bodies, and what anomalies quote. Of others it
// is shown.
func TestNotUnderstood(t *testing.T) {
	for _, tt := range []struct {
		line     string
		up, down bool // hidden
	}{
		{"POST /v1.41/secrets/create", true, true},
		{"POST /v5.0.0/libpod/secrets/create?name=x", true, true},
		{"GET /configs/x", true, true},
		{"POST /swarm/unlock", true, true},
		{"POST /SecretProvider.GetSecret", true, true},
		{"POST /auth", true, true},
		{"POST /AuthZPlugin.AuthZReq", true, true},
		{"POST /containers/x/attach?stdin=1", true, false},
		{"POST /exec/1/start", true, false},
		{"POST /v5.0.0/libpod/kube/play", true, false},
		{"GET /x", false, false},
	} {
		for dir, hide := range []bool{wire.ToServer: tt.up, wire.ToClient: tt.down} {
			dir := wire.Dir(dir)
			c := newConv()
			method, target, _ := strings.Cut(tt.line, " ")
			c.r.Event(&wire.Request{Meta: c.meta(1, wire.ToServer), Method: method, Target: target})
			check := func(what, shown string) {
				t.Helper()
				if strings.Contains(shown, "S3C") == hide {
					t.Errorf("%s: %s %v: %s", tt.line, what, dir, shown)
				}
			}
			for _, kind := range []wire.Kind{wire.KindRaw, wire.KindText} {
				check(kind.String(), string(c.message(1, dir, kind, "a "+secret).Data))
			}
			for _, content := range []wire.Kind{wire.KindText, wire.KindBinary} {
				check("body "+content.String(), string(c.body(1, dir, content, "a "+secret).Data))
			}
			for _, n := range []int{1, 0} {
				for _, detail := range []string{`begins with "a ` + secret + `\n"`, "a value cannot begin with 'S3C'"} {
					check("anomaly", c.r.Event(&wire.Anomaly{Meta: c.meta(n, dir), Detail: detail}).(*wire.Anomaly).Detail)
				}
			}
			c.r.Event(&wire.End{Meta: c.meta(1, wire.ToServer)})
			check("left over", string(c.message(0, dir, wire.KindRaw, "a "+secret).Data))
		}
	}
}

// TestProgressNotUnderstood: what is left of the progress of a build has its command
// lines, perhaps encoded.
func TestProgressNotUnderstood(t *testing.T) {
	const piece, trace = "1cmxQd18zMz S3C", `{"id":"moby.buildkit.trace","aux":"S3C"}`
	c := newConv()
	c.r.Event(&wire.Request{Meta: c.meta(1, wire.ToServer), Method: "POST", Target: "/v1.41/build?version=2"})
	for _, tt := range []struct {
		what string
		c    *conv
		n    int
		dir  wire.Dir
		data string
		hide bool
	}{
		{"of a build", c, 1, wire.ToClient, piece, true},
		{"of something else", newConv(), 0, wire.ToClient, piece, false},
	} {
		if got := string(tt.c.message(tt.n, tt.dir, wire.KindRaw, tt.data).Data); strings.Contains(got, "S3C") == tt.hide {
			t.Errorf("%s: %s", tt.what, got)
		}
	}
	c.r.Event(&wire.End{Meta: c.meta(1, wire.ToServer)})
	unseen := newConv()
	for i, got := range []*wire.Message{
		c.message(0, wire.ToClient, wire.KindRaw, piece), unseen.message(0, wire.ToClient, wire.KindRaw, trace), unseen.message(0, wire.ToClient, wire.KindRaw, piece),
	} {
		if strings.Contains(string(got.Data), "S3C") {
			t.Errorf("left over, %d: %s", i, got.Data)
		}
	}
}

// TestArchiveLeftOver: what is behind an archive may be the rest of it, and so may what
// an anomaly quotes.
func TestArchiveLeftOver(t *testing.T) {
	c := newConv()
	c.r.Event(&wire.Request{Meta: c.meta(1, wire.ToServer), Method: "PUT", Target: "/containers/x/archive?path=/"})
	if m := c.message(0, wire.ToServer, wire.KindRaw, secret); m.Masked == nil {
		t.Errorf("raw: %s", m.Data)
	}
	if m := c.message(0, wire.ToClient, wire.KindRaw, secret); m.Masked != nil {
		t.Errorf("the other direction: %s", m.Data)
	}
	if a := c.r.Event(&wire.Anomaly{Meta: c.meta(0, wire.ToServer), Detail: `"` + secret + `"`}).(*wire.Anomaly); strings.Contains(a.Detail, "S3C") {
		t.Errorf("anomaly: %s", a.Detail)
	}
}

// TestHiddenBody: a body that is nothing but a secret is masked even if it is JSON, and
// stays that.
func TestHiddenBody(t *testing.T) {
	for _, target := range []string{"/libpod/secrets/create?name=x", "/containers/x/attach?stdin=1"} {
		c := newConv()
		c.request(1, target)
		for _, in := range []string{`{"a":"S3C"}`, `"S3C"`, `12345`} {
			m, b := c.message(1, wire.ToServer, wire.KindJSON, in), c.body(1, wire.ToServer, wire.KindJSON, in)
			for _, got := range []string{string(m.Data), string(b.Data)} {
				if shown(got) != `"$"` {
					t.Errorf("%s: %s became %s", target, in, got)
				}
			}
		}
		if m := c.message(1, wire.ToClient, wire.KindJSON, `{"ID":"x"}`); m.Masked != nil {
			t.Errorf("%s: an answer: %s", target, m.Data)
		}
	}
}

// TestTypedBehindDocument: of what a client sends to start a process its document is
// seen, and nothing that it types behind that.
func TestTypedBehindDocument(t *testing.T) {
	const doc = `{"Detach":false,"Tty":true}`
	for in, want := range map[string]string{
		doc: doc, doc + "\n": doc + "\n", doc + "\n12345": doc + `"$"`, doc + `{"a":"S3C"}`: doc + `"$"`, `{"Tty":tr`: `"$"`, `{"Tty":nothing S3C`: `"$"`,
	} {
		c := newConv()
		c.request(1, "/exec/1/start")
		b := c.body(1, wire.ToServer, wire.KindJSON, in)
		if got := shown(string(b.Data)); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
		if (b.Masked == nil) != (in == want) {
			t.Errorf("%s: masked %q", in, b.Masked)
		}
		if m := c.message(1, wire.ToClient, wire.KindJSON, in); m.Masked != nil {
			t.Errorf("an answer: %s", m.Data)
		}
	}
	c := newConv()
	c.request(1, "/exec/1/start")
	for i, hide := range []bool{false, true} {
		m := &wire.Message{Meta: c.meta(1, wire.ToServer), Kind: wire.KindJSON, Index: i, Data: []byte(`{"a":"b"}`)}
		if got := c.r.Event(m).(*wire.Message); (got.Masked != nil) != hide {
			t.Errorf("document %d: %s", i, got.Data)
		}
	}
}

// TestControlFrames: of what closes a WebSocket that somebody types into only the
// status code is seen.
func TestControlFrames(t *testing.T) {
	c := newConv()
	c.request(1, "/containers/x/attach/ws?stdin=1")
	c.upgrade(1, "websocket")
	for in, want := range map[string]string{"\x03\xe8S3C": "\x03\xe8*", "\x03\xe8": "\x03\xe8", "S": "S"} {
		m := &wire.Message{Meta: c.meta(1, wire.ToServer), Kind: wire.KindWebSocket, Opcode: wire.OpClose, Data: []byte(in)}
		got := c.r.Event(m).(*wire.Message)
		if strings.NewReplacer("[masked 3 bytes]", "*").Replace(string(got.Data)) != want || (got.Masked == nil) != (in == want) {
			t.Errorf("%q became %q, %q", in, got.Data, got.Masked)
		}
	}
	ping := &wire.Message{Meta: c.meta(1, wire.ToServer), Kind: wire.KindWebSocket, Opcode: wire.OpClose + 1, Data: []byte("S3C")}
	if got := c.r.Event(ping).(*wire.Message); string(got.Data) != "[masked 3 bytes]" || !slices.Equal(got.Masked, []string{"request.stdin"}) {
		t.Errorf("a ping became %q, %q", got.Data, got.Masked)
	}
}

// TestUnasked: an answer of which nobody knows what it answers may be a config.
func TestUnasked(t *testing.T) {
	const config = `{"Spec":{"Name":"n","Data":"S3C"}}`
	c := newConv()
	if m := c.message(1, wire.ToClient, wire.KindJSON, config); shown(string(m.Data)) != `{"Spec":{"Name":"n","Data":"$"}}` {
		t.Errorf("got %s", m.Data)
	}
	c.request(2, "/x")
	if m := c.message(2, wire.ToClient, wire.KindJSON, config); m.Masked != nil {
		t.Errorf("another: %s", m.Data)
	}
	if m := c.message(3, wire.ToClient, wire.KindText, "[INFO] a, b: c\n"); m.Masked != nil {
		t.Errorf("text: %s", m.Data)
	}
}
