// Package jsonl makes events of JSON lines again, which package render writes and
// docs/jsonl.md describes.
//
// Its goals, in order: events read are those that were written, as far as the
// lines tell; a line that is not as it should be costs that line and nothing
// else; time and memory are linear in the lines, whoever wrote them.
//
// Lines become events one by one, in their order. An exchange line tells all of
// its exchange once more: what was not told before is told then, so files that
// somebody has filtered still make whole exchanges. What bodies hold is told
// there alone, and so comes with the End event (wire.End.Bodies).
package jsonl
