package har_test

import (
	"bytes"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestByTime: connections of HTTP/1 are told in the order of time to those who want that, and
// those of one process, whose end the file does not tell, end with the last of it.
func TestByTime(t *testing.T) {
	p := newPlayer()
	one, two, three, other := dockerConn(1), dockerConn(2), dockerConn(3), dockerConn(4)
	for _, c := range []*wire.Conn{one, two, three} {
		c.Client.Process = &wire.Process{PID: 7, Name: "docker"}
	}
	other.Client.Process = &wire.Process{PID: 8, Name: "docker"}
	asks := func(c *wire.Conn, n int) {
		p.asks(c, n)
		q := p.events[len(p.events)-1].(*wire.Request)
		q.Stream, q.Version = 0, "HTTP/1.1"
	}
	p.open(one)
	asks(one, 1)
	p.open(two)
	asks(two, 1)
	p.answers(two, 1)
	p.ends(two, 1)
	p.open(other)
	asks(other, 1)
	p.answers(other, 1)
	p.ends(other, 1)
	p.answers(one, 1)
	p.ends(one, 1)
	p.open(three)
	asks(three, 1)
	p.answers(three, 1)
	p.ends(three, 1)

	doc := record(t, p.events, har.Options{})
	if got := told(read(t, doc)); got == told(p.events) {
		t.Errorf("Read tells what began first first, and makes its readers wait: \n%s", got)
	}
	var got []wire.Event
	_, err := har.ReadByTime(bytes.NewReader(doc), tracetest.Booked(func(ev wire.Event) { got = append(got, wire.Clone(ev)) }))
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, got)
	if a, b := told(got), told(p.events); a != b {
		t.Errorf("read:\n%s\nrecorded:\n%s", a, b)
	}
	ended, closed := 0, map[int]int{}
	for _, ev := range got {
		switch ev := ev.(type) {
		case *wire.Exchange:
			ended++
		case *wire.Close:
			closed[ev.Conn.ID] = ended
		}
	}
	for id, want := range map[int]int{1: 4, 2: 4, 3: 4, 4: 2} {
		if closed[id] != want {
			t.Errorf("connection %d ends behind %d exchanges, want %d", id, closed[id], want)
		}
	}
}
