package mask

import (
	"cmp"
	"slices"
)

// Span is a part of a text that is masked.
type Span struct {
	From, To int
	With     string // shown in its place
	Name     string // of what it is, such as "request.body.Env.DB_PASSWORD"
}

// Spans are the masked parts of one text. Whoever looks for secrets adds to
// them; parts may be found twice, and in any order.
type Spans []Span

// Whole masks text[from:to], all of a secret, unless it is masked already.
func (s Spans) Whole(m *Marks, text []byte, from, to int, name string) Spans {
	if from >= to || Is(text[from:to]) {
		return s
	}
	return append(s, Span{from, to, m.Placeholder(text[from:to], to-from), name})
}

// Piece masks text[from:to], which may be only a piece of a secret, unless it
// is masked already.
func (s Spans) Piece(text []byte, from, to int, name string) Spans {
	if from >= to || Is(text[from:to]) {
		return s
	}
	return append(s, Span{from, to, Partial(to - from), name})
}

// Either is Whole if the secret has ended, otherwise Piece.
func (s Spans) Either(m *Marks, text []byte, from, to int, ended bool, name string) Spans {
	if ended {
		return s.Whole(m, text, from, to, name)
	}
	return s.Piece(text, from, to, name)
}

// Sorted puts the spans in the order of the text, and makes one of those that
// overlap.
func (s Spans) Sorted() Spans {
	if len(s) < 2 {
		return s
	}
	byPlace := func(a, b Span) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To)) }
	if !slices.IsSortedFunc(s, byPlace) {
		slices.SortStableFunc(s, byPlace)
	}
	n := 0
	for _, sp := range s[1:] {
		last := &s[n]
		switch {
		case sp.From >= last.To:
			n++
			s[n] = sp
		case sp.To > last.To:
			last.To = sp.To
			last.With = Partial(last.To - last.From)
		}
	}
	return s[:n+1]
}

// Masked returns text[known:] with the spans masked, which are sorted. What
// stands before known was given out before; of a span that begins there only
// the rest is masked.
func (s Spans) Masked(text []byte, known int) []byte {
	size := len(text) - known
	for _, sp := range s {
		size += len(sp.With)
	}
	out := make([]byte, 0, size)
	at := known
	for _, sp := range s {
		switch {
		case sp.To <= known:
			continue
		case sp.From < known:
			sp.From, sp.With = known, Partial(sp.To-known)
		}
		out = append(out, text[at:sp.From]...)
		out = append(out, sp.With...)
		at = sp.To
	}
	return append(out, text[at:]...)
}

// Mask returns text with the spans, in any order, masked, and their names; text itself
// and nil names if there are none.
func (s Spans) Mask(text []byte) ([]byte, []string) {
	if len(s) == 0 {
		return text, nil
	}
	s = s.Sorted()
	return s.Masked(text, 0), s.Names(0)
}

// Names returns the names of what is masked behind known, each once; nil if
// nothing is.
func (s Spans) Names(known int) (names []string) {
	for _, sp := range s {
		if sp.To > known && len(names) < MaxNames && !slices.Contains(names, sp.Name) {
			names = append(names, sp.Name)
		}
	}
	return names
}

// Cover masks all of text, and names it; whole says that it is not only a
// piece.
func Cover(m *Marks, text []byte, whole bool, name string) ([]byte, []string) {
	found := Spans(nil).Either(m, text, 0, len(text), whole, name)
	return found.Masked(text, 0), found.Names(0)
}

// CoverJSON is Cover for a JSON value, which stays one: a string.
func CoverJSON(m *Marks, value []byte, whole bool, name string) ([]byte, []string) {
	if n := len(value); n > 2 && value[0] == '"' && value[n-1] == '"' {
		found := Spans(nil).Either(m, value, 1, n-1, whole, name)
		return found.Masked(value, 0), found.Names(0)
	}
	covered, names := Cover(m, value, whole, name)
	if names == nil {
		return covered, nil
	}
	quoted := make([]byte, 0, len(covered)+2)
	return append(append(append(quoted, '"'), covered...), '"'), names
}
