package redact

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/frames"
	"github.com/socktrace/socktrace/redact/internal/head"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/loose"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/wire"
)

// maskBody masks b, of the exchange of x. A JSON document that came as a message
// before, and has nothing to mask, is not looked at again.
func maskBody(r *rules, s *connState, x *exchangeState, b *wire.Body) *wire.Body {
	var names []string
	var trailer []wire.Field
	if len(b.Trailer) > 0 {
		prefix := side(b.Dir) + ".trailers."
		trailer, names = head.Fields(&r.Rules, &s.scratch, b.Trailer, prefix)
		trailer, names = s.args.inFields(r, b.Trailer, trailer, prefix, names)
	}
	data, kept := b.Data, true
	if len(data) > 0 && !(b.Content == wire.KindJSON && isWhole(b) && x.clean[b.Dir&1].is(data)) {
		var more []string
		data, more, kept = maskData(r, s, x, b)
		names = append(names, more...)
	}
	hidden := s.carrier.hides(b.Dir) && b.Content != wire.KindGRPC // whose messages tell the names
	files, more := maskFiles(r, b.Files, hidden || hidesBody(s.known(x, b.Exchange), b.Dir), bodyNames[b.Dir&1])
	if names = append(names, more...); len(names) == 0 {
		return b
	}
	c := *b
	c.Files = files
	c.Data, c.Masked = data, mask.Union(b.Masked, names)
	c.Truncated = b.Truncated || !kept
	if trailer != nil {
		c.Trailer = trailer
	}
	return &c
}

// maskData masks what is kept of b. It returns no data and false if nothing of
// them is to be seen.
func maskData(r *rules, s *connState, x *exchangeState, b *wire.Body) (data []byte, names []string, kept bool) {
	known, whole := s.known(x, b.Exchange), isWhole(b)
	dir, name := b.Dir, bodyNames[b.Dir&1]
	isText := b.Content == wire.KindText
	switch {
	case b.Content == wire.KindJSON && (s.carrier.hides(dir) || known&dockerapi.Hidden != 0 && dir == wire.ToServer):
		data, names = mask.CoverJSON(r.Marks, b.Data, whole, name)
	case s.carrier.hides(dir):
		data, names = mask.Cover(r.Marks, b.Data, whole, name)
	case b.Content == wire.KindJSON && !beginsPlain(b.Data):
		t := x.types[dir&1]
		t.Media = "application/json"
		data, names = maskTyped(r, t, r.where(x.asked, known, dir), b, whole)
	case b.Content == wire.KindJSON:
		data, names = maskJSON(r, s, x, b, known, name)
	case known&tarOf(dir) != 0 && (!isText || dir == wire.ToServer),
		b.Content == wire.KindTar, isTar(b.Data):
		return nil, []string{name}, false
	case hidesBody(known, dir):
		data, names = mask.Cover(r.Marks, b.Data, whole, name)
	case b.Content == wire.KindMultiplexed:
		data, names = frames.Mask(r.Marks, b.Data, side(dir))
	case isApart(x.types[dir&1], b):
		data, names = maskTyped(r, x.types[dir&1], r.where(x.asked, known, dir), b, whole)
	case x.forms[dir&1]:
		found := query.Params(&r.Rules, nil, b.Data, 0, false, whole, name)
		data, names = form.Mask(found, r.Marks, b.Data, whole, name)
	default:
		f := loose.Finder{Rules: &r.Rules, In: r.where(x.asked, known, dir), Label: name, Ended: whole}
		data, names = f.Find(nil, b.Data).Mask(b.Data)
	}
	return data, names, true
}

// maskJSON masks a body of JSON. Behind the document that starts a process, its client
// types.
func maskJSON(r *rules, s *connState, x *exchangeState, b *wire.Body, known dockerapi.Traits, name string) ([]byte, []string) {
	in := r.where(x.asked, known, b.Dir)
	in.Whole, in.Values = wholeOf(b.Data), s.args.values
	data, names := jsonmask.Mask(&r.Rules, b.Data, name, in, isWhole(b))
	if known&dockerapi.Input == 0 || b.Dir != wire.ToServer {
		return data, names
	}
	d := json.NewDecoder(bytes.NewReader(data))
	var first json.RawMessage
	if d.Decode(&first) != nil {
		return mask.CoverJSON(r.Marks, b.Data, isWhole(b), name)
	}
	typed := data[d.InputOffset():]
	if len(bytes.TrimSpace(typed)) == 0 {
		return data, names
	}
	covered, more := mask.CoverJSON(r.Marks, typed, false, name)
	return append(slices.Clone(data[:len(data)-len(typed)]), covered...), append(names, more...)
}

// isBytes says whether a body is told by its digest.
func isBytes(k wire.Kind) bool { return k == wire.KindBinary || k == wire.KindTar }

// isWhole says whether all of b is known. Of a binary body that was recorded only
// the beginning may be here, until its exchange ends.
func isWhole(b *wire.Body) bool {
	return b.Complete && !b.Truncated && !(isBytes(b.Content) && int64(len(b.Data)) < b.Bytes)
}
