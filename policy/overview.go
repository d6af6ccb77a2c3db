package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/escape"
	"github.com/socktrace/socktrace/internal/plural"
)

// Overview returns what was asked for, as a table, and how much the rules of each proxy would let in.
func (s *Seen) Overview() string {
	var b strings.Builder
	if s.Requests == 0 {
		return "No requests.\n"
	}
	all := countNames(s.universe())
	b.WriteString(wrap("", plural.Of(s.Requests, "request")+" of "+few(shown(s.Clients), 4)+" for "+strconv.Itoa(countNames(s.operationsSeen()))+" of "+strconv.Itoa(all)+" operations of the API:"))
	b.WriteByte('\n')
	rows := [][]string{{"OPERATION", "REQUEST", "COUNT", "CLIENTS"}}
	for _, u := range s.Operations {
		rows = append(rows, []string{u.Name(), u.Request(), strconv.FormatInt(u.Count, 10), few(shown(u.Clients), 2)})
	}
	b.WriteString(table(rows, 2))
	for i, o := range s.Others {
		if i == 0 {
			b.WriteString("\nNo operations of the API, and no rules for them:\n\n")
		} else if i == 10 {
			b.WriteString("  and " + strconv.Itoa(len(s.Others)-10) + " more\n")
			break
		}
		b.WriteString("  " + cut(escape.Line(o.Method+" "+o.Path), 60) + " (" + strconv.FormatInt(o.Count, 10) + ", " + escape.Line(o.Client) + ")\n")
	}
	if s.HTTP2 > 0 {
		b.WriteString("\n" + wrap("", plural.Of(s.HTTP2, "request")+" of HTTP/2 from the first byte, which none of the proxies relays, "+plural.Verb(s.HTTP2, "is", "are")+" left out."))
	}
	if failures := s.failures(); failures != "" {
		b.WriteString("\n" + wrap("", failures))
	}
	if len(s.Operations) > 0 {
		b.WriteString("\nLeast rules for a proxy in front of the socket, and what they let in:\n\n")
		rows = [][]string{{"RULES", "LET IN", "NOT SEEN", "THE WORST OF THAT"}}
		for _, p := range Proxies() {
			l := planFor(s, p)
			beyond := l.beyond(l.model, func(*operation) bool { return true })
			var worst []string
			for _, o := range beyond {
				worst = append(worst, o.Name)
			}
			what := "-"
			if len(worst) > 0 {
				what = strings.Join(worst[:min(len(worst), 2)], ", ")
			}
			rows = append(rows, []string{"--for " + p.Name, strconv.Itoa(countNames(l.letIn)), strconv.Itoa(len(beyond)), what})
		}
		b.WriteString(table(rows, 1, 2))
	}
	return b.String()
}

// table lines up rows; figures are those columns that are aligned to the right. The last column
// is cut where the line is full.
func table(rows [][]string, figures ...int) string { return tableOf(columns, rows, figures...) }

// tableOf is table in lines of a width; 0: nothing is cut.
func tableOf(width int, rows [][]string, figures ...int) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	right := map[int]bool{}
	for _, i := range figures {
		right[i] = true
	}
	var b strings.Builder
	for _, row := range rows {
		used := 0
		for i, c := range row {
			b.WriteString("  ")
			used += 2
			pad := widths[i] - utf8.RuneCountInString(c)
			last := i == len(row)-1
			switch {
			case last && width == 0:
				b.WriteString(c)
			case last:
				b.WriteString(cut(c, max(width-used, 12)))
			case right[i]:
				b.WriteString(strings.Repeat(" ", pad) + c)
			default:
				b.WriteString(c + strings.Repeat(" ", pad))
			}
			used += widths[i]
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// cut shortens a text to n columns.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-3]) + "..."
}
