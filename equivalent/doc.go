// Package equivalent says how to ask a daemon for the same as an exchange did, by other
// means: a command, or a line of a program. It reads what was recorded, after it was
// masked, and does no I/O.
//
//	forms ──► curl, python ──► body, address ──► secret ──► shell, literal
package equivalent
