package pcap

import "testing"

// TestGapComment: one is not many.
func TestGapComment(t *testing.T) {
	for want, c := range map[string][2]int64{
		"socktrace: 1 packet with 1 byte is missing before this":     {1, 1},
		"socktrace: 1 packet with 2 bytes is missing before this":    {1, 2},
		"socktrace: 2 packets with 34 bytes are missing before this": {2, 34},
	} {
		if got := string(gapComment(c[0], c[1])); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
