// Package tls reads a connection of TLS (RFC 8446 and, before it, RFC 5246, 4346 and
// 2246) that others speak: what they agreed on, and with their secrets, out of a key log,
// what was inside.
//
// It is fed by the windows of both directions, one record at a time, and hands on what a
// record carries when that has been found authentic; so nothing is guessed. Each
// direction is in one of these states:
//
//	clear    ── ClientHello ──────────────► waits    (for what the server chooses)
//	clear    ── ChangeCipherSpec, TLS 1.2 ► waits    (for keys)
//	waits    ── the keys are known ───────► sealed
//	waits    ── HelloRetryRequest, or TLS 1.2 was chosen ► clear
//	sealed   ── the end of a part of the handshake, TLS 1.3 ► waits (for the next keys)
//	sealed   ── a record that cannot be opened, or a gap ► searches
//	sealed   ── a gap that ends within a record ► torn ── the end of that ► sealed
//	searches ── a record that can be opened ► sealed
//	any      ── close_notify, a fatal alert ► closed
//
// If there are no keys, or it cannot go on for another reason, the whole Decoder is
// opaque: sizes are all that is left to tell.
package tls
