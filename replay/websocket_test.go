package replay

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// webSocketDaemon is a daemon with a WebSocket: it makes containers with idNow, and says what begin
// is first. hear gets what the client says, and returns what is said then; "" ends the connection.
func webSocketDaemon(t *testing.T, begin string, hear func(said string) string) *Player {
	t.Helper()
	return daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/create") {
			w.WriteHeader(201)
			fmt.Fprintf(w, `{"Id":%q,"Warnings":[]}`, idNow)
			return
		}
		if err := websocket.CheckOffer(r.Method, r.Header); err != nil || r.Header.Get("Sec-WebSocket-Extensions") != "" || r.Header.Get("Sec-WebSocket-Key") == keyThen {
			t.Errorf("%v in %v", err, r.Header)
		}
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n%s",
			websocket.Accept(r.Header.Get("Sec-WebSocket-Key")), begin)
		converse(t, conn, rw.Reader, hear)
	}))
}

// errOver says that the daemon says no more.
var errOver = errors.New("over")

// converse has hear take what comes, message by message, until it says no more.
func converse(t *testing.T, conn net.Conn, from *bufio.Reader, hear func(said string) string) {
	r := websocket.Reader{Masked: true, Most: 1 << 20}
	buf, message := make([]byte, 7), ""
	for {
		n, readErr := from.Read(buf)
		err := r.Write(buf[:n], func(p websocket.Part) error {
			if message += string(p.Data); !p.Last {
				return nil
			}
			text := hear(fmt.Sprintf("%d %s", p.Opcode, message))
			message = ""
			if _, err := io.WriteString(conn, text); text == "" || err != nil {
				return errOver
			}
			return nil
		})
		if err == errOver || readErr != nil {
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
	}
}

// said returns a frame of a daemon.
func said(opcode byte, data string) string {
	return string(websocket.Append(nil, opcode, true, []byte(data)))
}

// keyThen is the key of the recording.
const keyThen = "dGhlIHNhbXBsZSBub25jZQ=="

// offer are the fields of a handshake, as they were recorded.
var offer = []wire.Field{field("Connection", "Upgrade"), field("Upgrade", "websocket"), field("Sec-WebSocket-Version", "13"),
	field("Sec-WebSocket-Key", keyThen), field("Sec-WebSocket-Extensions", "permessage-deflate")}

// attachWS is the WebSocket of a container, which was made before, and what was said in it.
func attachWS(lines ...string) []call {
	return []call{
		{conn: 1, times: [3]int{0, 1, 2}, request: "POST /v1.41/containers/create", body: `{"Image":"busybox"}`, status: 201, answer: `{"Id":"` + idThen + `","Warnings":[]}`},
		{conn: 2, times: [3]int{3, 4, 5}, request: "GET /v1.41/containers/" + idThen + "/attach/ws", fields: offer, status: 101, socket: lines},
	}
}

// TestWebSocket sends messages again, in their order and with the ids that things have now. Pings and
// the daemon's close are answered, whatever was recorded of that.
func TestWebSocket(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		begin string
		hear  map[string]string
		want  []string
	}{
		{"the client closes", []string{"< 1 ready", "> 1 hello", "< 1 HELLO", "> 9 x", "< 10 x", "> 2 about " + idThen[:12], "> 8 \x03\xe8", "> 8 \x03\xe8again", "< 8 \x03\xe8", "> eof"},
			said(1, "ready"),
			map[string]string{"1 hello": said(9, "") + said(1, "HELLO"), "10 ": said(10, "x"), "2 about " + idNow[:12]: said(2, "done"), "8 \x03\xe8": ""},
			[]string{"1 hello", "10 ", "2 about " + idNow[:12], "8 \x03\xe8"}},
		{"the daemon closes", []string{"> 1 hello", "< 8 \x03\xe9gone", "> 8 \x03\xe9", "> eof"}, "",
			map[string]string{"1 hello": said(8, "\x03\xe9now"), "8 \x03\xe9now": ""},
			[]string{"1 hello", "8 \x03\xe9now"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			over := make(chan struct{})
			p := webSocketDaemon(t, c.begin, func(text string) string {
				got = append(got, text)
				if c.hear[text] == "" {
					close(over)
				}
				return c.hear[text]
			})
			s := recorded(t, Options{}, attachWS(c.lines...)...)
			if err := p.Play(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			<-over
			check(t, "what the daemon heard", strings.Join(got, "|"), strings.Join(c.want, "|"))
			check(t, "notes", strings.Join(s.Steps[1].Notes, "; "), "")
			check(t, "why", s.Steps[1].Why, "")
		})
	}
}

// TestWebSocketMasked: of input that is masked the close is left, without its reason.
func TestWebSocketMasked(t *testing.T) {
	heard := make(chan string, 10)
	p := webSocketDaemon(t, said(1, "y"), func(text string) string { heard <- text; return "" })
	calls := attachWS("> 1 secret", "> 8 \x03\xe8secret", "> eof")
	calls[1].change = func(x *wire.Exchange) { x.Masked = []string{"request.stdin"} }
	if err := p.Play(t.Context(), recorded(t, Options{}, calls...)); err != nil {
		t.Fatal(err)
	}
	check(t, "what the daemon heard", <-heard, "8 \x03\xe8")
}

// TestWebSocketHostile: what a daemon says that is no WebSocket is told, and it ends.
func TestWebSocketHostile(t *testing.T) {
	for begin, note := range map[string]string{
		"":                 "",
		said(1, "x"):       "",
		"\x81\x81abcdx":    "the answer broke off: the daemon breaks the rules of WebSockets: a frame with a mask",
		"\xff\x00":         "the answer broke off: the daemon breaks the rules of WebSockets: reserved bits 111",
		"\x89\x7e\x00\x7e": "the answer broke off: the daemon breaks the rules of WebSockets: a control frame of 126 bytes",
		said(8, "\x03"):    "the answer broke off: the daemon breaks the rules of WebSockets: a close frame with half a status code",
	} {
		p := webSocketDaemon(t, begin, func(string) string { return "" })
		p.Patience = 10 * time.Second
		s := recorded(t, Options{}, attachWS("> 1 hello", "> eof")...)
		if err := p.Play(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(s.Steps[1].Notes, "; ")
		if i := strings.Index(got, ": read unix"); i > 0 && note == "" {
			got = "" // it has ended before it had read all
		}
		check(t, fmt.Sprintf("notes of %q", begin), got, note)
	}
}
