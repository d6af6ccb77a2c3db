package diff

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/dockerapi"
)

// pairing is which exchanges of two sessions belong together.
type pairing struct {
	of    []int // by the exchange of A: that of B, or -1
	moved []bool
}

// align pairs the exchanges of two sessions, by what they ask for. It learns ids from those
// of which there is only one, so that of several that look the same each finds its own.
func align(ids *compare.Session, a, b *Session) *pairing {
	learn(ids, a, b)
	x, y := keys(a, ids.ShapeA), keys(b, ids.ShapeB)
	p := &pairing{of: make([]int, len(x)), moved: make([]bool, len(x))}
	taken := make([]bool, len(y))
	for i := range p.of {
		p.of[i] = -1
	}
	steady := slices.Clone(p.of) // those that are in the same order in both
	for _, key := range levels {
		p.between(steady, x, y, taken, key)
		p.rest(x, y, taken, key)
	}
	p.findMoved(a, b, steady)
	return p
}

// asked is what an exchange asks for, as far as exchanges are paired by it.
type asked struct {
	whole, target, path, operation string
	ping                           bool
}

// levels are what exchanges are paired by, one after the other: what is the same, then what is
// less and less so.
var levels = []func(*asked) string{
	func(k *asked) string { return k.whole },
	func(k *asked) string { return k.target },
	func(k *asked) string { return k.path },
	func(k *asked) string { return k.operation },
}

// maxPaired is how many pairs of exchanges are looked at for the best alignment, on each level.
const maxPaired = 1 << 22

// between pairs exchanges by a key without a change of their order, where those before and behind
// them are steady. What it pairs is steady too.
func (p *pairing) between(steady []int, x, y []asked, taken []bool, key func(*asked) string) {
	left := maxPaired
	i, j := 0, 0
	upTo := func(endX, endY int) {
		var inX, inY []int // what is not paired yet
		for ; i < endX; i++ {
			if p.of[i] < 0 {
				inX = append(inX, i)
			}
		}
		for ; j < endY; j++ {
			if !taken[j] {
				inY = append(inY, j)
			}
		}
		for _, pair := range compare.AlignKeys(keysOf(x, inX, key), keysOf(y, inY, key), left, nil) {
			k, l := inX[pair.A], inY[pair.B]
			p.of[k], steady[k], taken[l] = l, l, true
		}
		left = max(0, left-len(inX)*len(inY))
	}
	for k, l := range slices.Clone(steady) {
		if l >= 0 {
			upTo(k, l)
			i, j = k+1, l+1
		}
	}
	upTo(len(x), len(y))
}

// keysOf returns a key of each of some.
func keysOf(all []asked, some []int, key func(*asked) string) []string {
	list := make([]string, len(some))
	for i, k := range some {
		list[i] = key(&all[k])
	}
	return list
}

// said returns the shape of what a request says besides its target, in short: its document, or of a
// call of gRPC the fields that the caller has set; empty if it has neither.
func said(x *Exchange, shape func(string) string) string {
	text := ""
	if doc := x.document(); doc != nil {
		text = shape(string(doc))
	} else if _, ok := x.GRPC(); ok {
		for _, f := range x.Request.Fields {
			if name := strings.ToLower(f.Name); !strings.HasPrefix(name, "grpc-") && !strings.HasPrefix(name, ":") && name != "user-agent" {
				text += name + ": " + shape(f.Value) + "\n"
			}
		}
	}
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return string(sum[:])
}

// keys returns what the exchanges of a session ask for. Recordings of other programs do not know
// operations: what is asked for decides, not what it is called.
func keys(s *Session, shape func(string) string) []asked {
	all := make([]asked, len(s.Exchanges))
	for i, x := range s.Exchanges {
		path, query := compare.Path(x.Request.Target)
		call, _ := dockerapi.Match(x.Request.Method, x.Request.Target)
		operation := call.Name()
		ping := dockerapi.IsPing(operation)
		how := x.Request.Method
		switch {
		case ping:
			how = "" // asked in two ways
		case x.Conn.Parent.Conn != nil:
			how = x.Conn.Via + " " + how
		}
		shaped := how + " " + shape(path)
		target := shaped + "?" + shape(compare.Query(operation, query))
		all[i] = asked{whole: target + "\n" + said(x, shape), target: target, path: shaped, operation: how + " " + operation, ping: ping}
		if _, ok := x.GRPC(); ok || operation == "" {
			all[i].operation = shaped // a call is what its path says
		}
	}
	pings(s, all)
	return all
}

