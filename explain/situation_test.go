package explain

import "testing"

// TestFollow: a parameter is true where the daemon takes it for that.
func TestFollow(t *testing.T) {
	const says = "goes on until the container ends"
	s := newSession(t)
	c := s.conn(1, 0, "")
	for _, value := range []string{"1", "true", "yes", "%20t"} {
		has(t, s.ask(c, "", "GET", "/containers/web/logs?follow="+value), says)
	}
	for _, value := range []string{"", "0", "no", "none", "FALSE", "%20no"} {
		hasNot(t, s.ask(c, "", "GET", "/containers/web/logs?follow="+value), says)
	}
}
