package render

import (
	"strconv"

	"github.com/socktrace/socktrace/stats"
	"github.com/socktrace/socktrace/wire"
)

// slowest shows the exchanges that took longest.
func (p *statsPage) slowest(list []stats.Exchange) {
	if len(list) == 0 {
		return
	}
	p.title("slowest")
	p.exchanges(list, "took")
}

// open shows what had not ended.
func (p *statsPage) open(r *stats.Report) {
	if r.All.Open == 0 {
		return
	}
	title := "still open"
	if more := r.All.Open - int64(len(r.Open)); more > 0 {
		title += ": the oldest, and " + strconv.FormatInt(more, 10) + " more"
	}
	p.title(title)
	p.exchanges(r.Open, "for")
}

// exchanges shows some exchanges, and how long they took or are open.
func (p *statsPage) exchanges(list []stats.Exchange, took string) {
	t := p.table(heading{title: "exchange", left: true}, heading{title: "status", spare: 1}, heading{title: took},
		heading{title: "operation", left: true, least: 8}, heading{title: "subject", left: true, least: 8, spare: 2}, heading{title: "error", left: true, least: 8})
	for i := range list {
		e := &list[i]
		status, wrong := cell{[]byte("-"), roleFaint}, roleAnomaly
		if e.Status > 0 {
			status = cell{strconv.AppendInt(nil, int64(e.Status), 10), statusRole(e.Status)}
		}
		if e.Status >= 400 {
			wrong = status.role
		}
		since := cell{[]byte("-"), roleFaint}
		if !e.Start.IsZero() {
			since = tookCell(e.Duration, plain)
		}
		t.rows = append(t.rows, tableRow{cells: []cell{
			{[]byte(strconv.Itoa(e.Conn) + "." + strconv.Itoa(e.Number)), plain}, status, since,
			{exchangeName(e), roleOperation}, {subjectName(&e.Subject), plain}, wordCell(e.Error, wrong),
		}})
	}
	p.out = t.append(p.out)
}

// exchangeName returns what an exchange asks for.
func exchangeName(e *stats.Exchange) []byte {
	switch e.Operation {
	case "":
		return operationName("", e.Method, e.Target, false)
	case stats.GRPCMethod:
		return operationName("", "", e.Target, false)
	}
	return operationName(e.Operation, "", "", false)
}

// subjectName returns what people call a subject.
func subjectName(s *wire.Subject) []byte { return appendEscaped(nil, subjectWords(s), "", "") }
