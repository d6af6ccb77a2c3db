package lanes_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/lanes"
	"github.com/socktrace/socktrace/wire"
)

// script is a decoder that tells of each chunk what its bytes ask for. It stands for all that
// decoders do: it tells nothing or much, borrows memory, asks what others have told, and has
// connections inside.
type script struct {
	conn    *wire.Conn
	order   lanes.Order
	numbers wire.Numbering
	emit    func(wire.Event)
	known   *[]string // what all have told, in order; whoever tells has it
	message wire.Message
	data    []byte
}

// remembered adds to what is known when it is told.
type remembered struct {
	known *[]string
	what  string
}

func (r *remembered) Told() { *r.known = append(*r.known, r.what) }

func (s *script) meta() wire.Meta { return wire.Meta{Conn: s.conn} }

func (s *script) say(text string) {
	s.data = append(s.data[:0], text...)
	s.message = wire.Message{Meta: s.meta(), Data: s.data}
	s.emit(&s.message)
	clear(s.data) // it was only lent
	s.message = wire.Message{}
}

func (s *script) Chunk(c wire.Chunk) {
	for i, b := range c.Data {
		switch b {
		case 'm':
			s.say(fmt.Sprint(c.Time.Unix(), i, string(c.Data)))
		case 'a':
			s.emit(&wire.Anomaly{Meta: s.meta(), Code: "code", Detail: string(c.Data)})
		case 'L': // more than is held
			for range 5 {
				s.say(strings.Repeat("x", 300_000))
			}
		case 'l': // not more than is held, in one piece
			s.say(strings.Repeat("y", 300_000))
		case 'k':
			s.order.Later(&remembered{s.known, fmt.Sprint(s.conn.Start.Unix(), i)})
		case 'q':
			s.order.Await()
			k := *s.known
			s.say(fmt.Sprint("known: ", len(k), k[max(len(k)-3, 0):]))
		case 'n':
			inside := &script{
				conn: &wire.Conn{ID: s.numbers.Next(), Parent: wire.Parent{Conn: s.conn}}, order: s.order, numbers: s.numbers, emit: s.emit, known: s.known,
			}
			s.emit(&wire.Open{Meta: inside.meta()})
			inside.say("inside")
		}
	}
}

func (s *script) TLS(ev *wire.TLS) { s.say("TLS with " + ev.ServerName) }

func (s *script) End(at time.Time, err error) {
	s.emit(&wire.Close{Meta: wire.Meta{Conn: s.conn, End: at}, Err: fmt.Sprint(err)})
}

// tells writes down what is told.
type tells struct{ lines []string }

func (t *tells) event(ev wire.Event) {
	id := ev.EventMeta().Conn.ID
	switch ev := ev.(type) {
	case *wire.Message:
		t.lines = append(t.lines, fmt.Sprint(id, " message ", string(ev.Data)))
	case *wire.Anomaly:
		t.lines = append(t.lines, fmt.Sprint(id, " anomaly ", ev.Detail))
	case *wire.Close:
		t.lines = append(t.lines, fmt.Sprint(id, " close ", ev.Err, ev.End.Unix()))
	default:
		t.lines = append(t.lines, fmt.Sprintf("%d %T", id, ev))
	}
}

// act is something that the reader of a capture does.
type act struct {
	conn  int
	begin bool
	claim int // with begin: the number it had; 0: none
	data  string
	end   bool
	wait  bool
	tls   bool
}

// acts makes some up.
func acts(r *rand.Rand, n int) (all []act) {
	open := []int{}
	next := 0
	for range n {
		switch k := r.IntN(20); {
		case len(open) == 0 || k == 0:
			a := act{conn: next, begin: true}
			if r.IntN(4) == 0 {
				a.claim = 1 + r.IntN(2*next+2)
			}
			all = append(all, a)
			open = append(open, next)
			next++
		case k == 1:
			i := r.IntN(len(open))
			all = append(all, act{conn: open[i], end: true})
			open = slices.Delete(open, i, i+1)
		case k == 3:
			all = append(all, act{conn: open[r.IntN(len(open))], tls: true})
		case k == 2 && r.IntN(10) == 0:
			all = append(all, act{wait: true})
		default:
			data := make([]byte, r.IntN(6))
			for i := range data {
				data[i] = "mmmmmmmaaaaa...........kkqnlL"[r.IntN(26+r.IntN(4)*r.IntN(2)*r.IntN(2))]
			}
			all = append(all, act{conn: open[r.IntN(len(open))], data: string(data)})
		}
	}
	return all
}

// at is when act i happens.
func at(i int) time.Time { return time.Unix(int64(i), 0) }

// play has taps see what happens; wait waits for what was told.
func play(all []act, numbers wire.Numbering, newTap func(*wire.Conn) wire.Tap, wait func()) {
	conns, taps := map[int]*wire.Conn{}, map[int]wire.Tap{}
	buffer := make([]byte, 0, 64)
	for i, a := range all {
		switch {
		case a.wait:
			wait()
		case a.begin:
			id := 0
			if a.claim > 0 {
				id = numbers.Claim(a.claim)
			} else {
				id = numbers.Next()
			}
			conns[a.conn] = &wire.Conn{ID: id, Start: at(a.conn)}
			taps[a.conn] = newTap(conns[a.conn])
		case a.tls:
			taps[a.conn].(wire.TLSTap).TLS(&wire.TLS{ServerName: fmt.Sprint("host", i)})
		case a.end:
			taps[a.conn].End(at(i), errors.New(a.data))
			delete(taps, a.conn)
		default:
			buffer = append(buffer[:0], a.data...)
			taps[a.conn].Chunk(wire.Chunk{Conn: conns[a.conn], Time: at(i), Data: buffer})
			clear(buffer)
		}
	}
}

