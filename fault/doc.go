// Package fault is faults on purpose: rules such as
//
//	ContainerStart: 500 "no space left" x2
//
// which say what becomes of some requests instead of what the daemon would have made of
// them. It is for people who test a client: does it try again, does it say what is wrong,
// does it wait for ever?
//
//	Parse       a rule from text, as --fault has it
//	Plan        all rules of a session: chooses, counts; for any number of connections at once
//	Conn        one connection that is relayed: an intercept.Meddler
//	Middleware  the same for a server of net/http
//
// It does no I/O and starts no goroutine: it says what is to be done, and others do it. Only
// the handlers that Middleware returns answer, wait and close.
//
// # Rules
//
// A rule is WHICH: WHAT [HOW OFTEN].
//
// WHICH is an operation's name or a pattern of some (Container*), a path without version in
// which a star stands for one segment or a part of it and two for any number of segments
// (/containers/*/start), or an expression of package filter in parentheses or quotes, about
// what the head of a request tells.
//
// WHAT is a status, with a message or without; "delay 2s"; "cut after 1kB"; "reset"; "stall".
//
// HOW OFTEN is any of "x2" (only the first two), "skip 3" (not the first three) and "30%" (by
// chance; a Plan with the same seed draws the same).
//
// The first rule that has a request fit, and is due, is what becomes of the request. Requests
// of HTTP/2, and of connections inside of others, are left alone.
package fault
