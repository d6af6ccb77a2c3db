package form

import (
	"maps"
	"slices"
	"strings"
)

// lookout is where a pair of bytes stands in a prefix; -1: its second byte is the
// prefix.
type lookout struct {
	prefix *prefix
	at     int
}

// lookouts are those for pairs of bytes, and pairs the place of them in it; 0 if
// there are none. Each prefix has two pairs one byte apart: to look at every other
// pair is enough.
var lookouts, pairs = arranged(prefixes)

func arranged(prefixes []prefix) (lookouts [][]lookout, pairs [1 << 16]uint8) {
	near := make(map[uint16][]lookout)
	for i := range prefixes {
		p := &prefixes[i]
		for at := p.at; at <= p.at+1; at++ {
			where := at
			if len(p.text) == 1 {
				where = -at
			}
			for _, pair := range spellings(p, at) {
				near[pair] = append(near[pair], lookout{p, where})
			}
		}
	}
	lookouts = [][]lookout{nil}
	for _, pair := range slices.Sorted(maps.Keys(near)) {
		all := near[pair]
		i := slices.IndexFunc(lookouts, func(l []lookout) bool { return slices.Equal(l, all) })
		if i < 0 {
			i = len(lookouts)
			lookouts = append(lookouts, all)
		}
		pairs[pair] = uint8(i)
	}
	return lookouts, pairs
}

// spellings returns the pairs of bytes, as indices of pairs, by which p is found at
// its byte at: in all cases if it stands for any. If that is its last byte, the second
// of them is any. If it is but one byte, that is the first of them, or the second (at
// is 1), and the other is any.
func spellings(p *prefix, at int) (all []uint16) {
	if len(p.text) == 1 {
		for other := range uint16(256) {
			all = append(all, uint16(p.text[0])<<(8*at)|other<<(8-8*at))
		}
		return all
	}
	if at+1 == len(p.text) {
		for other := range uint16(256) {
			all = append(all, uint16(p.text[at])|other<<8)
		}
		return all
	}
	two := p.text[at : at+2]
	for _, s := range [...]string{two, strings.ToUpper(two), strings.ToUpper(two[:1]) + two[1:], two[:1] + strings.ToUpper(two[1:])} {
		if pair := uint16(s[0]) | uint16(s[1])<<8; (p.fold || s == two) && !slices.Contains(all, pair) {
			all = append(all, pair)
		}
	}
	return all
}
