// Package spool stands between a recording and its output, so that an output
// which stalls holds up nobody who records.
//
// Goals, in this order: whoever records goes on, whatever the output does; what
// was put in is in the file when Put returns, as long as the file can keep up;
// what is left out is counted, and marked where it is missing; no cost that a
// benchmark sees.
//
// A file is written to by whoever has something to write, one after the other.
// That costs nothing, while to have a goroutine write and to wait for it would
// cost more than the write itself. If a write does not return within Patience,
// which is when a disk hangs or a server of files is away, the turn is taken
// from it: all others put what they have into a bounded queue from then on, and
// go on. When the write returns after all, a goroutine writes the queue, and
// then things are as before. So a file that hangs holds one caller: the one that
// the system does not let go.
//
//	          write lasts               it returns, and all is written
//	direct ─────────────────► queueing ────────────────────────────────► direct
//
// An output that stalls by nature, such as a pipe, has the queue and the
// goroutine from the beginning, and holds nobody.
package spool
