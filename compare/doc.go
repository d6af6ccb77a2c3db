// Package compare tells what two values of two sessions differ in, by what they mean:
// requests, documents, texts. It decodes nothing and does no I/O.
//
// The same may look different. The order of an object's members says nothing, nor does a
// field that was left at its default. What a daemon makes up anew each time (ids, times,
// addresses, counters) differs between sessions that did the same; what is masked may stand for
// anything. So two sessions are compared, not two values: a Session remembers which id of one
// stands for which of the other, and holds them to it from there on.
//
//	Session    the ids that stand for each other
//	Text       pieces of two texts: words, ids, times
//	document   a walk through two documents, aligned by keys and by what is equal
//	Requests   what two requests ask for: method, path, query, document
//	Sign       what a request has in common with all that ask for the same, to find them
//	Align      two sequences, by what they have in common
package compare
