package audit

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// begin begins a line: it returns a writer of its members. What it has is without the
// brace before them.
func begin(event string, at time.Time, host string) *jsontext.Writer {
	w := &jsontext.Writer{B: append(make([]byte, 0, 1<<10), '{')}
	w.Word("event", event)
	w.String("time", at.UTC().Format(time.RFC3339Nano))
	w.Optional("host", clip(host, maxName))
	return w
}

// members returns what was written.
func members(w *jsontext.Writer) []byte { return w.B[1:] }

// writePlace writes which exchange it is.
func writePlace(w *jsontext.Writer, c *wire.Conn, number int) {
	w.Int("conn", int64(c.ID))
	w.Count("exchange", int64(number))
	if p := c.Parent; p.Conn != nil {
		w.Open("parent", '{')
		w.Int("conn", int64(p.Conn.ID))
		w.Int("exchange", int64(p.Exchange))
		w.Close('}')
		w.Optional("via", clip(c.Via, maxName))
	}
}

// writeAsked writes what was asked for.
func (e *entry) writeAsked(w *jsontext.Writer) {
	if q := e.request; q != nil {
		w.Optional("operation", clip(q.Call.Operation, maxName))
		w.Optional("api", clip(q.Call.Version, maxName))
		w.String("method", clip(q.Method, maxName))
		w.String("target", clip(q.Target, 4*maxPath))
	}
	e.writeSubject(w)
	params := e.params
	if e.made != nil {
		params = append(slices.Clip(params), e.made.params...)
	}
	writeParams(w, e.details, params)
}

// writeWhat writes in short what it was that has ended.
func (e *entry) writeWhat(w *jsontext.Writer) {
	if q := e.request; q != nil {
		w.Optional("operation", clip(q.Call.Operation, maxName))
	}
	e.writeSubject(w)
}

// writeSubject writes what an exchange is about.
func (e *entry) writeSubject(w *jsontext.Writer) {
	if s := &e.subject; s.Type != "" {
		w.Open("subject", '{')
		w.String("type", s.Type)
		w.Optional("id", clip(s.ID, maxName))
		w.Optional("name", clip(s.Name, maxText))
		w.Optional("container", clip(s.Container, maxText))
		w.Close('}')
	}
}

// writeRisks writes the risks.
func (e *entry) writeRisks(w *jsontext.Writer) {
	if len(e.risks) == 0 {
		return
	}
	w.Open("risks", '[')
	for _, r := range e.risks {
		w.Open("", '{')
		w.String("mark", r.Mark)
		w.String("why", clip(r.Why, maxText))
		w.Close('}')
	}
	w.Close(']')
}

// writeEnd writes how an exchange has ended.
func writeEnd(w *jsontext.Writer, x *wire.Exchange) {
	w.Word("state", x.State.String())
	w.Optional("error", clip(x.Outcome.Error, maxPath))
	if code := x.Outcome.Exit; code != nil {
		w.Int("exit_code", *code)
	}
	w.Flag("client_left", x.Outcome.Left)
	if !x.Start.IsZero() && !x.End.IsZero() {
		w.Millis("duration_ms", x.End.Sub(x.Start))
	}
	if b := x.RequestBody; b != nil {
		w.Count("request_bytes", b.WireBytes)
	}
	if b := x.ResponseBody; b != nil {
		w.Count("response_bytes", b.WireBytes)
	}
}
