package content

// Idle are decoders of messages that a connection does not use now: small calls are over
// before it pays to make new ones. The zero value is empty; nil keeps none.
type Idle struct{ grpcs []*grpc }

const (
	// maxIdle is how many are kept.
	maxIdle = 4
	// maxIdleJSON is how much memory for JSON one of them may have, in bytes.
	maxIdleJSON = 512
)

// get returns a decoder that is as if it was new.
func (i *Idle) get() *grpc {
	if i == nil || len(i.grpcs) == 0 {
		return new(grpc)
	}
	last := len(i.grpcs) - 1
	g := i.grpcs[last]
	i.grpcs = i.grpcs[:last]
	return g
}

// put takes a decoder that nobody uses any more.
func (i *Idle) put(g *grpc) {
	json := g.json
	*g = grpc{}
	if i == nil || len(i.grpcs) == maxIdle {
		return
	}
	if cap(json) <= maxIdleJSON {
		g.json = json[:0]
	}
	i.grpcs = append(i.grpcs, g)
}
