package render

import (
	"strconv"
	"time"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/stats"
	"github.com/socktrace/socktrace/wire"
)

// statsPage makes the tables of a report.
type statsPage struct {
	o      Options
	colors *palette
	width  int
	out    []byte
}

// terminal reports whether the page is looked at where it is shown.
func (p *statsPage) terminal() bool { return p.width > 0 }

// table returns an empty table.
func (p *statsPage) table(heads ...heading) *table {
	return &table{colors: p.colors, ascii: p.o.ASCII || !p.terminal(), width: p.width, heads: heads}
}

// title begins a section.
func (p *statsPage) title(s string) {
	p.out = append(p.out, '\n')
	p.out = append(p.colors.append(p.out, roleNote, s), '\n')
}

// count, took and bytes are cells of figures.
func count(n int64, r role) cell { return cell{strconv.AppendInt(nil, n, 10), r} }

func tookCell(d time.Duration, r role) cell { return cell{appendDuration(nil, d), r} }

func bytesCell(n int64, r role) cell { return cell{appendSize(nil, n), r} }

// wordCell is a cell of text of the traffic.
func wordCell(s string, r role) cell { return cell{appendEscaped(nil, s, "", ""), r} }

// failures is a cell that counts what failed: nothing stands out less than that
// nothing did.
func failures(n int64, r role) cell {
	if n > 0 {
		r = roleAnomaly
	}
	return count(n, r)
}

// summary is the first line: what there was in all, as far as there is room.
func (p *statsPage) summary(r *stats.Report) {
	used := 0
	add := func(comma string, role role, s string) {
		if size := columns([]byte(comma + s)); used == 0 || !p.terminal() || used+size <= p.width {
			p.out = append(p.colors.append(p.out, plain, comma), p.colors.append(nil, role, s)...)
			used += size
		}
	}
	n := r.All.Count
	add("", roleOperation, plural.Of(n, "exchange"))
	if n > 0 && !r.Start.IsZero() && r.End.After(r.Start) {
		add("", plain, " in "+string(appendDuration(nil, r.End.Sub(r.Start))))
	}
	if e := r.All.Errors; e > 0 {
		add(", ", roleAnomaly, strconv.FormatInt(e, 10)+" failed")
	}
	if r.All.Open > 0 {
		add(", ", plain, strconv.FormatInt(r.All.Open, 10)+" still open")
	}
	if n > 0 {
		add(", ", plain, Size(r.All.Bytes[wire.ToServer])+" sent, "+Size(r.All.Bytes[wire.ToClient])+" received")
	}
	p.out = append(p.out, '\n')
}

// The texts in the table of operations.
const (
	waitingTitle  = "not the daemon's time: until something happened, or the client left"
	estimatedNote = "~ within 3.2 %"
)

// operations shows the figures of each operation.
func (p *statsPage) operations(r *stats.Report) {
	t := p.table(heading{title: "operation", left: true, least: 16}, heading{title: "calls"}, heading{title: "failed", spare: 2},
		heading{title: "total", spare: 1}, heading{title: "p50", spare: 5}, heading{title: "p95", spare: 4}, heading{title: "max", spare: 3},
		heading{title: "sent", spare: 7}, heading{title: "received", spare: 6})
	t.bars = true
	waiting, estimated := false, false
	for i := range r.Operations {
		o := &r.Operations[i]
		if o.Waits && !waiting {
			t.rows = append(t.rows, tableRow{across: waitingTitle})
			waiting = true
		}
		row := p.operation(o)
		if longest := r.Operations[0].Total; !o.Waits && longest > 0 {
			row.share = float64(o.Total) / float64(longest)
		}
		t.rows = append(t.rows, row)
		estimated = estimated || o.Estimated
	}
	p.out = append(p.out, '\n')
	p.out = t.append(p.out)
	if estimated {
		p.out = append(p.colors.append(p.out, roleFaint, estimatedNote), '\n')
	}
}

// operation returns the row of an operation.
func (p *statsPage) operation(o *stats.Operation) tableRow {
	name, figures := roleOperation, plain
	if o.Waits {
		name, figures = roleFaint, roleFaint
	}
	about := func(d time.Duration) cell {
		c := tookCell(d, figures)
		if o.Estimated {
			c.text = append([]byte("~"), c.text...)
		}
		return c
	}
	cells := []cell{
		{operationName(o.Name, o.Method, o.Path, o.Other), name}, count(o.Count, figures), failures(o.Errors, figures),
		tookCell(o.Total, figures), about(o.P50), about(o.P95), tookCell(o.Max, figures),
		bytesCell(o.Bytes[wire.ToServer], figures), bytesCell(o.Bytes[wire.ToClient], figures),
	}
	if o.Timed == 0 {
		for i := 3; i < 7; i++ {
			cells[i] = cell{[]byte("-"), roleFaint}
		}
	}
	return tableRow{cells: cells}
}

// operationName returns what an operation is called: by its path, if it has no name
// or one that it shares with many.
func operationName(name, method, path string, other bool) []byte {
	switch {
	case other:
		return []byte("(others)")
	case name == "" && method == "" && path == "":
		return []byte("(request not seen)")
	case path != "" && method != "":
		path = " " + path
	}
	if path != "" {
		name = ""
	}
	return appendEscaped(nil, name+method+path, "", "")
}

// clients shows who asked.
func (p *statsPage) clients(list []stats.Client) {
	p.title("clients, time of waits left out")
	t := p.table(heading{title: "client", left: true, least: 15}, heading{title: "calls"}, heading{title: "failed", spare: 2}, heading{title: "total", spare: 1},
		heading{title: "sent", spare: 6}, heading{title: "received", spare: 5}, heading{title: "API", left: true, least: 6, spare: 3}, heading{title: "user agent", left: true, least: 14, spare: 4})
	for i := range list {
		c := &list[i]
		t.rows = append(t.rows, tableRow{cells: []cell{
			wordCell(clientName(c), roleOperation), count(c.Count, plain), failures(c.Errors, plain), tookCell(c.Total, plain),
			bytesCell(c.Bytes[wire.ToServer], plain), bytesCell(c.Bytes[wire.ToClient], plain),
			wordCell(versionList(c.Versions), plain), wordCell(c.Agent, roleFaint),
		}})
	}
	p.out = t.append(p.out)
}

// clientName returns what a client is called.
func clientName(c *stats.Client) string {
	switch {
	case c.Other:
		return "(others)"
	case c.Subject != "":
		return c.Subject
	case c.Name == "" && c.Addr == "":
		return "?"
	case c.Name == "":
		return c.Addr
	}
	return c.Name
}

// versionList lists the versions that a client has asked for.
func versionList(list []stats.Version) (s string) {
	for i, v := range list {
		if i > 0 {
			s += ", "
		}
		if v.Name == "" {
			v.Name = "others"
		}
		s += v.Name
		if len(list) > 1 {
			s += " (" + strconv.FormatInt(v.Count, 10) + ")"
		}
	}
	return s
}
