package stats

import (
	"cmp"
	"maps"
	"slices"
)

// Report returns what was seen so far.
func (s *Sink) Report() *Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &Report{Start: s.start, End: s.end, All: s.all, Waited: s.waited}
	for _, row := range s.operations.of {
		r.Operations = append(r.Operations, row.figures())
	}
	for i := range s.others {
		if row := &s.others[i]; row.Other {
			r.Operations = append(r.Operations, row.figures())
		}
	}
	rows := slices.Collect(maps.Values(s.clients.of))
	if s.otherClient.Other {
		rows = append(rows, &s.otherClient)
	}
	slices.SortFunc(rows, func(a, b *client) int { return compareClients(a.Client, b.Client) })
	at := make(map[*client]int)
	for i, row := range rows {
		at[row] = i
		r.Clients = append(r.Clients, row.figures())
	}
	r.Uses, r.OtherUses = s.uses.report(at)
	slices.SortFunc(r.Operations, compareOperations)
	r.Slowest = slices.Clone(s.slowest.first)
	r.Open = slices.Clone(s.open.first)
	for i := range r.Open {
		if e := &r.Open[i]; !e.Start.IsZero() {
			e.Duration = max(s.end.Sub(e.Start), 0)
		}
	}
	return r
}

// figures returns the figures of an operation.
func (o *operation) figures() Operation {
	f, t := o.Operation, &o.times
	f.Total, f.Timed, f.Max, f.Estimated = t.total, t.n, t.max, t.estimated()
	f.P50, f.P95 = t.percentile(50), t.percentile(95)
	return f
}

// figures returns the figures of a client, the version that it asks for most first.
func (c *client) figures() Client {
	f := c.Client
	f.Versions, f.Daemons = slices.Clone(f.Versions), slices.Clone(f.Daemons)
	slices.SortStableFunc(f.Versions, func(a, b Version) int { return cmp.Compare(b.Count, a.Count) })
	return f
}

// compareOperations says which of two is before the other.
func compareOperations(a, b Operation) int {
	return cmp.Or(
		cmp.Compare(flag(a.Waits), flag(b.Waits)),
		cmp.Compare(b.Total, a.Total),
		cmp.Compare(b.Count, a.Count),
		cmp.Compare(flag(a.Other), flag(b.Other)),
		cmp.Compare(a.Name, b.Name), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Path, b.Path),
	)
}

// compareClients says which of two is before the other.
func compareClients(a, b Client) int {
	return cmp.Or(
		cmp.Compare(flag(a.Other), flag(b.Other)),
		cmp.Compare(b.Count, a.Count),
		cmp.Compare(b.Total, a.Total),
		cmp.Compare(a.Name, b.Name), cmp.Compare(a.Addr, b.Addr), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Agent, b.Agent),
	)
}
