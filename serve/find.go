package serve

import (
	"context"
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

	comparing sync.Mutex // for one comparison at a time
	ids       *compare.Session
	ignored   *compare.Places
	others    bool // some ids of the script stand for others

	mu    sync.Mutex
	plays []play // by exchange

	returns *returns
}

// play is what has become of one exchange.
type play struct {
	used int           // how often it answered
	made chan struct{} // closed when it was asked for first
	at   time.Time     // when that was; for who has seen made closed
}

func newState(s *Script, strict bool, ignore []string, now func() time.Time) *state {
	st := &state{script: s, strict: strict, now: now, ids: compare.New(), ignored: compare.NewPlaces(ignore), plays: make([]play, len(s.exchanges)), returns: newReturns(s)}
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

// isLonger reports whether the body of l, which is not compared, is longer than that of e.
func (l *live) isLonger(e *exchange) bool {
	return l.long && e.compared && len(e.request.Body) <= maxCompared
}

// find returns the exchange that answers l, which counts as used from then on, and when it
// was asked for; nil if there is none, or ctx has ended.
func (s *state) find(ctx context.Context, l *live) (*exchange, time.Time) {
	for ctx.Err() == nil {
		e, again := s.choose(ctx, l)
		if e == nil {
			return nil, time.Time{}
		}
		if at, ok := s.use(e, again); ok {
			return e, at
		}
	}
	return nil, time.Time{}
}

// choose returns the first exchange that asks for the same as l and was not used, or the
// last that was if that may answer again; nil if there is none.
func (s *state) choose(ctx context.Context, l *live) (e *exchange, again bool) {
	all := s.script.byKey[keyOf(l.op, l.request.Method, l.request.Target)]
	for _, e := range all {
		if ctx.Err() != nil {
			return nil, false
		}
		if s.isUsed(e) || !s.same(e, l) {
			continue
		}
		if last := s.lastUsed(all, l, e.number); last != nil && s.ahead(last, e) {
			return last, true
		}
		return e, false
	}
	e = s.lastUsed(all, l, len(s.script.exchanges)+1)
	return e, e != nil
}

// lastUsed returns the last exchange before a number that asks for the same as l and was
// used; nil if there is none, or if it may not answer again.
func (s *state) lastUsed(all []*exchange, l *live, before int) *exchange {
	if !s.mayRepeat(l) {
		return nil
	}
	for i := len(all) - 1; i >= 0; i-- {
		if e := all[i]; e.number < before && s.isUsed(e) && s.same(e, l) {
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
// has asked for yet.
func (s *state) ahead(last, e *exchange) bool {
	for _, c := range s.script.causesAfter(last) {
		if c.number >= e.number {
			return false
		}
		if c.concerns(e) && !s.isUsed(c) {
			return true
		}
	}
	return false
}

func (s *state) isUsed(e *exchange) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plays[e.number-1].used > 0
}

// use has e answer a request: true, unless another was quicker, and it may not again.
func (s *state) use(e *exchange, again bool) (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.plays[e.number-1]
	if p.used > 0 && !again {
		return time.Time{}, false
	}
	now := s.now()
	if p.used++; p.used == 1 {
		p.at = now
		close(p.made)
	}
	return now, true
}

// same reports whether l asks for the same as e did, and learns ids from it then.
func (s *state) same(e *exchange, l *live) bool {
	if isPing(l.op) || isAlways(l.op) && e.op == l.op {
		return true
	}
	if l.isLonger(e) {
		return false
	}
	s.comparing.Lock()
	defer s.comparing.Unlock()
	mark := s.ids.Mark()
	a, b := compared(e, l)
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
// ignored that is called a name. s.comparing is held.
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
			s.ids.Same(a, b)
		}
	}
}

// isPlainName reports whether a daemon would take s as the name of something.
func isPlainName(s string) bool {
	return len(s) > 1 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_.-") == ""
}

// asTold returns text of an answer with the ids in it that a client knows by others.
func (s *state) asTold(text []byte) []byte {
	s.comparing.Lock()
	defer s.comparing.Unlock()
	return s.ids.ToB(text)
}

// hasOthers reports whether there are such ids.
func (s *state) hasOthers() bool {
	s.comparing.Lock()
	defer s.comparing.Unlock()
	return s.others
}

// differences returns what l asks for otherwise than e, without learning anything.
func (s *state) differences(e *exchange, l *live) []compare.Difference {
	s.comparing.Lock()
	defer s.comparing.Unlock()
	defer s.ids.Undo(s.ids.Mark())
	a, b := compared(e, l)
	all, _ := s.unlike(e, &a, &b)
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
