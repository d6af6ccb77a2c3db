package har

import "testing"

// TestLimits keeps bounds where they are documented to be.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct{ got, want int }{
		"an entry":                          {maxEntry, 64 << 20},
		"a text of a head":                  {maxHeadText, 1 << 20},
		"values in one another":             {maxNested, 64},
		"exchanges whose end is awaited":    {maxHeld, 64 << 20},
		"what is told in the order of time": {maxReeled, 32 << 20},
		"connections":                       {maxLinks, 32_768},
		"pages":                             {maxPages, 256},
		"messages of an exchange":           {maxPart, 1 << 20},
		"messages":                          {maxPending, 32 << 20},
		"little":                            {maxLittle, 4 << 10},
		"open exchanges in the file":        {maxProvisional, 64 << 10},
		"entries at once":                   {maxWriting, 8},
		"what is listed":                    {maxListed, 64},
		"memory that is kept":               {maxOwn, 64 << 10},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, not %d", name, c.got, c.want)
		}
	}
}
