package flow

import "testing"

// TestLimits keeps bounds where they are documented to be.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct{ got, want int }{
		"what is listed":    {maxListed, 64},
		"names":             {maxNames, 512},
		"an exchange":       {recordRoom, 1 << 10},
		"a short text":      {maxShort, 1 << 10},
		"interim responses": {maxInterim, 1 << 20},
		"an event":          {itemRoom, 768},
		"an output":         {bufferSize, 64 << 10},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, not %d", name, c.got, c.want)
		}
	}
}
