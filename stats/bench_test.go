package stats

import "testing"

// BenchmarkExchange adds an exchange like others before it.
func BenchmarkExchange(b *testing.B) {
	s, x := New(), call("ContainerInspect", 0, 10, agent("Docker-Client/28.2.2 (linux)"))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Event(x, x); err != nil {
			b.Fatal(err)
		}
	}
}

// TestNoGarbage: what is like others before it needs no memory of its own.
func TestNoGarbage(t *testing.T) {
	s := New()
	known, unknown := call("A", 0, 10, agent("x")), call("", 0, 1, asked("GET", "/v1.41/x/12?a"))
	for range 2 * maxExact { // all rows and lists are full
		_, _ = s.Event(known, known), s.Event(unknown, unknown)
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = s.Event(known, known), s.Event(unknown, unknown) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
