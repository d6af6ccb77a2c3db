package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestTelling: whoever wants to know only what people are told in a line gets the
// documents that tell something, with their data, the units of streams without, and
// nothing of other documents.
func TestTelling(t *testing.T) {
	const doc = `{"Id":"x","Name":"/web"}`
	answer := func(status, head, body string) string {
		return fmt.Sprintf("HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s", status, head, len(body), body)
	}
	asks := func(line, body string) string {
		return fmt.Sprintf("%s HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", line, len(body), body)
	}
	const isJSON, multiplexed = "Content-Type: application/json\r\n", "Content-Type: application/vnd.docker.multiplexed-stream\r\n"
	for _, c := range []struct{ name, request, response, want string }{
		{"tells", asks("GET /v1.41/containers/x/json", ""), answer("200 OK", isJSON, doc), "< json 24 " + doc},
		{"tells no list", asks("GET /v1.41/containers/x/json", ""), answer("200 OK", isJSON, `[{"Id":"x"}]`), "< json 12 "},
		{"tells a list", asks("GET /v1.41/containers/json", ""), answer("200 OK", isJSON, `[{"Id":"x"}]`), `< json 12 [{"Id":"x"}]`},
		{"asks and tells", asks("POST /containers/create", `{"Image":"i"}`), answer("201 Created", isJSON, `{"Id":"x"}`), `> json 13 {"Image":"i"}|< json 10 {"Id":"x"}`},
		{"tells nothing", asks("GET /info", ""), answer("200 OK", isJSON, doc), ""},
		{"asks for nothing", asks("POST /nodes/x/update", `{"Role":1}`), answer("200 OK", isJSON, doc), ""},
		{"fails", asks("GET /info", ""), answer("500 No", isJSON, `{"message":"m"}`), `< json 15 {"message":"m"}`},
		{"fails in text", asks("GET /info", ""), answer("404 No", "Content-Type: text/plain\r\n", "page not found"), "< text 14 page not found"},
		{"just not", asks("GET /info", ""), answer("399 Odd", isJSON, doc), ""},
		{"a terminal", asks("POST /exec/x/start", `{"Tty":false}`), answer("200 OK", isJSON, doc), "> json 13 |< json 24 "},
		{"documents", asks("GET /events", ""), answer("200 OK", isJSON, "{}\n[]\n"), "< json 2 {}|< json 2 "},
		{"documents that tell nothing", asks("GET /containers/x/stats", ""), answer("200 OK", isJSON, "{}\n[]\n"), "< json 2 |< json 2 "},
		{"frames", asks("GET /containers/x/logs", ""), answer("200 OK", multiplexed, "\x01\x00\x00\x00\x00\x00\x00\x02hi"), "< stdout 2 "},
		{"not Docker's", asks("GET /other", ""), answer("200 OK", isJSON, doc), "< json 24 "},
		{"text", asks("GET /_ping", ""), answer("200 OK", "Content-Type: text/plain\r\n", "OK"), "< text 2 "},
	} {
		var told []string
		conn := &wire.Conn{ID: 1, Start: t0}
		o := decode.Options{Needs: wire.Needs{Lines: true, Telling: true}, Terminals: decode.NewTerminals()}
		d := decode.New(conn, o, tracetest.Booked(func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Message:
				told = append(told, fmt.Sprintf("%c %v %d %s", "><"[ev.Dir], ev.Kind, ev.Size, ev.Data))
				if ev.Aside != (len(ev.Data) > 0) {
					t.Errorf("%s: %q is aside: %t", c.name, ev.Data, ev.Aside)
				}
			case *wire.Body:
				if len(ev.Data) > 0 || ev.Content == wire.KindNone {
					t.Errorf("%s: a body of kind %v with %q", c.name, ev.Content, ev.Data)
				}
			}
		}))
		for _, cut := range []int{1, 7, 1 << 10} {
			told = nil
			for dir, data := range []string{c.request, c.response} {
				for len(data) > 0 {
					n := min(cut, len(data))
					d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.Dir(dir), Data: []byte(data[:n])})
					data = data[n:]
				}
			}
			got := strings.Join(told, "|")
			if c.name == "text" || c.name == "fails in text" { // pieces follow the reads
				got = joined(told)
			}
			if got != c.want {
				t.Errorf("%s, cut at %d: got %q, want %q", c.name, cut, got, c.want)
			}
		}
	}
}

// joined puts pieces of a text together.
func joined(told []string) string {
	size, text := 0, ""
	for _, s := range told {
		var n int
		fmt.Sscanf(s, "< text %d ", &n)
		_, piece, _ := strings.Cut(s, fmt.Sprintf("text %d ", n))
		size, text = size+n, text+piece
	}
	return fmt.Sprintf("< text %d %s", size, text)
}
