// Package serve is the daemon that was recorded: it answers clients with what a
// recording has, in its order and its time.
//
//	recording ──► Read ──► Script          what was asked, what was answered, and when
//	                          │
//	client ──► Server ──► find the exchange that asks for the same ──► play its answer
//	                          │
//	                          └ none: 501, which says what was nearest
//
// # Matching
//
// Requests match by meaning, as package compare has it. Of the recorded exchanges that
// match, the first one that was not used answers; each is used once. When all are, the
// last answers again if that is safe, since the request only reads (Options.Strict forbids
// it). Pings, and sizes of terminals, are always answered.
//
// A container is known by its id and its name: what was recorded by one of them matches the
// other too. Ids bind the requests of a client together, since each recorded create answers once:
// so of many clients at once each gets what belongs to the container that it has created.
//
// Exchanges are found by an index of what all that ask for the same have in common
// (compare.Sign). It has the same found as a look at one after the other.
//
// A read that was recorded again after something had been changed does not run ahead: until
// somebody asks for the change, it is answered as before.
//
// # Time
//
// Each part of an answer comes as long after its request as it was recorded, at
// Options.Speed. What lasts until something happens (output of a container, events, the
// wait for its end) may be the effect of another request, such as the one that starts the
// container: then it waits until that is made here too, and its time counts from there
// (cause.go). Of a stream with input, what came after some input waits for as much of it.
//
// # WebSockets
//
// What the server has said in a WebSocket comes in frames, with the time and the input of other
// streams; control frames are no input. Extensions are not spoken: what was compressed comes plain.
// A ping is answered with what is in it. A client that closes gets what the recording has behind its
// client's close, or else its own close back; one that breaks a rule of RFC 6455 is told which.
//
// # What is not served
//
// HTTP/2, such as BuildKit's, and answers of which the recording does not have all bytes:
// requests for them get 501 and the reason.
//
// # Goroutines
//
// A Server has one goroutine for each connection, as net/http has them, one more for each
// stream, which reads its input, and one for each client that says no more and waits for its
// answer. They end when the client leaves, whatever is waited for, and when the Server is
// closed. That a client has left a stream whose input it had ended
// before is seen at unix sockets of Linux (see package intercept); elsewhere only when
// something is written to it. A client that says no more behind its request gets its answer
// on Linux, but for one that lasts: that ends, as at Docker's daemon.
package serve
