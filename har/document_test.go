package har

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// The tests read and write whole documents: what is in one comes back.

// HAR is a whole file.
type HAR struct {
	Log   Log   `json:"log"`
	Extra Extra `json:"-"`
}

// Log is what a file holds. Entries may be in any order; readers sort them.
type Log struct {
	Version string  `json:"version"`
	Creator Creator `json:"creator"`
	Browser Creator `json:"browser,omitempty"`
	Pages   []Page  `json:"pages"`
	Entries []Entry `json:"entries"`
	Comment string  `json:"comment,omitempty"`
	Extra   Extra   `json:"-"`
}

// Creator is the program that wrote the file, or the browser.
type Creator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Comment string `json:"comment,omitempty"`
	Extra   Extra  `json:"-"`
}

// Page groups entries.
type Page struct {
	StartedDateTime string      `json:"startedDateTime"` // RFC 3339
	ID              string      `json:"id"`
	Title           string      `json:"title"`
	PageTimings     PageTimings `json:"pageTimings"`
	Comment         string      `json:"comment,omitempty"`
	Extra           Extra       `json:"-"`
}

// PageTimings are milliseconds since the page began; -1 does not apply.
type PageTimings struct {
	OnContentLoad float64 `json:"onContentLoad"`
	OnLoad        float64 `json:"onLoad"`
	Comment       string  `json:"comment,omitempty"`
	Extra         Extra   `json:"-"`
}

func init() {
	maps.Copy(fieldsByType, fieldsOfTypes(HAR{}, Log{}, Creator{}, Page{}, PageTimings{}))
}

func (h *HAR) UnmarshalJSON(b []byte) error         { return decode(b, h, &h.Extra) }
func (l *Log) UnmarshalJSON(b []byte) error         { return decode(b, l, &l.Extra) }
func (c *Creator) UnmarshalJSON(b []byte) error     { return decode(b, c, &c.Extra) }
func (p *Page) UnmarshalJSON(b []byte) error        { return decode(b, p, &p.Extra) }
func (p *PageTimings) UnmarshalJSON(b []byte) error { return decode(b, p, &p.Extra) }

// MarshalJSON writes the fields, and what is in Extra; so do all others here.
func (h HAR) MarshalJSON() ([]byte, error)         { return encode(h, h.Extra) }
func (l Log) MarshalJSON() ([]byte, error)         { return encode(l, l.Extra) }
func (c Creator) MarshalJSON() ([]byte, error)     { return encode(c, c.Extra) }
func (p Page) MarshalJSON() ([]byte, error)        { return encode(p, p.Extra) }
func (p PageTimings) MarshalJSON() ([]byte, error) { return encode(p, p.Extra) }
func (e Entry) MarshalJSON() ([]byte, error)       { return encode(e, e.Extra) }
func (r Request) MarshalJSON() ([]byte, error)     { return encode(r, r.Extra) }
func (r Response) MarshalJSON() ([]byte, error)    { return encode(r, r.Extra) }
func (c Cookie) MarshalJSON() ([]byte, error)      { return encode(c, c.Extra) }
func (p Pair) MarshalJSON() ([]byte, error)        { return encode(p, p.Extra) }
func (p PostData) MarshalJSON() ([]byte, error)    { return encode(p, p.Extra) }
func (p Param) MarshalJSON() ([]byte, error)       { return encode(p, p.Extra) }
func (c Content) MarshalJSON() ([]byte, error)     { return encode(c, c.Extra) }
func (c Cache) MarshalJSON() ([]byte, error)       { return encode(c, c.Extra) }
func (t Timings) MarshalJSON() ([]byte, error)     { return encode(t, t.Extra) }

// encode returns the fields of the struct s as an object: in their order, and
// what is in extra after them.
func encode(v any, extra Extra) ([]byte, error) {
	s := reflect.ValueOf(v)
	b := []byte{'{'}
	for i, f := range fieldsByType[s.Type()] {
		name := f.name
		if _, other := extra[name]; other || f.optional && s.Field(i).IsZero() {
			continue
		}
		value, err := json.Marshal(s.Field(i).Interface())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if bytes.Equal(value, []byte("null")) {
			value = []byte("[]") // importers do not take null for an empty list
		}
		b = appendMember(b, name, value)
	}
	names := make([]string, 0, len(extra))
	for name := range extra {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b = appendMember(b, name, extra[name])
	}
	return append(b, '}'), nil
}

func appendMember(b []byte, name string, value []byte) []byte {
	if len(b) > 1 {
		b = append(b, ',')
	}
	b, _ = jsontext.AppendString(b, name)
	return append(append(b, ':'), value...)
}
