// Package replay sends the requests of a recording to a daemon again, so that what it answers
// now can be compared with what was answered then.
//
//	recording ─► Sink ─► Script ─► Play ─► daemon
//	                                 │
//	                    ids of new answers, into later requests
//
// Its goals, in this order:
//
//  1. It does no harm that was not asked for: only what a request did to the things it named,
//     or made, is done again, never to others that happen to be there (ids.go).
//  2. What is sent is what was sent: fields, bodies and input, on as many connections, in the
//     order of the recording. Where one thing was over before another began, it is now (order.go).
//  3. It ends: what does not answer or end is given up after a while, and that is said.
//
// It decodes nothing for others to see: the new exchanges are recorded by what is between it and
// the daemon. What cannot be sent again is told with the reason (why.go).
package replay
