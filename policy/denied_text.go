package policy

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/shortid"
)

// Denied returns how many requests the rules would have denied that were compared with them.
func (s *Seen) Denied() int64 { return s.deniedAll }

// Denials returns what the rules would have denied, per client, in lines of a width, if that is
// not 0; name is that of the rules.
func (s *Seen) Denials(name string, width int) string {
	of := plural.Of(s.Requests, "request")
	if s.deniedAll == 0 {
		return "None of " + of + " would have been denied by " + name + ".\n"
	}
	var b strings.Builder
	b.WriteString(strconv.FormatInt(s.deniedAll, 10) + " of " + of + " would have been denied by " + name + ":\n")
	b.WriteByte('\n')
	rows := [][]string{{"CLIENT", "OPERATION", "COUNT", "FOR EXAMPLE"}}
	for _, d := range s.denied {
		example := shortid.CutString(escape.Line(d.example), "")
		if d.why != "" {
			example = escape.Line(d.why) + ": " + example
		}
		rows = append(rows, []string{cut(escape.Line(d.client), 20), cut(escape.Line(d.what), 30), strconv.FormatInt(d.count, 10), example})
	}
	b.WriteString(tableOf(width, rows, 2))
	if s.deniedMore > 0 {
		b.WriteString("\n" + wrap("", plural.Of(s.deniedMore, "request")+" of others were only counted."))
	}
	return b.String()
}
