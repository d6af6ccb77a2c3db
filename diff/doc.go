// Package diff tells what two sessions did differently: two recordings of the same command
// on the same daemon are the same.
//
//	events ─► Sink ─► Session A ┐
//	                            ├► Compare ─► Result ─► text, Markdown, HTML, JSON
//	events ─► Sink ─► Session B ┘
//
// Exchanges are paired by what they ask for (align.go), the pairs compared (pair.go) with
// package compare, which knows what says nothing. What all pairs have in common is told once
// (census.go). A Session is bounded: what is not kept of it is counted and said.
package diff
