// Package recording opens what somebody has recorded, whatever form it has: HAR,
// captures (pcap, pcapng), JSON lines, what strace prints; compressed or not; a file, or a pipe that
// is still being written.
//
// What a file is, its first bytes decide. Where others read them again, they are
// read here, once: what is compressed, a byte order mark, which format it is.
// Captures and system calls have bytes, for a wire.Tap that the caller makes; the others have
// events.
package recording
