// Package pcap writes connections as pcapng files that Wireshark and tshark
// read without any setting, and reads captures back as chunks: its own, and
// those of tcpdump, Wireshark and others.
//
// A Writer gives every connection a TCP connection of its own, made up where
// there was none: one packet for each read, at its time, with the sequence
// numbers and checksums that it would have had. What packets cannot say, such
// as which process a client was, stands in packet comments (see comment.go),
// from which Read restores the connection as it was.
//
// An Interface is a capture of what crosses a network interface (Linux).
//
// Read takes captures as they come: fragments, segments out of order, sent
// again, cut or missing. What is missing is counted and marked where it is
// missing (wire.Chunk.Lost). It calls taps as a proxy does that sees the
// connections live.
//
// Its goals, in this order: never a byte that was not sent or in a place where
// it was not; nothing lost without a word; bounded memory, whatever the file
// says; speed.
//
// It decodes no HTTP. Which connections are worth a look it tells by the first
// bytes of their messages.
package pcap
