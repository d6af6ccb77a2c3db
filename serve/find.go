package serve

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/socktrace/socktrace/compare"
)

// state is what has happened to the exchanges of a script. Its methods may be called
// concurrently.
type state struct {
	script *Script
	strict bool
	now    func() time.Time
	marks  []byte // has the same secret masked by the same placeholder

	mu      sync.RWMutex // of all that follows; locked for a choice, which is quick with an index
	ids     *compare.Session
	ignored *compare.Places
	index   *index       // of the script, as far as it is not to be ignored
	others  bool         // some ids of the script stand for others
	lost    bool         // an id that the daemon has chosen may stand for nothing any more
	plays   []play       // by exchange
	first   map[*row]int // where its first exchange is that was not used

	returns *returns
	seats   seats
	builds  seats
	solves  bool // there are several builds, so that it matters which of them is followed
}

// play is what has become of one exchange.
type play struct {
	used int           // how often it answered
	made chan struct{} // closed when it was asked for first
	at   time.Time     // when that was; for who has seen made closed
}

func newState(s *Script, strict bool, ignore []string, now func() time.Time) *state {
	marks := make([]byte, 32)
	_, _ = rand.Read(marks) // which does not fail
	st := &state{
		marks: marks, script: s, strict: strict, now: now, ids: compare.New(), ignored: compare.NewPlaces(ignore), index: s.index,
		plays: make([]play, len(s.exchanges)), first: make(map[*row]int), returns: newReturns(s), seats: seats{by: make(map[string]*seat)}, builds: seats{by: make(map[string]*seat)},
		solves: s.hasBuilds(),
	}
	if len(ignore) > 0 {
		st.index = s.indexed(st.ignored)
	}
	for _, id := range s.ids {
		st.ids.Same(id, id)
	}
	for i := range st.plays {
		st.plays[i].made = make(chan struct{})
	}
	return st
}

// live is a request of a client.
type live struct {
	request  compare.Request
	op       string
	compared bool   // its body is all there, and can be compared
	long     bool   // its body is of a kind that is compared, and longer than that
	upgrade  bool   // it offers to leave HTTP
	call     bool   // it is one of gRPC
	message  string // the type of its first message, which is the body; empty if it is not known
}

// key returns what of an index has what asks for the same as l.
func (l *live) key() string { return keyOf(l.op, l.request.Method, l.request.Target) }

// headBytes returns about how much the head of l takes.
func (l *live) headBytes() int {
	const perField = 128 // in a map, and in a list
	n := len(l.request.Target)
	for _, f := range l.request.Fields {
		n += len(f.Name) + len(f.Value) + perField
	}
	return n
}

// isLonger reports whether the body of l, which is not compared, is longer than that of e.
func (l *live) isLonger(e *exchange) bool {
	return l.long && e.compared && len(e.request.Body) <= maxCompared
}

// hears reports whether what answers the requests of a key depends on what is in their bodies.
func (s *state) hears(key string) bool {
	of := s.index.shelves[key]
	return of != nil && slices.ContainsFunc(of.all.exchanges, func(n int) bool { return s.script.exchanges[n-1].compared })
}

// find returns the exchange that answers l, which counts as used from then on, and when it
// was asked for; nil if there is none, or ctx has ended.
func (s *state) find(ctx context.Context, l *live) (*exchange, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.choose(ctx, l)
	if e == nil {
		return nil, time.Time{}
	}
	return e, s.use(e)
}

// choose returns the first exchange that asks for the same as l and was not used, or the last
// that was if that may answer again; nil if there is none. s.mu is held.
func (s *state) choose(ctx context.Context, l *live) *exchange {
	rows := s.index.shelves[l.key()].find(s.sign(l))
	for _, n := range s.unused(rows) {
		if ctx.Err() != nil {
			return nil
		}
		e := s.script.exchanges[n-1]
		if s.isUsed(e) || !s.same(e, l) {
			continue
		}
		if last := s.lastUsed(rows, l, n); last != nil && s.ahead(last, e) {
			return last
		}
		return e
	}
	return s.lastUsed(rows, l, len(s.script.exchanges)+1)
}

// sign returns what l has in common with what asks for the same. s.mu is held.
func (s *state) sign(l *live) compare.Sign {
	sign := s.ids.SignB(l.op, &l.request, s.ignored)
	sign.AnyRest = sign.AnyRest || !l.compared
	if isAlways(l.op) || sign.New && s.lost {
		sign.Paths, sign.New = nil, false
	}
	return sign
}

// unused returns the exchanges of rows from the first of each that was not used. s.mu is held.
func (s *state) unused(rows []*row) []int {
	var lists [][]int
	for _, r := range rows {
		at := s.first[r]
		for at < len(r.exchanges) && s.plays[r.exchanges[at]-1].used > 0 {
			at++
		}
		s.first[r] = at
		lists = append(lists, r.exchanges[at:])
	}
	return merged(lists...)
}

