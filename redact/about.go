package redact

import (
	"bytes"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/redact/internal/head"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/loose"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// clipped ends a text of which a recording has only the beginning.
const clipped = "…"

// aboutMasker masks what a recording tells of an exchange in words. These are copies
// of what its messages say, or said: the recording may have been made without a
// redactor, and may not have the messages.
type aboutMasker struct {
	r     *rules
	names []string
}

// maskAbout masks a, which tells of the nth exchange, whose state is x, and names what
// was masked: what goes by the names of the messages that it is a copy of.
func maskAbout(r *rules, s *connState, x *exchangeState, n int, a *wire.About) (*wire.About, []string) {
	m := aboutMasker{r: r}
	c := *a
	c.Subject.ID = m.member("request.target", "id", a.Subject.ID, jsonmask.Where{})
	c.Subject.Name = m.member("request.target", "name", a.Subject.Name, jsonmask.Where{})
	c.Subject.Container = m.member("request.target", "container", a.Subject.Container, jsonmask.Where{})
	c.Details = slices.Clone(a.Details)
	for i, d := range a.Details {
		value := d.Value
		if d.Name == "cmd" {
			value = m.command("request.body", value)
		}
		c.Details[i].Value = m.member("request.body", d.Name, value, jsonmask.Where{})
	}
	known := s.known(x, n)
	switch e := a.Outcome.Error; {
	case e == "":
	case x.call(): // it is said in a field, not in the body
		c.Outcome.Error = m.said("response.body", e, s.args.values)
	case !x.document && hidesBody(known, wire.ToClient) || s.carrier.hides(wire.ToClient):
		c.Outcome.Error = m.covered("response.body", e)
	default:
		if !x.document {
			e = m.text("response.body", e, r.where(x.asked, known, wire.ToClient))
		}
		c.Outcome.Error = m.member("response.body", "message", e, r.where(x.asked, known, wire.ToClient))
	}
	if m.names == nil {
		return a, nil
	}
	return &c, m.names
}

// member masks value as that of a member of a document, in which it was most likely
// said.
func (m *aboutMasker) member(label, called, value string, in jsonmask.Where) string {
	return m.each(label, value, func(b []byte, whole bool) ([]byte, []string) {
		doc, _ := jsontext.AppendString([]byte{'{'}, called)
		doc = append(doc, ':')
		start := len(doc)
		doc, _ = jsontext.AppendString(doc, b)
		if doc = append(doc, '}'); !whole {
			doc = doc[:len(doc)-len(`"}`)]
		}
		masked, names := jsonmask.Mask(&m.r.Rules, doc, label, in, whole)
		if names == nil {
			return b, nil
		}
		if masked = slices.Clone(masked[start:]); whole {
			masked = masked[:len(masked)-1]
		} else {
			masked = append(masked, '"')
		}
		s, ok := jsontext.Unquote(masked)
		if !ok {
			return mask.Cover(m.r.Marks, b, whole, label)
		}
		return []byte(s), names
	})
}

// text masks an answer that was no document.
func (m *aboutMasker) text(label, value string, in jsonmask.Where) string {
	return m.each(label, value, func(b []byte, whole bool) ([]byte, []string) {
		f := loose.Finder{Rules: &m.r.Rules, In: in, Label: label, Ended: whole}
		return f.Find(nil, b).Mask(b)
	})
}

// said masks what a call of gRPC says went wrong, as the field that says it is masked.
func (m *aboutMasker) said(label, value string, values [][]byte) string {
	return m.each(label, value, func(b []byte, whole bool) ([]byte, []string) {
		found := head.Said(&m.r.Rules, nil, b, whole, label)
		return mask.Values(found, m.r.Marks, b, values, label).Mask(b)
	})
}

// command masks the words of a command, which have lost their borders: a secret with
// blanks in it is taken to go on up to the next option.
func (m *aboutMasker) command(label, value string) string {
	return m.each(label, value, func(b []byte, whole bool) ([]byte, []string) {
		found := m.r.Assignments(nil, b, 0, false, whole, label)
		for i := range found {
			sp := &found[i]
			if n := bytes.Index(b[sp.To:], []byte(" -")); n > 0 {
				sp.To += n
			} else if n < 0 {
				sp.To = len(b)
			}
			sp.With = mask.Spans(nil).Either(m.r.Marks, b, sp.From, sp.To, whole || sp.To < len(b), label)[0].With
		}
		return found.Mask(b)
	})
}

// covered masks all of value.
func (m *aboutMasker) covered(label, value string) string {
	if mask.Is(value) {
		return value
	}
	m.names = mask.Union(m.names, []string{label})
	return mask.Partial(len(value))
}

// each has do mask value without what says that it is cut, be it within a placeholder.
func (m *aboutMasker) each(label, value string, do func(b []byte, whole bool) ([]byte, []string)) string {
	if value == "" {
		return ""
	}
	begin, isCut := strings.CutSuffix(value, clipped)
	if isCut {
		begin = begin[:mask.Cut(begin)]
	}
	masked, names := do([]byte(begin), !isCut)
	if names == nil {
		return value
	}
	m.names = mask.Union(m.names, []string{label})
	return string(masked) + value[len(begin):]
}
