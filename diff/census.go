package diff

import (
	"fmt"
	"slices"
)

// A change is told once if so many exchanges share it, most of all or of so many operations.
const (
	minCommon     = 3
	minOperations = 3
)

// share is a change that exchanges share.
type share struct {
	first      *Change
	n          int // how many do
	operations map[string]bool
}

// shares returns the changes of all pairs of exchanges, the first first, and how many pairs there are.
func (r *Result) shares() (all []*share, pairs int) {
	known := make(map[string]*share)
	for i := range r.Items {
		item := &r.Items[i]
		if item.A == nil || item.B == nil {
			continue
		}
		pairs++
		for k := range item.Changes {
			c := &item.Changes[k]
			if !c.mayBeCommon() {
				continue
			}
			key := c.key()
			s := known[key]
			if s == nil {
				s = &share{first: c, operations: make(map[string]bool)}
				known[key], all = s, append(all, s)
			}
			s.n++
			s.operations[item.A.Operation()] = true
		}
	}
	return all, pairs
}

// isCommon reports whether a change is told once, of so many pairs.
func (s *share) isCommon(pairs int) bool {
	return s.n >= minCommon && (2*s.n > pairs || len(s.operations) >= minOperations)
}

// takeCommon takes out what many pairs of exchanges have in common: which version of the
// API is asked, what the client calls itself. What is left without a change is the same.
func (r *Result) takeCommon() {
	shares, pairs := r.shares()
	r.Pairs = pairs
	common := make(map[string]bool)
	for _, s := range shares {
		if !s.isCommon(pairs) {
			continue
		}
		common[s.first.key()] = true
		c := Common{*s.first, s.n}
		if s.n < pairs {
			c.Share = fmt.Sprintf("%d of %d", s.n, pairs)
		}
		r.Common = append(r.Common, c)
	}
	for i := range r.Items {
		r.Items[i].Changes = slices.DeleteFunc(r.Items[i].Changes, func(c Change) bool { return common[c.key()] })
	}
	all := len(r.Items)
	r.Items = slices.DeleteFunc(r.Items, func(i Item) bool { return i.Kind == Changed && i.More == 0 && len(i.Changes) == 0 })
	r.Same = all - len(r.Items)
}

// mayBeCommon reports whether a change can be one that many exchanges share.
func (c *Change) mayBeCommon() bool { return len(c.Lines) == 0 && !c.Note }

// key returns what changes that are the same have in common.
func (c *Change) key() string {
	if !c.mayBeCommon() {
		return ""
	}
	return c.Place + "\x00" + c.A + "\x00" + c.B
}
