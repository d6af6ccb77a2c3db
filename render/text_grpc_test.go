package render

import (
	"testing"

	"github.com/socktrace/socktrace/buildkit"
	"github.com/socktrace/socktrace/wire"
)

// TestCallMessage: a message that stands beside the name of its type does so where it
// fits, or where there is enough room for its lines; nothing is behind a name alone.
func TestCallMessage(t *testing.T) {
	const ten, nothing = `{"a":"23"}`, `{"a":""}`
	const progress = `{"vertexes":[{"digest":"a","name":"[1/1] RUN make","started":"2026-01-02T03:04:05Z"}]}`
	const steps = "build   +1.60 ms  1 [1/1] RUN make\n"
	beside := "grpc    +1.60 ms  " // what stands before the name
	for _, tt := range []struct {
		name, typ, data string
		width           int
		full            bool
		want            string
	}{
		{"it fits", "a.b.Reply", ten, 100, false, beside + `Reply {"a": "23"}` + "\n"},
		{"to the column", "a.Reply", ten, idColumns + 3 + len(beside+`Reply {"a": "23"}`), false, beside + `Reply {"a": "23"}` + "\n"},
		{"but one", "a.Reply", ten, idColumns + 3 + len(beside+`Reply {"a": "23"}`) - 1, false, beside + "Reply\n<   " + `{"a": "23"}` + "\n"},
		{"without a type", "", ten, 100, false, beside + `{"a": "23"}` + "\n"},
		{"empty", "a.Reply", nothing, 100, false, beside + `Reply {"a": ""}` + "\n"},
		{"room for lines", "a.Reply", `{"a":"` + wide[:50] + `","b":1}`, idColumns + 3 + len(beside+"Reply ") + leastBeside, false,
			beside + `Reply {"a": "` + wide[:50] + "\",\n<                          \"b\": 1}\n"},
		{"no room for lines", "a.Reply", `{"a":"` + wide[:50] + `","b":1}`, idColumns + 3 + len(beside+"Reply ") + leastBeside - 1, false,
			beside + "Reply\n<   " + `{"a": "` + wide[:50] + `", "b": 1}` + "\n"},
		{"telemetry", telemetry + "trace.v1.ExportTraceServiceRequest", ten, 100, false, beside + "ExportTraceServiceRequest … 10 B (--bodies full)\n"},
		{"telemetry in full", telemetry + "trace.v1.Export", ten, 100, true, beside + "Export\n<   " + `{"a": "23"}` + "\n"},
		{"progress", buildkit.Status, progress, 100, false, steps},
		{"progress in full", buildkit.Status, progress, 100, true, steps},
		{"a packet in full", buildkit.Packets, `{"stat":{"path":"a","mode":420,"size":"3"}}`, 100, true, "file    +1.60 ms  stat a 0644 3 B\n"},
		{"in full", "a.Reply", ten, 100, true, beside + "Reply\n<   " + `{"a": "23"}` + "\n"},
	} {
		s := answers()
		s.response(1.5, 200, "", "content-type: application/grpc")
		m := s.message(1.6, wire.ToClient, wire.KindGRPC, tt.data)
		m.Type = tt.typ
		o := Options{Bodies: BodiesShort, Width: func() int { return tt.width }}
		if tt.full {
			o.Bodies = BodiesFull
		}
		if got, want := briefOf(t, o, s.events...), "> GET /x\n< 200 · 1.50 ms\n< "+tt.want; got != want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, want)
		}
	}
}
