// Package disk keeps requests in a folder until a collector takes them, also beyond the end
// of the program.
//
// A request is a file, compressed with gzip, whose checksum tells damage. It is called by
// its number, which rises, its kind, and how many items are in it:
//
//	0000000000000012-traces-512.gz
//
// It is written under another name and renamed then, so one that is there is whole: what a
// kill leaves behind, the next start removes. The disk itself is not asked to be done
// (fsync): what a loss of power damages is found when it is read. What is kept is bounded:
// when there is no room, the oldest goes, and is counted.
package disk
