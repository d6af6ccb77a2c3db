// Package chain writes and checks files of lines of which each names the one before it
// by its hash, over the borders of files: what was changed, taken out, put in, moved or
// doubled is found.
//
// A line is an object of JSON, without spaces between its tokens:
//
//	{"seq":7,…,"prev":"64 hex digits","hash":"64 hex digits"}
//
// hash is the SHA-256 of the line's bytes before ,"hash": and prev is the hash of the
// line before it; of the first line of all it is 64 zeros. seq counts from 1. Every file
// begins with a line whose event is "file".
//
// There is no key: who can write the file can make another chain, and who cuts its end
// off leaves a chain. Both show against a hash that is kept elsewhere.
package chain
