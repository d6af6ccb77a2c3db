// Package openfile opens the files that the program reads and writes: nobody who
// planted something at their name gets what is written, and nobody is held by one
// that does not open.
package openfile
