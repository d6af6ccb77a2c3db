// Package wire is the vocabulary that the rest of socktrace shares: what a
// connection is, what one read of it saw (Chunk), and what the bytes meant
// (Event). It does no I/O, decodes nothing and imports no other package of
// this module; everything else imports it.
//
//	client ──► intercept ──► daemon        bytes, with time and direction
//	               │ wire.Chunk
//	               ▼
//	            decode                     push decoders, one per connection
//	               │ wire.Event
//	       ┌───────┼────────┐
//	       ▼       ▼        ▼
//	    render    har    others            sinks
//
// # Life of an exchange
//
// For one connection, events come in this order. Open is first and Close is
// last. Between them each exchange, a request and its response (RFC 9110,
// section 3.4), produces
//
//	Request  Message…  Body      what the client sent
//	Response Message…  Body      what the daemon answered; 1xx responses first
//	Upgrade  Message…  EOF EOF   instead of a response body, if it was hijacked
//	End                          once, when both sides are complete
//
// Sinks get an Exchange, the whole, in the place of End. The two directions
// interleave as they did on the wire. An Anomaly stands where the traffic broke a
// rule. Events of different connections interleave freely, and so do those of a
// connection and of one that is nested in it, which is open while its parent
// exchange is.
//
// # Ownership
//
// A Message and its Data are valid only until the call that delivered them
// returns: whoever keeps one calls Clone. Every other event may be kept by those
// who say so (Needs.Keeps), and may be seen by several sinks at once: no consumer
// changes an event that it was given.
package wire
