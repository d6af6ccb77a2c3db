package main

import "os"

// source is where a command has its traffic from, as far as that decides what
// becomes of its outputs.
type source struct {
	ownsStdout  bool // standard output belongs to the live output
	childStdout bool // or to the command of run
	unhurried   bool // it waits for the live output
	atRest      bool // and is all there: no time passes in it
	captured    bool // it may be packets, in which TLS may be decrypted
}

// The default outputs, as the usage text names them.
const (
	standardOutput = "standard output"
	standardError  = "standard error"
)

// output names where the live output goes without --output.
func (s source) output() string {
	if s.ownsStdout {
		return standardOutput
	}
	return standardError
}

// file returns where the live output goes without --output.
func (s source) file(std std) *os.File {
	if s.ownsStdout {
		return std.out
	}
	return std.errFile
}
