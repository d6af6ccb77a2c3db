package render

import "github.com/socktrace/socktrace/stats"

// Stats returns a report for people: what took longest first.
func Stats(r *stats.Report, o Options) []byte {
	p := &statsPage{o: o, colors: newPalette(o.Color), width: o.width()}
	p.summary(r)
	if r.All.Count > 0 {
		p.operations(r)
		p.clients(r.Clients)
		p.versions(r)
		p.ended(r)
		p.slowest(r.Slowest)
		p.open(r)
	}
	return p.out
}
