package body

// Order is that of what happens on several connections, for decoders that are ahead of
// it: what they tell is passed on later, in its place.
type Order interface {
	// Await waits until all was passed on that was before what the decoder looks at.
	Await()
	// Later has Told called when what the decoder has told so far was passed on, by whoever
	// does that, and nobody looks at it any more.
	Later(interface{ Told() })
}
