// Package filter says which exchanges are worth showing: those for which an
// expression of the language of expr-lang/expr holds, whose names are checked before
// anything starts (fields.go has them all), and a few other rules that are often
// wanted.
//
// An exchange is decided as soon as it can be. What an expression consists of is
// known at different times: the method with the head of the request, the status with
// that of the response, how long it took at the end. So an expression is taken apart
// at and, or and not; each part is evaluated once, when what it looks at is known, and
// is neither true nor false before.
//
//	method == "POST" && status >= 400      false with the head of a GET
//	            and
//	           /   \
//	  request head  response head
//
// It looks at what may be shown: secrets are masked before. It does no I/O, starts no
// goroutine and keeps nothing of an exchange that has ended.
//
// Bytes may wait for it, and those who send them choose how long its texts and documents
// are. So all that is done with those is measured (meter.go): an exchange that would
// take too long to decide, or too much memory, is shown.
package filter
