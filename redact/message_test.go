package redact

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/frames"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

func b64(s string) string    { return base64.StdEncoding.EncodeToString([]byte(s)) }
func b64url(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }

func (c *conv) body(exchange int, dir wire.Dir, content wire.Kind, data string) *wire.Body {
	return c.r.Event(&wire.Body{Meta: c.meta(exchange, dir), Content: content, Data: []byte(data), Bytes: int64(len(data)), WireBytes: int64(len(data)), Complete: true}).(*wire.Body)
}

func (c *conv) upgrade(exchange int, protocol string) {
	c.r.Event(&wire.Upgrade{Meta: c.meta(exchange, wire.ToClient), Protocol: protocol})
}

// TestInput: what is typed is masked, what is shown is not.
func TestInput(t *testing.T) {
	for _, target := range []string{"/v1.41/containers/x/attach?stdin=1", "/exec/1/start", "/containers/x/attach/ws"} {
		c := newConv()
		c.request(1, target)
		if m := c.message(1, wire.ToServer, wire.KindJSON, `{"Tty":false}`); (m.Masked == nil) != (target == "/exec/1/start") {
			t.Errorf("%s: %s", target, m.Data)
		}
		c.upgrade(1, "tcp")
		for _, kind := range []wire.Kind{wire.KindStdin, wire.KindRaw, wire.KindWebSocket} {
			m := c.message(1, wire.ToServer, kind, "hunter2\n")
			if string(m.Data) != "[masked 8 bytes]" || !slices.Equal(m.Masked, []string{"request.stdin"}) || m.Size != 8 {
				t.Errorf("%s: %v: %s %q", target, kind, m.Data, m.Masked)
			}
			if again := c.message(1, wire.ToServer, kind, string(m.Data)); string(again.Data) != string(m.Data) {
				t.Errorf("again: %s", again.Data)
			}
		}
		for _, kind := range []wire.Kind{wire.KindStdout, wire.KindTerminal, wire.KindRaw, wire.KindWebSocket} {
			if m := c.message(1, wire.ToClient, kind, "hunter2\n"); m.Masked != nil {
				t.Errorf("%s: output %v: %s", target, kind, m.Data)
			}
		}
		if m := c.message(0, wire.ToServer, wire.KindRaw, "late\n"); string(m.Data) != "[masked 5 bytes]" {
			t.Errorf("%s: of no exchange: %s", target, m.Data)
		}
	}
}

func TestWebSocket(t *testing.T) {
	c := newConv()
	c.request(1, "/1.0/events")
	c.upgrade(1, "websocket")
	if m := c.message(1, wire.ToClient, wire.KindWebSocket, `{"metadata":{"password":"x","a":"b"}}`); masktest.Bare(string(m.Data)) != `{"metadata":{"password":"*","a":"b"}}` {
		t.Errorf("JSON: %s", m.Data)
	}
	if m := c.message(1, wire.ToServer, wire.KindWebSocket, "hello https://u:pw@h/"); masktest.Bare(string(m.Data)) != "hello https://u:*@h/" {
		t.Errorf("text: %s", m.Data)
	}
	ping := c.r.Event(&wire.Message{Meta: c.meta(1, wire.ToServer), Kind: wire.KindWebSocket, Opcode: 9, Data: []byte("is token=S3CR3T")}).(*wire.Message)
	if masktest.Bare(string(ping.Data)) != "is token=*" {
		t.Errorf("a ping became %q", ping.Data)
	}
	m := c.r.Event(&wire.Message{Meta: c.meta(1, wire.ToServer), Kind: wire.KindWebSocket, Opcode: 8, Data: []byte("\x03\xe8bad token ghp_0123456789abcdef")}).(*wire.Message)
	if masktest.Bare(string(m.Data)) != "\x03\xe8bad token ghp_*" {
		t.Errorf("close: %q", m.Data)
	}
}

