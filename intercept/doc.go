// Package intercept stands between clients and a daemon. It relays the bytes
// of every connection untouched and shows a copy of them to a wire.Tap.
//
// Its goals, in this order:
//
//  1. The traffic is what it would be without it. Bytes are written as they
//     were read, one write for one read, never held back and never merged
//     with the next. A half-close stays a half-close, a close stays a close, a
//     reset stays a reset where the transport has one. Nothing times out.
//  2. The tap sees bytes, or how many they were, before the other side does, so that an answer is
//     never seen before its question. A tap that panics loses its own
//     connection's trace and nothing else.
//  3. It costs next to nothing: a round trip takes as long as through a plain
//     copy loop, and an idle connection holds two small buffers.
//
// What a tap says that it need not see (wire.Passer), and is much, the kernel passes on by
// splice(2) on Linux, from socket to socket, as it comes. Descriptors that come with such bytes
// are lost as they are with others, but not counted.
//
// It decodes nothing, and has no opinion on what the bytes mean.
//
// Only who asks for it has traffic changed, by a Meddler: bytes of a client are then kept, wait,
// or are answered in the daemon's place, and answers are cut, where that says so.
//
// # Half-close and close
//
// On a socket both look like the end of input at first. They differ a moment
// later: after a full close the kernel reports a hang-up. It matters because a
// client may half-close and wait for a late answer ("docker exec" does), while
// a daemon watches for the hang-up to learn that its client has died. On Linux
// the hang-up is waited for without polling. Elsewhere, and on TCP, where the
// two are the same on the wire, a dead peer is noticed when a write to it
// fails, as it would be without an interposer.
//
// One limit is left: bytes come before the hang-up. While a daemon does not
// read what a client has sent, that client's death is not relayed, since
// closing would throw away what is still to be delivered.
package intercept
