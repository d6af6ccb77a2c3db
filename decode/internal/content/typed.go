package content

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// typed looks at how a body of some type begins: it is JSON, or in parts, or text,
// by its content; the type alone decides nothing.
type typed struct {
	t      media.Type
	limits Limits
	depth  int
	json   func() *JSON // makes what decodes JSON; nil: new ones are
	base   int64        // where in the body it begins
}

// Doubt has j, which is to decode a body of type t, look at how that begins: types
// lie, and other things may stand before JSON.
func Doubt(j *JSON, t media.Type) { j.typed, j.doubts, j.other = t, true, otherThan }

// otherThan returns what looks at a body that does not begin as j expects, from where
// j is. If it is JSON all the same, j decodes it.
func otherThan(j *JSON) *sniffer {
	y := &typed{t: j.typed, limits: j.limits, base: j.pos, json: func() *JSON { return j }}
	j.free()
	j.Reset(j.limits)
	return &sniffer{judge: y}
}

// NewApart decodes what stands behind the body that its coding has, as what it is.
func NewApart(l Limits) Content {
	return &apart{nested{content: newBody(media.Type{}, l, 1, nil)}}
}

// NewArchive decodes a body that should be an archive: it lists it. Of the files that
// reads names the text is told.
func NewArchive(l Limits, reads []string) Content {
	a := &archive{limits: l, reads: reads, behind: NewApart}
	return &sniffer{judge: a}
}

// NewBody decodes a body of type t. json makes what decodes JSON.
func NewBody(t media.Type, l Limits, json func() *JSON) Content { return newBody(t, l, 0, json) }

// newBody decodes a body, or part of one, that is depth deep in others.
func newBody(t media.Type, l Limits, depth int, json func() *JSON) Content {
	b := &struct { // in one piece of memory: there is one for each body
		sniffer
		typed
	}{typed: typed{t: t, limits: l, depth: depth, json: json}}
	b.sniffer.judge = &b.typed
	return &b.sniffer
}

// choose returns what decodes a part.
func (y *typed) choose(t media.Type, depth int) Content { return newBody(t, y.limits, depth, nil) }

// decide tells what b begins.
func (y *typed) decide(b []byte, end bool) verdict {
	m := media.Marked(b, end)
	if !m.Known {
		return verdict{}
	}
	label, known := media.CharsetNamed(y.t.Charset)
	v := verdict{known: true, skip: m.Size}
	if m.Charset != "" {
		v.charset, _ = media.CharsetNamed(m.Charset)
		if y.t.Charset != "" && label.Family() != v.charset.Family() {
			v.fault = mislabelled("charset=" + y.t.Charset + ": it is " + m.Charset)
		}
		return v
	}
	switch {
	case !known:
		v.fault = mislabelled("charset=" + y.t.Charset + ": there is none of this name")
	case label.IsUTF8() || m.Size > 0:
	case !label.Wide():
		v.charset = label
		return v
	case len(b) < 4 && !end:
		return verdict{}
	case len(b) > 1 && b[0] != 0 && b[1] == 0:
		v.charset, _ = media.CharsetNamed(label.Family() + "le")
		return v
	case !media.IsPlain(b):
		v.charset = label
		return v
	default:
		v.fault = mislabelled("charset=" + y.t.Charset + ": it is not")
	}
	return y.utf8(v, b[m.Size:], end)
}

func mislabelled(detail string) anomaly.Fault {
	return anomaly.Fault{Code: anomaly.Mislabelled, Detail: detail}
}

// utf8 tells what b begins, which is not in another charset; v is what is known.
func (y *typed) utf8(v verdict, b []byte, end bool) verdict {
	if y.depth < maxDepth {
		if media.Transfer("", y.t) != nil {
			v.kind = wire.KindParts
			return v
		}
		if media.NewSplitter(y.t) != nil {
			is, known := y.t.InParts(b, end)
			switch {
			case !known:
				return verdict{}
			case is:
				v.kind = y.partsKind()
				return v
			case len(b) > 0:
				v.fault = mislabelled(y.t.Media + ": it is not")
			}
		}
	}
	lead := media.LeadOf(b, end)
	switch {
	case !lead.Known:
		return verdict{}
	case lead.JSON && media.IsPlain(b[:lead.Size]):
		v.kind, v.lead = wire.KindJSON, lead.Size
		return v
	case y.t.IsJSON() && beginsValue(b):
		v.kind = wire.KindJSON
		return v
	}
	v.skip = 0
	return y.text(v, b, end)
}

