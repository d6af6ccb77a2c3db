package otlp

import (
	"encoding/hex"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestJoin: of which clients the spans that they name are parents; of others they are links.
func TestJoin(t *testing.T) {
	for _, tt := range []struct {
		process, agent string
		joins          [3]bool // by Join
	}{
		{"app", "moby-client/1", [3]bool{true, true, false}},
		{"docker", "Docker-Client/28.2.2 (linux)", [3]bool{true, true, false}},
		{"docker-compose", "Docker-Client/28.2.2 (linux)", [3]bool{false, true, false}},
		{"docker-buildx", "Go-http-client/1.1", [3]bool{false, true, false}},
		{"", "compose/v2.40.3", [3]bool{false, true, false}},
		{"", "buildx/v0.30.1", [3]bool{false, true, false}},
		{"", "", [3]bool{true, true, false}},
	} {
		for join, want := range tt.joins {
			s := newScriptWith(t, SinkOptions{Join: Join(join)})
			fields := []wire.Field{{Name: "User-Agent", Value: tt.agent}, {Name: "traceparent", Value: parent}, {Name: "tracestate", Value: "v=1"}}
			c := &wire.Conn{}
			if tt.process != "" {
				c = process(1, tt.process)
			}
			s.ask(s.open(c), 1, "/grpc", fields[0])
			in := s.open(&wire.Conn{Parent: wire.Parent{Conn: c, Exchange: 1}, Via: "h2c"})
			s.whole(in, 1, "/call", fields...)
			s.end(c, 1)
			s.whole(c, 2, "/x", fields...)
			all := s.spansOf(t)
			for _, name := range []string{"/x", "/call"} {
				sp := all[name]
				up := sp.ParentSpanID()
				what := tt.process + " " + tt.agent + " " + Joins()[join] + " " + name
				equal(t, what, hex.EncodeToString(up[:]) == parent[36:52], want)
				equal(t, what, sp.TraceState().AsRaw() == "v=1", want)
				if name == "/call" && !want {
					equal(t, what+": parent", up, all["/grpc"].SpanID())
				}
				if want && name == "/x" {
					equal(t, what+": links", sp.Links().Len(), 0)
					continue
				}
				equal(t, what+": links", sp.Links().Len(), 1)
				if to := sp.Links().At(0).SpanID(); !want {
					equal(t, what+": link", hex.EncodeToString(to[:]), parent[36:52])
					equal(t, what+": link", sp.Links().At(0).TraceState().AsRaw(), "v=1")
					equal(t, what+": flags of the link", sp.Links().At(0).Flags(), flagKnown|flagRemote|1)
				} else {
					equal(t, what+": link", to, all["/grpc"].SpanID())
				}
			}
		}
	}
}
