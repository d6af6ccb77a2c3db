package content

// Idle are decoders of messages that a connection does not use now: small calls are over
// before it pays to make new ones. The zero value is empty; nil keeps none.
type Idle struct{ contents []Content }

const (
	// maxIdle is how many are kept.
	maxIdle = 4
	// maxIdleJSON is how much memory for JSON one of them may have, in bytes.
	maxIdleJSON = 512
)

// get returns one of them; nil if there is none.
func (i *Idle) get() Content {
	if i == nil || len(i.contents) == 0 {
		return nil
	}
	last := len(i.contents) - 1
	c := i.contents[last]
	i.contents = i.contents[:last]
	return c
}

// put takes a decoder that nobody uses any more, and that has nothing of its body.
func (i *Idle) put(c Content) {
	if i != nil && len(i.contents) < maxIdle {
		i.contents = append(i.contents, c)
	}
}
