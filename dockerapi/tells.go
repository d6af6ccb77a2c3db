package dockerapi

// Tells returns which documents of c tell something.
func (c Call) Tells() Tells {
	if c.Op == nil {
		return 0
	}
	return c.Op.Tells
}
