package explain

import (
	"sync"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// maxOpen bounds how many open exchanges a Teller knows.
const maxOpen = 1 << 14

// Teller says of exchanges what they are for, and why a client asks for them at this
// point. There is one for a session. Its methods may be called by several goroutines.
type Teller struct {
	mu   sync.Mutex
	open map[place]asked
	known
}

// place is an exchange.
type place struct {
	conn     *wire.Conn
	exchange int
}

// asked is what was noted of an exchange that is open.
type asked struct {
	by    *client
	waits bool
}

// NewTeller returns a Teller that knows nothing of what was before.
func NewTeller() *Teller {
	return &Teller{open: make(map[place]asked), known: newKnown()}
}

// Runs says that the next process of a name runs a command, such as "docker run".
func (t *Teller) Runs(process, command string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.runs = [2]string{process, command}
}

// Typed says that the connections which open from now on are made by a command, until the
// next call.
func (t *Teller) Typed(command string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.typed = &client{command: command}
}

// Explain sets what is said of x, of which ev is an event: when the request has come, and
// when all has. With the Close of the last connection of a client comes its story. It is what
// flow.Options.Explain is for.
func (t *Teller) Explain(ev wire.Event, x *wire.Exchange) {
	switch ev.(type) {
	case *wire.Open, *wire.Request, *wire.Exchange, *wire.Close:
	default:
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch ev := ev.(type) {
	case *wire.Open:
		t.opens(ev.Conn)
	case *wire.Request:
		t.asks(x)
	case *wire.Exchange:
		t.ends(x)
	case *wire.Close:
		t.closes(ev)
	}
}

// asks notes a request, and says what it is for.
func (t *Teller) asks(x *wire.Exchange) {
	q := x.Request
	c := t.clientOf(x)
	e := Of(q.Call.Operation)
	at := situation{x: x, client: c, box: t.containers[x.Subject.ID], operation: dockerapi.Named(q.Call.Operation).Kin()}
	nested := x.Conn != nil && x.Conn.Parent.Conn != nil
	if p := programOf(x); p > c.program && !nested {
		c.program, c.version = p, versionOf(x)
	}
	at.first = c.asked == 0 && !c.later
	at.agreed = t.agreed
	if e != nil {
		why, brief, known := at.why()
		if !known {
			brief = e.Short
		}
		t.agreed = t.agreed || dockerapi.IsPing(at.operation) && firstOfGo(&at)
		x.Said = &wire.Said{Asks: joined(e.Short, why), Brief: brief}
	}
	t.note(&at, nested)
}

// note notes what a request tells of its client.
func (t *Teller) note(at *situation, nested bool) {
	x, c := at.x, at.client
	if c.first.IsZero() {
		c.first = x.Start
	}
	c.last = latest(c.last, x.End)
	if nested {
		c.calls++
		return
	}
	c.asked++
	if at.operation == "SystemPingHead" {
		c.pings++
	}
	if len(t.open) < maxOpen {
		t.open[place{x.Conn, x.Exchange}] = asked{by: c, waits: x.Waits()}
		c.idle.until(x.Start)
		c.idle.add(1, x.Waits())
	}
	c.before = at.operation
	at.notes()
	c.does(at.operation)
	c.keeps = c.keeps || x.Exchange > 1 || c.idle.busy+c.idle.waiting > 1
}

// ends notes that an exchange has ended, and says what its answer means.
func (t *Teller) ends(x *wire.Exchange) {
	if x.Request == nil {
		return
	}
	c := t.clientOf(x)
	c.last = latest(c.last, x.End)
	at := situation{x: x, client: c, box: t.containers[x.Subject.ID], operation: dockerapi.Named(x.Request.Call.Operation).Kin()}
	if m := at.meaning(); m != nil {
		said := wire.Said{Answer: m}
		if x.Said != nil {
			said.Asks, said.Brief = x.Said.Asks, x.Said.Brief
		}
		x.Said = &said // the old one may be in a snapshot
	}
	key := place{x.Conn, x.Exchange}
	if was, known := t.open[key]; known {
		delete(t.open, key)
		was.by.idle.until(x.End)
		was.by.idle.add(-1, was.waits)
	}
	t.became(&at)
}

// became notes what an exchange has changed.
func (t *Teller) became(at *situation) {
	x, c := at.x, at.client
	status := 0
	if x.Response != nil {
		status = x.Response.Status
	}
	ok := status/100 == 2 && x.Outcome.Error == ""
	switch at.operation {
	case "SystemPingHead", "SystemPing":
		c.refused = status != 200
	case "ContainerCreate":
		c.missing, c.pulled, c.image = status == 404, false, at.image()
		if id := x.Subject.ID; ok && id != "" {
			if len(t.containers) >= maxContainers {
				clear(t.containers)
			}
			t.containers[id] = &container{by: c}
		}
	case "ImageCreate", "ImagePull":
		c.pulled = ok && c.missing && at.pullsMissing()
	case "ExecStart":
		c.executed = x.Request.Call.Subject
	case "ContainerInspect":
		c.without = ""
		if status == 404 {
			c.without = x.Request.Call.Subject
		}
	case "ContainerStart":
		if at.box != nil && status != 0 {
			at.box.runs, at.box.unable = status < 400, status >= 400
		}
	case "ContainerDelete":
		if ok {
			delete(t.containers, x.Subject.ID)
		}
	}
	if !ok && status >= 400 {
		if c.failed == nil {
			c.failed = make(map[string]bool)
		}
		if len(c.failed) < maxOperations {
			c.failed[at.operation] = true
		}
	}
}

// closes forgets a connection. With the last one of a client its story is told, if there
// is one.
func (t *Teller) closes(ev *wire.Close) {
	c := t.conns[ev.Conn]
	if c == nil {
		return
	}
	delete(t.conns, ev.Conn)
	if c.open--; c.open > 0 {
		return
	}
	if ev.Story == nil { // else a recording tells it
		ev.Story = c.story()
	}
	t.over(c)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// joined puts two sentences together.
func joined(a, b string) string {
	if b == "" {
		return a
	}
	return a + " " + b
}
