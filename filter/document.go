package filter

import (
	"encoding/json"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxDocument bounds the bodies that are read as JSON, in bytes.
const maxDocument = 4 << 20

// document is a JSON document, of which what is asked for is read when it is: a
// value needs many times the memory of its text.
type document struct {
	text    []byte
	meter   *meter
	checked bool           // text is a whole document, or nil
	values  map[*place]any // that were asked for
}

// place leads to a value in a document: names of members, and numbers of elements,
// from either end. One that is empty leads to all of it.
type place struct{ keys []any }

// at returns the value that p leads to, as member does; nil if there is none, or the
// text is no document.
func (d *document) at(p *place) (any, error) {
	if v, known := d.values[p]; known {
		return v, nil
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	text := d.text
	for _, key := range p.keys {
		if err := d.meter.work(len(text), passWork); err != nil {
			return nil, err
		}
		text = child(text, key)
	}
	v, err := d.decode(text)
	if err != nil {
		return nil, err
	}
	if d.values == nil {
		d.values = make(map[*place]any)
	}
	d.values[p] = v
	return v, nil
}

// check has text be nil if it is no document.
func (d *document) check() error {
	if d.checked {
		return nil
	}
	if err := d.meter.work(len(d.text), readWork); err != nil {
		return err
	}
	if d.checked = true; len(d.text) > maxDocument || !json.Valid(d.text) {
		d.text = nil
	}
	return nil
}

// child returns the text of what a value has by a name or a number; nil if it has
// nothing. Of members with the same name the last counts.
func child(text []byte, key any) (found []byte) {
	switch key := key.(type) {
	case string:
		for name, value := range jsontext.Members(text) {
			if s, _ := jsontext.Unquote(name); string(s) == key {
				found = value
			}
		}
	case int:
		if key < 0 {
			for range jsontext.Elements(text) {
				key++
			}
		}
		for value := range jsontext.Elements(text) {
			if key == 0 {
				return value
			}
			key--
		}
	}
	return found
}

// decode returns the value of a text, which is JSON or empty.
func (d *document) decode(text []byte) (v any, err error) {
	if len(text) == 0 {
		return nil, nil
	}
	if err := d.meter.values(text); err != nil {
		return nil, err
	}
	if json.Unmarshal(text, &v) != nil { // a number that is none of ours
		return nil, nil
	}
	return v, nil
}
