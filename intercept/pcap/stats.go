package pcap

import "time"

// Stats is what was found in a capture.
type Stats struct {
	Packets int64
	Bytes   int64     // of packets, as captured
	First   time.Time // of the first packet
	Last    time.Time // the latest of a packet

	Connections int64 // that taps have seen
	NotHTTP     int64 // connections with other bytes, which were left alone
	Evicted     int64 // connections that were ended since there were too many

	Gaps      int64 // places where bytes are missing
	LostBytes int64 // that are missing there, as far as their number is known
	Repeated  int64 // segments that had nothing new
	Strays    int64 // segments that belong nowhere in their connection

	TCP         int64 // packets with a segment of it: none, and nothing was read
	Truncated   int64 // packets that were cut when they were captured
	NotTCP      int64 // packets with something else in them
	Malformed   int64 // packets that cannot be taken apart
	UnknownLink int64 // packets of networks that are not known
	Fragmented  int64 // packets of which fragments are missing

	// Unread is what the packets were that NotTCP and UnknownLink count, most
	// first.
	Unread []Unread

	// Dropped is how many packets of a network interface the kernel had no
	// room for, since they were not read fast enough.
	Dropped int64

	// Missing is how many packets the capture says were left out of it.
	Missing int64

	// Torn says that the file ends within a packet, as when its writer was
	// killed. Everything before that was read.
	Torn bool
}
