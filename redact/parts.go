package redact

import (
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/loose"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// maxDepth bounds parts of parts. What is deeper is masked by how secrets look.
const maxDepth = 5

// beginsPlain says whether b begins with JSON in UTF-8, and nothing before it.
func beginsPlain(b []byte) bool {
	return jsonmask.Begins(b) && (len(b) < 2 || b[1] != 0)
}

// isApart says whether b, of type t, is more than one text in UTF-8.
func isApart(t media.Type, b *wire.Body) bool {
	switch b.Content {
	case wire.KindParts:
		return true
	case wire.KindText:
		_, _, wide := t.Wide(b.Data)
		return wide || t.IsEvents() || media.LeadOf(b.Data, true).Size > 0
	}
	return false
}

// maskTyped masks what is kept of b, of type t.
func maskTyped(r *rules, t media.Type, in jsonmask.Where, b *wire.Body, whole bool) ([]byte, []string) {
	m := typed{r: r, in: in, label: bodyNames[b.Dir&1], whole: whole}
	return m.mask(t, b.Data)
}

// typed masks bodies, and their parts, as what their types and their beginnings
// say they are. What comes out can be read as what went in: in the charset that it
// was in, and as long as its frames say.
type typed struct {
	r     *rules
	in    jsonmask.Where
	label string
	whole bool
	depth int
}

// mask masks b, of type t. It returns b itself and nil names if there is nothing to
// mask.
func (m *typed) mask(t media.Type, b []byte) ([]byte, []string) {
	m.depth++
	defer func() { m.depth-- }()
	if m.depth > maxDepth {
		return form.Mask(nil, m.r.Marks, b, m.whole, m.label)
	}
	if c, mark, ok := t.Wide(b); ok {
		return m.recoded(t, c, b, mark)
	}
	if t.Unwrapped() != t {
		return m.base64(t.Unwrapped(), b)
	}
	if split := media.NewSplitter(t); split != nil {
		if is, _ := t.InParts(b, true); is {
			return m.parts(split, b)
		}
	}
	return m.utf8(t, b)
}

// utf8 masks what is not in another charset and not in parts: JSON, forms, and texts
// in which there may be anything.
func (m *typed) utf8(t media.Type, b []byte) ([]byte, []string) {
	n := media.Marked(b, true).Size
	lead := media.LeadOf(b[n:], true)
	switch n += lead.Size; {
	case lead.JSON, t.IsJSON() && !loose.IsParts(b), jsonmask.Begins(b[n:]):
		data, names := jsonmask.Mask(&m.r.Rules, b[n:], m.label, m.in, m.whole)
		before, more := form.Mask(nil, m.r.Marks, b[:n], true, m.label)
		if names == nil && more == nil {
			return b, nil
		}
		return append(before[:len(before):len(before)], data...), mask.Union(names, more)
	case t.IsForm() && !loose.IsParts(b):
		return form.Mask(query.Params(&m.r.Rules, nil, b, 0, false, m.whole, m.label), m.r.Marks, b, m.whole, m.label)
	}
	f := loose.Finder{Rules: &m.r.Rules, In: m.in, Label: m.label, Ended: m.whole}
	return f.Find(nil, b).Mask(b)
}

// recoded masks text in charset c behind its mark.
func (m *typed) recoded(t media.Type, c media.Charset, b []byte, mark int) ([]byte, []string) {
	t.Charset = ""
	data, names := m.mask(t, c.Decode(b[mark:]))
	if names == nil {
		return b, nil
	}
	coded, ok := c.Encode(data)
	if !ok {
		return mask.Cover(m.r.Marks, b, m.whole, m.label)
	}
	return append(b[:mark:mark], coded...), names
}

// base64 masks what is in base64.
func (m *typed) base64(t media.Type, b []byte) ([]byte, []string) {
	data, names := m.mask(t, media.FromBase64(b))
	if names == nil {
		return b, nil
	}
	return base64.StdEncoding.AppendEncode(nil, data), names
}

// parts masks each part.
func (m *typed) parts(s *media.Splitter, b []byte) ([]byte, []string) {
	p := partMasker{typed: m}
	s.Write(&p, b)
	s.Close(&p)
	p.end()
	if p.names == nil {
		return b, nil
	}
	return p.out, p.names
}

// partMasker puts a body together again of parts that are masked.
type partMasker struct {
	*typed
	part   media.Part
	data   []byte // of the content
	length int    // where in out the length of a message stands; 0: nowhere
	walk   *jsonmask.Walker
	lines  text.Lines
	out    []byte
	names  []string
}

// Part begins a part. Values of events go on over several lines.
func (p *partMasker) Part(next media.Part) {
	if next.Role == media.Frame && p.part.Role == media.Content && p.walk != nil || next.More {
		p.part.Role = next.Role
		return
	}
	p.end()
	p.part = next
	if next.Stream {
		p.walk = new(jsonmask.Walker)
		p.walk.Start(&p.r.Rules, p.label, p.in)
	}
}

// Data takes bytes of the part.
func (p *partMasker) Data(_ int64, b []byte) {
	switch {
	case p.part.Role == media.Head:
		found := p.lines.Find(&p.r.Rules, nil, b, p.label+".")
		p.add(form.Mask(found, p.r.Marks, b, true, p.label))
	case p.part.Role == media.Frame:
		if p.out = append(p.out, b...); p.part.Sized {
			p.length = len(p.out) - 4
		}
	case p.walk != nil:
		p.add(p.walk.Next(b, false))
	default:
		p.data = append(p.data, b...)
	}
}

// end masks the content that has ended.
func (p *partMasker) end() {
	p.walk = nil
	if len(p.data) == 0 {
		return
	}
	before := len(p.out)
	p.content()
	if grown := len(p.out) - before - len(p.data); p.length > 0 && grown != 0 {
		size := binary.BigEndian.Uint32(p.out[p.length:])
		binary.BigEndian.PutUint32(p.out[p.length:], size+uint32(grown))
	}
	p.data, p.length = p.data[:0], 0
}

func (p *partMasker) content() {
	switch {
	case p.part.Encoding == "base64":
		data, names := p.value(media.FromBase64(p.data))
		if names == nil {
			data = p.data
		} else {
			data = base64.StdEncoding.AppendEncode(nil, data)
		}
		p.add(data, names)
	default:
		p.add(p.value(p.data))
	}
}

// value masks the content of the part.
func (p *partMasker) value(b []byte) ([]byte, []string) {
	if isSecret(p.r, p.part.Name, b) {
		return mask.Cover(p.r.Marks, b, p.whole, name.Join(p.label, []byte(p.part.Name)))
	}
	return p.mask(p.part.Type, b)
}

func (p *partMasker) add(b []byte, names []string) {
	p.out = append(p.out, b...)
	if names != nil {
		p.names = mask.Union(p.names, names)
	}
}

// maxExcused is the size of the longest value that may be none of a secret for what
// it says, such as "false"; stands says that a name is one's without that.
const (
	maxExcused = 8
	stands     = "x1y2z3w4v5"
)

// isSecret says whether the value b of a field that is called so is a secret, by the
// rules of names in JSON and in forms. The name may be that of a part in a part: "a/b".
func isSecret(r *rules, called string, b []byte) bool {
	if called == "" {
		return false
	}
	if outer, inner, ok := strings.Cut(called, "/"); ok && (isSecret(r, outer, b) || isSecret(r, inner, b)) {
		return true
	}
	if len(b) > maxExcused {
		b = []byte(stands)
	}
	pair := url.QueryEscape(called) + "=" + url.QueryEscape(string(b))
	if query.Params(&r.Rules, nil, []byte(pair), 0, false, true, "") != nil {
		return true
	}
	doc, _ := jsontext.AppendString([]byte{'{'}, called)
	doc, _ = jsontext.AppendString(append(doc, ':'), b)
	_, names := jsonmask.Mask(&r.Rules, append(doc, '}'), "", jsonmask.Where{}, true)
	return names != nil
}
