package har

import (
	"fmt"
	"os"
	"time"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// Gap returns the entry that stands for entries which were left out, since there
// was no room for them while the output stalled.
func (d *output) Gap(n, bytes int64) spool.Unit {
	now := time.Now()
	return d.gap(&wire.Dropped{Meta: wire.Meta{Start: now, End: now}, Events: n, Bytes: bytes, Entries: true})
}

// gap returns the entry that tells of ev. It is told by this process, which has a
// page for that.
func (d *output) gap(ev *wire.Dropped) spool.Unit {
	c := newConn(&wire.Conn{Client: wire.Peer{Process: &wire.Process{Name: "socktrace", PID: os.Getpid(), UID: -1}}, Start: ev.Start}, nil)
	e := entry{Exchange: &wire.Exchange{Meta: ev.Meta}, conn: c, page: d.page(c.wire), messages: new(messages), dropped: ev}
	o := newObject(",\n")
	o.entry(&e)
	return spool.Unit{Data: o.B, N: 1}
}

// gapComment is what the entry of a gap says to people.
func gapComment(ev *wire.Dropped) string {
	return fmt.Sprintf("%d %s with %s %s left out here: the output was too slow",
		ev.Events, plural.Word(ev.Events, counted(ev)), plural.Of(ev.Bytes, "byte"), plural.Verb(ev.Events, "was", "were"))
}

// counted names one of what ev counts.
func counted(ev *wire.Dropped) string {
	if ev.Entries {
		return "entry"
	}
	return "event"
}

// droppedNote is what it says to a reader: what was left out are entries, or
// events of a recording of another kind.
type droppedNote struct {
	Entries int64 `json:"entries"`
	Events  int64 `json:"events"`
	Bytes   int64 `json:"bytes"`
}

func (o *object) dropped(ev *wire.Dropped) {
	if ev != nil {
		o.Open("dropped", '{')
		key := "events"
		if ev.Entries {
			key = "entries"
		}
		o.Int(key, ev.Events)
		o.Int("bytes", ev.Bytes)
		o.Close('}')
	}
}

// event returns the event that n tells of, at some time.
func (n *droppedNote) event(at time.Time) *wire.Dropped {
	m := wire.Meta{Start: at, End: at}
	return &wire.Dropped{Meta: m, Events: n.Entries + n.Events, Bytes: n.Bytes, Recorded: true, Entries: n.Events == 0}
}
