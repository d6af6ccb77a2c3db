// Package stats gathers figures of exchanges: how many there were of each
// operation, how many failed, how long they took, who asked. It is a sink, which
// needs little of decoders, and makes a Report of what it has seen at any time.
//
// What it holds is bounded, whatever crosses: by the number of rows, and by what
// each row holds (see the constants).
package stats
