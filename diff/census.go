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

// takeCommon takes out what many pairs of exchanges have in common: which version of the
// API is asked, what the client calls itself. What is left without a change is the same.
func (r *Result) takeCommon() {
	type share struct {
		first      *Change
		n          int
		operations map[string]bool
	}
	shares := make(map[string]*share)
	var order []string
	for i := range r.Items {
		if r.Items[i].A == nil || r.Items[i].B == nil {
			continue
		}
		r.Pairs++
		for k := range r.Items[i].Changes {
			c := &r.Items[i].Changes[k]
			if !c.mayBeCommon() {
				continue
			}
			s := shares[c.key()]
			if s == nil {
				s = &share{first: c, operations: make(map[string]bool)}
				shares[c.key()] = s
				order = append(order, c.key())
			}
			s.n++
			s.operations[r.Items[i].A.Operation()] = true
		}
	}
	common := make(map[string]bool)
	for _, k := range order {
		if s := shares[k]; s.n >= minCommon && (2*s.n > r.Pairs || len(s.operations) >= minOperations) {
			common[k] = true
			c := Common{*s.first, s.n}
			if s.n < r.Pairs {
				c.Share = fmt.Sprintf("%d of %d", s.n, r.Pairs)
			}
			r.Common = append(r.Common, c)
		}
	}
	r.Items = slices.DeleteFunc(r.Items, func(i Item) bool {
		if i.Kind == Changed && i.More == 0 && !slices.ContainsFunc(i.Changes, func(c Change) bool { return !common[c.key()] }) {
			r.Same++
			return true
		}
		return false
	})
	for i := range r.Items {
		r.Items[i].Changes = slices.DeleteFunc(r.Items[i].Changes, func(c Change) bool { return common[c.key()] })
	}
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
