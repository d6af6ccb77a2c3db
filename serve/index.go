package serve

import (
	"math"
	"slices"

	"github.com/socktrace/socktrace/compare"
)

// index finds the exchanges of a script that may ask for the same as a request, by their
// numbers. What it finds is compared: it may be too much, but never too little.
type index struct {
	shelves map[string]*shelf // by operation: see keyOf
}

// shelf has the exchanges of an operation.
type shelf struct {
	all   *row
	any   *row            // whose path can be any
	new   *row            // whose path has ids that the daemon did not choose
	path  map[uint64]*row // by their path
	loose map[uint64]*row // by their path: those of which the rest can be any
	whole map[whole]*row  // by both
}

// whole is what a sign says.
type whole struct{ path, rest uint64 }

// row has numbers of exchanges, in order.
type row struct{ exchanges []int }

func newIndex() *index { return &index{shelves: make(map[string]*shelf)} }

// shelf returns that of a key, a new one if there is none.
func (x *index) shelf(key string) *shelf {
	s := x.shelves[key]
	if s == nil {
		s = &shelf{
			all: new(row), any: new(row), new: new(row),
			path: make(map[uint64]*row), loose: make(map[uint64]*row), whole: make(map[whole]*row),
		}
		x.shelves[key] = s
	}
	return s
}

// add has an exchange be found by its sign; isNew says that its path has ids that the daemon did
// not choose. Numbers are added in their order.
func (x *index) add(key string, number int, sign compare.Sign, isNew bool) {
	s := x.shelf(key)
	s.all.add(number)
	if len(sign.Paths) == 0 {
		s.any.add(number)
		return
	}
	if isNew {
		s.new.add(number)
	}
	for _, p := range sign.Paths {
		rowAt(s.path, p).add(number)
		if sign.AnyRest {
			rowAt(s.loose, p).add(number)
		} else {
			rowAt(s.whole, whole{p, sign.Rest}).add(number)
		}
	}
}

func (r *row) add(number int) { r.exchanges = append(r.exchanges, number) }

// rowAt returns the row at a place of m, a new one if there is none.
func rowAt[K comparable](m map[K]*row, at K) *row {
	r := m[at]
	if r == nil {
		r = new(row)
		m[at] = r
	}
	return r
}

// find returns rows that have all exchanges that may ask for the same as a request of which this
// is the sign: nil if there are none.
func (s *shelf) find(sign compare.Sign) (rows []*row) {
	if s == nil {
		return nil
	}
	switch {
	case sign.New:
		return []*row{s.new, s.any}
	case len(sign.Paths) == 0:
		return []*row{s.all}
	}
	for _, p := range sign.Paths {
		if sign.AnyRest {
			rows = append(rows, s.path[p])
		} else {
			rows = append(rows, s.whole[whole{p, sign.Rest}], s.loose[p])
		}
	}
	rows = append(rows, s.any)
	return slices.DeleteFunc(rows, func(r *row) bool { return r == nil })
}

// listsOf returns what is in rows.
func listsOf(rows []*row) (lists [][]int) {
	for _, r := range rows {
		lists = append(lists, r.exchanges)
	}
	return lists
}

// merged returns the numbers of lists, each in order, in order, and each once. It may
// return one of the lists, and uses up lists itself.
func merged(lists ...[]int) []int {
	lists = slices.DeleteFunc(lists, func(l []int) bool { return len(l) == 0 })
	switch len(lists) {
	case 0:
		return nil
	case 1:
		return lists[0]
	}
	var all []int
	for {
		least := math.MaxInt
		for _, l := range lists {
			if len(l) > 0 {
				least = min(least, l[0])
			}
		}
		if least == math.MaxInt {
			return all
		}
		all = append(all, least)
		for i, l := range lists {
			if len(l) > 0 && l[0] == least {
				lists[i] = l[1:]
			}
		}
	}
}