// now is an order in which all happens at once.
type now struct{}

func (now) Await() {}

func (now) Later(what interface{ Told() }) { what.Told() }

// alone tells what one goroutine does.
func alone(all []act) []string {
	var out tells
	var known []string
	numbers := new(wire.Numbers)
	play(all, numbers, func(c *wire.Conn) wire.Tap {
		out.event(&wire.Open{Meta: wire.Meta{Conn: c}})
		return &script{conn: c, order: now{}, numbers: numbers, emit: out.event, known: &known}
	}, func() {})
	return out.lines
}

// together tells what n lanes do.
func together(t *testing.T, all []act, n int, scarce func() bool) []string {
	t.Helper()
	var out tells
	var known []string
	var l *lanes.Lanes
	l = lanes.New(lanes.Options{
		Lanes: n, Numbers: new(wire.Numbers), Scarce: scarce,
		Decode: func(c *wire.Conn, o lanes.Order, emit func(wire.Event)) wire.Tap {
			emit(&wire.Open{Meta: wire.Meta{Conn: c}})
			return &script{conn: c, order: o, numbers: l.Numbers(), emit: emit, known: &known}
		},
		Tell: func(*wire.Conn) func(wire.Event) { return out.event },
	})
	numbers, waited := l.Numbers(), 0
	play(all, numbers, l.Tap, func() {
		if waited++; waited%2 == 0 {
			numbers.Last()
		} else {
			l.Wait()
		}
		_ = len(out.lines) // nobody tells
	})
	l.Close()
	return out.lines
}

// compare compares what was told.
func compare(t *testing.T, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("thing %d that was told:\n%.200s\nwant\n%.200s", i, got[i], want[i])
		}
	}
	t.Fatalf("%d things were told, want %d", len(got), len(want))
}

// TestOrder tells what lanes do in the order of one goroutine, whatever happens.
func TestOrder(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			all := acts(rand.New(rand.NewPCG(seed, 1)), 2000)
			want := alone(all)
			for _, n := range []int{1, 2, 3, 8} {
				compare(t, together(t, all, n, nil), want)
			}
		})
	}
}

// TestScarce does one thing at a time while memory is scarce, which changes all the time.
func TestScarce(t *testing.T) {
	all := acts(rand.New(rand.NewPCG(3, 3)), 2000)
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(4, 4))
	scarce := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return r.IntN(3) == 0
	}
	compare(t, together(t, all, 4, scarce), alone(all))
}

// TestLarge passes on chunks that are larger than a round.
func TestLarge(t *testing.T) {
	var got []int
	l := lanes.New(lanes.Options{
		Lanes: 2, Numbers: new(wire.Numbers),
		Decode: func(c *wire.Conn, _ lanes.Order, emit func(wire.Event)) wire.Tap { return &sizes{c, emit} },
		Tell: func(*wire.Conn) func(wire.Event) {
			return func(ev wire.Event) { got = append(got, len(ev.(*wire.Message).Data)) }
		},
	})
	var want []int
	taps := []wire.Tap{l.Tap(&wire.Conn{}), l.Tap(&wire.Conn{})}
	for i := range 40 {
		n := 1 << (i / 2)
		taps[i%2].Chunk(wire.Chunk{Data: make([]byte, n)})
		want = append(want, n)
	}
	l.Close()
	if !slices.Equal(got, want) {
		t.Errorf("%d, want %d", got, want)
	}
}

// sizes is a decoder that tells its chunks.
type sizes struct {
	conn *wire.Conn
	emit func(wire.Event)
}

func (s *sizes) Chunk(c wire.Chunk) {
	s.emit(&wire.Message{Meta: wire.Meta{Conn: s.conn}, Data: c.Data})
}

func (s *sizes) End(time.Time, error) {}

// BenchmarkLanes is what handing on costs, of chunks of 1 KiB of 100 connections, each with a message
// that is told: about 0.5 µs a chunk on one processor, 256 B of it allocated by nobody.
func BenchmarkLanes(b *testing.B) {
	l := lanes.New(lanes.Options{
		Lanes: 2, Numbers: new(wire.Numbers),
		Decode: func(c *wire.Conn, _ lanes.Order, emit func(wire.Event)) wire.Tap { return &sizes{c, emit} },
		Tell:   func(*wire.Conn) func(wire.Event) { return func(wire.Event) {} },
	})
	defer l.Close()
	var taps []wire.Tap
	for range 100 {
		taps = append(taps, l.Tap(&wire.Conn{}))
	}
	data := make([]byte, 1<<10)
	b.ReportAllocs()
	for i := range b.N {
		taps[i%len(taps)].Chunk(wire.Chunk{Data: data})
	}
	l.Wait()
}
