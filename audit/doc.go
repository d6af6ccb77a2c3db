// Package audit writes who has asked a daemon for what: a line of JSON for each exchange
// that changes something or reveals a secret, with what is known of the client's process,
// and with the risks that package risk finds. Lines hold each other: see package chain.
//
//	Sink ─► spool ─► chain.Log ─► file
//
// A line is written before the answer goes on: when all of the answer is there within one
// read, with what became of it; else when its head is, and a second line tells the end.
// Settle has what is known by then written, and is called for each read before its bytes
// are forwarded.
//
// What is in a line is masked already, and bounded.
package audit