// lastUsed returns the last exchange of rows before a number that asks for the same as l and was
// used; nil if there is none, or if it may not answer again. s.mu is held.
func (s *state) lastUsed(rows []*row, l *live, before int) *exchange {
	if !s.mayRepeat(l) {
		return nil
	}
	all := merged(listsOf(rows)...)
	end, _ := slices.BinarySearch(all, before)
	for _, n := range slices.Backward(all[:end]) {
		if e := s.script.exchanges[n-1]; s.isUsed(e) && s.same(e, l) {
			return e
		}
	}
	return nil
}

// mayRepeat reports whether l may have an answer that was used already.
func (s *state) mayRepeat(l *live) bool {
	switch {
	case isAlways(l.op):
		return true
	case s.strict || l.upgrade:
		return false
	case l.call:
		return !callChanges(l.op)
	}
	return reads(l.request.Method)
}

// ahead reports whether e came in the recording behind a change since last that nobody
// has asked for yet. s.mu is held.
func (s *state) ahead(last, e *exchange) bool {
	for _, n := range s.script.causesOf(e, last.number) {
		if n >= e.number {
			return false
		}
		if c := s.script.exchanges[n-1]; c.concerns(e) && !s.isUsed(c) {
			return true
		}
	}
	return false
}

// isUsed reports whether e has answered. s.mu is held.
func (s *state) isUsed(e *exchange) bool { return s.plays[e.number-1].used > 0 }

// use has e answer a request now. s.mu is held.
func (s *state) use(e *exchange) time.Time {
	p, now := &s.plays[e.number-1], s.now()
	if p.used++; p.used == 1 {
		p.at = now
		close(p.made)
	}
	return now
}

// same reports whether l asks for the same as e did, maybe with its container called otherwise, and
// learns ids from it then. s.mu is held.
func (s *state) same(e *exchange, l *live) bool {
	if isPing(l.op) || isAlways(l.op) && e.op == l.op {
		return true
	}
	if l.isLonger(e) {
		return false
	}
	a, b := compared(e, l)
	if s.asks(e, a, b) {
		return true
	}
	a.Target = e.called
	return e.called != "" && s.asks(e, a, b)
}

// asks reports whether b, of a client, asks for the same as a, the request of e, and learns ids
// from it then. s.mu is held.
func (s *state) asks(e *exchange, a, b compare.Request) bool {
	mark := s.ids.Mark()
	bodies := [2][]byte{a.Body, b.Body}
	a.Body, b.Body = nil, nil
	if all, names := s.unlike(e, &a, &b); len(all) == 0 { // which is quick
		a.Body, b.Body = bodies[0], bodies[1]
		if len(a.Body)+len(b.Body) > 0 {
			all, names = s.unlike(e, &a, &b)
		}
		if len(all) == 0 {
			s.rename(names)
			s.others = s.others || len(names) > 0 || s.ids.Mark() > mark && s.ids.Learned() > 0
			return true
		}
	}
	s.ids.Undo(mark)
	return false
}

// unlike returns in what b differs from a, the request of e, that is not to be ignored; and what is
// ignored that is called a name. s.mu is held.
func (s *state) unlike(e *exchange, a, b *compare.Request) (all, names []compare.Difference) {
	all = slices.DeleteFunc(s.ids.Requests(a, b), func(d compare.Difference) bool {
		is := s.ignored.Have(e.op, d.Place)
		if is && d.HasA && d.HasB && strings.HasSuffix(strings.ToLower(d.Place), "name") {
			names = append(names, d)
		}
		return is
	})
	return all, names
}

// rename has names of the recording stand for those that the client has chosen. s.comparing is
// held.
func (s *state) rename(names []compare.Difference) {
	for _, d := range names {
		a, b := strings.Trim(d.A, `"`), strings.Trim(d.B, `"`)
		if isPlainName(a) && isPlainName(b) {
			s.lost = s.lost || hasOtherIDs(a, nil) || hasOtherIDs(b, nil) // which may have stood for others
			s.ids.Same(a, b)
		}
	}
}

// asTold returns text of an answer with the ids in it that a client knows by others.
func (s *state) asTold(text []byte) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.ids.ToB(text)
}

// hasOthers reports whether there are such ids.
func (s *state) hasOthers() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.others
}

// differences returns what l asks for otherwise than e, without learning anything.
func (s *state) differences(e *exchange, l *live) []compare.Difference {
	s.mu.Lock()
	defer s.mu.Unlock()
	mark := s.ids.Mark()
	a, b := compared(e, l)
	all, _ := s.unlike(e, &a, &b)
	s.ids.Undo(mark)
	if a.Target = e.called; len(all) > 0 && a.Target != "" {
		if otherwise, _ := s.unlike(e, &a, &b); len(otherwise) < len(all) {
			all = otherwise
		}
		s.ids.Undo(mark)
	}
	if l.isLonger(e) {
		all = append(all, compare.Difference{
			Place: "length of the body", A: strconv.Itoa(len(e.request.Body)), B: "more than " + strconv.Itoa(maxCompared), HasA: true, HasB: true,
		})
	}
	return all
}

// compared returns what of e and l is compared: bodies, if those of both can be.
func compared(e *exchange, l *live) (a, b compare.Request) {
	a, b = e.request, l.request
	if !e.compared || !l.compared {
		a.Body, b.Body = nil, nil
	}
	return a, b
}
