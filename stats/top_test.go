package stats

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestSlowest compares with all of them, sorted: of those that are equally slow the
// earlier is first.
func TestSlowest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var events []wire.Event
		var all []*wire.Exchange
		for i := range rng.IntN(40) {
			x := call("A", i, i+rng.IntN(20))
			events = append(events, x, call("W", i, i+1000, waiting), call("P", i, i+1000, ended(wire.StatePartial)))
			all = append(all, x)
		}
		slices.SortStableFunc(all, func(a, b *wire.Exchange) int { return int(b.End.Sub(b.Start) - a.End.Sub(a.Start)) })
		var got, want []string
		for _, x := range all[:min(len(all), maxTop)] {
			want = append(want, fmt.Sprint(x.Exchange, x.End.Sub(x.Start)))
		}
		for _, e := range gathered(t, events...).Report().Slowest {
			got = append(got, fmt.Sprint(e.Number, e.Duration))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// TestOpen has the oldest of those that are open, and how old they are.
func TestOpen(t *testing.T) {
	events := []wire.Event{call("Late", 900, 2000)}
	for i := range 30 {
		events = append(events, call("A", 100-i, 1000, ended(wire.StateOpen), waiting))
	}
	r := gathered(t, events...).Report()
	if len(r.Open) != 10 || r.All.Open != 30 {
		t.Fatalf("%d of %d", len(r.Open), r.All.Open)
	}
	for i, e := range r.Open {
		if want := at(71 + i); !e.Start.Equal(want) || e.Duration != at(2000).Sub(want) || !e.Waits {
			t.Errorf("%d: %+v", i, e)
		}
	}
	x := call("A", 0, 0, ended(wire.StateOpen))
	x.Start = x.Start.AddDate(-2026, 0, 0)
	x.Meta.Start = (wire.Meta{}).Start
	if e := gathered(t, x).Report().Open[0]; e.Duration != 0 || !e.Start.IsZero() {
		t.Errorf("%+v", e)
	}
}

func TestDescribe(t *testing.T) {
	long := strings.Repeat("x", 400)
	cut := strings.Repeat("x", 300) + "..."
	known := wire.Subject{Type: "container", ID: hex64, Name: long, Container: "c"}
	for _, tt := range []struct {
		x    *wire.Exchange
		want Exchange
	}{
		{
			call("A", 2, 5, status(404, long), func(x *wire.Exchange) { x.Subject = known }),
			Exchange{Conn: 1, Number: 3, Operation: "A", Method: "GET", Target: "/v1.41/of/A", Subject: wire.Subject{Type: "container", ID: hex64, Name: cut, Container: "c"}, Status: 404, Start: at(2), Duration: 3 * ms, Error: cut},
		},
		{
			call("", 2, 5, of(nil), unanswered, asked("PUT", "/"+long), func(x *wire.Exchange) { x.Request.Call.Subject = "web" }),
			Exchange{Number: 3, Method: "PUT", Target: "/" + cut[:299] + "...", Subject: wire.Subject{ID: "web"}, Start: at(2), Duration: 3 * ms, Error: "no answer"},
		},
		{
			call("GRPCMethod", 2, 5, asked("POST", "/a.B/C"), func(x *wire.Exchange) { x.Request.Call.Subject = "a.B" }),
			Exchange{Conn: 1, Number: 3, Operation: "GRPCMethod", Method: "POST", Target: "/a.B/C", Status: 200, Start: at(2), Duration: 3 * ms},
		},
		{
			call("A", 2, 5, func(x *wire.Exchange) { x.Request, x.Upgrade = nil, &wire.Upgrade{} }),
			Exchange{Conn: 1, Number: 3, Status: 200, Start: at(2), Duration: 3 * ms, Waits: true},
		},
	} {
		var tp top
		tp.add(tt.x, 3*ms, 0)
		if !reflect.DeepEqual(tp.first[0], tt.want) {
			t.Errorf("got  %+v\nwant %+v", tp.first[0], tt.want)
		}
	}
}
