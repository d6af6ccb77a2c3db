package http2

// state is what a side does with the bytes it has.
//
//	           ToServer: preface ─┐
//	                              ├─► greeting ─► frames ◄──┐
//	           ToClient: ─────────┘                 │       │ all of it has come
//	                                                ▼       │
//	nobody knows where a frame begins:          payload ────┘
//	any ──► resync ── several frames in a row ──► frames
type state uint8

const (
	preface  state = iota // of the client: what it sends before any frame (RFC 9113, section 3.4)
	greeting              // the first frame, which is SETTINGS
	frames                // at the beginning of a frame (section 4.1)
	payload               // within one that need not be held whole
	resync                // raw bytes until frames are recognised (run.go)
	states
)
