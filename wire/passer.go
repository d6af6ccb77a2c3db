package wire

// Passer is a Tap that need not see all bytes: those of a long body of which only the size
// is told. Who relays them can have the kernel pass them on, and then shows a Chunk that
// has no Data and says how many were Passed.
type Passer interface {
	Tap
	// Passes returns how many of the next bytes of a direction need not be shown; 0 if the
	// next must be. Any call of the tap may change that: it holds for the Chunk that comes
	// next, whichever direction that is of.
	Passes(Dir) int64
}

// Passes returns what t says as a Passer; 0 if it is none.
func Passes(t Tap, d Dir) int64 {
	if p, ok := t.(Passer); ok {
		return p.Passes(d)
	}
	return 0
}

var _ Passer = Taps(nil)

// Passes returns how many bytes no tap has to see.
func (t Taps) Passes(d Dir) int64 {
	if len(t) == 0 {
		return 0
	}
	n := Passes(t[0], d)
	for _, tap := range t[1:] {
		n = min(n, Passes(tap, d))
	}
	return n
}
