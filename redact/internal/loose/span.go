package loose

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/jsonmask"
)

// span is a part of a text; ended says that it does not go on.
type span struct {
	from, to int
	ended    bool
}

// documents returns the lines of b that hold JSON, also behind the name of a field of
// server-sent events.
func documents(b []byte, ended bool) (all []span) {
	for i := 0; i < len(b); {
		size := bytes.IndexByte(b[i:], '\n')
		whole := size >= 0 || ended
		if size < 0 {
			size = len(b) - i
		}
		line := b[i : i+size]
		if rest := bytes.TrimPrefix(line, []byte("data:")); jsonmask.Begins(rest) {
			all = append(all, span{i + len(line) - len(rest), i + size, whole})
		}
		i += size + 1
	}
	return all
}
