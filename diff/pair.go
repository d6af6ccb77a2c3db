package diff

import (
	"slices"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/wire"
)

// differences returns in what two exchanges that belong together differ.
func differences(ids *compare.Session, x, y *Exchange) (all []Change) {
	add := func(list []compare.Difference, before string) {
		for _, d := range list {
			d.Place = before + d.Place
			all = append(all, Change{Difference: d})
		}
	}
	add(versions(x, y), "")
	add(hosts(x, y), "")
	add(ids.Requests(request(x), request(y)), "")
	add(ids.Fields(x.Request.Fields, y.Request.Fields), "request ")
	all = append(all, content(ids, x, y, wire.ToServer)...)
	all = append(all, answers(ids, x, y)...)
	if x.Cut || y.Cut {
		all = append(all, Change{Note: true, Difference: compare.Difference{Place: "what is kept of it is cut", A: cut(x), B: cut(y), HasA: x.Cut, HasB: y.Cut}})
	}
	return append(all, duration(x, y)...)
}

// cut says that an exchange was not kept in full.
func cut(x *Exchange) string {
	if x.Cut {
		return "cut"
	}
	return ""
}

// versions compares which versions of the API are asked, and of HTTP.
func versions(x, y *Exchange) (all []compare.Difference) {
	for _, v := range []struct{ place, a, b string }{
		{"API version", x.Request.Call.Version, y.Request.Call.Version},
		{"HTTP version", x.Request.Version, y.Request.Version},
	} {
		if v.a != v.b {
			all = append(all, compare.Difference{Place: v.place, A: v.a, B: v.b, HasA: v.a != "", HasB: v.b != ""})
		}
	}
	return all
}

// hosts compares whom requests are for, where that is no Docker daemon: of those the client makes
// up a name.
func hosts(x, y *Exchange) []compare.Difference {
	a, b := host(x), host(y)
	if !isForeign(x) || !isForeign(y) || a == b {
		return nil
	}
	return []compare.Difference{{Place: "host", A: a, B: b, HasA: a != "", HasB: b != ""}}
}

// host returns whom a request is for.
func host(x *Exchange) string {
	for _, name := range []string{":authority", "host"} {
		if h, ok := wire.JoinedValues(x.Request.Fields, name); ok {
			return h
		}
	}
	return x.Request.Authority
}

// request returns what an exchange asks for.
func request(x *Exchange) *compare.Request {
	return &compare.Request{Method: x.Request.Method, Target: x.Request.Target, Fields: x.Request.Fields, Body: x.document()}
}

// answers compares what came back.
func answers(ids *compare.Session, x, y *Exchange) (all []Change) {
	if isLeft(x) || isLeft(y) {
		return nil
	}
	if a, b := status(x), status(y); a != b {
		all = append(all, Change{Difference: compare.Difference{Place: "status", A: a, B: b, HasA: a != "", HasB: b != ""}})
	}
	if x.Response != nil && y.Response != nil {
		for _, d := range ids.Fields(x.Response.Fields, y.Response.Fields) {
			d.Place = "answer " + d.Place
			all = append(all, Change{Difference: d})
		}
	}
	if !leftUnread(x) && !leftUnread(y) {
		all = append(all, content(ids, x, y, wire.ToClient)...)
	}
	if a, b := ending(x), ending(y); a != b {
		all = append(all, Change{Difference: compare.Difference{Place: "end", A: a, B: b, HasA: true, HasB: true}})
	}
	return all
}

// isLeft reports whether the client has left what waits before an answer began: it did not want
// to see it, and whether it came first is by chance.
func isLeft(x *Exchange) bool {
	return x.Response == nil && x.Request.Call.Waits && x.State == wire.StateAborted
}

// leftUnread reports the same of an answer that had begun and of which nothing but the head had
// come: docker run --rm of 20.10 leaves the wait for the end of its container when that cannot
// start, sometimes just before it ends.
func leftUnread(x *Exchange) bool {
	if !x.Request.Call.Waits || x.State != wire.StateAborted || !x.Outcome.Left || len(x.Documents[wire.ToClient]) > 0 {
		return false
	}
	return !slices.ContainsFunc(x.Texts[wire.ToClient][:], func(text []byte) bool { return len(text) > 0 })
}

// status returns that of the answer, empty if there was none.
func status(x *Exchange) string {
	if x.Response == nil {
		return ""
	}
	if g, ok := x.GRPC(); ok && g.Status != "" && g.Status != "OK" {
		return strconv.Itoa(x.Response.Status) + " " + g.Status
	}
	return strconv.Itoa(x.Response.Status)
}

// ending says how an exchange ended. Of those that wait it says nothing: it may be when the
// recording ended, or the client has left.
func ending(x *Exchange) string {
	if x.Waits() || x.State == wire.StateOpen || x.State == wire.StatePartial || x.Outcome.Left {
		return wire.StateDone.String()
	}
	return x.State.String()
}

// Durations that differ by much: by as many times, and by as long.
const (
	muchTimes = 10
	muchLong  = time.Second
)

// duration tells answers whose first byte took much longer in one session.
func duration(x, y *Exchange) []Change {
	a, b := waited(x), waited(y)
	if a < 0 || b < 0 || max(a, b)-min(a, b) < muchLong || max(a, b) < muchTimes*min(a, b) {
		return nil
	}
	return []Change{{Note: true, Difference: compare.Difference{Place: "time to answer", A: units.Duration(a), B: units.Duration(b), HasA: true, HasB: true}}}
}

// waited returns how long an answer took; negative if that says nothing.
func waited(x *Exchange) time.Duration {
	if x.Response == nil || x.FirstByte.IsZero() || x.Waits() || x.Request.Call.Waits {
		return -1
	}
	return x.FirstByte.Sub(x.Request.End)
}
