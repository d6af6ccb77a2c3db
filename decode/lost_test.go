package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// TestLostInChunked loses a part of answers in chunks, within whatever they have begun:
// nobody is accused, the exchange is partial, and what follows is known.
func TestLostInChunked(t *testing.T) {
	for typ, begun := range map[string]string{
		"application/json":                `{"a":[1,`,
		"application/x-ndjson":            `{"a":1}` + "\n" + `{"b":`,
		"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
		"application/x-tar":               strings.Repeat("x", 600),
		"application/xml":                 "<a><b>",
		"text/event-stream":               "data: a",
		"application/grpc-web":            "\x00\x00\x00\x00\x09one",
	} {
		talk := `> "GET /x HTTP/1.1\r\n\r\n"` + "\n" +
			fmt.Sprintf("< %q\n", fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", typ, len(begun), begun)) +
			"< lost 77\n" + `> "GET /y HTTP/1.1\r\n\r\n"` + "\n" + `< "HTTP/1.1 204 No Content\r\n\r\n"` + "\n"
		s, err := transcript.Parse(typ, []byte(talk))
		if err != nil {
			t.Fatal(err)
		}
		var codes, ends []string
		for _, ev := range play(s.Conns[0], s.Conns[0].Wire(1, t0), all()) {
			switch ev := ev.(type) {
			case *wire.Anomaly:
				codes = append(codes, ev.Code)
			case *wire.Exchange:
				ends = append(ends, ev.Request.Target+" "+ev.State.String())
			}
		}
		if got, want := strings.Join(append(codes, ends...), ", "), "lost, /x partial, /y done"; got != want {
			t.Errorf("%s: got %s, want %s", typ, got, want)
		}
	}
}
