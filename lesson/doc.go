// Package lesson writes a session as a story that people read: who talked to what, a
// diagram of the messages in the order of time, and each request with its answer and
// what there is to say of it, in Markdown or in HTML.
//
//	events ─► account ─► steps ─► page ─┬► Markdown, with a diagram of Mermaid
//	                                    └► HTML, with a diagram in SVG
//
// The account is bounded: what it does not keep is counted, and said where it is
// missing. A page is text, whatever it is written as; package markup escapes it, once for
// all that is in it.
package lesson
