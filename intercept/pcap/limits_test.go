package pcap

import (
	"testing"
	"time"
)

// TestLimits keeps bounds where they are documented to be.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct{ got, want int }{
		"what is no request":      {maxAsked, 16 << 10},
		"a read":                  {maxMerged, 1 << 20},
		"packets in fragments":    {maxFragmented, 128},
		"fragments of a packet":   {maxPieces, 1024},
		"a packet":                {maxPacket, 65_535},
		"interfaces":              {maxInterfaces, 4096},
		"kinds of what is unread": {maxUnread, 256},
		"headers":                 {maxHeaders, 32},
		"a window":                {window, 1 << 30},
		"a block":                 {bufferSize, 512 << 10},
		"connections":             {newReader(Options{}, nil).o.MaxConnections, 10_000},
		"bytes that wait":         {newReader(Options{MaxHeld: -1}, nil).o.MaxHeld, 48 << 20},
		"disorder":                {int(disorder / time.Millisecond), 100},
		"patience":                {int(patience / time.Second), 30},
		"fragments' time":         {int(fragmentTime / time.Second), 60},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, not %d", name, c.got, c.want)
		}
	}
	if o := newReader(Options{MaxConnections: 1, MaxHeld: 1}, nil).o; o.MaxConnections != 1 || o.MaxHeld != 1 {
		t.Errorf("%+v", o)
	}
}
