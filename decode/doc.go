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
// # Rooms
//
//	Conn          what does the connection speak? It switches, and nests
//	  http1       heads, framing, pairing: one table of states
//	  http2       frames, heads, streams; hpack, which knows what was not seen
//	  body        one side of an exchange: codings, kept bytes, which content
//	  content     JSON, text, frames, WebSocket, a connection inside: bytes and an Out
//	  coding      gzip, deflate, br, zstd as coroutines
//	  window      the bytes of a direction, with their places and times
//	  budget      what all of it may hold
//
// Each knows those below it alone.
//
// Conn gives what comes to a protocol, one step of one direction at a time, and
// the direction that waited goes first: otherwise the order of events would
// depend on how the bytes were cut. The first protocol is unknown: it holds what
// comes until that is HTTP/1 or HTTP/2, be it the middle of it.
//
// # Connections within connections
//
// A stream that follows an upgrade, a CONNECT tunnel or Docker's hijacking, and
// that looks like HTTP from both sides, is a connection of its own: it has a
// number, an Open and a Close, and its Parent and Via say where it is. Nothing is
// told of such a stream in the exchange that carries it.
//
// # Contents
//
// What a protocol takes from bodies and streams goes on like this:
//
//	body, wire bytes ──► content coding? ─┐ no
//	                          │ yes       │
//	                          ▼           │
//	                coding: a coder for   │
//	                each, as a coroutine  │
//	                          │           │
//	                          ▼           ▼
//	                 Body.Data, Bytes, Digest
//	                              │
//	                              ▼
//	           content: JSON, text, frames, or not known yet
//	                              ▲
//	stream ───────────────────────┘ also WebSocket, terminal, stdin, raw
//
// Off of a message in a coded body is that of the body's first byte; Start and End
// are the times of the reads that completed its first and its last byte. If a
// coding is broken, or the memory for it is spent, or its body becomes far longer
// than it was sent as, an Anomaly says so and the rest of the body is only
// measured.
package decode
