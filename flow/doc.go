// Package flow keeps the book of open exchanges, between the redactor and the
// sinks. It puts each exchange together, once, from the parts that pass, tells
// the sinks what is known of it so far beside each event, and everything at its
// end; it knows what is open, and counts. It decodes nothing, masks nothing and
// shows nothing.
//
//	decode ──► Options.Mask ──► Book ┬► sink              before the bytes go on
//	                                 └► queue ──► sink    a goroutine of its own
//
// With Options.Filter, what happens within an exchange waits in front of all sinks until
// it is decided whether they are told (gate.go); without, nothing waits.
//
// Nothing that looks on can stop the traffic, or another sink: each is guarded.
// An error, or a panic, in whichever goroutine, costs that sink alone and is told
// once.
//
// # Locks
//
// Events of one connection come one at a time. It is locked besides, while one of
// its events goes through the book and the sinks that are called directly, and
// while a Ticker looks at one of its exchanges; but if the source is unhurried and
// there are no Tickers. So sinks may keep what they know of a connection without a
// lock of their own. A sink that hangs within an event holds the connection of that:
// the others go on, the time is told, and Close does not wait for it.
package flow
