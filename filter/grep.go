package filter

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Grep returns the filter that shows exchanges with a text in their target, their
// headers, their bodies or their streams: there also over the borders of pieces.
func Grep(text string) *Filter { return of(words(text)) }

// words are a text that is looked for.
type words string

func (w words) needs() wire.Needs { return heads.Union(said) }
func (w words) probe() probe      { return &grepping{text: string(w)} }

// grepping looks for a text in what comes, once.
type grepping struct {
	text string
	ends [2][]byte // of what came last in each direction: a beginning of the text may be there
}

func (g *grepping) watches() {}

func (g *grepping) reset() {
	for i := range g.ends {
		g.ends[i] = g.ends[i][:0]
	}
}

func (g *grepping) look(v *view) (wire.Verdict, error) {
	found := false
	switch ev := v.ev.(type) {
	case *wire.Request:
		found = strings.Contains(ev.Target, g.text) || g.inFields(ev.Fields)
	case *wire.Response:
		found = g.inFields(ev.Fields)
	case *wire.Message:
		found = g.inMessage(ev)
	case *wire.Exchange:
		return verdict(g.inBody(v.requestBody()) || g.inBody(v.responseBody())), nil
	}
	if found {
		return wire.Shown, nil
	}
	return wire.Undecided, nil
}

func (g *grepping) inFields(fields []wire.Field) bool {
	for i := range fields {
		if strings.Contains(fields[i].Name+": "+fields[i].Value, g.text) {
			return true
		}
	}
	return false
}

func (g *grepping) inBody(b *wire.Body) bool {
	return bytes.Contains(b.Data, []byte(g.text)) || g.inFields(b.Trailer)
}

// inMessage looks in a message, and in the end of the last with its beginning.
func (g *grepping) inMessage(m *wire.Message) bool {
	end := &g.ends[m.Dir&1]
	before := max(len(g.text)-1, 0)
	*end = append(*end, m.Data[:min(before, len(m.Data))]...)
	if bytes.Contains(*end, []byte(g.text)) || bytes.Contains(m.Data, []byte(g.text)) {
		return true
	}
	last := *end
	if len(m.Data) >= before {
		last = m.Data
	}
	*end = append((*end)[:0], last[max(len(last)-before, 0):]...)
	return false
}
