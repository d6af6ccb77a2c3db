package content

import (
	"testing"

	"github.com/socktrace/socktrace/internal/media"
)

// TestBodyIsOnePiece: what looks at a body takes one piece of memory, since there is one for
// each body.
func TestBodyIsOnePiece(t *testing.T) {
	var c Content
	if n := testing.AllocsPerRun(100, func() { c = NewBody(media.Type{}, Limits{}, nil) }); n != 1 || c == nil {
		t.Errorf("%v pieces", n)
	}
}