// TestSealed: nothing is seen of BuildKit's sessions, nor of HTTP/2.
func TestSealed(t *testing.T) {
	c := newConv()
	c.request(1, "/session")
	if m := c.message(1, wire.ToClient, wire.KindJSON, `{"message":"no"}`); m.Masked != nil {
		t.Errorf("an answer: %s", m.Data)
	}
	c.upgrade(1, "h2c")
	for _, n := range []int{1, 0} {
		for dir := range wire.Dir(2) {
			if m := c.message(n, dir, wire.KindRaw, "s3cr3t"); string(m.Data) != "[masked 6 bytes]" || m.Masked[0] != side(dir)+".raw" {
				t.Errorf("exchange %d: %s %q", n, m.Data, m.Masked)
			}
		}
	}

	c = newConv()
	c.upgrade(0, "h2")
	if m := c.message(0, wire.ToServer, wire.KindRaw, wire.HTTP2Preface+"x"); string(m.Data) != "[masked 25 bytes]" {
		t.Errorf("got %s", m.Data)
	}

	c = newConv()
	for i := range wire.HTTP2Preface {
		c.message(0, wire.ToServer, wire.KindRaw, wire.HTTP2Preface[i:i+1])
	}
	for dir := range wire.Dir(2) {
		if m := c.message(0, dir, wire.KindRaw, "s3cr3t"); string(m.Data) != "[masked 6 bytes]" {
			t.Errorf("after the preface in pieces: %s", m.Data)
		}
	}
	c = newConv()
	c.message(0, wire.ToServer, wire.KindRaw, "PRI vate")
	if m := c.message(0, wire.ToServer, wire.KindRaw, "talk"); string(m.Data) != "talk" {
		t.Errorf("got %s", m.Data)
	}
}

// TestArchives: of an archive its size and digest are left.
func TestArchives(t *testing.T) {
	ustar := strings.Repeat("\x00", 257) + "ustar\x00"
	for _, tt := range []struct {
		line, field string
		dir         wire.Dir
		content     wire.Kind
		data        string
		gone        bool
	}{
		{"POST /build", "", wire.ToServer, wire.KindBinary, "x", true},
		{"POST /v1.41/build?t=x", "", wire.ToServer, wire.KindText, "FROM x", true},
		{"PUT /containers/x/archive?path=/", "", wire.ToServer, wire.KindBinary, "\x1f\x8bx", true},
		{"POST /images/load", "", wire.ToServer, wire.KindBinary, "x", true},
		{"POST /images/create?fromSrc=-", "", wire.ToServer, wire.KindBinary, "x", true},
		{"POST /plugins/create?name=x", "", wire.ToServer, wire.KindBinary, "x", true},
		{"GET /containers/x/archive?path=/", "", wire.ToClient, wire.KindBinary, "x", true},
		{"GET /containers/x/export", "", wire.ToClient, wire.KindBinary, "x", true},
		{"GET /images/a/b/get", "", wire.ToClient, wire.KindBinary, "x", true},
		{"GET /images/get?names=x", "", wire.ToClient, wire.KindBinary, "x", true},
		{"GET /x", "Content-Type: application/x-tar", wire.ToClient, wire.KindBinary, "x", true},
		{"GET /x", "", wire.ToClient, wire.KindBinary, ustar, true},
		{"GET /containers/x/export", "", wire.ToClient, wire.KindJSON, `{"message":"no"}`, false},
		{"GET /containers/x/export", "", wire.ToClient, wire.KindText, "no", false},
		{"POST /build", "", wire.ToClient, wire.KindJSON, `{"stream":"x"}`, false},
		{"GET /x", "", wire.ToClient, wire.KindBinary, "\x1f\x8bx", false},
	} {
		c := newConv()
		method, target, _ := strings.Cut(tt.line, " ")
		c.r.Event(&wire.Request{Meta: c.meta(1, wire.ToServer), Method: method, Target: target})
		p := &wire.Response{Meta: c.meta(1, wire.ToClient), Status: 200}
		if tt.field != "" {
			p.Fields = []wire.Field{headerField(tt.field)}
		}
		c.r.Event(p)
		given := &wire.Body{Meta: c.meta(1, tt.dir), Content: tt.content, Data: []byte(tt.data), Bytes: 7, WireBytes: 9, Digest: "sha256:x", Complete: true}
		b := c.r.Event(given).(*wire.Body)
		if !tt.gone {
			if b != given {
				t.Errorf("%s: got %+v", tt.line, b)
			}
			continue
		}
		if b.Data != nil || !b.Truncated || b.Digest != "sha256:x" || b.Bytes != 7 || b.WireBytes != 9 || !slices.Equal(b.Masked, []string{side(tt.dir) + ".body"}) {
			t.Errorf("%s: got %+v", tt.line, b)
		}
		if given.Data == nil || given.Truncated {
			t.Errorf("%s: the given event was changed", tt.line)
		}
		if m := c.message(1, tt.dir, wire.KindRaw, tt.data); !strings.HasPrefix(string(m.Data), "[masked ") {
			t.Errorf("%s: raw: %s", tt.line, m.Data)
		}
		if again := c.r.Event(b); again != wire.Event(b) {
			t.Errorf("%s: again: %+v", tt.line, again)
		}
	}
}

