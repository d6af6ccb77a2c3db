package redact

import (
	"cmp"
	"slices"
)

// span is a part of a text that is masked.
type span struct {
	from, to int
	with     string // shown in its place
	name     string // of what it is, such as "request.body.Env.DB_PASSWORD"
}

// spans are the masked parts of one text. Whoever looks for secrets adds to
// them; parts may be found twice, and in any order.
type spans []span

// whole masks text[from:to], all of a secret, unless it is masked already.
func (r *Redactor) whole(s spans, text []byte, from, to int, name string) spans {
	if from >= to || isPlaceholder(text[from:to]) {
		return s
	}
	return append(s, span{from, to, r.placeholder(text[from:to], to-from), name})
}

// piece masks the bytes between from and to, which may be only a piece of a
// secret, unless they are masked already.
func piece(s spans, text []byte, from, to int, name string) spans {
	if from >= to || isPlaceholder(text[from:to]) {
		return s
	}
	return append(s, span{from, to, partial(to - from), name})
}

// either is whole if the secret has ended, otherwise piece.
func (r *Redactor) either(s spans, text []byte, from, to int, ended bool, name string) spans {
	if ended {
		return r.whole(s, text, from, to, name)
	}
	return piece(s, text, from, to, name)
}

// sorted puts the spans in the order of the text, and makes one of those that
// overlap.
func (s spans) sorted() spans {
	if len(s) < 2 {
		return s
	}
	byPlace := func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) }
	if !slices.IsSortedFunc(s, byPlace) {
		slices.SortStableFunc(s, byPlace)
	}
	n := 0
	for _, sp := range s[1:] {
		last := &s[n]
		switch {
		case sp.from >= last.to:
			n++
			s[n] = sp
		case sp.to > last.to:
			last.to = sp.to
			last.with = partial(last.to - last.from)
		}
	}
	return s[:n+1]
}

// masked returns text[known:] with the spans masked, which are sorted. What
// stands before known was given out before; of a span that begins there only
// the rest is masked.
func (s spans) masked(text []byte, known int) []byte {
	size := len(text) - known
	for _, sp := range s {
		size += len(sp.with)
	}
	out := make([]byte, 0, size)
	at := known
	for _, sp := range s {
		switch {
		case sp.to <= known:
			continue
		case sp.from < known:
			sp.from, sp.with = known, partial(sp.to-known)
		}
		out = append(out, text[at:sp.from]...)
		out = append(out, sp.with...)
		at = sp.to
	}
	return append(out, text[at:]...)
}

// names returns the names of what is masked behind known, each once; nil if
// nothing is.
func (s spans) names(known int) (names []string) {
	for _, sp := range s {
		if sp.to > known && len(names) < maxNames && !slices.Contains(names, sp.name) {
			names = append(names, sp.name)
		}
	}
	return names
}
