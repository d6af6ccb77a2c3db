package jsonmask

// dullAs returns how s is looked at, if what is found in it is the same wherever that is
// so; otherwise 0. It is never that of a string which is secret as a whole. hot says that
// there may be a form in it: without escapes, what is before the string counts for that.
func (p *piece) dullAs(at *place, s str, look look, hot bool) uint32 {
	const others = uint32(asQuotedTarget) + 1
	switch {
	case at.plods || !s.ended || hot && !s.escaped || at.in.looks():
		return 0
	case look == noLook:
		return others
	case look == asText, look == asEntry:
		return uint32(look)
	case look == asPair && p.rules.Given.Of(at.called) == 0:
		if at.listed() {
			return uint32(asPair)
		}
		return uint32(asText)
	}
	return 0
}

// isDull says whether a string was looked at in that way before, and had nothing in it.
func (p *piece) isDull(inside []byte, as uint32) bool {
	if as == 0 {
		return false
	}
	known, ok := p.rules.Dull.Of(inside)
	return ok && known == as
}
