// Socktrace shows what clients say to an HTTP daemon on a socket, and what the
// daemon answers: strace for the Docker socket and its like.
package main

import (
	"io"
	"log"
	"os"
)

func main() {
	log.SetOutput(io.Discard) // net/http writes there what says nothing to people
	end(realMain(os.Args[1:], processStd()))
}

// end ends the program.
var end = os.Exit