// pings tells pings apart by what their client asks for next: many commands begin with one.
func pings(s *Session, all []asked) {
	next := make(map[any]string) // by the process, or by the connection where that is not known
	for i := len(all) - 1; i >= 0; i-- {
		x := s.Exchanges[i]
		var who any = x.Conn
		if pid := client(x); pid != 0 {
			who = pid
		}
		if all[i].ping {
			all[i].whole += next[who]
		} else {
			next[who] = all[i].whole
		}
	}
}

// learn learns the ids in exchanges that ask for what is asked for once in both sessions.
func learn(ids *compare.Session, a, b *Session) {
	x, y := keys(a, ids.ShapeA), keys(b, ids.ShapeB)
	once := func(all []asked) map[string]int {
		at := make(map[string]int)
		for i := range all {
			if _, twice := at[all[i].whole]; twice {
				at[all[i].whole] = -1
				continue
			}
			at[all[i].whole] = i
		}
		return at
	}
	inA, inB := once(x), once(y)
	for i := range x {
		j, ok := inB[x[i].whole]
		if ok && j >= 0 && inA[x[i].whole] == i {
			differences(ids, a.Exchanges[i], b.Exchanges[j])
		}
	}
}

// rest pairs what is left, in its order, by what key returns.
func (p *pairing) rest(x, y []asked, taken []bool, key func(*asked) string) {
	left := make(map[string][]int)
	for j := range y {
		if !taken[j] {
			left[key(&y[j])] = append(left[key(&y[j])], j)
		}
	}
	for i := range x {
		k := key(&x[i])
		if queue := left[k]; p.of[i] < 0 && len(queue) > 0 {
			p.of[i], taken[queue[0]] = queue[0], true
			left[k] = queue[1:]
		}
	}
}

// findMoved finds pairs that ask for the same in another order than the steady ones: in one session
// the exchange was over before another began, in the other it was the other way round. What
// runs side by side has no order, nor has what processes do that ran side by side.
func (p *pairing) findMoved(a, b *Session, steady []int) {
	inA, inB := lives(a), lives(b)
	looked := 0
	for i, j := range p.of {
		if j < 0 || steady[i] >= 0 {
			continue
		}
		if looked++; looked > maxMoved {
			return
		}
		x, y := a.Exchanges[i], b.Exchanges[j]
		for k, l := range steady {
			if l < 0 {
				continue
			}
			u, v := a.Exchanges[k], b.Exchanges[l]
			if inA.isBefore(x, u) && inB.isBefore(v, y) || inA.isBefore(u, x) && inB.isBefore(y, v) {
				p.moved[i] = true
				break
			}
		}
	}
}

// maxMoved is how many exchanges are looked at whether they have moved.
const maxMoved = 1024

// life is when a client did its first request, and when its last was over.
type life struct{ begin, end time.Time }

// living knows the lives of clients, by their process; of those that are not known nothing.
type living map[int]life

// lives returns the lives of the clients of a session.
func lives(s *Session) living {
	all := make(living)
	for _, x := range s.Exchanges {
		pid := client(x)
		if pid == 0 {
			continue
		}
		l, known := all[pid]
		if !known || x.Start.Before(l.begin) {
			l.begin = x.Start
		}
		if x.End.After(l.end) {
			l.end = x.End
		}
		all[pid] = l
	}
	return all
}

// isBefore reports whether x had to be over before y began: it was, and their clients did not run
// side by side.
func (l living) isBefore(x, y *Exchange) bool {
	if x.End.After(y.Start) {
		return false
	}
	of, other := client(x), client(y)
	return of == other || of == 0 || other == 0 || !l[of].end.After(l[other].begin)
}

// client returns the process that asks; 0 if it is not known.
func client(x *Exchange) int {
	if p := x.Conn.Outermost().Client.Process; p != nil {
		return p.PID
	}
	return 0
}
