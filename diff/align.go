package diff

import (
	"regexp"
	"slices"
	"strings"

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
	for _, pair := range compare.AlignKeys(wholes(x), wholes(y), maxPaired, nil) {
		p.of[pair.A], taken[pair.B] = pair.B, true
	}
	steady := slices.Clone(p.of)
	p.rest(x, y, taken, func(k *asked) string { return k.whole })
	p.rest(x, y, taken, func(k *asked) string { return k.path })
	p.rest(x, y, taken, func(k *asked) string { return k.operation })
	p.findMoved(a, b, steady)
	return p
}

// asked is what an exchange asks for, as far as exchanges are paired by it.
type asked struct{ whole, path, operation string }

// maxPaired is how many pairs of exchanges are looked at for the best alignment.
const maxPaired = 1 << 22

// wholes returns all of what is asked for.
func wholes(all []asked) []string {
	list := make([]string, len(all))
	for i := range all {
		list[i] = all[i].whole
	}
	return list
}

// keys returns what the exchanges of a session ask for. Recordings of other programs do not know
// operations: what is asked for decides, not what it is called.
func keys(s *Session, shape func(string) string) []asked {
	all := make([]asked, len(s.Exchanges))
	for i, x := range s.Exchanges {
		path, query := compare.Path(x.Request.Target)
		how := x.Request.Method
		if x.Conn.Parent.Conn != nil {
			how = x.Conn.Via + " " + how
		}
		if path == "/_ping" {
			how = "" // asked in two ways
		}
		call, _ := dockerapi.Match(x.Request.Method, x.Request.Target)
		operation := call.Name()
		shaped := how + " " + shape(path)
		all[i] = asked{whole: shaped + "?" + shape(compare.Query(operation, query)), path: shaped, operation: how + " " + operation}
		if operation == "" {
			all[i].operation = shaped
		}
	}
	return all
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
// runs side by side has no order.
func (p *pairing) findMoved(a, b *Session, steady []int) {
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
			if isBefore(x, u) && isBefore(v, y) || isBefore(u, x) && isBefore(y, v) {
				p.moved[i] = true
				break
			}
		}
	}
}

// maxMoved is how many exchanges are looked at whether they have moved.
const maxMoved = 1024

// isBefore reports whether x was over when y began.
func isBefore(x, y *Exchange) bool { return !x.End.After(y.Start) }

// Title returns what an exchange asks for, in short: the method, and the path without the
// version.
func (x *Exchange) Title() string {
	path, query := compare.Path(x.Request.Target)
	if query != "" {
		query = "?" + query
	}
	return longID.ReplaceAllStringFunc(strings.TrimSpace(x.Request.Method+" "+path+query), func(id string) string { return id[:12] })
}

// longID matches what programs show of it the first 12 digits.
var longID = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
