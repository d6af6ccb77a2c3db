package redact

import (
	"bytes"
	"strconv"
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
	known := s.known(x, a.Exchange)
	secretive := hides(known, a.Dir) || s.carrier.hides(a.Dir)
	detail, names := maskDetail(r, a.Detail, side(a.Dir), secretive)
	if numbered(s, known, a) {
		numberless, some := maskNumbers(detail)
		if detail = numberless; some && names == nil {
			names = []string{side(a.Dir) + ".body"}
		}
	}
	if names == nil {
		return a, nil
	}
	c := *a
	c.Detail = detail
	return &c, names
}

// maskDetail masks what the detail of an anomaly quotes: the value of a secret field;
// all of it, if it was said where what is not understood is hidden (secretive), or
// if it is a folded line, whose field is not known; targets; and what is known by
// how it looks. It returns nil names if there is nothing to mask.
func maskDetail(r *rules, detail, side string, secretive bool) (string, []string) {
	before, quoted, after := cutQuoted(detail, '"')
	if quoted == "" && secretive {
		before, quoted, after = cutQuoted(detail, '\'')
	}
	if mask.Is(quoted) {
		return detail, nil
	}
	if secretive && quoted != "" {
		return before + mask.Partial(len(quoted)) + after, []string{side + ".body"}
	}
	raw, err := strconv.Unquote(`"` + quoted + `"`)
	if quoted == "" || err != nil {
		before, raw, after = "", detail, ""
	}
	masked, names := maskQuoted(r, raw, side)
	switch {
	case names == nil:
		return detail, nil
	case before == "":
		return masked, names
	}
	escaped := strconv.Quote(masked)
	return before + escaped[1:len(escaped)-1] + after, names
}

// maskQuoted masks a line of the traffic: a field, or anything else.
func maskQuoted(r *rules, line, side string) (string, []string) {
	called, rest := field.FirstToken(line)
	value := strings.TrimLeft(rest, " \t")
	blank := value != rest // between the name and what follows
	if colon, ok := strings.CutPrefix(value, ":"); ok && called != "" {
		blanks := len(colon) - len(strings.TrimLeft(colon, " \t"))
		if masked, ok := head.Value(&r.Rules, called, strings.TrimRight(colon[blanks:], " \t\r\n")); ok {
			return line[:len(line)-len(colon)+blanks] + masked, []string{side + ".headers." + called}
		}
	}
	if called == "" && blank && value != "" {
		return mask.Partial(len(line)), []string{side + ".headers"}
	}
	if blank && value != "" && value[0] != ':' {
		if masked, ok := head.Value(&r.Rules, called, value); ok {
			return called + " " + masked, []string{side + ".headers." + called}
		}
	}
	return maskLine(r, line, side)
}

// maskLine masks what stands anywhere in a line: header lines, targets, and
// what is known by how it looks.
func maskLine(r *rules, s, side string) (string, []string) {
	// A line end ends the value: it is all there is of it.
	line := append([]byte(s), '\n')
	found := targetsIn(r, nil, line, side)
	found = new(text.Lines).Find(&r.Rules, found, line, side+".headers.")
	masked, names := form.Find(found, r.Marks, line, true, side).Mask(line)
	return string(bytes.TrimSuffix(masked, []byte("\n"))), names
}

// targetsIn adds the secrets in the words of line that look like targets with
// a query. It ends in a line end.
func targetsIn(r *rules, found mask.Spans, line []byte, side string) mask.Spans {
	for i := 0; i < len(line); {
		size := bytes.IndexAny(line[i:], " \"\n")
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
