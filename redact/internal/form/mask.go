package form

import "github.com/socktrace/socktrace/redact/internal/mask"

// Find adds the secrets in text, the next piece of the stream, to found. last
// says that nothing follows.
func (m *Matcher) Find(found mask.Spans, marks *mask.Marks, text []byte, last bool, name string) mask.Spans {
	var buf [8]hit
	for _, h := range m.scan(buf[:0], text, last) {
		sp := mask.Span{From: h.from, To: h.to, Name: name}
		switch {
		case mask.Is(text[h.from:h.to]):
			continue
		case h.start < 0:
			sp.With = mask.Partial(h.to - h.from)
		default:
			sp.With = marks.Placeholder(text[h.start:h.to], h.to-h.from)
		}
		found = append(found, sp)
	}
	return found
}

// Skip takes the next piece of the stream, whose secrets are known.
func (m *Matcher) Skip(text []byte) { m.scan(nil, text, false) }

// Mask masks the next piece of the stream, in which some secrets were found
// already. It returns text itself and nil names if there is nothing to mask.
func (m *Matcher) Mask(found mask.Spans, marks *mask.Marks, text []byte, last bool, name string) ([]byte, []string) {
	return m.Find(found, marks, text, last, name).Mask(text)
}

// Find adds the secrets in text, which belongs to no stream, to found. ended
// says that it is whole. Most texts have none: they need no Matcher.
func Find(found mask.Spans, marks *mask.Marks, text []byte, ended bool, name string) mask.Spans {
	if Index(text) < 0 {
		return found
	}
	return new(Matcher).Find(found, marks, text, ended, name)
}

// Mask is Matcher.Mask of a text that belongs to no stream.
func Mask(found mask.Spans, marks *mask.Marks, text []byte, ended bool, name string) ([]byte, []string) {
	return Find(found, marks, text, ended, name).Mask(text)
}
