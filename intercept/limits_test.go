//go:build unix

package intercept

import (
	"testing"
	"time"
)

// TestLimits keeps bounds where they are documented to be.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct{ got, want int }{
		"a small buffer":       {smallBuffer, 4 << 10},
		"a large buffer":       {largeBuffer, 60 << 10},
		"a command's end":      {int(commandGrace / time.Second), 3},
		"a command's messages": {maxTail, 2 << 10},
		"to dial":              {int(dialTimeout / time.Second), 30},
		"a lock":               {int(lockWait / time.Second), 5},
		"a tap":                {int(grace / time.Second), 1},
		"warnings":             {maxWarnings, 1000},
		"other descriptors":    {spareDescriptors, 8},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, not %d", name, c.got, c.want)
		}
	}
}
