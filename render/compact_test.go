package render

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// compactOf returns what compact shows in a terminal of that width; 0 is none.
func compactOf(t *testing.T, width int, events ...wire.Event) string {
	return showCompact(t, Options{Width: func() int { return width }}, events...)
}

// showCompact returns what compact shows with these options.
func showCompact(t *testing.T, o Options, events ...wire.Event) string {
	t.Helper()
	var out strings.Builder
	o.Zone = time.UTC
	s := NewCompact(&out, o)
	for _, ev := range events {
		if err := s.Event(ev, nil); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestCompactTick(t *testing.T) {
	var out bytes.Buffer
	show := &stage{sink: NewCompact(&out, Options{Zone: time.UTC})}
	b := show.book(func(err error) { t.Error(err) })
	s := &script{}
	s.open(1, 0)
	s.request(0, "GET", "/events", "SystemEvents", "Host: x")
	s.response(10, 200, "OK", "A: b")
	s.message(20, wire.ToClient, wire.KindJSON, `{"a":1}`)
	for range 2 { // pieces of one frame
		s.message(20, wire.ToClient, wire.KindStdout, "hello")
		s.index[wire.ToClient], s.off[wire.ToClient] = 1, s.off[wire.ToClient]-5
	}
	for _, ev := range s.events {
		show.give(b, ev)
	}
	said := map[time.Duration]bool{
		1100 * time.Millisecond: true, 10100 * time.Millisecond: true, 61 * time.Second: true,
		301 * time.Second: true, 601 * time.Second: true,
	}
	for _, age := range []time.Duration{
		0, time.Second, 1100 * time.Millisecond, 2 * time.Second, 10 * time.Second, 10100 * time.Millisecond, 59 * time.Second,
		61 * time.Second, 299 * time.Second, 301 * time.Second, 302 * time.Second, 601 * time.Second, 602 * time.Second,
	} {
		out.Reset()
		show.tick(b, began.Add(age))
		if got := out.Len() > 0; got != said[age] {
			t.Errorf("after %v: a line is %v, want %v", age, got, said[age])
		}
		want := "19:21:10.062  1.1    200   1.10 s  SystemEvents          … open  stdout 10 B, 3 events  docker[4711]\n"
		if age == 1100*time.Millisecond && out.String() != want {
			t.Errorf("got  %swant %s", &out, want)
		}
	}
	out.Reset()
	show.give(b, s.done(700_000))
	show.tick(b, began.Add(time.Hour))
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("%d lines after the end, want 1:\n%s", n, &out)
	}
}

// crowded are exchanges of which more is to be told than a narrow terminal has room for.
func crowded() []*wire.Exchange {
	long := strings.Repeat("x", 300)
	return []*wire.Exchange{
		exchanging("ContainerAttachWebsocket", 500, naming("container", id, long), detailed("image", long), failing(long), exiting(137), ending(wire.StateAborted), breaking(12)),
		exchanging(long, 500, naming("container", id, long), failing(long), exiting(137), ending(wire.StateAborted)),
		exchanging("", 500, failing(long), exiting(137), ending(wire.StatePartial), sending(500_000), func(x *wire.Exchange) { x.Request.Method, x.Request.Target = long, long }),
		exchanging("", 0, func(x *wire.Exchange) { x.Request.Target = "/v1.41/日本語" + strings.Repeat("日", 100) + "?q=\x1b" }),
		exchanging("ContainerInspect", 404, naming("container", "", "日本"+strings.Repeat("\x1b", 90)), failing(strings.Repeat("日", 90))),
	}
}

// TestCompactFits demands that in a terminal an exchange takes one line.
func TestCompactFits(t *testing.T) {
	all := scripts()
	for _, x := range crowded() {
		all["crowded"] = append(all["crowded"], x)
	}
	for name, events := range all {
		for width := 80; width < 240; width++ {
			for n := range 4 {
				o := Options{Width: func() int { return width }, Zone: time.UTC, Paths: n&1 > 0, Color: n&2 > 0}
				out := show(t, func(w io.Writer) wire.Sink { return NewCompact(w, o) }, events)
				for line := range bytes.Lines(out) {
					if n := columns(line[:len(line)-1]); n > width {
						t.Errorf("%s: %d columns in %d: %s", name, n, width, line)
					}
					if before, _, wrapped := bytes.Cut(line, []byte(continued)); wrapped && columns(before) < len("19:21:10.062  1.2    ") {
						t.Errorf("%s: an exchange is wrapped in %d columns: %s", name, width, line)
					}
				}
			}
		}
	}
}

func TestCutTarget(t *testing.T) {
	for _, test := range []struct {
		target string
		room   int
		want   string
	}{
		{"/containers/json", 16, "/containers/json"},
		{"/containers/" + id + "/start", 40, "/containers/289e72570a23…/start"},
		{"/containers/" + id + "/start", 28, "/containers/289e72…/start"},
		{"/containers/" + id + "/start", 20, "/containe…e72…/start"},
		{"/containers/" + id + "/start", 31, "/containers/289e72570a23…/start"},
		{"/containers/" + id + "/start", 30, "/containers/289e72…/start"},
		{"/containers/" + id + "/start", 25, "/containers/289e72…/start"},
		{"/containers/" + id + "/start", 24, "/containers…89e72…/start"},
		{"/containers/" + id + "/start?signal=SIGTERM", 26, "/containers/…9e72…/start?…"},
		{"/containers/" + id + "/start?signal=SIGTERM", 27, "/containers/289e72…/start?…"},
		{"/containers/" + id + "/start?signal=SIGTERM", 28, "/containers/289e72…/start?s…"},
		{"/containers/" + id + "/start?signal=SIGTERM", 32, "/containers/289e72…/start?signa…"},
		{"/containers/" + id + "/start?signal=SIGTERM", 33, "/containers/289e72570a23…/start?…"},
		{"/containers/" + id + "/start?signal=SIGTERM", 45, "/containers/289e72570a23…/start?signal=SIGTE…"},
		{"/containers/" + id + "/start?signal=SIGTERM", 46, "/containers/289e72570a23…/start?signal=SIGTERM"},
		{"/x", 1, "…"},
		{"/build?t=name&dockerfile=Dockerfile", 20, "/build?t=name&docke…"},
		{"/a/very/long/path/to/something?x=1", 20, "/a/very/l…omething?…"},
	} {
		got := string(cutTarget(test.target, test.room, "…"))
		if got != test.want || columns([]byte(got)) > test.room {
			t.Errorf("%s in %d: got %s, want %s", test.target, test.room, got, test.want)
		}
	}
}
