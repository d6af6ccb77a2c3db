package serve

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// Frames of tests: what a client says, and what a server does.
func says(opcode byte, data string) string {
	return string(websocket.AppendMasked(nil, opcode, true, [4]byte{7, 200, 0, 9}, []byte(data)))
}

func told(opcode byte, data string) string {
	return string(websocket.Append(nil, opcode, true, []byte(data)))
}

// closing is what is in a close frame.
func closing(code int, reason string) string { return string(websocket.ClosePayload(code, reason)) }

// attachWS asks for a WebSocket; more are further fields.
func attachWS(more ...string) string {
	return "GET /v1.41/containers/" + idA + "/attach/ws?stream=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + strings.Join(more, "") + "\r\n"
}

// acceptedWS is the answer; more are further fields.
func acceptedWS(more ...string) string {
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" + strings.Join(more, "") + "\r\n"
}

// socketText returns a transcript of a WebSocket in which lines are said.
func socketText(fields string, lines ...string) string {
	head := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: of-another\r\n" + fields + "\r\n"
	return fmt.Sprintf("conn\n> %q\n< +1ms %q\n%s\n", strings.Replace(attachWS(fields), "dGhl", "AAAA", 1), head, strings.Join(lines, "\n"))
}

// up and down are lines of a transcript.
func up(data string) string   { return fmt.Sprintf("> +1ms %q", data) }
func down(data string) string { return fmt.Sprintf("< +1ms %q", data) }

// talkText is a WebSocket in which both say something, and the server ends it.
var talkText = socketText("X-Other: 1\r\n",
	down(told(1, "ready")), up(says(1, "early")), down(told(2, "EARLY")), down(told(9, "there?")), up(says(10, "there?")),
	up(says(9, "you?")), down(told(10, "you?")), up(says(2, "la")+says(2, "te")), down(told(1, "")+told(2, strings.Repeat("x", 300))),
	down(told(8, closing(1001, "gone"))), up(says(8, closing(1001, ""))), "< eof", "close")

