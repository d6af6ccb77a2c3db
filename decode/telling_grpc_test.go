package decode_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestTellingCalls: of a call that may say what it is about its first message is told,
// and of others their sizes alone.
func TestTellingCalls(t *testing.T) {
	framed := func(b string) string {
		return string(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(b)))) + b
	}
	messages := framed("\x0a\x03tok") + framed("\x0a\x05other") + framed("")
	for path, want := range map[string]string{
		"/moby.buildkit.secrets.v1.Secrets/GetSecret": `> 5 {"ID":"tok"}|> 7 |> 0 |< 5 |< 7 |< 0 `,
		"/moby.buildkit.v1.Control/Status":            `> 5 {"Ref":"tok"}|> 7 |> 0 |< 5 {"vertexes":[{"!":"malformed","!rest":"dG9r"}]}|< 7 {"vertexes":[{"!":"malformed","!rest":"b3RoZXI="}]}|< 0 {}`,
		"/moby.buildkit.v1.Control/Info":              `> 5 |> 7 |> 0 |< 5 |< 7 |< 0 `,
		"/a.B/C":                                      `> 5 |> 7 |> 0 |< 5 |< 7 |< 0 `,
	} {
		talk := newTalk(true)
		talk.client().head(1, false, ":method: POST", ":scheme: http", ":path: "+path, ":authority: a", "content-type: application/grpc", "dir-name: d").data(1, true, messages).send()
		talk.server().head(1, false, ":status: 200", "content-type: application/grpc").data(1, false, messages).head(1, true, "grpc-status: 0").send()
		for _, whole := range []bool{false, true} {
			var told []string
			conn := &wire.Conn{ID: 1, Start: t0}
			o := decode.Options{Needs: wire.Needs{Lines: true, Telling: true, Messages: whole}}
			d := decode.New(conn, o, tracetest.Booked(func(ev wire.Event) {
				switch ev := ev.(type) {
				case *wire.Request:
					if got := wire.FieldValue(ev.Fields, "dir-name"); !whole && got != "d" {
						t.Errorf("%s: the folder is %q", path, got)
					}
				case *wire.Message:
					told = append(told, fmt.Sprintf("%c %d %s", "><"[ev.Dir], ev.Size, ev.Data))
					if ev.Aside != (len(ev.Data) > 0 && !whole) {
						t.Errorf("%s: %q is aside: %t", path, ev.Data, ev.Aside)
					}
				}
			}))
			for _, c := range talk.conn.Chunks {
				d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: c.Dir, Data: c.Data})
			}
			got := strings.Join(told, "|")
			if !whole && got != want || whole && strings.Contains(got, " |") {
				t.Errorf("%s, all: %t: got %q, want %q", path, whole, got, want)
			}
		}
	}
}
