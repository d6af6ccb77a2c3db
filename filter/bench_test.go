package filter_test

import (
	"testing"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/wire"
)

// BenchmarkJudge judges an exchange that is decided with its head, with its answer and
// at its end.
func BenchmarkJudge(b *testing.B) {
	s := created()
	q, p := s.events[1].(*wire.Request), s.events[3].(*wire.Response)
	for _, text := range []string{`operation != "x"`, `status >= 400 || operation == "ContainerList"`, `duration > "1h"`, `request.json.Image == "x"`} {
		b.Run(text, func(b *testing.B) {
			j := compiled(b, text).Judge()
			b.ReportAllocs()
			for b.Loop() {
				x := wire.Exchange{Request: q}
				judge(j, q, &x)
				x.Response = p
				judge(j, p, &x)
				judge(j, &x, &x)
				j.Reset()
			}
		})
	}
}

func judge(j wire.Judge, ev wire.Event, x *wire.Exchange) {
	_, _ = j.Judge(ev, x, func(func(wire.Event) bool) {})
}

// BenchmarkCompile compiles what --errors is.
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		filter.Errors()
	}
}
