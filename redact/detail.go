package redact

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
)

// maskDetail masks what the detail of an anomaly quotes: the value behind the
// name of a secret field; all of it, if it was said to or by /auth
// (secretive), or if it is a folded line, whose field is not known; targets;
// and what is known by how it looks. It returns nil names if there is nothing
// to mask.
func (r *Redactor) maskDetail(detail, side string, secretive bool) (string, []string) {
	before, quoted, after := cutQuoted(detail)
	if mask.Is(quoted) {
		return detail, nil
	}
	name, rest := firstToken(quoted)
	value := strings.TrimLeft(strings.TrimPrefix(rest, `\t`), " ")
	switch blank := value != rest; { // between the name and what follows
	case quoted == "":
	case secretive:
		return before + mask.Partial(len(quoted)) + after, []string{side + ".body"}
	case name == "" && blank && value != "":
		return before + mask.Partial(len(quoted)) + after, []string{side + ".headers"}
	case blank && value != "" && value[0] != ':' && r.isSecretField(name):
		masked, ok := r.value(name, value)
		if ok {
			return before + name + " " + masked + after, []string{side + ".headers." + name}
		}
		return detail, nil
	}
	text, end := detail, ""
	if strings.HasSuffix(text, `"`) {
		text, end = text[:len(text)-1], `"`
	}
	// A line end ends the value: it is all there is of it.
	line := append([]byte(text), '\n')
	found := r.targetsIn(nil, line, side)
	found = r.rawLines(found, new(lineState), line, side+".headers.")
	found = form.Find(found, r.marks, line, true, side).Sorted()
	names := found.Names(0)
	if names == nil {
		return detail, nil
	}
	return string(bytes.TrimSuffix(found.Masked(line, 0), []byte("\n"))) + end, names
}

// targetsIn adds the secrets in the words of line that look like targets with
// a query.
func (r *Redactor) targetsIn(found mask.Spans, line []byte, side string) mask.Spans {
	for i := 0; i < len(line); {
		size := bytes.IndexAny(line[i:], " \"\n")
		if size < 0 {
			size = len(line) - i
		}
		if bytes.IndexByte(line[i:i+size], '?') >= 0 {
			n := len(found)
			found = r.targetSpans(found, line[i:i+size], true, true, side)
			for k := range found[n:] {
				found[n+k].From += i
				found[n+k].To += i
			}
		}
		i += size + 1
	}
	return found
}

// cutQuoted cuts s around what stands between its first and its last quote.
func cutQuoted(s string) (before, quoted, after string) {
	i, j := strings.IndexByte(s, '"'), strings.LastIndexByte(s, '"')
	if i == j {
		return s, "", ""
	}
	return s[:i+1], s[i+1 : j], s[j:]
}
