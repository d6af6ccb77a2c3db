// Package lanes has the connections of a capture decoded by several goroutines, and
// tells what came of it in the order in which one would have told it.
//
//	reader ─► round ─┬► lane ─┬► teller ─► sinks
//	                 ├► lane ─┤
//	                 └► lane ─┘
//
// Who reads the capture puts chunks and ends of connections, copied, into a round: a
// few hundred operations, numbered through. When it is full, each lane does those of its
// connections, and keeps what they tell. The teller goes through the operations of the
// round in order, waits for the lane of each, and passes on what that has kept. Lanes do
// not wait for each other; they are ahead of the teller by a few rounds at most, and the
// reader of them.
//
// What depends on other connections has its place in the order too: a lane can have the
// floor (Order.Await). All before its operation has been told then, and the teller waits
// for it: it may look at what others have told, and tells itself, at once. That is also
// how one operation tells more than is to be held, and how all goes one at a time while
// memory is scarce.
package lanes
