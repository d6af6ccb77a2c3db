// Package jsontext reads and writes JSON (RFC 8259) as text, in which the order
// of members, the digits of numbers and the escapes of strings are kept.
//
// It reads what may be cut, broken or hostile, and keeps nothing of it:
//
//	space, begin  what may stand between tokens, and what a value begins with
//	Scanner       the tokens of a text, or the ends of its values
//	Grammar       what may come next
//	Members       what is inside of an object, Elements of an array
//	Unquote       what a string stands for
//
// A Writer writes by appending: in the order of the calls, and safe to show on
// a terminal.
package jsontext
