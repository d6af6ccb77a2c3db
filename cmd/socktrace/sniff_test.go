package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/intercept/pcap"
)

func TestCapturedSummary(t *testing.T) {
	for _, c := range []struct {
		stats pcap.Stats
		want  string
	}{
		{pcap.Stats{}, ""},
		{pcap.Stats{Packets: 1, Bytes: 60, Connections: 1, Repeated: 3}, "socktrace: 1 packet\n"},
		{
			pcap.Stats{Packets: 20, NotHTTP: 1, Evicted: 2, Gaps: 1, LostBytes: 512, Truncated: 1, Malformed: 2, Fragmented: 4},
			"socktrace: 20 packets, 1 connection without HTTP, 2 connections too many at once, 1 gap with 512 bytes missing, 7 damaged packets\n",
		},
		{
			pcap.Stats{Packets: 20, NotTCP: 3, UnknownLink: 8, Unread: []pcap.Unread{{What: "FDDI (link type 10)", Packets: 8}, {What: "ARP (EtherType 0x0806)", Packets: 3}}},
			"socktrace: 20 packets\nsocktrace: not read: 8 packets of FDDI (link type 10), 3 of ARP (EtherType 0x0806)\n",
		},
		{
			pcap.Stats{Packets: 12, Unread: manyUnread(12)},
			"socktrace: 12 packets\nsocktrace: not read: 1 packet of 00, 1 of 01, 1 of 02, 1 of 03, 1 of 04, 1 of 05, 1 of 06, 1 of 07, 1 of 08, 1 of 09, 2 of 2 other kinds\n",
		},
		{
			pcap.Stats{Packets: 20, Dropped: 12},
			"socktrace: 20 packets\nsocktrace: the kernel dropped 12 packets, which came faster than they were read\n",
		},
	} {
		var b bytes.Buffer
		var all captured
		all.add(&c.stats)
		all.sumUp(&b)
		if b.String() != c.want {
			t.Errorf("got  %q\nwant %q", b.String(), c.want)
		}
	}
}

// manyUnread returns n kinds of packets.
func manyUnread(n int) (all []pcap.Unread) {
	for i := range n {
		all = append(all, pcap.Unread{What: fmt.Sprintf("%02d", i), Packets: 1})
	}
	return all
}

func TestSniffHint(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err  error
		port uint16
		want string
	}{
		{os.ErrPermission, 0, "it needs root or CAP_NET_RAW: sudo setcap cap_net_raw+ep " + program},
		{errors.ErrUnsupported, 0, "tcpdump -i en0 -U -w - tcp | socktrace read -"},
		{errors.ErrUnsupported, 2375, "tcpdump -i en0 -U -w - tcp port 2375 | socktrace read -"},
		{pcap.ErrNoInterface, 0, "there are " + strings.Join(interfaces(), ", ")},
		{os.ErrClosed, 0, ""},
	} {
		got := sniffHint(fmt.Errorf("sniff en0: %w", c.err), "en0", c.port)
		if got != c.want {
			t.Errorf("%v: got %q, want %q", c.err, got, c.want)
		}
	}
}
