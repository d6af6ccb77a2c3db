package masktest

import (
	"testing"
	"time"
)

// patience is far more than any machine needs for that, and far less than it needs
// for the square of that.
const patience = time.Minute

// Linear fails if do does not come to an end with half a MiB of a text that is almost
// secrets: what takes time in proportion to it is done in a moment.
func Linear(t *testing.T, do func(text []byte)) {
	t.Helper()
	for _, s := range Almost {
		done := make(chan struct{})
		go func() {
			defer close(done)
			do(repeated(s, 1<<19))
		}()
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatalf("%q: no end", s)
		}
	}
}
