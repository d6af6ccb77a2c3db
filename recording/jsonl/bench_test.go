package jsonl

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// BenchmarkRead reads a session of the docker CLI, and one with a large body.
func BenchmarkRead(b *testing.B) {
	for _, s := range sessions(b, 1<<20) {
		if s.name == "run" {
			benchmarkRead(b, "session", show(b, asLines, s.events, nil))
		}
	}
	benchmarkRead(b, "body", `{"event":"exchange",`+at+`,"conn":1,"exchange":1,"state":"done","response":{"headers":[],"header_bytes":0,"content":"json","wire_bytes":9,"body_bytes":9,"body":"`+
		strings.Repeat(`{\"Id\":\"sha256:0123456789abcdef\",\"Names\":[\"/web\"]},`, 10_000)+`"}}`)
}

func benchmarkRead(b *testing.B, name, text string) {
	b.Run(name, func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Read(b.Context(), strings.NewReader(text), 0, func(wire.Event) {}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(strings.Count(text, "\n")), "lines/op")
	})
}
