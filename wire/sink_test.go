package wire

import "testing"

func TestUnion(t *testing.T) {
	lines := Needs{Lines: true, Body: 10, Concurrent: true}
	bodies := Needs{Messages: true, Body: 20, Digest: true, Keeps: true, Concurrent: true}
	want := Needs{Lines: true, Messages: true, Body: 20, Digest: true, Keeps: true, Concurrent: true}
	if got := lines.Union(bodies); got != want || bodies.Union(lines) != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if lines.Union(Needs{}).Concurrent {
		t.Error("concurrent, although one is not")
	}
}

func TestNumbers(t *testing.T) {
	var n Numbers
	n.Took(5)
	n.Took(3)
	if a, b := n.Next(), n.Next(); a != 6 || b != 7 || n.Last() != 7 {
		t.Errorf("got %d, %d, last %d", a, b, n.Last())
	}
}

// TestDataBytes: what HPACK makes of few bytes counts as what it is.
func TestDataBytes(t *testing.T) {
	r := &Request{HeadBytes: 10}
	for range 1000 {
		r.Fields = append(r.Fields, Field{Name: "name", Value: string(make([]byte, 4000))})
	}
	if n := DataBytes(r); n < 4_000_000 {
		t.Errorf("%d bytes", n)
	}
	line := &Request{Fields: []Field{{Name: "a", Value: "b", Line: "a: b"}}}
	if n := DataBytes(line); n != perField+4 {
		t.Errorf("a line counts as %d", n)
	}
}