// channels returns what a multiplexed stream consists of, and how many bytes its
// last frame lacks; false if it is malformed.
func channels(t *testing.T, data []byte) (text [4]string, lacks int) {
	t.Helper()
	const header = 8
	for len(data) >= header {
		n := int(binary.BigEndian.Uint32(data[4:]))
		if data[0] > 3 {
			t.Fatalf("a header with channel %d", data[0])
		}
		rest := data[header:]
		text[data[0]] += string(rest[:min(n, len(rest))])
		lacks = n - min(n, len(rest))
		data = rest[min(n, len(rest)):]
	}
	return text, lacks
}

func frame(channel byte, s string) string {
	return string(binary.BigEndian.AppendUint32([]byte{channel, 0, 0, 0}, uint32(len(s)))) + s
}

// TestFrames: a masked stream can be read as what it was, and its text is that
// of the messages.
func TestFrames(t *testing.T) {
	stream := frame(1, "out ghp_QQQQ") + frame(2, "err https://u:QQ") + frame(1, "QQQQQQQQ7QQQQQQ end\n") + frame(1, "") + frame(2, "QQ@h\n") + frame(3, "plain\n") + frame(0, "QQ")
	c := newConv()
	b := c.body(1, wire.ToClient, wire.KindMultiplexed, stream)
	text, lacks := channels(t, b.Data)
	var messages [4]string
	kinds := [...]wire.Kind{wire.KindStdin, wire.KindStdout, wire.KindStderr, wire.KindSystemErr}
	for rest := []byte(stream); len(rest) > 0; {
		n := binary.BigEndian.Uint32(rest[4:])
		messages[rest[0]] += string(c.message(1, wire.ToClient, kinds[rest[0]], string(rest[8:8+n])).Data)
		rest = rest[8+n:]
	}
	if text != messages || lacks != 0 {
		t.Errorf("body   %q\nframes %q", text, messages)
	}
	if strings.Contains(string(b.Data), masktest.Q) || masktest.Bare(text[1]) != "out ghp_** end\n" || masktest.Bare(text[2]) != "err https://u:**@h\n" || text[3] != "plain\n" {
		t.Errorf("got %q", text)
	}
	if !slices.Equal(b.Masked, []string{"response.stderr", "response.stdin", "response.stdout"}) {
		t.Errorf("masked %q", b.Masked)
	}
	for n := range len(stream) {
		_, was := channels(t, []byte(stream[:n]))
		out := c.body(1, wire.ToClient, wire.KindMultiplexed, stream[:n])
		if _, is := channels(t, out.Data); is != was || strings.Contains(string(out.Data), masktest.Q) {
			t.Errorf("cut at %d: lacks %d, want %d: %q", n, is, was, out.Data)
		}
		if again, names := frames.Mask(c.r.rules.Marks, out.Data, "x"); names != nil {
			t.Errorf("cut at %d: %q became %q", n, out.Data, again)
		}
	}
	if out := c.body(1, wire.ToClient, wire.KindMultiplexed, frame(1, "a\n")+"no frame, but ghp_QQQQQQQQQQQQQQQQ"); strings.Contains(string(out.Data), masktest.Q) {
		t.Errorf("got %q", out.Data)
	}
}

// textJSON is JSON in text, with secrets of several kinds.
const textJSON = `{"a":[1,true,"x\"y"],"pass\u0077ord":"QQQ\"Q","Env":["TOKEN=QQ7Q","A=b","URL=https://u:QQ@h/"],"Cmd":["--token","QQQ","sh","-c","KEY=QQ x"],` +
	`"Labels":{"my.secret":"QQ"},"Auth":{"password":["QQ",{"k":77}]},"note":"ghp_QQQQQQQQQQQQQQQ-","n":12}` + "\n" + `{"token":"QQQ"} `

// TestTextJSON: JSON under another name is masked by key, in any pieces, and
// the pieces are masked as the whole is.
func TestTextJSON(t *testing.T) {
	b := newConv().body(1, wire.ToClient, wire.KindText, textJSON)
	if strings.Contains(string(b.Data), masktest.Q) {
		t.Fatalf("got %s", b.Data)
	}
	whole := string(b.Data)
	keep := func(s string) string { return masktest.Placeholder.ReplaceAllString(s, "") }
	masktest.Cuts(len(textJSON), func(at []int) {
		out := streamOut(wire.KindText, wire.ToClient, textJSON, at)
		if strings.Contains(out, masktest.Q) {
			t.Fatalf("cut at %v: %s", at, out)
		}
		if len(at) == 1 && at[0] != strings.Index(textJSON, "77")+1 && keep(out) != keep(whole) && !strings.Contains(textJSON[at[0]-8:min(len(textJSON), at[0]+8)], "@h") {
			t.Fatalf("cut at %v:\n%s\n%s", at, out, whole)
		}
	})
	if out := streamOut(wire.KindText, wire.ToClient, "\n "+textJSON, []int{1, 2}); strings.Contains(out, masktest.Q) {
		t.Errorf("behind white space: %s", out)
	}
	if out := streamOut(wire.KindText, wire.ToClient, "[INFO] listening on http://h:80, password: x\n", []int{3, 9}); strings.Contains(out, "masked") {
		t.Errorf("plain text became %s", out)
	}
}

