package decode_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// spentTalk is a call whose heads, and trailers, have many fields besides those that
// decide, before them and behind: what is left out of a head must not be missed in it.
func spentTalk() *talk {
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("x-%d: %s", i, strings.Repeat("v", 50)))
	}
	among := func(of ...string) []string { return slices.Concat(many[:20], of, many[20:]) }
	k := newTalk(true)
	k.client().head(1, true, get("/"+strings.Repeat("p", 2000), among("content-type: application/grpc", "connection: close", "grpc-encoding: gzip")...)...).send()
	k.server().head(1, false, answer("200", among("content-type: application/grpc")...)...)
	k.server().data(1, false, "\x00\x00\x00\x00\x00").head(1, true, among("grpc-status: 5", "grpc-message: no")...).send()
	return k
}

// names returns the names of fields.
func names(fields []wire.Field) string {
	var of []string
	for _, f := range fields {
		of = append(of, f.Name)
	}
	return strings.Join(of, " ")
}

// TestHTTP2ShortHeads has so little memory, and ever more of it, that heads and trailers
// are cut to the fields that decide: the decoder goes on, and tells that it did.
func TestHTTP2ShortHeads(t *testing.T) {
	short := map[string]string{
		"request":  ":method :scheme :authority :path content-type grpc-encoding",
		"response": ":status content-type",
		"trailers": "grpc-status",
	}
	whole, cut, none := map[string]int{}, map[string]int{}, map[string]int{}
	told := func(room int64, what string, fields []wire.Field) {
		switch got := names(fields); {
		case len(fields) >= 41:
			whole[what]++
		case got == short[what]:
			cut[what]++
		case got == "" && what == "trailers":
			none[what]++
		default:
			t.Fatalf("%d bytes: the fields of the %s are %s", room, what, got)
		}
	}
	for room := int64(0); room < 100<<10; room += 1000 {
		parts, codes := 0, map[string]int{}
		before := cut["request"] + cut["response"] + cut["trailers"] + none["trailers"]
		budget, conn := decode.NewBudget(room), spentTalk().conn
		for _, ev := range play(&conn, conn.Wire(1, t0), decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Keeps: true}, Budget: budget}) {
			switch ev := ev.(type) {
			case *wire.Request:
				parts++
				told(room, "request", ev.Fields)
				if path := len(ev.Target); ev.Method != "GET" || ev.Authority != "docker" || path != 2001 && path != 1024 {
					t.Errorf("%d bytes: the request is %s %q, of %d bytes", room, ev.Method, ev.Authority, path)
				}
			case *wire.Response:
				parts++
				told(room, "response", ev.Fields)
				if ev.Status != 200 {
					t.Errorf("%d bytes: the status is %d", room, ev.Status)
				}
			case *wire.Body:
				parts++
				told(room, "trailers", ev.Trailer)
			case *wire.Anomaly:
				codes[ev.Code]++
			}
		}
		lacking := cut["request"] + cut["response"] + cut["trailers"] + none["trailers"] - before
		if parts != 3 || codes["malformed-head"] != 1 || codes["decoder-panic"] != 0 || codes["memory-spent"] < lacking {
			t.Errorf("%d bytes: %d parts, %d of them cut, anomalies %v", room, parts, lacking, codes)
		}
		if left := decode.Left(budget); left != room {
			t.Errorf("%d bytes: %d are not given back", room, room-left)
		}
	}
	for what := range short {
		if whole[what] == 0 || cut[what] == 0 {
			t.Errorf("the %s are whole %d times, and cut %d times", what, whole[what], cut[what])
		}
	}
}
