package har

import (
	"iter"

	"github.com/socktrace/socktrace/wire"
)

// Refresh is what Tick does once a second.
func (w *Writer) Refresh(open iter.Seq[*wire.Exchange]) { w.refresh(open) }
