package redact

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/head"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// maskAnomaly masks what a, in the exchange of x, quotes of the traffic, and
// names it.
func maskAnomaly(r *rules, s *connState, x *exchangeState, a *wire.Anomaly) (*wire.Anomaly, []string) {
	secretive := hides(s.known(x, a.Exchange), a.Dir) || s.carrier.hides(a.Dir)
	detail, names := maskDetail(r, a.Detail, side(a.Dir), secretive)
	if names == nil {
		return a, nil
	}
	c := *a
	c.Detail = detail
	return &c, names
}

// maskDetail masks what the detail of an anomaly quotes: the value behind the
// name of a secret field; all of it, if it was said where what is not understood is
// hidden (secretive), or if it is a folded line, whose field is not known;
// targets; and what is known by how it looks. It returns nil names if there is
// nothing to mask.
func maskDetail(r *rules, detail, side string, secretive bool) (string, []string) {
	before, quoted, after := cutQuoted(detail, '"')
	if quoted == "" && secretive {
		before, quoted, after = cutQuoted(detail, '\'')
	}
	if mask.Is(quoted) {
		return detail, nil
	}
	called, rest := field.FirstToken(quoted)
	value := strings.TrimLeft(strings.TrimPrefix(rest, `\t`), " ")
	switch blank := value != rest; { // between the name and what follows
	case quoted == "":
	case secretive:
		return before + mask.Partial(len(quoted)) + after, []string{side + ".body"}
	case called == "" && blank && value != "":
		return before + mask.Partial(len(quoted)) + after, []string{side + ".headers"}
	case blank && value != "" && value[0] != ':':
		if masked, ok := head.Value(&r.Rules, called, value); ok {
			return before + called + " " + masked + after, []string{side + ".headers." + called}
		}
	}
	return maskQuoting(r, detail, side)
}

// maskQuoting masks what stands anywhere in a detail: header lines, targets, and
// what is known by how it looks.
func maskQuoting(r *rules, detail, side string) (string, []string) {
	rest, quote := strings.CutSuffix(detail, `"`)
	// A line end ends the value: it is all there is of it.
	line := append([]byte(rest), '\n')
	found := targetsIn(r, nil, line, side)
	found = new(text.Lines).Find(&r.Rules, found, line, side+".headers.")
	found = form.Find(found, r.Marks, line, true, side).Sorted()
	names := found.Names(0)
	if names == nil {
		return detail, nil
	}
	masked := string(bytes.TrimSuffix(found.Masked(line, 0), []byte("\n")))
	if quote {
		masked += `"`
	}
	return masked, names
}

// targetsIn adds the secrets in the words of line that look like targets with
// a query.
func targetsIn(r *rules, found mask.Spans, line []byte, side string) mask.Spans {
	for i := 0; i < len(line); {
		size := bytes.IndexAny(line[i:], " \"\n")
		if size < 0 {
			size = len(line) - i
		}
		if bytes.IndexByte(line[i:i+size], '?') >= 0 {
			n := len(found)
			found = query.Target(&r.Rules, found, line[i:i+size], true, true, side)
			for j := range found[n:] {
				found[n+j].From += i
				found[n+j].To += i
			}
		}
		i += size + 1
	}
	return found
}

// cutQuoted cuts s around what stands between its first and its last quote.
func cutQuoted(s string, quote byte) (before, quoted, after string) {
	i, j := strings.IndexByte(s, quote), strings.LastIndexByte(s, quote)
	if i == j {
		return s, "", ""
	}
	return s[:i+1], s[i+1 : j], s[j:]
}
