package filter

import (
	"encoding/json"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// view is what a judge is shown. What there is not of an exchange is empty in it.
type view struct {
	ev     wire.Event
	x      *wire.Exchange
	before iter.Seq[wire.Event]
	known  facts
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

// path returns the target without its query.
func (v *view) path() string {
	path, _, _ := strings.Cut(v.request().Target, "?")
	return path
}

// query returns the first value of each parameter.
func (v *view) query() map[string]string {
	_, text, _ := strings.Cut(v.request().Target, "?")
	all, _ := url.ParseQuery(text) // what is wrong in it is left out
	first := make(map[string]string, len(all))
	for name, values := range all {
		first[name] = values[0]
	}
	return first
}

// headers returns the first value of each field, by its name in lower case.
func headers(fields []wire.Field) map[string]string {
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

// maxDocument bounds the bodies that are read as JSON, in bytes: as values they need
// many times as much.
const maxDocument = 4 << 20

// document returns the JSON document that a body is; nil if it is none, or not all of
// it is there.
func document(b *wire.Body) (value any) {
	if b.Truncated || len(b.Data) > maxDocument || json.Unmarshal(b.Data, &value) != nil {
		return nil
	}
	return value
}

// frames returns the messages of the bodies and streams, as far as they are kept.
func (v *view) frames() []string {
	all := []string{}
	for ev := range v.before {
		if m, ok := ev.(*wire.Message); ok {
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
