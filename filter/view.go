package filter

import (
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"
	"unsafe"

	"github.com/socktrace/socktrace/wire"
)

// view is what a judge is shown. What there is not of an exchange is empty in it.
type view struct {
	ev     wire.Event
	x      *wire.Exchange
	before iter.Seq[wire.Event]
	known  facts
	*scales
}

// scales are what a view has to measure what is done with it, and what was read of it.
type scales struct {
	meter     *meter
	documents [2]*document // the bodies, by direction; nil: not asked for
	short     error        // of memory, if there was not enough
}

// take takes n bytes of memory for something that is made.
func (s *scales) take(n int) {
	if err := s.meter.hold(n); err != nil {
		s.short = err
	}
}

// release forgets what was made.
func (s *scales) release() {
	s.documents, s.short = [2]*document{}, nil
	s.meter.release()
}

// because says of which exchange an error is.
func (v *view) because(err error) error {
	return fmt.Errorf("exchange %d.%d: %w", v.conn().ID, v.x.Exchange, err)
}

func (v *view) request() *wire.Request   { return present(v.x.Request) }
func (v *view) response() *wire.Response { return present(v.x.Response) }
func (v *view) requestBody() *wire.Body  { return present(v.x.RequestBody) }
func (v *view) responseBody() *wire.Body { return present(v.x.ResponseBody) }
func (v *view) conn() *wire.Conn         { return present(v.x.Conn) }

// present returns p, or something empty in its place.
func present[T any](p *T) *T {
	if p == nil {
		return new(T)
	}
	return p
}

// client returns the program at the other end, as far as it is known.
func (v *view) client() *wire.Process {
	if p := v.conn().Client.Process; p != nil {
		return p
	}
	return &wire.Process{UID: -1}
}

// tls returns what the handshake with the client agreed on, or of both ends with each
// other; if there is none, that with the daemon.
func (v *view) tls() *wire.TLS {
	if len(v.x.TLS) == 0 {
		return &wire.TLS{}
	}
	return v.x.TLS[0] // the client's comes first
}

// shownBy returns whose certificate an end showed, which says a direction: in a
// handshake but that of socktrace with the peer called but.
func (v *view) shownBy(but string, end wire.Dir) string {
	for _, t := range v.x.TLS {
		all := t.Client
		if end == wire.ToClient {
			all = t.Server
		}
		if t.Peer != but && len(all) > 0 {
			return all[0].Subject
		}
	}
	return ""
}

// path returns the target without its query.
func (v *view) path() string {
	path, _, _ := strings.Cut(v.request().Target, "?")
	return path
}

// query returns the first value of each parameter.
func (v *view) query() map[string]string {
	_, text, _ := strings.Cut(v.request().Target, "?")
	v.take(len(text) + strings.Count(text, "&")*fieldRoom)
	all, _ := url.ParseQuery(text) // what is wrong in it is left out
	first := make(map[string]string, len(all))
	for name, values := range all {
		first[name] = values[0]
	}
	return first
}

// fieldRoom is about what a field, or a parameter, needs in a table.
const fieldRoom = 128

// headers returns the first value of each field, by its name in lower case.
func (v *view) headers(fields []wire.Field) map[string]string {
	v.take(len(fields) * fieldRoom)
	first := make(map[string]string, len(fields))
	for i := range fields {
		name := strings.ToLower(fields[i].Name)
		if _, known := first[name]; !known {
			first[name] = fields[i].Value
		}
	}
	return first
}

// exit returns the exit status; nil if none was told.
func (v *view) exit() any {
	if e := v.x.Outcome.Exit; e != nil {
		return int(*e)
	}
	return nil
}

// took returns how long it was to a moment; 0 if that is not known.
func (v *view) took(to time.Time) time.Duration {
	if to.IsZero() || v.x.Start.IsZero() {
		return 0
	}
	return to.Sub(v.x.Start)
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// text returns what is kept of a body, as long as the view is looked at.
func text(b *wire.Body) string { return unsafe.String(unsafe.SliceData(b.Data), len(b.Data)) }

// document returns the JSON document that a body is, which comes from a direction: one
// without a value if it is none, or not all of it is there.
func (v *view) document(from wire.Dir, b *wire.Body) *document {
	d := &v.documents[from]
	if *d == nil {
		*d = &document{meter: v.meter}
		if !b.Truncated {
			(*d).text = b.Data
		}
	}
	return *d
}

// frames returns the messages of the bodies and streams, as far as they are kept.
func (v *view) frames() []string {
	all := []string{}
	for ev := range v.before {
		if m, ok := ev.(*wire.Message); ok {
			v.take(len(m.Data) + elementRoom)
			all = append(all, string(m.Data))
		}
	}
	return all
}

// stream returns the text of all messages of a kind; of all kinds for KindCount.
func (v *view) stream(k wire.Kind) string {
	var b strings.Builder
	for ev := range v.before {
		if m, ok := ev.(*wire.Message); ok && (k == m.Kind || k == wire.KindCount) {
			v.take(len(m.Data))
			b.Write(m.Data)
		}
	}
	return b.String()
}

// anomalies returns their codes.
func (v *view) anomalies() []string {
	codes := []string{}
	for _, a := range v.x.Anomalies {
		codes = append(codes, a.Code)
	}
	return codes
}

// upgrade returns the protocol that followed; empty if it stayed HTTP.
func (v *view) upgrade() string { return present(v.x.Upgrade).Protocol }
