package render

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

// without returns ev without what is not needed.
func without(ev wire.Event, n wire.Needs) wire.Event {
	switch ev := ev.(type) {
	case *wire.Request:
		c := *ev
		if !n.Fields {
			c.Fields = nil
		}
		return &c
	case *wire.Response:
		return response(ev, n)
	case *wire.Message:
		c := *ev
		if !n.Messages {
			c.Data = nil
		}
		return &c
	case *wire.Body:
		return body(ev, n)
	case *wire.Exchange:
		c := *ev
		if c.Request != nil {
			c.Request = without(c.Request, n).(*wire.Request)
		}
		c.Response, c.RequestBody, c.ResponseBody = response(c.Response, n), body(c.RequestBody, n), body(c.ResponseBody, n)
		return &c
	}
	return ev
}

func response(p *wire.Response, n wire.Needs) *wire.Response {
	if p == nil || n.Fields {
		return p
	}
	c := *p
	c.Fields = nil
	return &c
}

func body(b *wire.Body, n wire.Needs) *wire.Body {
	if b == nil {
		return nil
	}
	c := *b
	if !n.Fields {
		c.Trailer = nil
	}
	if !n.Messages && n.Body == 0 {
		c.Data = nil
	}
	if !n.Digest {
		c.Digest = ""
	}
	return &c
}

// TestNeeds: what a format does not ask for, it does not show.
func TestNeeds(t *testing.T) {
	for format, newSink := range formats() {
		if strings.HasPrefix(format, "text") {
			continue // it shows a digest, if another asks for it
		}
		needs := newSink(io.Discard).Needs()
		for script, events := range scripts() {
			var less []wire.Event
			for _, ev := range events {
				less = append(less, without(ev, needs))
			}
			if got, want := show(t, newSink, less), show(t, newSink, events); !bytes.Equal(got, want) {
				t.Errorf("%s, %s:\n%s\nwith everything:\n%s", script, format, got, want)
			}
		}
	}
}

// panicking is a writer that somebody has made a mistake in.
type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("a mistake") }

// TestPanic: a renderer that panics, in whichever goroutine, costs itself alone.
func TestPanic(t *testing.T) {
	for way, d := range map[string]flow.Delivery{"queued": {Queued: true}, "direct": {}} {
		told := make(chan string, 10)
		b := flow.New(flow.Options{Still: true, Failed: func(name string, err error) { told <- name + ": " + err.Error() }})
		var good bytes.Buffer
		text := b.Add("text", NewText(panicking{}, Options{}), d)
		compact := b.Add("compact", NewCompact(panicking{}, Options{}), d)
		b.Add("lines", NewJSONL(&good, 0, AllEvents), flow.Delivery{})
		s := &script{}
		s.open(1, 0)
		s.request(0, "GET", "/events", "SystemEvents", "Host: x")
		for _, ev := range s.events {
			b.Event(ev)
		}
		if err := text.Close(); err != nil {
			t.Error(err)
		}
		if got := <-told; got != "text: panic: a mistake" {
			t.Errorf("%s: told %s", way, got)
		}
		for now := time.Now(); len(told) == 0; now = now.Add(time.Minute) { // compact has something to say
			b.Tick(now)
			time.Sleep(time.Millisecond)
		}
		if err := compact.Close(); err != nil {
			t.Error(err)
		}
		if got := <-told; got != "compact: panic: a mistake" || len(told) > 0 {
			t.Errorf("%s: told %s, and %d more", way, got, len(told))
		}
		if n := bytes.Count(good.Bytes(), []byte("\n")); n != 2 {
			t.Errorf("%s: another sink has %d lines", way, n)
		}
	}
}
