package policy

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
	"github.com/socktrace/socktrace/internal/plural"
)

// Denied returns how many requests the rules would have denied that were compared with them.
func (s *Seen) Denied() int64 { return s.deniedAll }

// Denials returns what the rules would have denied, per client; name is that of the rules.
func (s *Seen) Denials(name string) string {
	of := plural.Of(s.Requests, "request")
	if s.deniedAll == 0 {
		return "None of " + of + " would have been denied by " + name + ".\n"
	}
	var b strings.Builder
	b.WriteString(strconv.FormatInt(s.deniedAll, 10) + " of " + of + " would have been denied by " + name + ":\n")
	b.WriteByte('\n')
	rows := [][]string{{"CLIENT", "OPERATION", "COUNT", "FOR EXAMPLE"}}
	for _, d := range s.denied {
		example := escape.Line(d.example)
		if d.why != "" {
			example = escape.Line(d.why) + ": " + example
		}
		rows = append(rows, []string{cut(escape.Line(d.client), 20), cut(escape.Line(d.what), 30), strconv.FormatInt(d.count, 10), example})
	}
	b.WriteString(table(rows, 2))
	if s.deniedMore > 0 {
		b.WriteString("\n" + wrap("", plural.Of(s.deniedMore, "request")+" of others were only counted."))
	}
	return b.String()
}
