// Package strace reads what strace has printed, and makes connections of it: which
// process said what on which socket, as chunks for taps.
//
// It needs no packets and no socket of ours: whatever a process reads and writes
// passes through system calls, and strace prints them, be it live or into a file.
//
//	text ─► line ─► call ─► process, descriptors ─► socket ─► conn ─► wire.Tap
//
// What strace prints differs by its version and flags; all forms since 4.10 are read,
// with or without process numbers, times, durations, and names of sockets (-yy). Lines
// that are not strace's, as when it shares standard error with the program, are
// counted, and so is what strace does not show: strings that it cut, bytes that
// sendfile moved, connections that were open before it came.
//
// A connection both of whose ends are traced is one, told from the end that spoke
// first.
package strace
