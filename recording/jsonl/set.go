package jsonl

// set is a set of numbers, from 1, which mostly are added in their order.
type set struct {
	upTo int          // all up to it are in the set
	more map[int]bool // what is beyond
}

// maxMore bounds the numbers that were added out of order. If there are more,
// they are forgotten.
const maxMore = 1 << 16

func (s *set) has(n int) bool { return n <= s.upTo || s.more[n] }

func (s *set) add(n int) {
	if s.has(n) {
		return
	}
	if n > s.upTo+1 {
		if s.more == nil {
			s.more = make(map[int]bool)
		}
		if len(s.more) >= maxMore {
			clear(s.more)
		}
		s.more[n] = true
		return
	}
	for s.upTo = n; s.more[s.upTo+1]; s.upTo++ {
		delete(s.more, s.upTo+1)
	}
}
