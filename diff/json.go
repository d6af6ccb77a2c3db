package diff

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// JSON returns a result as one object.
func JSON(r *Result) []byte {
	w := &jsontext.Writer{B: []byte("{")}
	w.String("a", r.A.Name)
	w.String("b", r.B.Name)
	w.Raw("differs", strconv.FormatBool(r.Differs()))
	w.Int("same", int64(r.Same))
	for k := Changed; k <= Moved; k++ {
		w.Int(k.String(), int64(r.Count(k)))
	}
	w.Open("common", '[')
	for i := range r.Common {
		w.Open("", '{')
		r.Common[i].json(w)
		w.Int("exchanges", int64(r.Common[i].Exchanges))
		w.Close('}')
	}
	w.Close(']')
	w.Open("exchanges", '[')
	for i := range r.Items {
		r.Items[i].json(w)
	}
	w.Close(']')
	if len(r.Skipped) > 0 {
		w.Open("skipped", '[')
		for i := range r.Skipped {
			r.Skipped[i].json(w)
		}
		w.Close(']')
	}
	w.Count("notCompared", r.A.Left+r.B.Left)
	w.Close('}')
	var out bytes.Buffer
	if json.Indent(&out, w.B, "", "  ") != nil { // it is valid: this is for the reader's eyes
		return append(w.B, '\n')
	}
	return append(out.Bytes(), '\n')
}

// json writes an item.
func (i *Item) json(w *jsontext.Writer) {
	w.Open("", '{')
	w.String("kind", i.Kind.String())
	operation, title := i.Title()
	w.String("operation", operation)
	w.String("request", title)
	Twin{i.A, i.B}.json(w)
	if len(i.Also) > 0 {
		w.Open("also", '[')
		for _, t := range i.Also {
			w.Open("", '{')
			t.json(w)
			w.Close('}')
		}
		w.Close(']')
	}
	w.Count("more", int64(i.More))
	if len(i.Changes) > 0 {
		w.Open("changes", '[')
		for k := range i.Changes {
			w.Open("", '{')
			i.Changes[k].json(w)
			w.Close('}')
		}
		w.Close(']')
	}
	w.Close('}')
}

// json writes the numbers of two exchanges, or of one.
func (t Twin) json(w *jsontext.Writer) {
	if t.A != nil {
		w.Int("a", int64(t.A.Number))
	}
	if t.B != nil {
		w.Int("b", int64(t.B.Number))
	}
}

// json writes what was not compared.
func (s *Skipped) json(w *jsontext.Writer) {
	w.Open("", '{')
	w.String("operation", s.Operation())
	w.String("request", s.Title())
	w.Int("a", int64(s.Number))
	w.String("why", s.Why)
	w.Close('}')
}

// json writes the members of a change.
func (c *Change) json(w *jsontext.Writer) {
	w.String("place", c.Place)
	w.Flag("note", c.Note)
	if len(c.Lines) > 0 {
		w.Open("lines", '[')
		for _, l := range c.Lines {
			w.String("", string(l.Sign)+l.Text)
		}
		w.Close(']')
		return
	}
	c.side(w, "a", c.A, c.HasA)
	c.side(w, "b", c.B, c.HasB)
}

// side writes one value: what is JSON in a document as that, all else as a string.
func (c *Change) side(w *jsontext.Writer, name, value string, has bool) {
	switch {
	case !has:
	case isDocument(c.Place) && strings.TrimSpace(value) != "" && w.JSON(name, []byte(value)):
	default:
		w.String(name, value)
	}
}