// partsKind returns what a body in parts is: events are text.
func (y *typed) partsKind() wire.Kind {
	if y.t.IsEvents() {
		return wire.KindText
	}
	return wire.KindParts
}

// beginsValue says whether b begins with a JSON value of any kind, or has none.
func beginsValue(b []byte) bool {
	for len(b) > 0 && jsontext.IsSeparator(b[0]) {
		b = b[1:]
	}
	for _, word := range []string{"true", "false", "null"} {
		if n := min(len(b), len(word)); n > 0 && b[0] == word[0] {
			return string(b[:n]) == word[:n]
		}
	}
	return len(b) == 0 || jsontext.StartsValue(b[0])
}

// text tells whether b, which is no JSON, begins a text.
func (y *typed) text(v verdict, b []byte, end bool) verdict {
	need := sniffBinary
	switch {
	case y.t.IsText():
		need = 0
	case y.t.Media == "", y.t.Media == "text/plain", y.t.IsForm(), y.t.IsJSON(), y.t.IsStream():
		need = sniffText
	}
	switch {
	case y.t.IsMedia():
		v.kind = wire.KindBinary
	case y.t.IsArchive(), need > 0 && !media.IsPlain(b):
		if v = y.binary(v, b, end); !v.known {
			return v
		}
	case len(b) < need && !end:
		return verdict{}
	default:
		v.kind = wire.KindText
	}
	if y.t.IsJSON() {
		v.fault = anomaly.Fault{Code: anomaly.BadJSON, Detail: "a value cannot begin with " + quoteByte(b)}
	}
	return v
}

// binary tells whether b, which is no text, begins an archive. One that is compressed is
// not opened unless the type says that it is one.
func (y *typed) binary(v verdict, b []byte, end bool) verdict {
	switch {
	case y.depth > 0:
		v.kind = wire.KindBinary
	case y.t.IsArchive():
		a := y.archive().decide(b, end)
		v.known, v.kind, v.packed = a.known, a.kind, a.packed
	case len(b) < tarBlock && !end:
		return verdict{}
	case isArchive(b):
		v.kind = wire.KindTar
	default:
		v.kind = wire.KindBinary
	}
	return v
}

func (y *typed) archive() *archive { return &archive{limits: y.limits, behind: NewApart} }

// make returns what decodes a body that v was found of.
func (y *typed) make(v verdict) Content {
	if !v.charset.IsUTF8() {
		label := ""
		if v.charset.Single() {
			label = y.t.Charset
		}
		t := y.t
		t.Charset = ""
		return newRecoded(v.charset.Decoder(), label, newBody(t, y.limits, y.depth, nil))
	}
	switch v.kind {
	case wire.KindJSON:
		return y.newJSON(v)
	case wire.KindParts:
		if to := media.Transfer("", y.t); to != nil {
			c := newRecoded(to, "", newParts(y.t.Unwrapped(), y.choose, y.depth))
			c.inside.all = false
			return c
		}
		return newParts(y.t, y.choose, y.depth)
	case wire.KindText:
		switch {
		case v.fault.Code != "":
		case y.t.IsEvents() && y.depth < maxDepth:
			return newParts(y.t, y.choose, y.depth)
		case y.t.IsForm() && y.depth < maxDepth:
			return &form{choose: y.choose, depth: y.depth}
		}
		return newText(y.depth > 0)
	}
	if y.depth > 0 {
		return new(beginning)
	}
	return y.archive().make(v)
}

// newJSON returns what decodes JSON behind what v says stands before it.
func (y *typed) newJSON(v verdict) Content {
	var j *JSON
	if y.json != nil {
		j = y.json()
	} else {
		j = new(JSON)
		j.Reset(y.limits)
	}
	j.pos, j.tail, j.part = y.base+int64(v.skip+v.lead), v.lead > 0, y.depth > 0
	return j
}
