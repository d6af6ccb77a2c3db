package main

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

func TestCountsLine(t *testing.T) {
	for _, c := range []struct {
		counts flow.Counts
		want   string
	}{
		{flow.Counts{}, "0 connections, 0 exchanges, 0 bytes sent, 0 received"},
		{flow.Counts{Connections: 1, Exchanges: 1, Unfinished: 1, Anomalies: 1, Bytes: [2]int64{1, 2}}, "1 connection, 1 exchange (1 unfinished), 1 anomaly, 1 byte sent, 2 received"},
		{flow.Counts{Connections: 2, Exchanges: 3, Unfinished: 2, Bytes: [2]int64{5, 4}}, "2 connections, 3 exchanges (2 unfinished), 5 bytes sent, 4 received"},
		{flow.Counts{Connections: 3, Exchanges: 2, Anomalies: 2}, "3 connections, 2 exchanges, 2 anomalies, 0 bytes sent, 0 received"},
		{flow.Counts{Bytes: [2]int64{99_999, 2_045_015}}, "0 connections, 0 exchanges, 99999 bytes sent, 2.0 MB received"},
		{flow.Counts{Bytes: [2]int64{100_000, 99_999}}, "0 connections, 0 exchanges, 100.0 kB sent, 99999 received"},
		{flow.Counts{Bytes: [2]int64{9, 100_000}}, "0 connections, 0 exchanges, 9 bytes sent, 100.0 kB received"},
	} {
		if got := countsLine(c.counts, false); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
	some := flow.Counts{Connections: 2, Exchanges: 3, Shown: 1, Unfinished: 2}
	if got, want := countsLine(some, true), "1 of 3 exchanges shown (2 unfinished), 0 bytes sent, 0 received"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestMaskedOrder names the most frequent first, in their order where they are as
// frequent, and not too many.
func TestMaskedOrder(t *testing.T) {
	some := func(n int) (all []redact.Count) {
		for i := range n {
			all = append(all, redact.Count{Name: fmt.Sprintf("n%d", i), Exchanges: int64(1 + i%2)})
		}
		return all
	}
	for n, want := range map[int]string{
		1:  "1 secret masked: n0; --show-secrets shows it",
		3:  "4 secrets masked: n1 (2), n0, n2; --show-secrets shows them",
		8:  "12 secrets masked: n1 (2), n3 (2), n5 (2), n7 (2), n0, n2, n4, n6; --show-secrets shows them",
		9:  "13 secrets masked: n1 (2), n3 (2), n5 (2), n7 (2), n0, n2, n4, n6, and 1 more; --show-secrets shows them",
		12: "18 secrets masked: n1 (2), n3 (2), n5 (2), n7 (2), n9 (2), n11 (2), n0, n2, and 4 more; --show-secrets shows them",
	} {
		masked := some(n)
		if got := (maskedBefore{}).line(masked, true); got != want {
			t.Errorf("%d: %s", n, got)
		}
		if masked[0].Name != "n0" {
			t.Errorf("%d: what it was called with is in another order", n)
		}
	}
}

// TestCapturedAdds sums up several captures.
func TestCapturedAdds(t *testing.T) {
	one := pcap.Stats{Packets: 1, NotHTTP: 2, Evicted: 3, Gaps: 4, LostBytes: 5, Truncated: 6, Malformed: 7, Fragmented: 8, UnknownLink: 9, Dropped: 10, Missing: 11, TCP: 12, NotTCP: 13,
		Unread: []pcap.Unread{{What: "x", Packets: 1}}}
	var all captured
	all.add(&one)
	all.add(&one)
	var said strings.Builder
	all.sumUp(&said)
	want := "socktrace: 2 packets, 4 connections without HTTP, 6 connections too many at once, 8 gaps with 10 bytes missing, 42 damaged packets\n" +
		"socktrace: not read: 2 packets of x\n" +
		"socktrace: 22 packets more had been left out of the capture when it was made\n" +
		"socktrace: the kernel dropped 20 packets, which came faster than they were read\n"
	if said.String() != want {
		t.Errorf("got\n%swant\n%s", &said, want)
	}
	if all.TCP != 24 || all.NotTCP != 26 || all.UnknownLink != 18 {
		t.Errorf("%+v", all)
	}
	var few strings.Builder
	(&captured{pcap.Stats{Packets: 2, Truncated: 1, Missing: 1, Dropped: 1, Evicted: 1}}).sumUp(&few)
	want = "socktrace: 2 packets, 1 connection too many at once, 1 damaged packet\n" +
		"socktrace: 1 packet more had been left out of the capture when it was made\n" +
		"socktrace: the kernel dropped 1 packet, which came faster than they were read\n"
	if few.String() != want {
		t.Errorf("got\n%swant\n%s", &few, want)
	}
	for n, want := range map[int]string{1: "00", 10: "09", 11: "1 of 1 other kinds", 13: "3 of 3 other kinds"} {
		if got := notRead(manyUnread(n)); !strings.HasSuffix(got, " "+want) {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// TestUnread: a capture of which nothing could be read is an error.
func TestUnread(t *testing.T) {
	for _, c := range []struct {
		stats pcap.Stats
		want  string
	}{
		{pcap.Stats{}, ""},
		{pcap.Stats{Packets: 1, TCP: 1}, ""},
		{pcap.Stats{Packets: 1}, "x: none of 1 packet could be read"},
		{pcap.Stats{Packets: 5, NotTCP: 5}, "x: none of 5 packets could be read"},
		{pcap.Stats{Packets: 5, TCP: 5, LostBytes: 1}, "x: none of 5 packets could be read"},
		{pcap.Stats{Packets: 5, TCP: 5, LostBytes: 1, Connections: 1}, ""},
		{pcap.Stats{Packets: 5, TCP: 5, LostBytes: 1, NotHTTP: 1}, ""},
		{pcap.Stats{LostBytes: 1}, ""},
	} {
		got := ""
		if err := unread("x", &c.stats); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v: %s", c.stats, got)
		}
	}
}

// TestDecodeOptions bounds a message by what is kept of a body, within reason.
func TestDecodeOptions(t *testing.T) {
	var numbers wire.Numbers
	for body, want := range map[int64]int{0: 1, 1: 1, 2: 2, 1 << 20: 1 << 20, 1 << 30: 1 << 30, math.MaxInt64: 1 << 30} {
		o := decodeOptions(wire.Needs{Concurrent: true}, body, memory.New(1), &numbers)
		if o.MaxMessage != want || !o.Needs.Concurrent || o.Numbers != &numbers || o.Budget == nil || o.Terminals == nil {
			t.Errorf("%d: %+v", body, o)
		}
	}
}

// TestLeftOut says why a recording lacks something, and how much.
func TestLeftOut(t *testing.T) {
	count := func(n, bytes int64) counted { return func() (int64, int64) { return n, bytes } }
	for _, c := range []struct {
		name         string
		ruined, kept bool
		slow, events int64
		want         string
	}{
		{"x", false, false, 0, 9, ""},
		{"x", false, false, 1, 9, "x was too slow: 1 entry with 10 bytes was left out (--spool SIZE keeps more)"},
		{"-", false, false, 2, 9, "standard output was too slow: 2 entries with 20 bytes were left out (--spool SIZE keeps more)"},
		{"x", true, false, 2, 1, "x lacks 1 event with 1 byte, from there on"},
		{"-", true, false, 0, 0, "standard output lacks 0 events with 0 bytes, from there on"},
		{"x", false, true, 2, 1, ""},
	} {
		r := &recorders{ruined: func(name string) bool { return c.ruined && name == c.name }, kept: func(name string) bool { return c.kept && name == c.name }}
		got := ""
		if err := r.leftOut(c.name, "entry", count(c.slow, 10*c.slow), "event", count(c.events, c.events))(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}
