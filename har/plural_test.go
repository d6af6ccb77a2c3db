package har

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestPlural: one is not many.
func TestPlural(t *testing.T) {
	for _, c := range []struct {
		ev   wire.Dropped
		want string
	}{
		{wire.Dropped{Events: 1, Bytes: 1}, "1 event with 1 byte was left out here: the output was too slow"},
		{wire.Dropped{Events: 1, Bytes: 0, Entries: true}, "1 entry with 0 bytes was left out here: the output was too slow"},
		{wire.Dropped{Events: 2, Bytes: 1, Entries: true}, "2 entries with 1 byte were left out here: the output was too slow"},
	} {
		if got := gapComment(&c.ev); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
