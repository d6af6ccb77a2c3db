package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/plural"
)

// captured sums up the packets of all captures that were read.
type captured struct{ pcap.Stats }

// add counts the packets of another capture.
func (c *captured) add(s *pcap.Stats) {
	for _, n := range []struct{ to, of *int64 }{
		{&c.Packets, &s.Packets}, {&c.NotHTTP, &s.NotHTTP}, {&c.Evicted, &s.Evicted}, {&c.Gaps, &s.Gaps}, {&c.LostBytes, &s.LostBytes},
		{&c.Truncated, &s.Truncated}, {&c.Malformed, &s.Malformed}, {&c.Fragmented, &s.Fragmented},
		{&c.UnknownLink, &s.UnknownLink}, {&c.Dropped, &s.Dropped},
		{&c.Missing, &s.Missing}, {&c.TCP, &s.TCP}, {&c.NotTCP, &s.NotTCP},
	} {
		*n.to += *n.of
	}
	c.Unread = pcap.AddUnread(c.Unread, s.Unread)
}

// sumUp says what the packets were, and what is missing; nothing if there were
// none.
func (c *captured) sumUp(w io.Writer) {
	if c.Packets == 0 {
		return
	}
	parts := []string{plural.Of(c.Packets, "packet")}
	if c.NotHTTP > 0 {
		parts = append(parts, plural.Of(c.NotHTTP, "connection")+" without HTTP")
	}
	if c.Evicted > 0 {
		parts = append(parts, plural.Of(c.Evicted, "connection")+" too many at once")
	}
	if c.Gaps > 0 {
		parts = append(parts, fmt.Sprintf("%s with %s missing", plural.Of(c.Gaps, "gap"), plural.Of(c.LostBytes, "byte")))
	}
	if damaged := c.Truncated + c.Malformed + c.Fragmented; damaged > 0 {
		parts = append(parts, plural.Of(damaged, "damaged packet"))
	}
	complain(w, errors.New(strings.Join(parts, ", ")))
	if len(c.Unread) > 0 {
		complain(w, errors.New(notRead(c.Unread)))
	}
	if c.Missing > 0 {
		complain(w, fmt.Errorf("%s more had been left out of the capture when it was made", plural.Of(c.Missing, "packet")))
	}
	if c.Dropped > 0 {
		complain(w, fmt.Errorf("the kernel dropped %s, which came faster than they were read", plural.Of(c.Dropped, "packet")))
	}
}

// notRead says what packets had in them that was not read.
func notRead(all []pcap.Unread) string {
	const most = 10 // kinds, to be a line that is read
	var parts []string
	rest := int64(0)
	for i, u := range all {
		switch {
		case i == 0:
			parts = append(parts, fmt.Sprintf("not read: %s of %s", plural.Of(u.Packets, "packet"), u.What))
		case i < most:
			parts = append(parts, fmt.Sprintf("%d of %s", u.Packets, u.What))
		default:
			rest += u.Packets
		}
	}
	if rest > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d other kinds", rest, len(all)-most))
	}
	return strings.Join(parts, ", ")
}