// serveSocket starts a server of a transcript, which is not masked.
func serveSocket(t *testing.T, text string) *daemon {
	t.Helper()
	s, err := scriptOf(text, ReadOptions{ShowSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	return serving(t, s, Options{Speed: Max})
}

// upgrade begins a WebSocket.
func (d *daemon) upgrade() *stream {
	d.t.Helper()
	c := d.dial(attachWS())
	if got := c.head(); !strings.HasPrefix(got, "HTTP/1.1 101 ") {
		d.t.Fatalf("head %q", got)
	}
	return c
}

// missedOnce fails unless one request was missed, for a reason; none if that is empty.
func (d *daemon) missedOnce(why string) {
	d.t.Helper()
	d.close()
	switch r := d.Report(); {
	case why == "" && r.Missed != 0:
		d.t.Errorf("missed %+v", r.Misses)
	case why != "" && (r.Missed != 1 || !strings.Contains(r.Misses[0].Why, why)):
		d.t.Errorf("missed %+v, want %s", r.Misses, why)
	}
}

// TestWebSocket plays a WebSocket, whose client's bytes may be cut anywhere: what came behind some
// input waits for as much of it, and pings are answered with what is in them.
func TestWebSocket(t *testing.T) {
	for _, size := range []int{1, 3, 1000} {
		d := serveSocket(t, talkText)
		c := d.dial(attachWS("Sec-WebSocket-Extensions: permessage-deflate\r\n"))
		if got, want := c.head(), acceptedWS("X-Other: 1\r\n"); got != want {
			t.Fatalf("head %q, want %q", got, want)
		}
		say := func(text string) {
			for len(text) > 0 {
				n := min(size, len(text))
				c.say(text[:n])
				text = text[n:]
			}
		}
		c.hears(told(1, "ready"))
		say(says(9, "mine"))
		c.hears(told(10, "mine"))
		say(says(1, "earl"))
		say(says(9, ""))
		c.hears(told(10, "")) // and not yet the answer to all of it
		say(says(1, "y"))
		c.hears(told(2, "EARLY") + told(9, "there?"))
		say(says(10, "there?") + says(2, "late"))
		c.hears(told(1, "") + told(2, strings.Repeat("x", 300)) + told(8, closing(1001, "gone")))
		say(says(8, closing(1001, "")))
		c.ends()
		c.Close()
		d.missedOnce("")
	}
}

// TestWebSocketHasty: the answer comes before that to a ping which a client has sent with its offer.
func TestWebSocketHasty(t *testing.T) {
	s, err := scriptOf(strings.Repeat(talkText+"\n", 200), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := serving(t, s, Options{Speed: Max})
	for range s.Exchanges() {
		c := d.dial(attachWS() + says(9, "x"))
		if got, want := c.head(), acceptedWS("X-Other: 1\r\n"); got != want {
			t.Fatalf("head %q, want %q", got, want)
		}
		c.Close()
	}
}

// TestWebSocketOtherInput tells that the input is another.
func TestWebSocketOtherInput(t *testing.T) {
	d := serveSocket(t, talkText)
	c := d.upgrade()
	c.say(says(1, "eaRly"))
	c.hears(told(1, "ready") + told(2, "EARLY") + told(9, "there?"))
	c.Close()
	d.left()
	d.missedOnce("its input is not that of the recording, from byte 2 on")
}

// TestWebSocketMasked: of input that is masked counts how much it is.
func TestWebSocketMasked(t *testing.T) {
	d := serving(t, scripted(t, talkText), Options{Speed: Max})
	c := d.upgrade()
	c.hears(told(1, "ready"))
	c.say(says(1, "other"))
	c.hears(told(2, "EARLY") + told(9, "there?"))
	c.Close()
	d.left()
	d.missedOnce("")
}

// TestWebSocketIsClosed: the client's close is answered, with what came behind it in the recording; if
// nothing did, with its own.
func TestWebSocketIsClosed(t *testing.T) {
	sorted := []string{up(says(1, "b\n")), up(says(1, "a\n")), down(told(1, "? ")), up(says(8, closing(1000, "bye"))), up(says(8, "")), down(told(2, "a\nb\n")), down(told(8, closing(1000, "done")) + told(1, "behind"))}
	for _, c := range []struct {
		name  string
		lines []string
		say   []string
		hear  string
	}{
		{"as recorded", append(sorted, "< eof", "close"), []string{says(1, "b\na\n"), says(8, closing(1000, "bye"))}, told(2, "a\nb\n") + told(8, closing(1000, "done"))},
		{"sooner than recorded", append(sorted, "< eof", "close"), []string{says(8, closing(4000, "x"))}, told(2, "a\nb\n") + told(8, closing(1000, "done"))},
		{"which has no answer", []string{up(says(8, closing(1000, ""))), "> eof", "< eof", "close"}, []string{says(8, closing(3000, "x"))}, told(8, closing(3000, "x"))},
		{"which was not", []string{up(says(1, "x")), down(told(1, "y")), "< eof", "close"}, []string{says(8, closing(3000, "x"))}, told(8, closing(3000, "x"))},
		{"without a code", []string{up(says(1, "x")), down(told(1, "y")), "< eof", "close"}, []string{says(8, "")}, told(8, "")},
		{"which the client has left", []string{up(says(1, "x")), "> eof", "close"}, []string{says(1, "x"), says(8, closing(1000, "")) + says(1, "ignored") + "nonsense"}, told(8, closing(1000, ""))},
	} {
		d := serveSocket(t, socketText("", c.lines...))
		s := d.upgrade()
		for _, text := range c.say {
			s.say(text)
		}
		text, err := io.ReadAll(s.r)
		if got := strings.TrimPrefix(string(text), told(1, "? ")); got != c.hear || err != nil {
			t.Errorf("%s: got %q (%v), want %q", c.name, got, err, c.hear)
		}
		s.Close()
		d.missedOnce("")
	}
}

// TestWebSocketEnds: what ended without a close does so, and what broke off breaks off.
func TestWebSocketEnds(t *testing.T) {
	d := serveSocket(t, socketText("", down(told(1, "y")+"\x01\x05he"), "< eof", "close"))
	c := d.upgrade()
	c.hears(told(1, "y") + "\x01\x02he") // of a message the beginning
	c.ends()
	c.Close()
	d = serveSocket(t, socketText("", down(told(1, "y")), `close "connection reset by peer"`))
	c = d.upgrade()
	c.hears(told(1, "y"))
	c.ends()
}

// TestWebSocketBreaches: who breaks the rules is told so, and gets nothing more.
func TestWebSocketBreaches(t *testing.T) {
	for _, c := range []struct {
		say, why string
		code     int
	}{
		{told(1, "x"), "a frame without a mask", 1002},
		{"\xc1\x80abcd", "reserved bits 100", 1002},
		{"\x83\x80abcd", "opcode 3", 1002},
		{"\x89\xfe\x00\x7eabcd", "a control frame of 126 bytes", 1002},
		{"\x09\x80abcd", "a control frame in fragments", 1002},
		{"\x80\x80abcd", "a continuation of nothing", 1002},
		{"\x82\xff\x00\x00\x00\x01\x00\x00\x00\x00abcd", "a message of more than 67108864 bytes", 1009},
		{"\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00abcd", "a frame of more than 9223372036854775807 bytes", 1002},
		{says(8, "\x03"), "a close frame with half a status code", 1002},
		{says(8, closing(1005, "")), "a close frame with the status code 1005", 1002},
	} {
		d := serveSocket(t, socketText("", down(told(1, "y")), up(says(1, "x")), down(told(1, "never")), "< eof", "close"))
		s := d.upgrade()
		s.hears(told(1, "y"))
		s.say(c.say + says(1, "xxxxx"))
		s.hears(told(8, closing(c.code, c.why)))
		s.ends()
		s.Close()
		d.missedOnce("what it sends breaks the rules of WebSockets: " + c.why)
	}
}

// TestWebSocketCause: what the container prints waits until it is started; clients that leave
// meanwhile, in whatever way, are freed.
func TestWebSocketCause(t *testing.T) {
	text := socketText("", "< +50ms \"\\x81\\x02hi\"", "< eof", "close") + fmt.Sprintf("conn +20ms\n> %q\n< +1ms %q\nclose\n",
		"POST /v1.41/containers/"+idA+"/start HTTP/1.1\r\nHost: d\r\n\r\n", asAnswer("204"))
	d := serveSocket(t, text)
	c := d.upgrade()
	c.say(says(9, "still here"))
	c.hears(told(10, "still here"))
	d.check("POST /containers/"+idA+"/start", "204")
	c.hears(told(1, "hi"))
	c.ends()
	c.Close()
	d.missedOnce("")
	for _, leave := range []func(c *stream){
		func(c *stream) { c.Close() },
		func(c *stream) { c.say("\x81"); c.Close() },
		func(c *stream) { c.say("\x81\x85abcdhe"); c.halfClose(); c.Close() },
		func(c *stream) { c.say(says(8, "")); c.hears(told(8, "")); c.Close() },
		func(c *stream) { c.say("rubbish"); c.Close() },
	} {
		d := serveSocket(t, text)
		leave(d.upgrade())
		d.left()
		if w := d.Report().Waits; len(w) != 1 || w[Wait{"ContainerAttachWebsocket", "ContainerStart"}] != 1 {
			t.Errorf("waited for %v", w)
		}
	}
}

// TestWebSocketServerCloses ends those that are open, and what is sent to a client that reads nothing.
func TestWebSocketServerCloses(t *testing.T) {
	d := serveSocket(t, socketText("", down(told(2, strings.Repeat("x", 1<<20))), "> eof", "close"))
	c := d.upgrade()
	go io.Copy(c.Conn, strings.NewReader(strings.Repeat(says(9, "ping"), 1<<16))) // which it does not get rid of
	d.close()
	if _, err := io.Copy(io.Discard, c.r); err != nil && !isReset(err) {
		t.Error(err)
	}
}

// isReset reports whether a connection was thrown away by its other end.
func isReset(err error) bool { return strings.Contains(err.Error(), "reset") }

// TestWebSocketOffers: what is no handshake is refused, uses up nothing, and says why; nor does
// the recording become another protocol than it was.
func TestWebSocketOffers(t *testing.T) {
	d := serveSocket(t, talkText)
	for from, to := range map[string]string{"Key: d": "Key: ", "Version: 13": "Version: 8", "Connection: Upgrade": "Connection: close"} {
		c := d.dial(strings.Replace(attachWS(), from, to, 1))
		if got := c.head(); !strings.HasPrefix(got, "HTTP/1.1 400 ") || !strings.Contains(got, "Sec-Websocket-Version: 13\r\n") {
			t.Errorf("%s: head %q", to, got)
		}
		c.Close()
	}
	c := d.upgrade()
	c.hears(told(1, "ready"))
	c.Close()
	d.checkMissed("GET /containers/"+idA+"/attach/ws?stream=1", "it asks for no WebSocket, which it was in the recording")
	c = d.dial(attachWS())
	if got := c.head(); !strings.HasPrefix(got, "HTTP/1.1 501 ") {
		t.Errorf("for the second time: %q", got)
	}
	target := strings.Fields(attachWS())[1]
	d = serving(t, scripted(t, exchangeText("GET "+target, `404 {"message":"No such container"}`)), Options{Speed: Max})
	if got := d.dial(attachWS()).head(); !strings.HasPrefix(got, "HTTP/1.1 404 ") {
		t.Errorf("what was refused: %q", got)
	}
	d = serving(t, scripted(t, strings.ReplaceAll(talkText, "websocket", "tcp")), Options{Speed: Max})
	if got := d.dial(attachWS()).head(); !strings.HasPrefix(got, "HTTP/1.1 501 ") {
		t.Errorf("what was none becomes one: %q", got)
	}
}

// TestWebSocketProtocols: a protocol comes back if it is offered, and what was compressed comes
// plain.
func TestWebSocketProtocols(t *testing.T) {
	const chat = "Sec-WebSocket-Protocol: chat\r\n"
	d := serveSocket(t, socketText(chat, down(told(1, "y")), "< eof", "close")+socketText(chat, down(told(1, "z")), "< eof", "close"))
	for more, want := range map[string]string{"Sec-WebSocket-Protocol: x, chat\r\n": acceptedWS(chat), "": acceptedWS()} {
		if got := d.dial(attachWS(more)).head(); got != want {
			t.Errorf("%q: got %q, want %q", more, got, want)
		}
	}
	conns := tracetest.Load(t, "../decode/testdata/transcripts/websocket_deflate.txt")[0].Conns
	r := newReader(ReadOptions{ShowSecrets: true}, func() {})
	conn := conns[0].Wire(1, time.Unix(1000, 0))
	conns[0].Play(conn, r.tap(conn))
	s, err := r.finish()
	if err != nil {
		t.Fatal(err)
	}
	c := serving(t, s, Options{Speed: Max}).dial(strings.Replace(attachWS(), "/v1.41/containers/"+idA+"/attach/ws?stream=1", "/x", 1))
	if got := c.head(); got != acceptedWS() {
		t.Errorf("compressed: got %q", got)
	}
	const again = "a message that is sent again and again"
	c.hears(told(1, again) + told(9, "p") + told(1, again) + told(1, "not compressed") + told(2, "") + told(1, ""))
}

// TestChannels: the channels of Kubernetes come as they were, and wait for as much input.
func TestChannels(t *testing.T) {
	for _, name := range []string{"channels", "channels_base64"} {
		session := tracetest.Load(t, "../decode/testdata/transcripts/"+name+".txt")[0]
		r := newReader(ReadOptions{ShowSecrets: true}, func() {})
		conn := session.Conns[0].Wire(1, time.Unix(1000, 0))
		session.Conns[0].Play(conn, r.tap(conn))
		s, err := r.finish()
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, p := range s.exchanges[0].answer.pieces {
			got.Write(p.data)
		}
		want := map[string]string{
			"channels": told(2, "\x01") + told(2, "\x01date\n") + told(2, "\x02err\n") + told(2, "\x03{\"status\":\"Success\"}") + told(2, "\x03exit status 1") +
				told(2, "\x01parts\n") + told(8, closing(1000, "")),
			"channels_base64": told(1, "1ZGF0ZQo=") + told(1, "2ZQ==") + told(1, "1bm8gYmFzZTY0IQ==") + told(1, "3eyJzdGF0dXMiOiJTdWNjZXNzIn0=") + told(1, "9x") + told(8, closing(1000, "")),
		}[name]
		if got.String() != want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got.String(), want)
		}
		if in := string(s.exchanges[0].answer.input.data); name == "channels" && in != "\x00ls\n\x04{\"Width\":80,\"Height\":24}\xff\x00\xff\t\x07what" {
			t.Errorf("input %q", in)
		}
	}
}

// TestFrames: what was not recorded is not served, and browsers' recordings end in order.
func TestFrames(t *testing.T) {
	at := time.Unix(1, 0)
	m := func(opcode byte, data string, size int64) *wire.Message {
		return &wire.Message{Meta: wire.Meta{End: at}, Kind: wire.KindWebSocket, Opcode: opcode, Data: []byte(data), Size: size, Truncated: size > int64(len(data))}
	}
	if _, lacks := (channels{}).frames([]*wire.Message{m(1, "x", 2)}); lacks != notKept {
		t.Errorf("lacks %q", lacks)
	}
	hidden := m(1, "«masked»", 100)
	hidden.Masked = []string{"response.body"}
	parts, lacks := channels{}.frames([]*wire.Message{hidden, m(9, strings.Repeat("p", 200), 200), m(10, "x", 1)})
	if lacks != "" || len(parts) != 2 || string(parts[0].data) != told(1, "«masked»") || string(parts[1].data) != told(9, strings.Repeat("p", 125)) {
		t.Errorf("lacks %q, %v", lacks, parts)
	}
	if parts = inOrder(parts, 5); len(parts) != 3 || string(parts[2].data) != told(8, closing(1000, "")) || parts[2].at != 5 {
		t.Errorf("its end: %v", parts)
	}
	if again := inOrder(parts, 5); len(again) != 3 {
		t.Errorf("two ends: %v", again)
	}
}

// browserSocket is a WebSocket in a HAR file of a browser: messages alone.
const browserSocket = `{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"entries":[
{"startedDateTime":"2026-01-02T03:04:05.000Z","time":2000,"request":{"method":"GET","url":"ws://d/x","httpVersion":"HTTP/1.1","headers":[{"name":"Upgrade","value":"websocket"}],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},
 "response":{"status":101,"statusText":"Switching Protocols","httpVersion":"HTTP/1.1","headers":[{"name":"Upgrade","value":"WebSocket"},{"name":"Sec-WebSocket-Extensions","value":"permessage-deflate"}],"cookies":[],"content":{"size":0,"mimeType":"x-unknown"},"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"send":0,"wait":10,"receive":0},
 "_webSocketMessages":[{"type":"send","time":1767323045.5,"opcode":1,"data":"hi"},{"type":"receive","time":1767323046,"opcode":2,"data":"AAE="},{"type":"receive","time":1767323046.1,"opcode":1,"data":"ü"}]}
]}}`

// TestBrowsersWebSocket serves the recording of a browser, which has no control frames: it ends in order.
func TestBrowsersWebSocket(t *testing.T) {
	file := filepath.Join(t.TempDir(), "browser.har")
	if err := os.WriteFile(file, []byte(browserSocket), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Read(context.Background(), []string{file}, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := serving(t, s, Options{Speed: Max}).dial(strings.Replace(attachWS(), "/v1.41/containers/"+idA+"/attach/ws?stream=1", "/x", 1))
	if got := c.head(); got != acceptedWS() {
		t.Errorf("head %q", got)
	}
	c.say(says(1, "hi"))
	c.hears(told(2, "\x00\x01") + told(1, "ü") + told(8, closing(1000, "")))
	c.say(says(8, closing(1000, "")))
	c.ends()
}

// TestWebSocketsAtOnce: several clients of one, pinged while it speaks.
func TestWebSocketsAtOnce(t *testing.T) {
	var text strings.Builder
	var lines []string
	for i := range 50 {
		lines = append(lines, down(told(1, fmt.Sprint("line ", i))))
	}
	const clients = 8
	for range clients {
		text.WriteString(socketText("", append(lines, down(told(8, closing(1000, ""))), "< eof", "close")...))
	}
	d := serveSocket(t, text.String())
	var all sync.WaitGroup
	for range clients {
		c := d.upgrade()
		all.Go(func() {
			for range 50 {
				if _, err := io.WriteString(c.Conn, says(9, "p")); err != nil {
					break // it has ended
				}
				runtime.Gosched()
			}
			b, err := io.ReadAll(c.r)
			got := strings.ReplaceAll(string(b), told(10, "p"), "")
			if !strings.HasPrefix(got, told(1, "line 0")) || !strings.HasSuffix(got, told(1, "line 49")+told(8, closing(1000, ""))) || err != nil && !isReset(err) {
				t.Errorf("got %q, %v", got, err)
			}
			c.Close()
		})
	}
	within(t, "the clients", all.Wait)
	d.missedOnce("")
}
