// Package decode turns the bytes of one connection into events. It does no
// I/O, never reads the clock, and starts no goroutine that runs by itself:
// decompressors are coroutines, which run only within a call.
//
// Its goals, in order:
//
//  1. Coverage: every byte of both directions belongs to some event, and
//     everything that a client or a daemon would understand is understood.
//  2. Tolerance: bad traffic is data. It becomes an Anomaly, its direction goes
//     on as raw bytes, and decoding resumes at the next start line.
//  3. Bounded memory, whatever lengths the traffic announces.
//  4. Speed: decoding runs in the goroutine that relays the bytes, and the next
//     bytes wait for it.
//
// It does not repair, reorder or re-issue anything, and it never holds up the
// bytes themselves.
//
// # States
//
// Each direction of a connection (a half) is in one state: a function that
// takes what it can from the bytes seen so far and says whether it made
// progress. One step takes at most one unit (a head, a piece of a body).
//
//	to the server                          to the client
//
//	requestHead ◄───────────────┐          responseHead ◄──────────────┐
//	 │ RFC 9112, 3 and 5        │           │ 1xx: again               │
//	 ├─► sized ─────────────────┤           ├─► sized ─────────────────┤
//	 ├─► chunkSize ► chunkData  │           ├─► chunkSize ► chunkData  │
//	 │      ▲           ▼       │           │      ▲           ▼       │
//	 │      └────── chunkEnd    │           │      └────── chunkEnd    │
//	 │      └─► trailer ────────┤           │      └─► trailer ────────┤
//	 │                          │           ├─► untilClose             │
//	 └─► held: an upgrade was ──┘           └─► stream: 101, CONNECT,
//	     proposed and is not yet                Docker's hijacking 200
//	     answered; then requestHead
//	     or stream
//
//	any state ── framing broken ──► resync: raw bytes until a start line
//
// The driver runs one step at a time, and the half that waited goes first:
// otherwise the order of events would depend on how the bytes were cut.
//
// # Contents
//
// What the states take from bodies and streams goes on like this:
//
//	sized, chunkData, untilClose ──► content coding? ─┐ no
//	                                        │ yes     │
//	                                        ▼         │
//	                     decoding: a coder for each   │
//	                       gzip, deflate, br, zstd    │
//	                                        │         │
//	                                        ▼         ▼
//	                                      Body.Data, Bytes, Digest
//	                                             │
//	                                             ▼
//	                     content: jsonStream, pieces (text), multiplexed,
//	                              prefix (not known yet), none (binary)
//	                                             ▲
//	stream ──────────────────────────────────────┤
//	                                             └ webSocket, pieces (terminal,
//	                                               stdin, raw)
//
// A coder is a coroutine around a decompressor, which wants to read and wait. It
// is stopped when its body or stream ends, whatever the reason. Off of a message
// in a coded body is that of the body's first byte; Start and End are the times
// of the reads that completed its first and its last byte. If a coding is
// broken, or the memory for it is spent, or its body becomes far longer than it
// was sent as, an Anomaly says so and the rest of the body is only measured.
package decode
