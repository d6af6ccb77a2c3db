// Package equivalent says how to ask a daemon for the same as an exchange did, by other
// means: a command, or a line of a program. It reads what was recorded, after it was
// masked, and does no I/O.
//
//	forms ──► curl, python ──► body, address ──► secret ──► shell, literal
//	      ├─► docker ──► docker_container … ──► docker_table ──► docker_command, docker_wanted ──► docker_value
//	      └─► golang ──► golang_container … ──► golang_writer ──► golang_literal ──► golang_words, golang_types, golang_expr
package equivalent
