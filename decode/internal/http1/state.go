package http1

// state is what a side does with the bytes it has.
type state uint8

const (
	start      state = iota // waits for a request line or status line, and reads the head (RFC 9112, 3 to 5)
	sized                   // a body of known length (6.2)
	untilClose              // a body that ends with the connection (6.3, case 8)
	chunkSize               // the line before a chunk (7.1)
	chunkData               // the content of a chunk
	chunkEnd                // the line end behind it
	trailer                 // the trailer section and the empty line behind it (7.1.2)
	held                    // of the client: it proposed an upgrade that is not answered yet
	stream                  // what follows an upgrade: it never is HTTP again
	resync                  // raw bytes until something looks like the start of a message (find.go)
	opaque                  // raw bytes for ever
	states
)

// event is what changes the state of a side. There is no other way to.
type event uint8

const (
	bodySized     event = iota // the head announced a body, framed so
	bodyClose                  //
	bodyChunked                //
	chunkBegins                // the line before a chunk was read
	chunkIsLast                // the same, of the last, which is empty
	chunkComplete              // all of a chunk's content has come
	chunkEnds                  // and the line end behind it
	messageEnds                // a message is complete
	endsEarly                  // another begins where its body should go on
	proposed                   // it is, and proposed an upgrade
	answered                   // the proposal was refused, or nobody will answer it
	upgraded                   // the connection has left HTTP
	streamEnds                 // a direction of what follows has ended
	framingLost                // nobody knows where the message ends
	startFound                 // a line looks like the start of a message
	silenced                   // what follows must not be understood
	events
)

// next is the whole of what leads from where to where:
//
//	            ┌──────────────────── messageEnds ──────────────────────┐
//	            ▼                                                       │
//	          start ─┬─ bodySized ───► sized ──────────────────────────►┤
//	          ▲  ▲   ├─ bodyClose ───► untilClose ─────────────────────►┤
//	 answered │  │   └─ bodyChunked ─► chunkSize ─ chunkIsLast ► trailer┤
//	          │  │                     ▲       └ chunkBegins ► chunkData│
//	          │  │                     └──── chunkEnds ── chunkEnd ◄┘   │
//	        held │ startFound                                           │
//	          ▲  │                                                      │
//	          │  resync ◄── framingLost ── any but stream and opaque    │
//	          └────────────────────── proposed ─────────────────────────┘
//
//	sized, untilClose, chunkSize, chunkData ── endsEarly ──► start
//
//	any ── upgraded ──► stream ── streamEnds ──► opaque ◄── silenced ── any
var next = func() (table [states][events]state) {
	const none = states // it cannot happen
	for s := range table {
		for e := range table[s] {
			table[s][e] = none
		}
		table[s][upgraded] = stream
		table[s][silenced] = opaque
		table[s][framingLost] = resync
	}
	table[stream][framingLost] = stream // what has left HTTP does not come back
	table[opaque][framingLost] = opaque
	for _, t := range []struct {
		from state
		on   event
		to   state
	}{
		{start, bodySized, sized},
		{start, bodyClose, untilClose},
		{start, bodyChunked, chunkSize},
		{chunkSize, chunkBegins, chunkData},
		{chunkSize, chunkIsLast, trailer},
		{chunkData, chunkComplete, chunkEnd},
		{chunkEnd, chunkEnds, chunkSize},

		{start, messageEnds, start}, // without a body
		{sized, messageEnds, start},
		{untilClose, messageEnds, start},
		{trailer, messageEnds, start},

		{sized, endsEarly, start}, // see turn.go
		{untilClose, endsEarly, start},
		{chunkSize, endsEarly, start},
		{chunkData, endsEarly, start},

		{start, proposed, held},
		{sized, proposed, held},
		{trailer, proposed, held},
		{held, answered, start},

		{stream, streamEnds, opaque},
		{resync, startFound, start},
	} {
		table[t.from][t.on] = t.to
	}
	return table
}()

// String returns the state's name, for messages about faults of ours.
func (s state) String() string {
	return [...]string{"start", "sized", "untilClose", "chunkSize", "chunkData", "chunkEnd", "trailer", "held", "stream", "resync", "opaque", "?"}[min(s, states)]
}

// String returns the event's name, likewise.
func (e event) String() string {
	return [...]string{"bodySized", "bodyClose", "bodyChunked", "chunkBegins", "chunkIsLast", "chunkComplete", "chunkEnds", "messageEnds", "endsEarly",
		"proposed", "answered", "upgraded", "streamEnds", "framingLost", "startFound", "silenced", "?"}[min(e, events)]
}