// TestForm: a form is masked as a query is.
func TestForm(t *testing.T) {
	c := newConv()
	c.request(1, "/x", "Content-Type: application/x-www-form-urlencoded; charset=utf-8")
	if m := c.message(1, wire.ToServer, wire.KindText, "user=u&password=hunter2&x=y"); shown(string(m.Data)) != "user=u&password=%24&x=y" {
		t.Errorf("got %s", m.Data)
	}
	if m := c.message(1, wire.ToServer, wire.KindText, "hunter2"); string(m.Data) != "[masked 7 bytes]" {
		t.Errorf("got %s", m.Data)
	}
	if b := c.body(1, wire.ToServer, wire.KindText, "user=u&password=hunter2&x=y"); shown(string(b.Data)) != "user=u&password=%24&x=y" {
		t.Errorf("got %s", b.Data)
	}
}

// TestSameBody: the body of a JSON message that had nothing to mask, and of
// one that had.
func TestSameBody(t *testing.T) {
	c := newConv()
	for n, in := range []string{`{"a":"b"}`, `{"password":"b"}`} {
		m := c.message(n+1, wire.ToClient, wire.KindJSON, in)
		b := c.body(n+1, wire.ToClient, wire.KindJSON, in+"\n")
		if string(b.Data) != string(m.Data)+"\n" || (b.Masked == nil) != (n == 0) {
			t.Errorf("message %s, body %s", m.Data, b.Data)
		}
	}
	if b := c.body(1, wire.ToClient, wire.KindJSON, `{"password":"b"}`); b.Masked == nil {
		t.Errorf("another body: %s", b.Data)
	}
}

// FuzzRedact plants secrets in JSON: what was valid stays so, the structure is
// the same, and the secrets are gone, in one piece and in several.
func FuzzRedact(f *testing.F) {
	f.Add([]byte(`{"a":"b","c":[1,2.5e3,null,true,{"Env":["A=b"]}]}`), 5)
	f.Add([]byte(`["\u0041uth",{"\u0041uth":"\ud83d\ude00"},null,true]`), 9)
	f.Add([]byte(textJSON), 30)
	f.Add([]byte(`{"Cmd":["sh","-c","x=\"y\" --z 'a b'"],"Labels":{"a":"b=c,d=e"}}`), 3)
	f.Add([]byte(`{"Cmd":["password=authorization : x"],"message":"TOKEN=$X_API_TOKEN : y"}`), 30)
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		if strings.Contains(string(text), masktest.Q) || strings.Contains(string(text), `\u0051`) || masktest.Placeholder.Match(text) || len(text) > 4<<10 {
			return
		}
		planted := `{"x":` + string(text) + `,"password":"QQ","Env":["MY_TOKEN=QQ"],"y":"ghp_QQQQQQQQQQQQQQQQ"}`
		m := newConv().message(1, wire.ToServer, wire.KindJSON, planted)
		if json.Valid([]byte(planted)) {
			if !json.Valid(m.Data) {
				t.Fatalf("%s\nbecame %s", planted, m.Data)
			}
			if strings.Contains(string(m.Data), masktest.Q) {
				t.Errorf("%s\nbecame %s", planted, m.Data)
			}
			if a, b := skeleton(t, []byte(planted)), skeleton(t, m.Data); a != b {
				t.Errorf("%s\nbecame %s:\n%s\n%s", planted, m.Data, a, b)
			}
			again := newConv().message(1, wire.ToServer, wire.KindJSON, string(m.Data))
			if string(again.Data) != string(m.Data) {
				t.Errorf("%s\nbecame %s", m.Data, again.Data)
			}
			if cut > 0 && cut < len(planted) {
				if out := streamOut(wire.KindText, wire.ToServer, planted, []int{cut}); strings.Contains(out, masktest.Q) {
					t.Errorf("%s\ncut at %d became %s", planted, cut, out)
				}
			}
		}
	})
}

// skeleton is the structure of a JSON text: numbers and strings are alike.
func skeleton(t *testing.T, text []byte) string {
	var b strings.Builder
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	for {
		tok, err := d.Token()
		if err != nil {
			return b.String()
		}
		switch tok := tok.(type) {
		case json.Delim:
			b.WriteString(tok.String())
		case string, json.Number:
			b.WriteByte('s')
		case bool:
			b.WriteByte('b')
		case nil:
			b.WriteByte('n')
		}
	}
}
