package har_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// t0 is when every session in the tests began.
var t0 = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)

// session is the events of a transcript.
type session struct {
	name   string
	events []wire.Event
}

// sessions plays the transcripts of package decode, and the captures, with so
// many bytes of each body kept.
func sessions(t testing.TB, keep int64) []session {
	t.Helper()
	var all []session
	for _, c := range append(tracetest.Load(t, "../decode/testdata/transcripts/*.txt"), tracetest.Captures(t)...) {
		s := session{name: c.Name}
		o := decode.Options{
			Needs:     wire.Needs{Fields: true, Sizes: true, Messages: true, Body: keep, Keeps: true},
			Terminals: decode.NewTerminals(), Numbers: new(wire.Numbers),
		}
		o.Numbers.Claim(len(c.Conns)) // those inside are behind all others
		for i, c := range c.Conns {
			conn := c.Wire(i+1, t0)
			c.Play(conn, decode.New(conn, o, tracetest.Booked(func(ev wire.Event) { s.events = append(s.events, wire.Clone(ev)) })))
		}
		all = append(all, s)
	}
	return all
}

// record returns the document that a Writer makes of evs.
func record(t testing.TB, evs []wire.Event, o har.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	w := behindBook(t, har.NewWriter(&b, o))
	send(t, w, evs)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// recorder is a Writer behind a book.
type recorder struct {
	*har.Writer
	book   *flow.Book
	outlet *flow.Outlet
	mu     sync.Mutex
	failed error // the first
}

// behindBook puts w behind a book, in which no time passes.
func behindBook(t testing.TB, w *har.Writer) *recorder {
	r := &recorder{Writer: w}
	r.book = flow.New(flow.Options{Still: true, Failed: func(_ string, err error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failed = err
	}})
	r.outlet = r.book.Add("har", w, flow.Delivery{})
	if t != nil {
		t.Cleanup(func() { r.Close() })
	}
	return r
}

// give records ev. An exchange is the end of one, whose parts were given before.
func (r *recorder) give(ev wire.Event) error {
	if x, ok := ev.(*wire.Exchange); ok {
		ev = &wire.End{Meta: x.Meta, State: x.State, Reset: x.Reset, Upgrade: x.Upgrade, Streams: &x.Streams, Masked: x.Masked,
			About: &wire.About{Subject: x.Subject, Details: x.Details, Outcome: x.Outcome}}
	}
	r.book.Event(ev)
	return r.failure()
}

func (r *recorder) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// Refresh is what Tick does once a second.
func (r *recorder) Refresh() { r.Writer.Refresh(r.book.Open) }

// Close ends what is open, and the document. It returns the first error there was.
func (r *recorder) Close() error {
	r.book.Close()
	if err := r.outlet.Close(); err != nil {
		return err
	}
	return r.failure()
}

func send(t testing.TB, w *recorder, evs []wire.Event) {
	t.Helper()
	for _, ev := range evs {
		if err := w.give(ev); err != nil {
			t.Fatal(err)
		}
	}
}

// read returns the events in a document that needs no repair.
func read(t testing.TB, doc []byte) []wire.Event {
	t.Helper()
	evs, repairs := readRepaired(t, doc)
	if len(repairs) > 0 {
		t.Errorf("repairs: %q", repairs)
	}
	return evs
}

// readRepaired returns the events in a document, and what is wrong with it.
func readRepaired(t testing.TB, doc []byte) ([]wire.Event, []string) {
	t.Helper()
	var evs []wire.Event
	repairs, err := har.Read(bytes.NewReader(doc), tracetest.Booked(func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) }))
	switch {
	case err != nil && strings.HasPrefix(err.Error(), "the file is "):
		repairs = append(repairs, err.Error())
	case err != nil:
		t.Fatal(err)
	}
	return evs, repairs
}

// gunzip returns what is in b, as far as it goes.
func gunzip(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	b, err = io.ReadAll(z)
	if err != nil {
		t.Log(err)
	}
	return b
}

// exchanges returns the Exchange events of evs.
func exchanges(evs []wire.Event) []*wire.Exchange {
	var all []*wire.Exchange
	for _, ev := range evs {
		if x, ok := ev.(*wire.Exchange); ok {
			all = append(all, x)
		}
	}
	return all
}

// parse reads a whole document into the types of the package.
func parse(t testing.TB, doc []byte) har.HAR {
	t.Helper()
	var h har.HAR
	if err := json.Unmarshal(doc, &h); err != nil {
		t.Fatalf("%v in:\n%s", err, clip(doc))
	}
	return h
}

func clip(b []byte) []byte { return b[:min(len(b), 2000)] }

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tempName(t testing.TB, name string) string { return filepath.Join(t.TempDir(), name) }
