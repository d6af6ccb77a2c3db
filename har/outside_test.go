package har_test

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestOutsideStart: what belongs to no exchange begins with the earliest of it,
// which a decoder may not have told first.
func TestOutsideStart(t *testing.T) {
	c := dockerConn(1)
	at := func(after time.Duration) wire.Meta {
		return wire.Meta{Conn: c, Start: t0.Add(after), End: t0.Add(after)}
	}
	evs := []wire.Event{
		&wire.Upgrade{Meta: at(time.Second), Protocol: "h2"},
		&wire.Message{Meta: at(0), Kind: wire.KindRaw, Data: []byte("early"), Size: 5},
		&wire.Close{Meta: at(time.Second)},
	}
	e := parse(t, record(t, evs, har.Options{})).Log.Entries[0]
	if want := t0.UTC().Format("2006-01-02T15:04:05.000000Z"); e.StartedDateTime != want || e.Time != 1000 {
		t.Errorf("begins %s and takes %v ms, want %s and a second", e.StartedDateTime, e.Time, want)
	}
}
