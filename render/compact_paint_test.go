package render

import (
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestCompactPaint: what calls for attention has the colour of that, and what does
// not is faint.
func TestCompactPaint(t *testing.T) {
	colors := newPalette(true)
	for _, c := range []struct {
		x    *wire.Exchange
		role role
		text string
	}{
		{exchanging("ContainerWait", 200, exiting(0)), plain, "exit 0"},
		{exchanging("ContainerWait", 200, exiting(1)), role4xx, "exit 1"},
		{exchanging("ContainerList", 400, failing("oh")), role4xx, "oh"},
		{exchanging("ContainerList", 500, failing("oh")), role5xx, "oh"},
		{exchanging("ImageCreate", 200, failing("oh")), roleAnomaly, "oh"},
		{exchanging("ImageCreate", 0, failing("oh")), roleAnomaly, "oh"},
		{exchanging("SystemEvents", 0, leaving), roleFaint, "-"},
		{exchanging("SystemEvents", 0, leaving), roleFaint, "client left"},
		{exchanging("SystemEvents", 0), roleAnomaly, "-"},
		{exchanging("ImageBuild", 200, ending(wire.StateOpen)), roleNote, "open"},
		{exchanging("ImageBuild", 200, ending(wire.StateAborted)), roleAnomaly, "aborted"},
	} {
		want := string(colors.append(nil, c.role, c.text))
		if c.role == plain {
			want = "  " + c.text + "  "
		}
		if got := showCompact(t, Options{Color: true}, c.x); !strings.Contains(got, want) {
			t.Errorf("%q has no %q", got, want)
		}
	}
}

// TestCompactOpen: a line of what is open says what it is about.
func TestCompactOpen(t *testing.T) {
	var out strings.Builder
	s := NewCompact(&out, Options{Zone: time.UTC})
	x := exchanging("ContainerWait", 0, naming("container", id, "nc1"))
	open := func(yield func(*wire.Exchange) bool) { yield(x) }
	if err := s.(wire.Ticker).Tick(x.Start.Add(2*time.Second), open); err != nil {
		t.Fatal(err)
	}
	if want := "19:21:10.062  1.2      …   2.00 s  ContainerWait         nc1  … open  c[7]\n"; out.String() != want {
		t.Errorf("got %swant %s", &out, want)
	}
}
