// Package render turns wire events into what the user sees while the traffic
// runs: text (heads, bodies and frames), compact (one line an exchange) and
// JSON lines (one object an event).
//
// Its goals, in order:
//
//  1. No byte of traffic can drive the terminal or hide there: everything that
//     is not graphic is escaped, wherever it comes from (escape.go).
//  2. What is shown is what was sent: order, case, repeats, number text and
//     escapes are kept; what is left out is named, with its true size. What is
//     short leaves out what says nothing, and is easier to read than that.
//  3. Concurrent exchanges can be told apart: every line begins with the
//     number of its connection and exchange, and no event is torn, because an
//     event is one Write.
//
// It decodes nothing and masks nothing: that was done before an event came, and
// what is known of its exchange comes with it. It remembers what it showed last,
// so that there is a heading where the exchange changes, and a line that waits for
// what may stand behind it.
// It asks neither the environment nor the terminal; colour, width, letters and time
// zone are options.
//
//	Event ──► text, compact ──► page ──► wrap ──► one Write
//	     └──► jsonl ────────────────────────────► one Write
package render
